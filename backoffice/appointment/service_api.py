"""What the actions call when somebody speaks of an appointment; the buttons are answered in the chat."""

from __future__ import annotations

from fastapi import APIRouter, Request

from backoffice.appointment.chat import Chat
from backoffice.client.schemas import AppointmentBegin, AppointmentSaid, AppointmentSentence
from backoffice.clock import ClockDep
from backoffice.conversation.queries import read_conversation
from backoffice.conversation.silence import was_silent
from backoffice.database import ReadSession
from backoffice.service_access import ServiceOnly

router = APIRouter(prefix="/api/v1/service", tags=["service"], dependencies=[ServiceOnly])


@router.post("/appointments/begin")
def begin(
    request: Request, asked: AppointmentBegin, session: ReadSession, clock: ClockDep
) -> AppointmentSaid:
    """Return what is said first; nothing where no desk can be booked, or the chat was silent for long."""
    conversation = read_conversation(session, asked.conversation_id)
    if was_silent(session, conversation.id):
        return AppointmentSaid(said=[])
    chat = Chat(session, conversation, base_url=request.app.state.settings.base_url, now=clock())
    said = chat.begin(changes=asked.changes, topic=asked.topic)
    return AppointmentSaid(
        said=[AppointmentSentence(text=each.text, buttons=list(each.buttons)) for each in said]
    )
