"""The card of a case: a page to print, and a PDF."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from backoffice.audit import service as audit
from backoffice.case.parts import CasePart, visible_parts
from backoffice.case.permissions import get_readable_case
from backoffice.case_card.content import Card, make_card
from backoffice.case_card.link import card_link, qr_svg
from backoffice.clock import ClockDep
from backoffice.database import DbSession
from backoffice.errors import NotFound
from backoffice.staff.models import Staff
from backoffice.staff.sign_in import SignedIn
from backoffice.templating import render

router = APIRouter(include_in_schema=False)


@router.get("/cases/{case_id}/card")
def card_page(
    request: Request, case_id: str, session: DbSession, staff: SignedIn, clock: ClockDep
) -> Response:
    """Show the card as a page to print; that it was made is noted in the audit trail."""
    card = _card(request, session, staff, case_id, clock())
    code = qr_svg(card.link) if card.link else None
    return render(request, "case_card/card.html", staff=staff, case_id=case_id, card=card, code=code)


@router.get("/cases/{case_id}/card.pdf")
def card_file(
    request: Request, case_id: str, session: DbSession, staff: SignedIn, clock: ClockDep
) -> Response:
    """Send the card as a PDF; that it was made is noted in the audit trail."""
    from backoffice.case_card.pdf import card_pdf  # its libraries are a fifth of what a start loads

    card = _card(request, session, staff, case_id, clock())
    return Response(
        card_pdf(card),
        media_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="sportello-{card.number}.pdf"'},
    )


def _card(request: Request, session: Session, staff: Staff, case_id: str, now: datetime) -> Card:
    case = get_readable_case(session, staff, case_id)
    parts = visible_parts(session, staff, case, now=now)
    if CasePart.PERSON not in parts:
        raise NotFound
    audit.record(session, by=staff.id, action="case.card", subject_kind="case", subject_id=case.id, now=now)
    link = card_link(case, request.app.state.settings.chat_url)
    return make_card(session, case, parts, link=link, now=now)
