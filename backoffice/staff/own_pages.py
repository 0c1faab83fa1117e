"""One's own account: password, second factor, and where one is signed in."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import segno
from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backoffice.audit import service as audit
from backoffice.clock import ClockDep
from backoffice.database import DbSession, ReadSession
from backoffice.errors import NotFound
from backoffice.staff.api import client_address
from backoffice.staff.models import RecoveryCode, Staff
from backoffice.staff.password_rules import PasswordRefused, check_password
from backoffice.staff.passwords import hash_password
from backoffice.staff.second_factor import (
    CodeCheck,
    SecondFactorThere,
    address_of,
    begin_enrolment,
    check_code,
    confirm,
    has_second_factor,
    remove,
    renew_recovery_codes,
)
from backoffice.staff.service import change_password, check_credentials, record_failure
from backoffice.staff.sessions import close_sessions, digest, running_sessions, session_mark
from backoffice.staff.sign_in import SignedIn, bearer_token, session_cookie
from backoffice.templating import interface_language, redirect, render
from translations.catalog import text as sentence

router = APIRouter(include_in_schema=False)

Code = Annotated[str, Form(max_length=40)]
Password = Annotated[str, Form(max_length=1024)]

_WORDS = {
    CodeCheck.WRONG: "accounts.error.code_wrong",
    CodeCheck.TOO_MANY: "accounts.error.code_too_many",
}
_STATUS = {CodeCheck.WRONG: 422, CodeCheck.TOO_MANY: 429}


@router.get("/account")
def own_page(request: Request, session: ReadSession, staff: SignedIn, clock: ClockDep) -> Response:
    """Show one's own account."""
    return _show(request, session, staff, now=clock())


@router.post("/account/password")
def submit_password(
    request: Request,
    reading: ReadSession,
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
    old: Password = "",
    new: Password = "",
) -> Response:
    """Change one's own password; the old one is asked, and every other session ends."""
    now = clock()
    tried = check_credentials(
        reading, email=staff.email, password=old, address=client_address(request), now=now
    )
    if tried.staff is None:
        record_failure(session, tried, now=now)
        return _show(request, reading, staff, now=now, why="accounts.error.old_password", status=422)
    try:
        check_password(new, name=staff.name, email=staff.email)
    except PasswordRefused as refused:
        return _show(request, reading, staff, now=now, refused=refused, status=422)
    new_hash = hash_password(new)
    change_password(session, staff.id, new_hash, keep_token=_token(request), now=now)
    return redirect("/account", notice="accounts_password_changed")


@router.post("/account/sessions/end")
def submit_end_of_others(request: Request, session: DbSession, staff: SignedIn, clock: ClockDep) -> Response:
    """End every session of one's own but this one."""
    close_sessions(session, staff.id, but=_token(request))
    _note(session, staff, "staff.sessions_ended", now=clock())
    return redirect("/account", notice="accounts_sessions_ended")


@router.post("/account/sessions/{session_id}/end")
def submit_end_of_one(session_id: str, session: DbSession, staff: SignedIn, clock: ClockDep) -> Response:
    """End one session of one's own."""
    mine = running_sessions(session, staff.id, now=clock())
    found = next((each for each in mine if session_mark(each) == session_id), None)
    if found is None:
        raise NotFound
    session.delete(found)
    _note(session, staff, "staff.sessions_ended", now=clock())
    return redirect("/account", notice="accounts_sessions_ended")


@router.get("/account/second-factor")
def factor_page(request: Request, session: DbSession, staff: SignedIn, clock: ClockDep) -> Response:
    """Show the secret for an authenticator app, or that there is one already."""
    return _factor(request, session, staff, now=clock())


