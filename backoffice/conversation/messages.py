"""Write messages into a conversation whose row is locked: number, row, delivery, ring."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.orm import Session

from backoffice.client.schemas import Author, Channel, MessageKind, Original, ReplyButton
from backoffice.conversation.models import (
    Audience,
    Button,
    Conversation,
    Delivery,
    Message,
    NoteKind,
    TranslatedBy,
)
from backoffice.conversation.renderings import ask_for_new
from backoffice.database import new_id, publish_after_commit
from backoffice.live.service import announce
from translations.catalog import text

TURNS = "turns"
"""The topic that rings when there may be a turn to claim."""


def deliveries_topic(channel: Channel) -> str:
    """The topic that rings when there may be something to send on a channel."""
    return f"deliveries:{channel.value}"


@dataclass(frozen=True)
class Draft:
    """A message to be written. Without a language it is in the conversation's.

    `original`: text and language as they were written, where `text` is a translation of them.

    Raises:
        ValueError: a note that others than staff could read.
    """

    author: Author
    text: str
    language: str | None = None
    staff_id: str | None = None
    audience: Audience = Audience.EVERYBODY
    suppressed: bool = False
    kind: MessageKind = MessageKind.TEXT
    buttons: Sequence[ReplyButton] = ()
    client_id: str | None = None
    edited_message_id: str | None = None
    has_attachments: bool = False
    picture_id: str | None = None
    sent_at: datetime | None = None
    note_kind: NoteKind | None = None
    original: Original | None = None
    translated_by: TranslatedBy | None = None

    def __post_init__(self) -> None:
        if self.note_kind is not None and self.audience is not Audience.STAFF:
            raise ValueError("a note is for staff only")

    @property
    def is_delivered(self) -> bool:
        """Whether a channel has to carry it to the person."""
        return self.author is not Author.CITIZEN and self.audience is Audience.EVERYBODY


def write(session: Session, conversation: Conversation, *drafts: Draft, now: datetime) -> list[Message]:
    """Append messages in order, with the deliveries and buttons that belong to them.

    The caller holds the lock on the conversation's row, which makes numbers without gaps.
    """
    messages = [_message(conversation, draft, now) for draft in drafts]
    conversation.last_message_at = now
    session.add_all(messages)
    session.flush()
    deliveries = [
        _delivery(conversation, conversation.chat_id, message, now)
        for message, draft in zip(messages, drafts, strict=True)
        if draft.is_delivered and conversation.chat_id is not None
    ]
    if deliveries:
        session.execute(insert(Delivery), deliveries)
        publish_after_commit(session, deliveries_topic(conversation.channel))
    buttons = [
        button for message, draft in zip(messages, drafts, strict=True) for button in _buttons(message, draft)
    ]
    if buttons:
        session.execute(insert(Button), buttons)
    ask_for_new(session, conversation, messages, now=now)
    announce(session, conversation.id)
    return messages


def say(
    session: Session,
    conversation: Conversation,
    key: str,
    *,
    now: datetime,
    buttons: Sequence[ReplyButton] = (),
    **values: str,
) -> Message:
    """Let the system say a sentence of the catalogue, in the conversation's language."""
    sentence = text(f"system.{key}", conversation.language, **values)
    return write(session, conversation, Draft(Author.SYSTEM, sentence, buttons=buttons), now=now)[0]


def _message(conversation: Conversation, draft: Draft, now: datetime) -> Message:
    conversation.last_seq += 1
    return Message(
        id=new_id(),
        conversation_id=conversation.id,
        seq=conversation.last_seq,
        author=draft.author,
        staff_id=draft.staff_id,
        audience=draft.audience,
        suppressed=draft.suppressed,
        kind=draft.kind,
        text=draft.text,
        language=draft.language or conversation.language,
        original_text=draft.original.text if draft.original else None,
        original_language=draft.original.language if draft.original else None,
        translated_by=draft.translated_by,
        client_id=draft.client_id,
        edited_message_id=draft.edited_message_id,
        has_buttons=bool(draft.buttons),
        has_attachments=draft.has_attachments,
        picture_id=draft.picture_id,
        created_at=now,
        sent_at=draft.sent_at,
        note_kind=draft.note_kind,
    )


def _delivery(conversation: Conversation, chat_id: int, message: Message, now: datetime) -> dict[str, object]:
    return {
        "id": new_id(),
        "conversation_id": conversation.id,
        "message_id": message.id,
        "seq": message.seq,
        "channel": conversation.channel,
        "chat_id": chat_id,
        "next_at": now,
    }


def _buttons(message: Message, draft: Draft) -> list[dict[str, object]]:
    return [
        {
            "token": secrets.token_urlsafe(15),
            "conversation_id": message.conversation_id,
            "message_id": message.id,
            "position": position,
            "label": button.title,
            "payload": button.payload,
            "lasting": button.lasting,
            "closed": draft.suppressed,
        }
        for position, button in enumerate(draft.buttons)
    ]
