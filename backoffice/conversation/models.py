"""Conversations, what is said in them, and the two queues: inbox (to the assistant), deliveries (to people).

The numbers that must not race (`epoch`, `last_seq`, `lease_token`) stand in the conversation's own
row: whoever changes one holds that row's lock.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, object_session, relationship

from backoffice.client.schemas import Author, Channel, MessageKind, Mode, WaitingReason
from backoffice.columns import enum_column
from backoffice.database import Base, UtcDateTime, new_id
from backoffice.encryption.columns import SealedJson, SealedText
from backoffice.person.models import Person
from backoffice.search.indexing import FoundBy
from backoffice.search.models import Indexed
from backoffice.staff.models import Gender, Staff


class ClosingReason(StrEnum):
    """Why a conversation was closed. The person's next message opens it again."""

    ANSWERED = "answered"
    NO_REPLY = "no_reply"
    SPAM = "spam"
    OTHER = "other"


class Conversation(Base):
    """One person's conversation on one channel, for good: one for a Telegram chat, one for a web session.

    `mode` says who holds the floor; every change of it raises `epoch`, and whoever writes says which
    epoch they saw. `lease_token` rises with every turn that is handed out (fencing).
    """

    __tablename__ = "conversation"
    __table_args__ = (
        CheckConstraint("(mode = 'mediator') = (holder_id IS NOT NULL)", name="mediator_holds"),
        CheckConstraint("(mode = 'waiting') = (waiting_since IS NOT NULL)", name="waiting_since"),
        CheckConstraint("(mode = 'waiting') = (waiting_reason IS NOT NULL)", name="waiting_reason_given"),
        CheckConstraint("(channel = 'telegram') = (chat_id IS NOT NULL)", name="telegram_has_a_chat"),
        Index("ix_conversation_list", "organisation_id", "mode", "last_message_at", "id"),
        Index("ix_conversation_waiting", "organisation_id", "mode", "language", "waiting_since"),
        Index("ix_conversation_holder_until", "mode", "holder_until"),
        Index("ix_conversation_follow_up", "organisation_id", "follow_up_on"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    channel: Mapped[Channel] = mapped_column(enum_column(Channel, "channel"))
    chat_id: Mapped[int | None] = mapped_column(BigInteger, unique=True)
    """Telegram's number of the chat."""
    language: Mapped[str] = mapped_column(String(2))
    language_chosen: Mapped[bool] = mapped_column(default=False)
    """True once the person chose it; before, a message may still change it."""
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"), index=True)

    mode: Mapped[Mode] = mapped_column(enum_column(Mode, "mode"), default=Mode.ASSISTANT)
    epoch: Mapped[int] = mapped_column(default=1)
    urgent: Mapped[bool] = mapped_column(default=False)
    topic: Mapped[str | None] = mapped_column(String(60))
    summary: Mapped[list[str]] = mapped_column(SealedJson(), default=list)
    """Facts for staff, a line each, with their origin in brackets."""
    waiting_reason: Mapped[WaitingReason | None] = mapped_column(enum_column(WaitingReason, "waiting_reason"))
    waiting_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    waiting_turn_id: Mapped[str | None] = mapped_column(String(36))
    """The turn that asked for the wait: its own answer is still said, though the floor has moved."""
    holder_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"), index=True)
    holder_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the floor goes back to the queue, unless the mediator's page is heard of before."""

    wishes_gender: Mapped[Gender | None] = mapped_column(enum_column(Gender, "wishes_gender"))
    """The person would rather speak with a woman, or with a man."""
    paged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When mediators were last called for an urgent conversation that waits."""
    next_told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the person was last told to be the next in the queue."""
    wait_told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When a person who waits for long was last told where they stand."""
    closed_because: Mapped[ClosingReason | None] = mapped_column(enum_column(ClosingReason, "closed_because"))
    follow_up_on: Mapped[date | None]
    """The day, in Italy, on which somebody wants to look at it again."""

    last_seq: Mapped[int] = mapped_column(default=0)
    received_seq: Mapped[int] = mapped_column(default=0)
    """The highest `seq` that the assistant has handled or a mediator has seen."""
    rasa_session: Mapped[int] = mapped_column(default=1)
    lease_token: Mapped[int] = mapped_column(default=0)
    lease_owner: Mapped[str | None] = mapped_column(String(100))
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    budget_left: Mapped[float] = mapped_column(default=0.0)
    budget_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    budget_told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_message_at: Mapped[datetime] = mapped_column(UtcDateTime)
    data_key_id: Mapped[str | None] = mapped_column(String(36))
    """What seals the words of the conversation; made with its first."""

    person: Mapped[Person | None] = relationship(lazy="raise")
    holder: Mapped[Staff | None] = relationship(lazy="raise")

    @property
    def sender(self) -> str:
        """Rasa's id of the conversation: a new one after every hand-back."""
        return f"{self.id}.{self.rasa_session}"


class Participant(Base):
    """A second person of the staff in a conversation: writes beside who holds the floor, by invitation."""

    __tablename__ = "participant"

    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversation.id", ondelete="CASCADE"), primary_key=True
    )
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), primary_key=True)
    invited_by: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    since: Mapped[datetime] = mapped_column(UtcDateTime)


