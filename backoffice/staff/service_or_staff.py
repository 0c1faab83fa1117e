"""Endpoints that our own processes and everybody who is signed in may read."""

from __future__ import annotations

from fastapi import Depends, Request

from backoffice.clock import ClockDep
from backoffice.database import DatabaseDep
from backoffice.service_access import is_service
from backoffice.staff.errors import NotSignedIn
from backoffice.staff.sessions import find_signed_in
from backoffice.staff.sign_in import bearer_token, session_cookie
from backoffice.wall import asks_as_service, asks_as_staff


def require_service_or_staff(request: Request, database: DatabaseDep, clock: ClockDep) -> None:
    """Let our own processes and anybody who is signed in through. Only for endpoints that change nothing.

    The database is opened for staff only: bot and actions are answered while it is being written.

    Raises:
        NotSignedIn: neither the service token nor a running session.
    """
    if is_service(request):
        asks_as_service()
        return
    token = bearer_token(request) or session_cookie(request)
    if token is None:
        raise NotSignedIn
    with database.read() as session:
        staff = find_signed_in(session, token, now=clock())
    if staff is None:
        raise NotSignedIn
    asks_as_staff(staff.id, staff.organisation_id, clock)


ServiceOrStaff = Depends(require_service_or_staff)
"""For a router's `dependencies`."""
