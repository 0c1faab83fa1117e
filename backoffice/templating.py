"""Pages: one Jinja environment, the language of the interface, and what every answer carries for safety.

A template of a domain is named `<domain>/<name>.html` and lies in `backoffice/<domain>/templates/`.
Sentences come from the catalogue area `backoffice` through `_("key", name=value)`.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote, urlencode

from fastapi import FastAPI
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PrefixLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backoffice.error_handlers import Problem
from backoffice.italy import ROME
from backoffice.staff.errors import SECOND_FACTOR_MISSING
from backoffice.staff.models import Staff
from backoffice.staff.permissions import may_see_accounts
from backoffice.staff.roles import (
    ASKS_FOR_MEDIATORS,
    CLAIMS_CONVERSATIONS,
    READS_CONVERSATIONS,
    READS_FIGURES,
    WORKS_ON_CARE,
    WORKS_ON_CASES,
    WORKS_ON_HOUSING,
    Role,
)
from backoffice.staff.sessions import csrf_token
from backoffice.staff.sign_in import session_cookie
from translations.catalog import has, plural, text
from translations.languages import LANGUAGES, direction

FOLDER = Path(__file__).parent
STATIC = FOLDER / "static"

INTERFACE_LANGUAGES = ("it", "en")
"""The languages of the staff pages, the default first."""

LANGUAGE_COOKIE = "sportello_interface"
VISITOR_COOKIE = "sportello_visitor"
"""Binds the sign-in form to the browser before there is a session, against sign-in by a stranger's form."""

SECURITY_HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; media-src 'self'; font-src 'self' data:; "
        "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types sportello"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


def install(app: FastAPI) -> None:
    """Serve the static files, put the headers on every answer, and show errors as pages."""
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_middleware(SecurityHeaders)
    app.state.error_page = render_problem


def render(
    request: Request, template: str, *, staff: Staff | None = None, status: int = 200, **values: Any
) -> HTMLResponse:
    """Render a page or a fragment of one, in the reader's language."""
    language = interface_language(request)
    visitor = None if session_cookie(request) else (request.cookies.get(VISITOR_COOKIE) or _new_visitor())
    shown = {
        "request": request,
        "path": request.url.path,
        "ui": language,
        "interface_languages": INTERFACE_LANGUAGES,
        "staff": staff,
        "can_read_conversations": (
            staff is not None and staff.organisation.is_front_door and staff.has_role(*READS_CONVERSATIONS)
        ),
        "can_review": (
            staff is not None and staff.organisation.is_front_door and staff.has_role(*CLAIMS_CONVERSATIONS)
        ),
        "can_answer_copies": staff is not None and staff.has_role(Role.CASEWORKER, Role.COORDINATOR),
        "can_grant_erasures": staff is not None and staff.has_role(Role.COORDINATOR),
        "can_see_accounts": staff is not None and may_see_accounts(staff),
        "can_edit_questions": staff is not None and staff.has_role(Role.ADMINISTRATOR),
        "can_work_on_cases": staff is not None and staff.has_role(*WORKS_ON_CASES),
        "can_work_on_housing": staff is not None and staff.has_role(*WORKS_ON_HOUSING),
        "can_coordinate_housing": staff is not None and staff.has_role(Role.COORDINATOR),
        "can_work_on_care": staff is not None and staff.has_role(*WORKS_ON_CARE),
        "can_coordinate_care": staff is not None and staff.has_role(Role.COORDINATOR),
        "can_read_guide": staff is not None and staff.organisation.is_front_door,
        "can_read_guide_gaps": (
            staff is not None
            and staff.organisation.is_front_door
            and staff.has_role(Role.COORDINATOR, Role.PLANNER)
        ),
        "can_ask_mediation": staff is not None and staff.has_role(*ASKS_FOR_MEDIATORS),
        "can_mediate": staff is not None
        and staff.organisation.is_front_door
        and staff.has_role(Role.MEDIATOR),
        "can_decide_mediation": (
            staff is not None and staff.organisation.is_front_door and staff.has_role(Role.COORDINATOR)
        ),
        "can_read_figures": staff is not None and staff.has_role(*READS_FIGURES),
        "can_audit": staff is not None and staff.has_role(Role.AUDITOR),
        "csrf": csrf_token(session_cookie(request) or visitor or ""),
        "notice": _notice(request),
        **values,
    }
    html = environment().get_template(template).render(shown)
    answer = HTMLResponse(html, status, headers={"Content-Language": language})
    if visitor is not None and visitor != request.cookies.get(VISITOR_COOKIE):
        set_cookie(answer, request, VISITOR_COOKIE, visitor, same_site="strict")
    return answer


def render_problem(request: Request, problem: Problem) -> Response:
    """Show what went wrong and the way out; who is not signed in is led to the sign-in page and back."""
    if problem.message == SECOND_FACTOR_MISSING and request.method in ("GET", "HEAD"):
        return redirect("/account/second-factor")
    if problem.status == 401 and request.method in ("GET", "HEAD"):
        back = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return redirect(f"/sign-in?{urlencode({'next': back})}")
    staff = cast("Staff | None", getattr(request.state, "staff", None))
    language = interface_language(request)
    return render(
        request,
        "error.html",
        staff=staff,
        status=problem.status,
        problem=problem,
        sentence=problem.sentence(problem.message, language),
        way_out=problem.sentence(problem.way_out, language) if problem.way_out else None,
    )


