"""The types of a parameter that say who may call: `staff: SignedIn`, `mediator: SignedInMediator`.

A program shows a bearer token, a browser its cookie. What changes something and comes with the
cookie must also carry the session's CSRF token, in the header `X-CSRF-Token` or the field `csrf`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy.orm import Session

from backoffice.clock import ClockDep
from backoffice.database import DatabaseDep, ReadSession
from backoffice.staff.errors import FormExpired, NotSignedIn, RoleRefused, SecondFactorMissing
from backoffice.staff.models import Staff
from backoffice.staff.roles import CLAIMS_CONVERSATIONS, READS_CONVERSATIONS, WORKS_ON_CASES, Role
from backoffice.staff.second_factor import must_enrol
from backoffice.staff.sessions import find_session, is_csrf_token, touch
from backoffice.wall import asks_as_staff

COOKIES = ("__Host-sportello", "sportello")
"""The session cookie where the page came over https, and where it did not (loopback, a test)."""

_BEFORE_SECOND_FACTOR = frozenset(
    {"/account/second-factor", "/account/second-factor/confirm", "/sign-out", "/api/v1/auth/token"}
)
"""What who has to enrol may do before."""

_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


def session_cookie(request: Request) -> str | None:
    """Return the session token of the browser, if it sent one. Over https only the safe name counts."""
    return request.cookies.get(cookie_name(request))


def cookie_name(request: Request) -> str:
    """Return the name of the session cookie for the scheme that the browser uses."""
    return COOKIES[0] if request.url.scheme == "https" else COOKIES[1]


def bearer_token(request: Request) -> str | None:
    """Return the token of the `Authorization` header, if there is one."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None


async def presented_csrf(request: Request) -> str | None:
    """Return the CSRF token that a request carries, in its header or in a field of its form."""
    header = request.headers.get("X-CSRF-Token")
    if header is not None:
        return header
    if not request.headers.get("Content-Type", "").startswith(_FORMS):
        return None
    field = (await request.form()).get("csrf")
    return field if isinstance(field, str) else None


PresentedCsrf = Annotated[str | None, Depends(presented_csrf)]


def current_staff(
    request: Request, session: ReadSession, database: DatabaseDep, clock: ClockDep, csrf: PresentedCsrf
) -> Staff:
    """Return who is signed in. The row is of a reading session: services take its id, never the object.

    Raises:
        NotSignedIn: no token, an unknown one, or one whose time is over.
        FormExpired: a change was asked for by cookie without the session's CSRF token.
        SecondFactorMissing: the person's role has to have a second factor first.
    """
    bearer = bearer_token(request)
    token = bearer or session_cookie(request)
    found = find_session(session, token, now=clock()) if token else None
    if found is not None:
        _require_second_factor(request, session, found.staff)
    session.commit()  # nothing to keep: the connection is free again while the request waits for a thread
    if found is None or token is None:
        raise NotSignedIn
    if bearer is None and request.method not in _READING and not is_csrf_token(token, csrf):
        raise FormExpired
    if found.is_stale and not is_background(request):
        with database.transaction() as writing:
            touch(writing, token, now=clock())
    found.staff.asks_at = clock()
    asks_as_staff(found.staff.id, found.staff.organisation_id, clock)
    request.state.staff = found.staff
    return found.staff


def _require_second_factor(request: Request, session: Session, staff: Staff) -> None:
    roles = request.app.state.settings.roles_with_second_factor
    is_on_the_way = request.url.path in _BEFORE_SECOND_FACTOR
    if roles and not is_on_the_way and must_enrol(session, staff, roles):
        request.state.staff = None
        raise SecondFactorMissing


def is_background(request: Request) -> bool:
    """Tell whether an open page asks by itself: that must not keep a session alive for somebody who left."""
    return "X-Background" in request.headers or "text/event-stream" in request.headers.get("Accept", "")


SignedIn = Annotated[Staff, Depends(current_staff)]
"""Anybody who is signed in."""


def require_role(*roles: Role) -> Callable[[Staff], Staff]:
    """Return a dependency that lets only these roles through.

    Raises:
        RoleRefused: (the dependency) the person has none of them.
    """

    def staff_with_role(staff: SignedIn) -> Staff:
        if not staff.has_role(*roles):
            raise RoleRefused
        return staff

    return staff_with_role


SignedInReader = Annotated[Staff, Depends(require_role(*READS_CONVERSATIONS))]
"""Somebody who may read conversations; of which organisation, `conversation.permissions` asks."""

SignedInMediator = Annotated[Staff, Depends(require_role(*CLAIMS_CONVERSATIONS))]
"""Somebody who may take the floor: mediator, coordinator or caseworker."""

CaseStaffOnly = Depends(require_role(*WORKS_ON_CASES))
"""For the `dependencies` of a route that gets who acts otherwise (`backoffice/acting.py`)."""

SignedInCaseStaff = Annotated[Staff, CaseStaffOnly]
"""Somebody whose work is cases; which of them, `case.permissions` says."""
