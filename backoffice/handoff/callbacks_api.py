"""Call-backs, for staff's programs: who is due, and done."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from backoffice.clock import ClockDep
from backoffice.conversation.schemas import PersonName
from backoffice.database import DbSession, ReadSession
from backoffice.handoff.callbacks import DueCall, due_calls, mark_done
from backoffice.handoff.models import DayPart
from backoffice.staff.sign_in import SignedIn

router = APIRouter(prefix="/api/v1/callbacks", tags=["conversations"])


class CallbackOut(BaseModel):
    """One person who wants to be called."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    conversation_id: str
    person: PersonName | None
    language: str
    day_part: DayPart
    asked_at: datetime
    due_at: datetime
    done_at: datetime | None


class CallbackList(BaseModel):
    """Who is to be called by tomorrow at this hour, the oldest first."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    items: list[CallbackOut]
    next: None = None


@router.get("")
def list_due(session: ReadSession, staff: SignedIn, clock: ClockDep) -> CallbackList:
    """Return who is to be called, what is overdue included."""
    return CallbackList(items=[_out(each) for each in due_calls(session, staff, now=clock())])


@router.post("/{callback_id}/done")
def note_done(callback_id: str, session: DbSession, staff: SignedIn, clock: ClockDep) -> CallbackOut:
    """Note that the person was called."""
    return _out(mark_done(session, callback_id, staff=staff, now=clock()))


def _out(due: DueCall) -> CallbackOut:
    callback, conversation, person = due.callback, due.conversation, due.conversation.person
    return CallbackOut(
        id=callback.id,
        conversation_id=conversation.id,
        person=PersonName(id=person.id, name=person.name, phone=person.phone, languages=person.languages)
        if person
        else None,
        language=conversation.language,
        day_part=callback.day_part,
        asked_at=callback.asked_at,
        due_at=callback.due_at,
        done_at=callback.done_at,
    )
