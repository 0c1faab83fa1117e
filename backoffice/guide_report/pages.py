"""The page of what people ask that the guide does not answer."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from backoffice.clock import ClockDep
from backoffice.database import ReadSession
from backoffice.guide.errors import SentenceNotFound
from backoffice.guide_report.figures import by_topic
from backoffice.guide_report.queries import gap_figures
from backoffice.small_cells import LEAST
from backoffice.staff.models import Staff
from backoffice.staff.roles import Role
from backoffice.staff.sign_in import SignedIn
from backoffice.templating import render

router = APIRouter(prefix="/guide", include_in_schema=False)

READS_GAPS = frozenset({Role.COORDINATOR, Role.PLANNER})


def may_read_gaps(staff: Staff) -> bool:
    """Tell whether somebody reads what the guide lacks: coordinators and planners of the front door."""
    return staff.organisation.is_front_door and staff.has_role(*READS_GAPS)


@router.get("/gaps")
def gaps_page(request: Request, session: ReadSession, staff: SignedIn, clock: ClockDep) -> Response:
    """Show the figures of the last twelve months, each with its definition.

    Raises:
        SentenceNotFound: the reader is neither coordinator nor planner of the front door.
    """
    if not may_read_gaps(staff):
        raise SentenceNotFound
    figures, topics = gap_figures(session, staff.organisation_id, now=clock())
    return render(
        request,
        "guide_report/gaps.html",
        staff=staff,
        figures=figures,
        topics=by_topic(topics),
        least=LEAST,
    )
