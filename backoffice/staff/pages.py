"""The sign-in page, signing out, and the language of the interface."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from backoffice.clock import ClockDep
from backoffice.database import DbSession, ReadSession
from backoffice.staff.api import client_address
from backoffice.staff.errors import FormExpired
from backoffice.staff.service import check_credentials, record_failure, sign_in, sign_out
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
    return render(request, "staff/sign_in.html", next=local_path(next), email="", failed=False)


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
    _require_own_form(request, csrf)
    now = clock()
    address = client_address(request)
    attempt = check_credentials(reading, email=email, password=password, address=address, now=now)
    if attempt.staff is None:
        record_failure(session, attempt, now=now)
        to = local_path(next)
        return render(request, "staff/sign_in.html", status=401, next=to, email=email, failed=True)
    token = sign_in(session, attempt, old_token=session_cookie(request), now=now)
    answer = redirect(local_path(next))
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
    _require_own_form(request, csrf)
    answer = redirect(local_path(back))
    if language in INTERFACE_LANGUAGES:
        set_cookie(answer, request, LANGUAGE_COOKIE, language, days=365)
    return answer


def local_path(path: str) -> str:
    """Return a path of ours, or the home page: a link to the sign-in page must not lead elsewhere."""
    is_local = path.startswith("/") and not path.startswith("//") and "\\" not in path
    return path if is_local and path.isprintable() else HOME


def _require_own_form(request: Request, csrf: str | None) -> None:
    cookie = session_cookie(request) or request.cookies.get(VISITOR_COOKIE)
    if cookie is None or not is_csrf_token(cookie, csrf):
        raise FormExpired