@router.post("/account/second-factor/confirm")
def submit_first_code(
    request: Request, session: DbSession, staff: SignedIn, clock: ClockDep, code: Code = ""
) -> Response:
    """Let the app count after its first right code, and show the recovery codes once."""
    now = clock()
    outcome, codes = confirm(session, staff.id, code, keep_token=_token(request), now=now)
    if outcome is not CodeCheck.RIGHT:
        return _factor(request, session, staff, now=now, outcome=outcome)
    return render(request, "staff/recovery_codes.html", staff=staff, codes=codes)


@router.post("/account/second-factor/codes")
def submit_new_codes(
    request: Request, session: DbSession, staff: SignedIn, clock: ClockDep, code: Code = ""
) -> Response:
    """Make new recovery codes, for who shows a code of the app."""
    now = clock()
    outcome = check_code(session, staff.id, code, now=now)
    if outcome is not CodeCheck.RIGHT:
        return _factor(request, session, staff, now=now, outcome=outcome)
    codes = renew_recovery_codes(session, staff.id, now=now)
    close_sessions(session, staff.id, but=_token(request))
    _note(session, staff, "staff.recovery_codes_made", now=now)
    return render(request, "staff/recovery_codes.html", staff=staff, codes=codes)


@router.post("/account/second-factor/remove")
def submit_removal(
    request: Request, session: DbSession, staff: SignedIn, clock: ClockDep, code: Code = ""
) -> Response:
    """Take one's own second factor away, with a code of it."""
    now = clock()
    outcome = check_code(session, staff.id, code, now=now)
    if outcome is not CodeCheck.RIGHT:
        return _factor(request, session, staff, now=now, outcome=outcome)
    remove(session, staff.id, by=staff.id, keep_token=_token(request), now=now)
    return redirect("/account", notice="accounts_factor_removed")


def _show(
    request: Request,
    session: Session,
    staff: Staff,
    *,
    now: datetime,
    why: str | None = None,
    refused: PasswordRefused | None = None,
    status: int = 200,
) -> Response:
    ui = interface_language(request)
    shown: str | None
    if refused is not None:
        shown = sentence(f"backoffice.{refused.message}", ui, **refused.values)
    else:
        shown = sentence(f"backoffice.{why}", ui) if why else None
    present = digest(_token(request) or "")
    return render(
        request,
        "staff/own.html",
        staff=staff,
        status=status,
        why=shown,
        sessions=[
            (each, session_mark(each), each.token_sha256 == present)
            for each in running_sessions(session, staff.id, now=now)
        ],
        is_secured=has_second_factor(session, staff.id),
    )


def _factor(
    request: Request,
    session: Session,
    staff: Staff,
    *,
    now: datetime,
    outcome: CodeCheck | None = None,
) -> Response:
    ui = interface_language(request)
    why = sentence(f"backoffice.{_WORDS[outcome]}", ui) if outcome else None
    status = _STATUS[outcome] if outcome else 200
    try:
        factor = begin_enrolment(session, staff, now=now)
    except SecondFactorThere:
        left = select(func.count()).where(RecoveryCode.staff_id == staff.id)
        return render(
            request,
            "staff/second_factor.html",
            staff=staff,
            status=status,
            why=why,
            image=None,
            secret="",
            codes_left=session.scalar(left) or 0,
        )
    return render(
        request,
        "staff/second_factor.html",
        staff=staff,
        status=status,
        why=why,
        image=_picture(address_of(factor, staff.email)),
        secret=" ".join(factor.secret[start : start + 4] for start in range(0, len(factor.secret), 4)),
        codes_left=0,
    )


def _picture(words: str) -> str:
    """Return a QR code as a `data:` address of an SVG, which the pages' policy lets through for pictures."""
    return segno.make(words, error="m").svg_data_uri(scale=5, border=3, light="#fff")


def _token(request: Request) -> str | None:
    return bearer_token(request) or session_cookie(request)


def _note(session: Session, staff: Staff, action: str, *, now: datetime) -> None:
    audit.record(session, by=staff.id, action=action, subject_kind="staff", subject_id=staff.id, now=now)
