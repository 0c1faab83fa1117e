"""The requests that fit a family assistant: a part of the assistant's own page."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from backoffice.care_match.candidates import fitting_requests
from backoffice.care_match.match_view import CareView
from backoffice.care_match.reading import record_requests_read
from backoffice.care_worker.permissions import get_worker
from backoffice.case.permissions import is_own_readable
from backoffice.clock import ClockDep
from backoffice.database import DbSession
from backoffice.staff.sign_in import SignedIn
from backoffice.templating import interface_language, render

router = APIRouter(prefix="/care/workers", include_in_schema=False)


@router.get("/{worker_id}/requests")
def requests_of_worker(
    request: Request, worker_id: str, session: DbSession, staff: SignedIn, clock: ClockDep
) -> Response:
    """Show the requests that fit a family assistant best."""
    worker, now = get_worker(session, staff, worker_id), clock()
    record_requests_read(session, worker_id, by=staff.id, now=now)
    return render(
        request,
        "care_match/requests_of_worker.html",
        staff=staff,
        pairs=fitting_requests(session, worker.case, is_own_readable(staff), now=now),
        sees=CareView(interface_language(request), now),
    )
