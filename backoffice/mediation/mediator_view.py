"""A mediator's page: hours, week, absences and profile, for themself or for a coordinator."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, time

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from backoffice.acting import Acting
from backoffice.attempt import attempt
from backoffice.case.municipalities import municipality_names
from backoffice.italy import day_in_italy
from backoffice.mediation.candidates import month_of
from backoffice.mediation.models import (
    LanguageLevel,
    MediationMode,
    MediationSetting,
    MediatorProfile,
    RosterTime,
)
from backoffice.mediation.page_view import Sent, refusal
from backoffice.mediation.permissions import get_mediator
from backoffice.mediation.queries import absences_of, profiles_of, quarters_of_mediators, roster_of
from backoffice.mediation.service import hours_words
from backoffice.mediation.varieties import VARIETIES
from backoffice.posted import Fields
from backoffice.staff.models import Staff
from backoffice.templating import redirect, render

MOST_TIMES_A_DAY = 3

Times = dict[int, list[tuple[str, str]]]


def act_on_mediator(acting: Acting, mediator: Staff, act: Callable[[], None], *, place: str) -> Response:
    """Act on what is kept of a mediator and lead back; what is refused changes nothing and shows why."""
    refused = attempt(acting.session, act)
    if refused is None:
        return redirect(f"/mediation/mediators/{mediator.id}#{place}", notice="mediation_kept")
    sent = Sent(refused, place, acting.fields)
    return show_mediator(acting.request, acting.session, acting.staff, mediator.id, acting.now, sent)


def show_mediator(
    request: Request,
    session: Session,
    staff: Staff,
    mediator_id: str,
    now: datetime,
    sent: Sent | None = None,
) -> Response:
    """Show what is kept of a mediator.

    Raises:
        NotFound: there is none, or this person may not know of it.
    """
    mediator = get_mediator(session, staff, mediator_id)
    today = day_in_italy(now)
    first, after = month_of(today)
    year, next_year = date(today.year, 1, 1), date(today.year + 1, 1, 1)
    week = roster_of(session, mediator.id)
    return render(
        request,
        "mediation/mediator.html",
        staff=staff,
        mediator=mediator,
        is_own=mediator.id == staff.id,
        profile=profiles_of(session, [mediator.id]).get(mediator.id) or _nothing(mediator),
        week=week,
        times=_typed_times(sent.typed) if sent and sent.place == "week" else _times(week),
        absences=absences_of(session, mediator.id, today=today),
        month=quarters_of_mediators(session, [mediator.id], first=first, after=after).get(mediator.id, 0),
        year=quarters_of_mediators(session, [mediator.id], first=year, after=next_year).get(mediator.id, 0),
        hours_words=hours_words,
        languages=[each for each in mediator.languages if each != "it"],
        varieties=VARIETIES,
        levels=list(LanguageLevel),
        settings=list(MediationSetting),
        modes=list(MediationMode),
        municipalities=municipality_names(),
        **refusal(sent),
        today=today,
    )


def _nothing(mediator: Staff) -> MediatorProfile:
    """Return the profile of somebody of whom nothing was written down; it is not stored."""
    return MediatorProfile(
        staff_id=mediator.id,
        organisation_id=mediator.organisation_id,
        varieties={},
        levels={},
        settings=[],
        modes=[],
        municipalities=[],
        version=0,
    )


def _times(week: Sequence[RosterTime]) -> Times:
    return _filled(
        {day: [(_clock(e.begins), _clock(e.ends)) for e in week if e.weekday == day] for day in range(7)}
    )


def _typed_times(fields: Fields) -> Times:
    return _filled(
        {
            day: list(zip(fields.get(f"from_{day}", ()), fields.get(f"to_{day}", ()), strict=False))
            for day in range(7)
        }
    )


def _filled(times: Times) -> Times:
    """Return the times of each day with an empty line more, at most so many as a form has."""
    return {day: [*known, ("", "")][: max(MOST_TIMES_A_DAY, len(known))] for day, known in times.items()}


def _clock(value: time) -> str:
    return value.strftime("%H:%M")
