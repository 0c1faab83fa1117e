"""What the backoffice does by itself: the regular jobs, begun and ended with the application."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from typing import Any

from fastapi import FastAPI

from backoffice.accompaniment import follow_up
from backoffice.accompaniment.jobs import look_after_contracts_regularly
from backoffice.appointment import reminding as appointment_reminding
from backoffice.appointment.jobs import offer_appointments_regularly
from backoffice.audit.heads import sign_heads_regularly
from backoffice.care_match import interviews as care_interviews
from backoffice.care_training.jobs import look_after_courses_regularly
from backoffice.care_worker import telling as care_worker_telling
from backoffice.care_worker.jobs import look_after_workers_regularly
from backoffice.case.jobs import tell_overdue_regularly
from backoffice.cleaning import clean_up_regularly
from backoffice.conversation.scanning import scan_regularly
from backoffice.directory.jobs import look_after_directory_regularly
from backoffice.engagement import checks as engagement_checks
from backoffice.engagement.jobs import look_after_engagements_regularly
from backoffice.guide.jobs import look_after_guide_regularly
from backoffice.handoff.jobs import look_after_queue_regularly
from backoffice.housing_chat.jobs import tell_of_homes_regularly
from backoffice.housing_match.jobs import expire_holds_regularly
from backoffice.live.other_processes import SharedDoorbell
from backoffice.mail.jobs import make_transport, send_regularly
from backoffice.mediation import reminding as mediation_reminding
from backoffice.mediation.jobs import look_after_mediation_regularly
from backoffice.planning.jobs import tell_figures_regularly
from backoffice.referral.jobs import settle_shares_regularly
from backoffice.reminder.jobs import say_regularly
from backoffice.reminder.models import ReminderKind
from backoffice.reminder.service import Say
from backoffice.retention.jobs import erase_regularly
from backoffice.retention.policy import spans
from backoffice.translation.jobs import render_regularly
from backoffice.viewing import reminding
from translations.catalog import catalogue
from translations.languages import SUPPORTED

SAYERS: dict[ReminderKind, Say] = {
    **reminding.SAYERS,
    **follow_up.SAYERS,
    **care_worker_telling.SAYERS,
    **engagement_checks.SAYERS,
    **care_interviews.SAYERS,
    **appointment_reminding.SAYERS,
    **mediation_reminding.SAYERS,
}
"""Who says each kind of reminder."""


def lifespan_of(*, with_jobs: bool) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    """Return what starts the jobs with the application, and closes them and all that it opened at its end."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        running = [asyncio.create_task(job) for job in _jobs(app)] if with_jobs else []
        doorbell = app.state.doorbell
        if isinstance(doorbell, SharedDoorbell):
            doorbell.start()
        try:
            yield
        finally:
            app.state.broker.close()
            for task in running:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
            if isinstance(doorbell, SharedDoorbell):
                doorbell.close()
            app.state.translator.close()
            app.state.database.close()

    return lifespan


async def read_catalogues() -> None:
    """Read the sentences of every language once: else the first person of each waits for it."""
    for language in SUPPORTED:
        await asyncio.to_thread(catalogue, language)


def _jobs(app: FastAPI) -> list[Coroutine[Any, Any, None]]:
    database, clock, settings = app.state.database, app.state.clock, app.state.settings
    data_dir = settings.data_dir
    jobs = [
        read_catalogues(),
        look_after_queue_regularly(database, clock),
        render_regularly(database, app.state.broker, app.state.translator, clock),
        clean_up_regularly(database, data_dir, clock),
        sign_heads_regularly(database, data_dir, app.state.settings.secret, clock),
        settle_shares_regularly(database, clock),
        tell_overdue_regularly(database, clock),
        say_regularly(database, SAYERS, clock, mediation_reminding.tellers(settings.base_url)),
        look_after_mediation_regularly(database, settings.base_url, clock),
        look_after_contracts_regularly(database, clock),
        look_after_workers_regularly(database, clock),
        look_after_engagements_regularly(database, clock),
        tell_of_homes_regularly(database, clock),
        offer_appointments_regularly(database, clock),
        expire_holds_regularly(database, clock),
        look_after_courses_regularly(database, clock),
        tell_figures_regularly(database, clock),
        look_after_guide_regularly(database, clock),
        look_after_directory_regularly(database, clock),
        send_regularly(database, make_transport(settings.smtp_url, data_dir), settings.mail_from, clock),
        erase_regularly(database, spans(app.state.settings.retention_days), clock, data_dir),
    ]
    if app.state.settings.clamd:
        jobs.append(scan_regularly(database, app.state.settings, clock))
    return jobs
