"""Accept what a person sent: once, numbered, and on its way, in one transaction.

The channel acknowledges only after this transaction is committed (design, section 3, step 1).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.attachment.models import Attachment, ScanState
from backoffice.attachment.service import attach
from backoffice.client.schemas import (
    Author,
    Channel,
    Command,
    IncomingAccepted,
    IncomingRequest,
    MessageKind,
    Mode,
)
from backoffice.client.schemas import WaitingReason as Reason
from backoffice.conversation import budget
from backoffice.conversation.errors import MalformedMessage, OtherMessageStored, TooManyMessages
from backoffice.conversation.floor import give_to_assistant
from backoffice.conversation.messages import TURNS, Draft, say, write
from backoffice.conversation.models import Conversation, InboxEntry, InboxState, Message
from backoffice.conversation.openings import conversation_of_chat
from backoffice.conversation.queries import lock_conversation
from backoffice.conversation.turn_words import PAYLOADS, Understood, understand
from backoffice.database import publish_after_commit
from backoffice.idempotency.service import fingerprint
from translations.languages import SUPPORTED

_DOES_NOT_COUNT = {"external_id", "second_id", "telegram", "sent_at", "language"}
"""What may differ between two deliveries of one and the same message."""


@dataclass(frozen=True)
class Budget:
    """How many messages a minute a sender may write."""

    per_minute: int


class OnFile(Protocol):
    """Acts on a file that somebody sent; the message is stored, the row locked."""

    def __call__(
        self, session: Session, conversation: Conversation, attachment: Attachment, *, now: datetime
    ) -> bool:
        """Act, and tell whether the person was told what became of it."""


class WhileWaiting(Protocol):
    """Acts on what somebody says who waits for a person; the message is stored, the row locked."""

    def __call__(
        self, session: Session, conversation: Conversation, understood: Understood, *, now: datetime
    ) -> None:
        """Act, and say what there is to say."""


class OnChoice(Protocol):
    """Acts on the answer to a question of the backoffice's own; the message is stored, the row locked."""

    def __call__(self, session: Session, conversation: Conversation, choice: str, *, now: datetime) -> None:
        """Act, and say what there is to say."""


class OnWords(Protocol):
    """Acts on a word that is ours to understand, beside what the assistant makes of it."""

    def __call__(self, session: Session, conversation: Conversation, words: str, *, now: datetime) -> None:
        """Act, and say what there is to say."""


def record_message(
    session: Session,
    request: IncomingRequest,
    *,
    allowance: Budget,
    on_file: OnFile | None = None,
    while_waiting: WhileWaiting | None = None,
    on_choice: OnChoice | None = None,
    on_words: OnWords | None = None,
    now: datetime,
) -> IncomingAccepted:
    """Store one thing that a person sent, and whatever the system says to it at once.

    Args:
        session: the transaction.
        request: what the channel hands in.
        allowance: how many messages a minute this sender may write.
        on_file: acts on a file that it brings.
        while_waiting: acts on it where the person waits for a mediator.
        on_choice: acts on what was chosen of a question of the backoffice's own.
        on_words: acts on what was typed, where it is a word of the backoffice's own.
        now: the present moment.

    Raises:
        ConversationNotFound: the web conversation does not exist.
        MalformedMessage: the parts do not fit the kind.
        OtherMessageStored: another message came before under this external id.
        TooManyMessages: over the budget, on the web; on Telegram it is kept, but makes no turn.
    """
    conversation = _locked_conversation(session, request, now)
    mark = fingerprint(request.model_dump(mode="json", exclude=_DOES_NOT_COUNT))
    earlier = _earlier(session, request)
    if earlier is not None:
        return _repeated(earlier, mark)
    wait = budget.spend(conversation, per_minute=allowance.per_minute, now=now)
    if wait and request.channel is Channel.WEB:
        raise TooManyMessages(retry_after_seconds=wait)
    accepted, understood = _store(
        session, conversation, request, mark, throttled=bool(wait), on_file=on_file, now=now
    )
    if while_waiting is not None and conversation.mode is Mode.WAITING and not wait:
        while_waiting(session, conversation, understood, now=now)
    if on_choice is not None and understood.choice is not None and not wait:
        on_choice(session, conversation, understood.choice, now=now)
    if on_words is not None and request.kind is MessageKind.TEXT and not wait:
        on_words(session, conversation, understood.text, now=now)
    return accepted


def _locked_conversation(session: Session, request: IncomingRequest, now: datetime) -> Conversation:
    if request.channel is Channel.TELEGRAM and request.telegram is not None:
        return conversation_of_chat(session, request.telegram, language=request.language, now=now)
    if request.channel is Channel.WEB and request.conversation_id is not None:
        return lock_conversation(session, request.conversation_id)
    raise MalformedMessage


def _earlier(session: Session, request: IncomingRequest) -> InboxEntry | None:
    same = InboxEntry.external_id == request.external_id
    if request.second_id is not None:
        same |= InboxEntry.second_id == request.second_id
    return session.scalars(select(InboxEntry).where(InboxEntry.channel == request.channel, same)).first()


