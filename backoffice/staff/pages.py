"""The sign-in page, signing out, and the language of the interface."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from backoffice.clock import ClockDep
from backoffice.database import DbSession, ReadSession
from backoffice.staff.api import client_address
from backoffice.staff.device import device_of
from backoffice.staff.errors import FormExpired
from backoffice.staff.second_factor import CodeCheck, has_second_factor
from backoffice.staff.service import (
    check_credentials,
    finish_step,
    forget_failures,
    open_step,
    record_failure,
    sign_in,
    sign_out,
)
from backoffice.staff.sessions import is_csrf_token
from backoffice.staff.sign_in import PresentedCsrf, SignedIn, cookie_name, session_cookie
from backoffice.templating import (
    INTERFACE_LANGUAGES,
    LANGUAGE_COOKIE,
    VISITOR_COOKIE,
    redirect,
    render,
    set_cookie,
)

router = APIRouter(include_in_schema=False)

HOME = "/"


@router.get("/sign-in")
def sign_in_page(request: Request, next: str = HOME) -> Response:
    """Ask for e-mail address and password."""
    return render(
        request,
        "staff/sign_in.html",
        next=local_path(next),
        email="",
        failed=False,
        has_provider=_has_provider(request),
    )


@router.post("/sign-in")
def submit_sign_in(
    request: Request,
    reading: ReadSession,
    session: DbSession,
    clock: ClockDep,
    csrf: PresentedCsrf,
    email: Annotated[str, Form(max_length=254)] = "",
    password: Annotated[str, Form(max_length=1024)] = "",
    next: Annotated[str, Form(max_length=2000)] = HOME,
) -> Response:
    """Sign in, and lead on to the page that was asked for."""
    require_own_form(request, csrf)
    now = clock()
    address = client_address(request)
    attempt = check_credentials(reading, email=email, password=password, address=address, now=now)
    if attempt.staff is None:
        record_failure(session, attempt, now=now)
        to = local_path(next)
        return render(
            request,
            "staff/sign_in.html",
            status=401,
            next=to,
            email=email,
            failed=True,
            has_provider=_has_provider(request),
        )
    forget_failures(session, attempt)
    return go_on(request, session, attempt.staff.id, to=next, now=now)


@router.post("/sign-in/code")
def submit_code(
    request: Request,
    session: DbSession,
    clock: ClockDep,
    csrf: PresentedCsrf,
    step: Annotated[str, Form(max_length=100)] = "",
    code: Annotated[str, Form(max_length=40)] = "",
    next: Annotated[str, Form(max_length=2000)] = HOME,
) -> Response:
    """Finish a sign-in whose password was right with a code of the app, or a recovery code."""
    require_own_form(request, csrf)
    now = clock()
    outcome, who = finish_step(session, step, code, now=now)
    if who is None:
        status = 429 if outcome is CodeCheck.TOO_MANY else 401
        to = local_path(next)
        return render(
            request, "staff/sign_in_code.html", status=status, next=to, step=step, outcome=outcome.value
        )
    return _enter(request, session, who, to=next, now=now)


def go_on(request: Request, session: Session, who: str, *, to: str, now: datetime) -> Response:
    """Ask for a code where the account has a second factor; else open the session."""
    if not has_second_factor(session, who):
        return _enter(request, session, who, to=to, now=now)
    step = open_step(session, who, now=now)
    return render(request, "staff/sign_in_code.html", next=local_path(to), step=step, outcome="")


def _enter(request: Request, session: Session, who: str, *, to: str, now: datetime) -> Response:
    device = device_of(request.headers.get("User-Agent", ""))
    token = sign_in(session, who, old_token=session_cookie(request), now=now, device=device)
    answer = redirect(local_path(to))
    set_cookie(answer, request, cookie_name(request), token)
    answer.delete_cookie(VISITOR_COOKIE, path="/")
    return answer


@router.post("/sign-out")
def submit_sign_out(request: Request, session: DbSession, clock: ClockDep, _staff: SignedIn) -> Response:
    """End the session, in the browser and here."""
    token = session_cookie(request)
    if token is not None:
        sign_out(session, token, now=clock())
    answer = redirect("/sign-in")
    answer.delete_cookie(cookie_name(request), path="/", secure=request.url.scheme == "https", httponly=True)
    answer.headers["Clear-Site-Data"] = '"storage"'  # drafts of replies stay on no shared computer
    return answer


@router.post("/interface-language")
def choose_language(
    request: Request,
    csrf: PresentedCsrf,
    language: Annotated[str, Form(max_length=2)],
    back: Annotated[str, Form(max_length=2000)] = HOME,
) -> Response:
    """Show the pages in another language from now on."""
    require_own_form(request, csrf)
    answer = redirect(local_path(back))
    if language in INTERFACE_LANGUAGES:
        set_cookie(answer, request, LANGUAGE_COOKIE, language, days=365)
    return answer


def local_path(path: str) -> str:
    """Return a path of ours, or the home page: a link to the sign-in page must not lead elsewhere."""
    is_local = path.startswith("/") and not path.startswith("//") and "\\" not in path
    return path if is_local and path.isprintable() else HOME


def require_own_form(request: Request, csrf: str | None) -> None:
    """Believe a form of somebody who is not signed in only when this browser was given it.

    Raises:
        FormExpired: it was not.
    """
    cookie = session_cookie(request) or request.cookies.get(VISITOR_COOKIE)
    if cookie is None or not is_csrf_token(cookie, csrf):
        raise FormExpired


def _has_provider(request: Request) -> bool:
    has: bool = request.app.state.settings.has_provider
    return has
