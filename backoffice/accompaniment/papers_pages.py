"""The papers of a household as PDF."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from backoffice.accompaniment.papers import make_paper
from backoffice.accompaniment.permissions import get_search_case
from backoffice.audit import service as audit
from backoffice.case_card.pdf import card_pdf
from backoffice.clock import ClockDep
from backoffice.database import DbSession
from backoffice.italy import day_in_italy
from backoffice.staff.sign_in import SignedIn

router = APIRouter(include_in_schema=False)


@router.get("/cases/{case_id}/accompaniment/papers/{paper}")
def paper_file(case_id: str, paper: str, session: DbSession, staff: SignedIn, clock: ClockDep) -> Response:
    """Send a paper in the person's language and in Italian; that it was made is noted in the audit trail."""
    case, now = get_search_case(session, staff, case_id), clock()
    made = make_paper(session, case, paper, today=day_in_italy(now))
    audit.record(session, by=staff.id, action="case.paper", subject_kind="case", subject_id=case.id, now=now)
    name = f"sportello-{case.number}-{paper}.pdf"
    return Response(
        card_pdf(made),
        media_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )
