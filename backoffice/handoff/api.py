"""The floor, for staff's programs: claim, reply, release, transfer, take over, close, heartbeat.

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
from backoffice.conversation.models import ClosingReason
from backoffice.conversation.permissions import get_claimable_conversation, get_readable_conversation
from backoffice.conversation.schemas import ConversationOut, MessageOut, conversation_out
from backoffice.conversation.threads import show_message
from backoffice.database import DatabaseDep, DbSession, name_operation
from backoffice.handoff import service, speaking
from backoffice.idempotency.headers import KeyHeader
from backoffice.idempotency.service import once
from backoffice.staff.models import Staff
from backoffice.staff.sign_in import SignedIn
from backoffice.translation.outgoing import Proposal, Translation
from backoffice.translation.preview import translate_before_sending
from backoffice.translation.translator import TranslatorDep

router = APIRouter(prefix="/api/v1/conversations/{conversation_id}", tags=["conversations"])

Answer = TypeVar("Answer", bound=BaseModel)


class FloorSeen(BaseModel):
    """The epoch that the caller saw."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    epoch: int


Words = Annotated[str, Field(min_length=1, max_length=20_000)]


class ProposalIn(BaseModel):
    """What the machine had proposed (`POST .../preview`), before anybody corrected it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: Words
    engine: Annotated[str, Field(max_length=40)]
    version: Annotated[str | None, Field(max_length=120)] = None
    in_parts: bool = False


class TranslationIn(BaseModel):
    """What the person gets, in their language, as it was looked at and perhaps corrected."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: Words
    language: LanguageCode
    proposal: ProposalIn | None = None

    def as_translation(self) -> Translation:
        """Return it for the service."""
        proposal = Proposal(**self.proposal.model_dump()) if self.proposal is not None else None
        return Translation(self.text, self.language, proposal)


class ReplyText(FloorSeen):
    """What the mediator says, and in which language: without one, in the person's.

    In another language than the person's they get the `translation`. Where that is left out it is made
    here; where it cannot be made, the words go as they are, marked as not translated.
    """

    text: Words
    language: LanguageCode | None = None
    translation: TranslationIn | None = None


class Correction(FloorSeen):
    """What a message should have said, in the person's language."""

    text: Words


class Release(FloorSeen):
    """What colleagues should know of the talk."""

    summary: Annotated[str, Field(max_length=4000)] = ""


class Transfer(FloorSeen):
    """Whom the floor goes to: the id or the e-mail address of a colleague."""

    to: Annotated[str, Field(min_length=1, max_length=254)]


class Claim(FloorSeen):
    """`override`: take it although the person would rather speak with a woman, or a man."""

    override: bool = False


class TakeOver(FloorSeen):
    """Why a coordinator takes a conversation from a colleague; staff read it in the thread."""

    reason: Annotated[str, Field(min_length=1, max_length=500)]


class Close(FloorSeen):
    """Why the conversation ends."""

    reason: ClosingReason


class Held(BaseModel):
    """Until when the floor is kept without another heartbeat."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    holder_until: datetime


@router.post("/claim")
def claim(
    conversation_id: str,
    seen: Claim,
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
    key: KeyHeader = None,
) -> ConversationOut:
    """Take the conversation over; against the person's wish for a woman or a man only with `override`."""

    def act() -> ConversationOut:
        service.claim(
            session,
            conversation_id,
            staff=staff,
            epoch=seen.epoch,
            override=seen.override,
            now=clock(),
        )
        return _show(session, staff, conversation_id)

    return _once(session, act, ConversationOut, staff, "claim", key, conversation_id, seen, clock())


@router.post("/reply", status_code=201)
def reply(
    conversation_id: str,
    said: ReplyText,
    session: DbSession,
    database: DatabaseDep,
    translator: TranslatorDep,
    staff: SignedIn,
    clock: ClockDep,
    key: KeyHeader = None,
) -> MessageOut:
    """Say something."""
    if said.translation is not None:
        translation: Translation | None = said.translation.as_translation()
    else:
        translation = translate_before_sending(
            database, translator, conversation_id, staff=staff, text=said.text, language=said.language
        )

    def act() -> MessageOut:
        message = speaking.reply(
            session,
            conversation_id,
            staff=staff,
            epoch=said.epoch,
            text=said.text,
            language=said.language,
            translation=translation,
            now=clock(),
        )
        return show_message(session, message.id)

    return _once(session, act, MessageOut, staff, "reply", key, conversation_id, said, clock())


@router.post("/messages/{message_id}/correction", status_code=201)
def correct(
    conversation_id: str,
    message_id: str,
    asked: Correction,
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
    key: KeyHeader = None,
) -> MessageOut:
    """Correct an own message: the person gets a new one that names it (`edits`)."""

    def act() -> MessageOut:
        message = speaking.correct(
            session,
            conversation_id,
            message_id,
            staff=staff,
            epoch=asked.epoch,
            text=asked.text,
            now=clock(),
        )
        return show_message(session, message.id)

    request = {"message": message_id, **asked.model_dump()}
    return _once(session, act, MessageOut, staff, "correct", key, conversation_id, request, clock())


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


@router.post("/take-over")
def take_over(
    conversation_id: str,
    asked: TakeOver,
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
    key: KeyHeader = None,
) -> ConversationOut:
    """Take the conversation from the colleague who holds it, as a coordinator."""

    def act() -> ConversationOut:
        service.take_over(
            session, conversation_id, staff=staff, epoch=asked.epoch, reason=asked.reason, now=clock()
        )
        return _show(session, staff, conversation_id)

    return _once(session, act, ConversationOut, staff, "take-over", key, conversation_id, asked, clock())


@router.post("/close")
def close(
    conversation_id: str,
    asked: Close,
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
    key: KeyHeader = None,
) -> ConversationOut:
    """End the conversation: who holds it, or a coordinator. The person's next message opens it again."""

    def act() -> ConversationOut:
        service.close(
            session, conversation_id, staff=staff, epoch=asked.epoch, reason=asked.reason, now=clock()
        )
        return _show(session, staff, conversation_id)

    return _once(session, act, ConversationOut, staff, "close", key, conversation_id, asked, clock())


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
