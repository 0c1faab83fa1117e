"""The pages of links in mails: asking for one, and setting a password with it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import structlog
from fastapi import APIRouter, BackgroundTasks, Form, Request
from fastapi.responses import Response
from sqlalchemy.exc import SQLAlchemyError

from backoffice.clock import ClockDep
from backoffice.database import Database, DatabaseDep, DbSession, ReadSession
from backoffice.staff.api import client_address
from backoffice.staff.links import count_question, find_link, send_reset, use_link
from backoffice.staff.pages import require_own_form
from backoffice.staff.password_rules import PasswordRefused, check_password
from backoffice.staff.passwords import hash_password
from backoffice.staff.service import normal_email
from backoffice.staff.sign_in import PresentedCsrf
from backoffice.templating import interface_language, redirect, render
from translations.catalog import text as sentence

log = structlog.get_logger(__name__)

router = APIRouter(include_in_schema=False)


@router.get("/password")
def forgotten_page(request: Request) -> Response:
    """Ask for the address of who has forgotten the password."""
    return render(request, "staff/forgotten.html", is_sent=False)


@router.post("/password")
def submit_forgotten(
    request: Request,
    session: DbSession,
    database: DatabaseDep,
    afterwards: BackgroundTasks,
    clock: ClockDep,
    csrf: PresentedCsrf,
    email: Annotated[str, Form(max_length=254)] = "",
) -> Response:
    """Send a link where there is such an account; the answer is the same where there is none.

    Whether there is one is looked up when the answer has left, so that its time tells nothing either.
    """
    require_own_form(request, csrf)
    now = clock()
    if count_question(session, client_address(request), now=now):
        base_url = request.app.state.settings.base_url
        afterwards.add_task(_send_reset, database, normal_email(email), base_url, now)
    return render(request, "staff/forgotten.html", is_sent=True)


def _send_reset(database: Database, email: str, base_url: str, now: datetime) -> None:
    try:
        with database.transaction() as session:
            send_reset(session, email=email, base_url=base_url, now=now)
    except SQLAlchemyError as error:  # nobody waits any more; whoever gets no mail asks again
        log.error("reset_not_sent", error=type(error).__name__)


@router.get("/password/{token}")
def link_page(request: Request, token: str, session: ReadSession, clock: ClockDep) -> Response:
    """Ask for a new password, where the link still works."""
    link = find_link(session, token, now=clock())
    return render(request, "staff/new_password.html", kind=link.kind.value, email=link.staff.email, why=None)


@router.post("/password/{token}")
def submit_link(
    request: Request,
    token: str,
    reading: ReadSession,
    session: DbSession,
    clock: ClockDep,
    csrf: PresentedCsrf,
    password: Annotated[str, Form(max_length=1024)] = "",
) -> Response:
    """Set the password, and lead to the sign-in page, where a second factor is asked as ever."""
    require_own_form(request, csrf)
    link = find_link(reading, token, now=clock())
    reading.commit()  # hashing must hold no connection
    try:
        check_password(password, name=link.staff.name, email=link.staff.email)
    except PasswordRefused as refused:
        why = sentence(f"backoffice.{refused.message}", interface_language(request), **refused.values)
        kind, email = link.kind.value, link.staff.email
        return render(request, "staff/new_password.html", status=422, kind=kind, email=email, why=why)
    use_link(session, token, hash_password(password), now=clock())
    return redirect("/sign-in", notice="accounts_password_set")
