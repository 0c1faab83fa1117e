"""The floor, for staff's programs: claim, reply, release, transfer, heartbeat (contract, "Backoffice API").

A stale epoch answers 409 with the holder's name.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, TypeVar

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from backoffice.client.schemas import LanguageCode
from backoffice.clock import ClockDep
from backoffice.conversation.permissions import get_claimable_conversation, get_readable_conversation
from backoffice.conversation.schemas import ConversationOut, MessageOut, conversation_out
from backoffice.conversation.threads import show_message
from backoffice.database import DbSession, name_operation
from backoffice.handoff import service
from backoffice.idempotency.headers import KeyHeader
from backoffice.idempotency.service import once
from backoffice.staff.models import Staff
from backoffice.staff.sign_in import SignedIn

router = APIRouter(prefix="/api/v1/conversations/{conversation_id}", tags=["conversations"])

Answer = TypeVar("Answer", bound=BaseModel)


class FloorSeen(BaseModel):
    """The epoch that the caller saw."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    epoch: int


class ReplyText(FloorSeen):
    """What the mediator says, and in which language."""

    text: Annotated[str, Field(min_length=1, max_length=20_000)]
    language: LanguageCode | None = None


class Release(FloorSeen):
    """What colleagues should know of the talk."""

    summary: Annotated[str, Field(max_length=4000)] = ""


class Transfer(FloorSeen):
    """Whom the floor goes to: the id or the e-mail address of a colleague."""

    to: Annotated[str, Field(min_length=1, max_length=254)]


class Held(BaseModel):
    """Until when the floor is kept without another heartbeat."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    holder_until: datetime


@router.post("/claim")
def claim(
    conversation_id: str,
    seen: FloorSeen,
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
    key: KeyHeader = None,
) -> ConversationOut:
    """Take the conversation over."""

    def act() -> ConversationOut:
        service.claim(session, conversation_id, staff=staff, epoch=seen.epoch, now=clock())
        return _show(session, staff, conversation_id)

    return _once(session, act, ConversationOut, staff, "claim", key, conversation_id, seen, clock())


@router.post("/reply", status_code=201)
def reply(
    conversation_id: str,
    said: ReplyText,
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
    key: KeyHeader = None,
) -> MessageOut:
    """Say something."""

    def act() -> MessageOut:
        message = service.reply(
            session,
            conversation_id,
            staff=staff,
            epoch=said.epoch,
            text=said.text,
            language=said.language,
            now=clock(),
        )
        return show_message(session, message.id)

    return _once(session, act, MessageOut, staff, "reply", key, conversation_id, said, clock())


@router.post("/release")
def release(
    conversation_id: str,
    asked: Release,
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
    key: KeyHeader = None,
) -> ConversationOut:
    """Hand the conversation back to the assistant."""

    def act() -> ConversationOut:
        service.release(
            session, conversation_id, staff=staff, epoch=asked.epoch, summary=asked.summary, now=clock()
        )
        return _show(session, staff, conversation_id)

    return _once(session, act, ConversationOut, staff, "release", key, conversation_id, asked, clock())


@router.post("/transfer")
def transfer(
    conversation_id: str,
    asked: Transfer,
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
    key: KeyHeader = None,
) -> ConversationOut:
    """Give the floor to a colleague."""

    def act() -> ConversationOut:
        service.transfer(session, conversation_id, staff=staff, epoch=asked.epoch, to=asked.to, now=clock())
        return _show(session, staff, conversation_id)

    return _once(session, act, ConversationOut, staff, "transfer", key, conversation_id, asked, clock())


@router.post("/heartbeat")
def heartbeat(
    conversation_id: str, seen: FloorSeen, session: DbSession, staff: SignedIn, clock: ClockDep
) -> Held:
    """Say that the mediator's page is still open; every 15 seconds."""
    until = service.keep_holding(session, conversation_id, staff=staff, epoch=seen.epoch, now=clock())
    return Held(holder_until=until)


@router.post("/wait")
def make_wait(
    conversation_id: str, seen: FloorSeen, session: DbSession, staff: SignedIn, clock: ClockDep
) -> ConversationOut:
    """Put a conversation that the assistant holds into the queue."""
    service.make_staff_wait(session, conversation_id, staff=staff, epoch=seen.epoch, now=clock())
    return _show(session, staff, conversation_id)


def _show(session: Session, staff: Staff, conversation_id: str) -> ConversationOut:
    session.flush()
    session.expire_all()
    return conversation_out(get_readable_conversation(session, staff, conversation_id))


def _once(
    session: Session,
    act: Callable[[], Answer],
    answer: type[Answer],
    staff: Staff,
    operation: str,
    key: str | None,
    conversation_id: str,
    request: object,
    now: datetime,
) -> Answer:
    name_operation(session, operation)
    # Before a stored answer is given again: it must not tell what the caller may no longer see.
    get_claimable_conversation(session, staff, conversation_id)
    return once(
        session,
        act,
        result_type=answer,
        principal=f"staff:{staff.id}",
        operation=operation,
        key=key,
        request=[conversation_id, request],
        now=now,
    )