class Conflict(Base):
    """A member of staff who must neither see nor take this person's conversations.

    The same family or community, said by the person or by the colleague. Why is not written down.
    """

    __tablename__ = "conflict"

    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversation.id", ondelete="CASCADE"), primary_key=True
    )
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), primary_key=True)
    stated_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    """None: the person said so."""
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class ConversationLabel(Base):
    """A word by which staff find a conversation again."""

    __tablename__ = "conversation_label"

    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversation.id", ondelete="CASCADE"), primary_key=True
    )
    name: Mapped[str] = mapped_column(String(40), primary_key=True, index=True)


class ReadMark(Base):
    """How far one member of staff has read a conversation."""

    __tablename__ = "read_mark"

    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversation.id", ondelete="CASCADE"), primary_key=True
    )
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), primary_key=True)
    seq: Mapped[int]


class ChatSession(Base):
    """What opens a web conversation. Only the SHA-256 of its 256-bit token is stored."""

    __tablename__ = "chat_session"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversation.id", ondelete="CASCADE"), index=True
    )
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Audience(StrEnum):
    """Who may read a message."""

    EVERYBODY = "everybody"
    STAFF = "staff"


class NoteKind(StrEnum):
    """What a note of staff's is. Neither kind can be sent."""

    INTERNAL = "internal"
    CULTURAL = "cultural"
    """What a mediator explains to colleagues: a custom, a word that has no translation."""


class TranslatedBy(StrEnum):
    """Where the words of a message that a mediator wrote in another language come from."""

    MACHINE = "machine"
    STAFF = "staff"
    """The machine's, corrected by who sent it, or written by hand."""
    PHRASEBOOK = "phrasebook"
    NOBODY = "nobody"
    """Sent as it was written: no package, or a guard refused the translation."""


