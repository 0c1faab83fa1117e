"""Conversations as their person sees them: never what is meant for staff."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from backoffice.attachment.models import Attachment, Storage
from backoffice.attachment.service import AttachmentNotFound, read_attachment
from backoffice.client.schemas import (
    AttachmentLink,
    Author,
    ChatMessage,
    ChatMessages,
    ConversationState,
    Original,
    TranslationNote,
)
from backoffice.client.schemas import Button as ButtonLink
from backoffice.conversation.errors import ConversationNotFound
from backoffice.conversation.models import Audience, Button, Conversation, Message, TranslatedBy
from backoffice.conversation.queries import read_conversation
from translations.languages import direction

MOST_AT_ONCE = 200

_NOTES: dict[TranslatedBy, TranslationNote] = {
    TranslatedBy.MACHINE: "machine",
    TranslatedBy.STAFF: "person",
    TranslatedBy.PHRASEBOOK: "person",
    TranslatedBy.NOBODY: "none",
}


def read_state(session: Session, conversation_id: str) -> ConversationState:
    """Return a conversation as the actions need it.

    Raises:
        ConversationNotFound: there is none.
    """
    statement = (
        select(Conversation)
        .where(Conversation.id == conversation_id)
        .options(joinedload(Conversation.person))
    )
    found = session.scalar(statement)
    if found is None:
        raise ConversationNotFound
    return ConversationState(
        id=found.id,
        mode=found.mode,
        epoch=found.epoch,
        language=found.language,
        channel=found.channel,
        person_name=found.person.name if found.person else None,
        person_phone=found.person.phone if found.person else None,
    )


def read_chat(session: Session, conversation_id: str, *, after: int) -> ChatMessages:
    """Return the messages after a number, oldest first, at most 200.

    `last_seq` is where to go on: the last of these, or of the conversation when there are no more.

    Raises:
        ConversationNotFound: there is no such conversation.
    """
    conversation = read_conversation(session, conversation_id)
    messages = session.scalars(
        select(Message)
        .where(
            Message.conversation_id == conversation_id,
            Message.seq > after,
            Message.audience == Audience.EVERYBODY,
        )
        .options(joinedload(Message.staff))
        .order_by(Message.seq)
        .limit(MOST_AT_ONCE)
    ).all()
    buttons, attachments = buttons_of(session, messages), attachments_of(session, messages)
    pictures = pictures_of(session, messages)
    corrected = seqs_of(
        session, (each.edited_message_id for each in messages if each.author is Author.MEDIATOR)
    )
    more = len(messages) == MOST_AT_ONCE
    return ChatMessages(
        messages=[
            _chat(
                each,
                buttons.get(each.id, []),
                [*map(_link, attachments.get(each.id, [])), *pictures.get(each.id, [])],
                corrects=corrected.get(each.edited_message_id or ""),
            )
            for each in messages
        ],
        last_seq=messages[-1].seq if more else conversation.last_seq,
        received_up_to=conversation.received_seq,
        mode=conversation.mode,
        language=conversation.language,
    )


def buttons_of(session: Session, messages: Iterable[Message]) -> dict[str, list[ButtonLink]]:
    """Return the buttons of these messages, by message; no statement where none has any."""
    ids = [message.id for message in messages if message.has_buttons]
    found: dict[str, list[ButtonLink]] = {}
    if ids:
        statement = (
            select(Button).where(Button.message_id.in_(ids)).order_by(Button.message_id, Button.position)
        )
        for button in session.scalars(statement):
            link = ButtonLink(label=button.label, token=button.token)
            found.setdefault(button.message_id, []).append(link)
    return found


def attachments_of(session: Session, messages: Iterable[Message]) -> dict[str, list[Attachment]]:
    """Return the attachments of these messages, by message; no statement where none has any."""
    ids = [message.id for message in messages if message.has_attachments]
    found: dict[str, list[Attachment]] = {}
    if ids:
        for row in session.scalars(select(Attachment).where(Attachment.message_id.in_(ids))):
            found.setdefault(row.message_id or "", []).append(row)
    return found


def pictures_of(session: Session, messages: Iterable[Message]) -> dict[str, list[AttachmentLink]]:
    """Return the pictures that messages of ours show, by message: small ones, which cost little data."""
    shown = {message.id: message.picture_id for message in messages if message.picture_id is not None}
    if not shown:
        return {}
    rows = session.scalars(select(Attachment).where(Attachment.id.in_(shown.values()))).all()
    links = {row.id: _preview_link(row) for row in rows if row.storage is not Storage.ERASED}
    return {message: [links[picture]] for message, picture in shown.items() if picture in links}


def read_file(session: Session, attachment_id: str, *, conversation_id: str) -> tuple[Attachment, bool]:
    """Return a file that the person of a conversation may open, and whether it is given in small.

    Raises:
        AttachmentNotFound: it is none of the conversation's, and no message of ours shows it there.
    """
    is_shown = select(Message.id).where(
        Message.conversation_id == conversation_id,
        Message.picture_id == attachment_id,
        Message.audience == Audience.EVERYBODY,
    )
    if session.scalar(is_shown.limit(1)) is None:
        return read_attachment(session, attachment_id, conversation_id=conversation_id), False
    row = session.get(Attachment, attachment_id)
    if row is None:
        raise AttachmentNotFound
    return row, row.preview_bytes is not None


def seqs_of(session: Session, ids: Iterable[str | None]) -> dict[str, int]:
    """Return the numbers of messages, by id; no statement where there is none."""
    wanted = {each for each in ids if each is not None}
    if not wanted:
        return {}
    rows = session.execute(select(Message.id, Message.seq).where(Message.id.in_(wanted)))
    return {row.id: row.seq for row in rows}


def _chat(
    message: Message,
    buttons: Sequence[ButtonLink],
    attachments: Sequence[AttachmentLink],
    *,
    corrects: int | None,
) -> ChatMessage:
    return ChatMessage(
        seq=message.seq,
        author=message.author,
        text=message.text,
        language=message.language,
        direction=direction(message.language),
        buttons=list(buttons),
        attachments=list(attachments),
        original=original_of(message),
        at=message.created_at,
        client_id=message.client_id,
        staff_name=message.staff.first_name if message.staff else None,
        translated_by=note_of(message),
        corrects=corrects,
    )


def _link(row: Attachment) -> AttachmentLink:
    return AttachmentLink(id=row.id, kind=row.kind, media_type=row.media_type, size_bytes=row.size_bytes)


def _preview_link(row: Attachment) -> AttachmentLink:
    if row.preview_bytes is None:
        return _link(row)
    return AttachmentLink(id=row.id, kind=row.kind, media_type="image/jpeg", size_bytes=row.preview_bytes)


def note_of(message: Message) -> TranslationNote | None:
    """Return who translated a mediator's words, as the person is told."""
    return None if message.translated_by is None else _NOTES[message.translated_by]


def original_of(message: Message) -> Original | None:
    """Return the words as they were written, where `text` is a translation."""
    if message.original_text is None or message.original_language is None:
        return None
    return Original(text=message.original_text, language=message.original_language)