def _repeated(entry: InboxEntry, mark: str) -> IncomingAccepted:
    if entry.fingerprint != mark:
        raise OtherMessageStored
    return IncomingAccepted(
        id=entry.id,
        conversation_id=entry.conversation_id,
        seq=entry.seq,
        repeated=True,
        throttled=entry.throttled,
    )


def _store(
    session: Session,
    conversation: Conversation,
    request: IncomingRequest,
    mark: str,
    *,
    throttled: bool,
    on_file: OnFile | None,
    now: datetime,
) -> tuple[IncomingAccepted, Understood]:
    if request.language in SUPPORTED and not conversation.language_chosen:
        conversation.language = request.language
    if conversation.mode is Mode.CLOSED:
        conversation.rasa_session += 1
        give_to_assistant(session, conversation, reason="written_again", now=now)
    understood = understand(session, conversation, request)
    if not throttled and _chooses_to_go_on(conversation, request, understood):
        give_to_assistant(session, conversation, reason="chose_a_topic", now=now)
    message = write(session, conversation, _draft(session, request, understood), now=now)[0]
    infected, file = False, None
    if request.attachment_id is not None:
        ids = {"conversation_id": conversation.id, "message_id": message.id}
        file = attach(session, request.attachment_id, **ids, now=now)
        infected = file.scan_state is ScanState.INFECTED
    state = InboxState.DONE if throttled or not understood.makes_turn else _state_by_mode(conversation)
    session.add(_entry(message, request, understood, mark, state=state, throttled=throttled, now=now))
    if state is InboxState.PENDING:
        publish_after_commit(session, TURNS)
    elif conversation.mode is Mode.ASSISTANT:
        conversation.received_seq = max(conversation.received_seq, message.seq)
    if infected:  # whoever holds the floor: the person must know that nobody can read what they sent
        say(session, conversation, "attachment_infected", now=now)
    elif throttled or file is None or on_file is None or not on_file(session, conversation, file, now=now):
        _say_at_once(session, conversation, understood, throttled=throttled, now=now)
    accepted = IncomingAccepted(
        id=message.id, conversation_id=conversation.id, seq=message.seq, throttled=throttled
    )
    return accepted, understood


def _chooses_to_go_on(conversation: Conversation, request: IncomingRequest, understood: Understood) -> bool:
    """Tell whether somebody waits only since they were not understood, and presses a topic instead.

    The message that was not understood was answered (with these buttons): nobody has to read it first.
    """
    return (
        conversation.mode is Mode.WAITING
        and conversation.waiting_reason is Reason.NOT_UNDERSTOOD
        and conversation.waiting_turn_id is not None
        and not conversation.urgent
        and request.kind is MessageKind.BUTTON
        and understood.makes_turn
        and understood.payload not in (None, PAYLOADS[Command.HUMAN])
    )


def _say_at_once(
    session: Session, conversation: Conversation, understood: Understood, *, throttled: bool, now: datetime
) -> None:
    if throttled:
        if budget.is_to_be_told(conversation, now=now):
            say(session, conversation, "too_many_messages", now=now)
    elif understood.notice is not None and conversation.mode is Mode.ASSISTANT:
        say(session, conversation, understood.notice, now=now)


def _state_by_mode(conversation: Conversation) -> InboxState:
    if conversation.mode is Mode.ASSISTANT:
        return InboxState.PENDING
    if conversation.waiting_reason is Reason.ASSISTANT_UNAVAILABLE:
        return InboxState.DEFERRED
    return InboxState.DONE


def _draft(session: Session, request: IncomingRequest, understood: Understood) -> Draft:
    return Draft(
        Author.CITIZEN,
        understood.text,
        language=request.language if request.kind is MessageKind.TEXT else None,
        kind=request.kind,
        client_id=request.external_id.rpartition(":")[2] if request.channel is Channel.WEB else None,
        edited_message_id=_edited(session, request),
        has_attachments=request.attachment_id is not None,
        sent_at=request.sent_at,
    )


def _edited(session: Session, request: IncomingRequest) -> str | None:
    if request.edited_external_id is None:
        return None
    edited = request.edited_external_id
    same = (InboxEntry.external_id == edited) | (InboxEntry.second_id == edited)
    return session.scalar(select(InboxEntry.id).where(InboxEntry.channel == request.channel, same))


def _entry(
    message: Message,
    request: IncomingRequest,
    understood: Understood,
    mark: str,
    *,
    state: InboxState,
    throttled: bool,
    now: datetime,
) -> InboxEntry:
    return InboxEntry(
        id=message.id,
        conversation_id=message.conversation_id,
        seq=message.seq,
        channel=request.channel,
        external_id=request.external_id,
        second_id=request.second_id,
        fingerprint=mark,
        throttled=throttled,
        payload=understood.payload,
        state=state,
        next_at=now,
        created_at=now,
    )