def redirect(to: str, *, notice: str | None = None) -> RedirectResponse:
    """Lead the browser on after a form, with a short notice (a key `notice.<notice>`) on the next page."""
    if notice is not None:
        path, _, anchor = to.partition("#")
        to = f"{path}{'&' if '?' in path else '?'}notice={quote(notice)}{'#' + anchor if anchor else ''}"
    return RedirectResponse(to, status_code=303)


def interface_language(request: Request) -> str:
    """Return the language that the reader chose, else the first one of the browser that we have."""
    chosen = request.cookies.get(LANGUAGE_COOKIE)
    if chosen in INTERFACE_LANGUAGES:
        return chosen
    wanted = (part.split(";")[0].strip()[:2].lower() for part in _accepted(request))
    return next((code for code in wanted if code in INTERFACE_LANGUAGES), INTERFACE_LANGUAGES[0])


def set_cookie(
    answer: Response,
    request: Request,
    name: str,
    value: str,
    *,
    same_site: str = "lax",
    days: int | None = None,
) -> None:
    """Set a cookie that scripts cannot read; over https only when the page came over https."""
    answer.set_cookie(
        name,
        value,
        max_age=None if days is None else days * 86_400,
        path="/",
        secure=request.url.scheme == "https",
        httponly=True,
        samesite=cast("Any", same_site),
    )


@cache
def environment() -> Environment:
    """Return the Jinja environment, made at first use."""
    folders = {path.parent.name: FileSystemLoader(path) for path in FOLDER.glob("*/templates")}
    made = Environment(
        loader=ChoiceLoader([FileSystemLoader(FOLDER / "templates"), PrefixLoader(folders)]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(_=_translate, _n=_translate_plural, static=static_url, direction=direction)
    made.globals.update(label=_label, language_name=_language_name, own_name=own_name)
    made.filters.update(moment=as_moment, day=as_day, clock=as_clock, iso=as_iso, duration=_duration)
    made.filters.update(euros=as_euros, lang_dir=direction)
    return made


@cache
def static_url(path: str) -> str:
    """Return the address of a static file, with a mark that changes when the file does."""
    mark = hashlib.sha256((STATIC / path).read_bytes()).hexdigest()[:12]
    return f"/static/{path}?v={mark}"


# --- How values look ----------------------------------------------------------------------------


def as_moment(value: datetime) -> str:
    """Return a moment as day and time in Rome: `23.11.2026, 18:05`."""
    return value.astimezone(ROME).strftime("%d.%m.%Y, %H:%M")


def as_day(value: datetime | date) -> str:
    """Return a day, in Rome: `23.11.2026`."""
    return (value.astimezone(ROME) if isinstance(value, datetime) else value).strftime("%d.%m.%Y")


def as_clock(value: datetime) -> str:
    """Return the time of day in Rome: `18:05`."""
    return value.astimezone(ROME).strftime("%H:%M")


def as_iso(value: datetime) -> str:
    """Return a moment for `<time datetime>`."""
    return value.isoformat()


def as_euros(value: int) -> str:
    """Return a sum as Italians write it: `1.200 €`."""
    return f"{value:,}".replace(",", ".") + " €"


def own_name(language: str) -> str:
    """Return the name that a language has in itself."""
    known = LANGUAGES.get(language)
    return known.own_name if known else language


@pass_context
def _duration(context: Context, seconds: float) -> str:
    """Return how long something has lasted, in the largest unit that fits."""
    minutes = max(int(seconds // 60), 0)
    for size, key in ((1440, "duration.days"), (60, "duration.hours")):
        if minutes >= size:
            return plural(f"backoffice.{key}", context["ui"], minutes // size)
    return plural("backoffice.duration.minutes", context["ui"], minutes)


@pass_context
def _translate(context: Context, key: str, **values: object) -> str:
    return text(f"backoffice.{key}", context["ui"], **{name: str(value) for name, value in values.items()})


@pass_context
def _translate_plural(context: Context, key: str, count: int, **values: object) -> str:
    strings = {name: str(value) for name, value in values.items()}
    return plural(f"backoffice.{key}", context["ui"], count, **strings)


@pass_context
def _label(context: Context, group: str, code: object) -> str:
    """Return the words for a code, such as `label("phase", "planning")`; the code where there are none."""
    key = f"backoffice.{group}.{code}"
    return text(key, context["ui"]) if has(key) else str(code)


@pass_context
def _language_name(context: Context, code: str) -> str:
    key = f"backoffice.language.{code}"
    return text(key, context["ui"]) if has(key) else code


def _notice(request: Request) -> str | None:
    key = request.query_params.get("notice", "")
    return f"notice.{key}" if key and has(f"backoffice.notice.{key}") else None


def _accepted(request: Request) -> list[str]:
    return request.headers.get("accept-language", "").split(",")


def _new_visitor() -> str:
    return secrets.token_urlsafe(32)


@dataclass(frozen=True)
class SecurityHeaders:
    """Puts the headers on every answer. Pages of people are never kept by a cache; static files are."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and add the headers to its answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._add(MutableHeaders(scope=message), scope)
            await send(message)

        await self.app(scope, receive, send_with_headers)

    def _add(self, headers: MutableHeaders, scope: Scope) -> None:
        for name, value in SECURITY_HEADERS.items():
            headers.setdefault(name, value)
        is_static = scope["path"].startswith("/static/")
        # a file's address changes with its content (`static_url`), so it may be kept for a year
        kept = "public, max-age=31536000, immutable" if is_static and scope["query_string"] else "no-cache"
        headers.setdefault("Cache-Control", kept if is_static else "no-store")
        if scope["scheme"] == "https":
            headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