class Message(Base):
    """One message. What was written stays as it was written; an edit is a message of its own.

    `suppressed`: said by the assistant when the floor had already moved, never sent, for staff only.
    """

    __tablename__ = "message"
    __found_by__ = ("text", "original_text")
    __sealed_by__ = "conversation_id"
    __table_args__ = (
        UniqueConstraint("conversation_id", "seq"),
        CheckConstraint("note_kind IS NULL OR audience = 'staff'", name="notes_are_for_staff"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"))
    seq: Mapped[int]
    author: Mapped[Author] = mapped_column(enum_column(Author, "author"))
    staff_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    audience: Mapped[Audience] = mapped_column(enum_column(Audience, "audience"), default=Audience.EVERYBODY)
    suppressed: Mapped[bool] = mapped_column(default=False)
    kind: Mapped[MessageKind] = mapped_column(enum_column(MessageKind, "kind"), default=MessageKind.TEXT)
    text: Mapped[str] = mapped_column(SealedText())
    language: Mapped[str] = mapped_column(String(2))
    original_text: Mapped[str | None] = mapped_column(SealedText())
    original_language: Mapped[str | None] = mapped_column(String(2))
    translated_by: Mapped[TranslatedBy | None] = mapped_column(enum_column(TranslatedBy, "translated_by"))
    """Set where staff wrote in another language than the person's; `text` is then what was sent."""
    note_kind: Mapped[NoteKind | None] = mapped_column(enum_column(NoteKind, "note_kind"))
    client_id: Mapped[str | None] = mapped_column(String(200))
    edited_message_id: Mapped[str | None] = mapped_column(ForeignKey("message.id"))
    has_buttons: Mapped[bool] = mapped_column(default=False)
    has_attachments: Mapped[bool] = mapped_column(default=False)
    picture_id: Mapped[str | None] = mapped_column(String(36))
    """A file of somebody else's that is shown with it, such as the picture of a home; no key of the table,
    since files hang on messages already."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the sender's device says that it was sent."""

    staff: Mapped[Staff | None] = relationship(lazy="raise")

    def found_by(self) -> FoundBy | None:
        """Return what the conversation is found by: what people wrote, not the assistant's fixed texts."""
        if self.author not in (Author.CITIZEN, Author.MEDIATOR):
            return None
        words = (self.text, self.original_text)
        return FoundBy(Indexed.CONVERSATION, self.conversation_id, words, is_all=False)


class RenderingState(StrEnum):
    """Where a rendering stands on its way to those who read it."""

    PENDING = "pending"
    DONE = "done"
    REFUSED = "refused"
    """A guard found it wrong, or nothing here translates this pair: readers see the original, marked."""


class Rendering(Base):
    """A message in another language. The message stays as it is; of several the youngest counts.

    `flags` are codes of `translations.guards`, or `no_package`. `staff_id` made or corrected it.
    """

    __tablename__ = "rendering"
    __found_by__ = ("text",)
    __sealed_by__ = "message_id"
    __table_args__ = (
        Index("ix_rendering_due", "state", "next_at"),
        Index("ix_rendering_message", "message_id", "language"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    message_id: Mapped[str] = mapped_column(ForeignKey("message.id", ondelete="CASCADE"))
    language: Mapped[str] = mapped_column(String(2))
    state: Mapped[RenderingState] = mapped_column(
        enum_column(RenderingState, "rendering_state"), default=RenderingState.PENDING
    )
    text: Mapped[str | None] = mapped_column(SealedText())
    engine: Mapped[str | None] = mapped_column(String(40))
    version: Mapped[str | None] = mapped_column(String(120))
    flags: Mapped[list[str]] = mapped_column(JSON, default=list)
    in_parts: Mapped[bool] = mapped_column(default=False)
    """Translated between protected words, which costs grammar."""
    staff_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    staff: Mapped[Staff | None] = relationship(lazy="raise")

    def found_by(self) -> FoundBy | None:
        """Return what the conversation is found by in this language too."""
        session = object_session(self)
        message = session.get(Message, self.message_id) if session and self.text else None
        if message is None or message.author not in (Author.CITIZEN, Author.MEDIATOR):
            return None
        return FoundBy(Indexed.CONVERSATION, message.conversation_id, (self.text,), is_all=False)


class InboxState(StrEnum):
    """Where a citizen's message stands on its way to the assistant."""

    PENDING = "pending"
    DEFERRED = "deferred"
    DONE = "done"
    DEAD = "dead"


class InboxEntry(Base):
    """What a channel handed in, once: the two unique keys make a repeat visible.

    Its id is the message's id, and the turn's. `payload` is ours (a button, a command), never typed.
    """

    __tablename__ = "inbox_entry"
    __table_args__ = (
        UniqueConstraint("channel", "external_id"),
        UniqueConstraint("channel", "second_id"),
        # Not partial: SQLite uses a partial index only for literals, and statements have parameters.
        Index("ix_inbox_entry_due", "state", "next_at"),
        Index("ix_inbox_entry_order", "conversation_id", "state", "seq"),
    )

    id: Mapped[str] = mapped_column(ForeignKey("message.id"), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"))
    seq: Mapped[int]
    channel: Mapped[Channel] = mapped_column(enum_column(Channel, "channel"))
    external_id: Mapped[str] = mapped_column(String(200))
    second_id: Mapped[str | None] = mapped_column(String(200))
    fingerprint: Mapped[str] = mapped_column(String(64))
    throttled: Mapped[bool] = mapped_column(default=False)
    payload: Mapped[str | None] = mapped_column(String(1100))
    state: Mapped[InboxState] = mapped_column(enum_column(InboxState, "state"))
    attempts: Mapped[int] = mapped_column(default=0)
    given_up: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime] = mapped_column(UtcDateTime)
    error: Mapped[str | None] = mapped_column(String(40))
    answered_token: Mapped[int | None]
    """The lease under which it was answered, so that a repeated answer gets the same result."""
    suppressed: Mapped[bool] = mapped_column(default=False)
    intent: Mapped[str | None] = mapped_column(String(60))
    confidence: Mapped[float | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class DeliveryState(StrEnum):
    """Where a message stands on its way to a person."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    UNCERTAIN = "uncertain"
    DEAD = "dead"


class Delivery(Base):
    """A message that the bot has to send. Of a conversation only the lowest unsent `seq` is handed out.

    `unconfirmed` counts how often nobody reported what became of it: it may then reach the person twice.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("conversation_id", "seq"),
        Index("ix_delivery_due", "channel", "state", "next_at"),
        Index("ix_delivery_order", "conversation_id", "state", "seq"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"))
    message_id: Mapped[str] = mapped_column(ForeignKey("message.id"), unique=True)
    seq: Mapped[int]
    channel: Mapped[Channel] = mapped_column(enum_column(Channel, "channel"))
    chat_id: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[DeliveryState] = mapped_column(
        enum_column(DeliveryState, "state"), default=DeliveryState.PENDING
    )
    attempts: Mapped[int] = mapped_column(default=0)
    unconfirmed: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime] = mapped_column(UtcDateTime)
    worker: Mapped[str | None] = mapped_column(String(100))
    provider_id: Mapped[str | None] = mapped_column(String(100))
    error: Mapped[str | None] = mapped_column(String(300))
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Button(Base):
    """A button that was offered. The person has its token; the payload stays here."""

    __tablename__ = "button"
    __table_args__ = (Index("ix_button_open", "conversation_id", "closed", "lasting"),)

    token: Mapped[str] = mapped_column(String(32), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"))
    message_id: Mapped[str] = mapped_column(ForeignKey("message.id"), index=True)
    position: Mapped[int]
    label: Mapped[str] = mapped_column(String(100))
    payload: Mapped[str] = mapped_column(String(1000))
    lasting: Mapped[bool] = mapped_column(default=False)
    """Opens a topic, any time; the others answer one question, once."""
    closed: Mapped[bool] = mapped_column(default=False)


class FloorChange(Base):
    """One change of who holds the floor: the history of a conversation's modes."""

    __tablename__ = "floor_change"
    __table_args__ = (UniqueConstraint("conversation_id", "epoch"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"))
    epoch: Mapped[int]
    mode: Mapped[Mode] = mapped_column(enum_column(Mode, "mode"))
    reason: Mapped[str | None] = mapped_column(String(40))
    staff_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
