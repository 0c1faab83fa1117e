"""The sheet of a saved list as a PDF, for whoever has the link from the chat."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from backoffice.checklist.service import list_of_link
from backoffice.clock import ClockDep
from backoffice.conversation.models import Conversation
from backoffice.database import ReadSession
from backoffice.guide_chat.errors import SheetLinkOver
from backoffice.guide_chat.points import kept_guide
from backoffice.guide_chat.sheet import make_sheet
from backoffice.guide_chat.telling import phone_of
from backoffice.wall import BySecretLink

router = APIRouter(include_in_schema=False)


@router.get("/checklist/{token}", dependencies=[BySecretLink])
def checklist_sheet(token: str, session: ReadSession, clock: ClockDep) -> Response:
    """Send the sheet of a list.

    Raises:
        SheetLinkOver: the link leads nowhere, or no longer.
    """
    from backoffice.case_card.pdf import card_pdf  # its libraries are a fifth of what a start loads

    found = list_of_link(session, token, now=clock())
    if found is None:
        raise SheetLinkOver
    conversation = session.get_one(Conversation, found.conversation_id)
    sheet = make_sheet(
        found,
        guide=kept_guide(session),
        language=conversation.language,
        phone=phone_of(session, conversation),
        now=clock(),
    )
    if sheet is None:
        raise SheetLinkOver
    headers = {
        "Content-Disposition": 'inline; filename="sportello-lista.pdf"',
        "Cache-Control": "private, no-store",
        "X-Robots-Tag": "noindex",
    }
    return Response(card_pdf(sheet), media_type="application/pdf", headers=headers)
