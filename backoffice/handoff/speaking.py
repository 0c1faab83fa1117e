"""What a mediator says while they hold the floor, or were invited: in the person's language or another."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from backoffice.client.schemas import Author, Original
from backoffice.conversation.messages import Draft, write
from backoffice.conversation.models import Conversation, Message, TranslatedBy
from backoffice.conversation.reading import original_of
from backoffice.conversation.words import clean
from backoffice.handoff.errors import (
    NothingToSay,
)
from backoffice.handoff.holding import lock_joined
from backoffice.handoff.service import HOLDS_FOR
from backoffice.staff.models import Staff
from backoffice.translation.errors import MessageNotFound, NothingChanged, OtherLanguageNow
from backoffice.translation.outgoing import Translation, keep_translation, proposal_of, translated_by
from backoffice.translation.permissions import get_correctable_message
from translations.languages import LANGUAGES
from translations.masking import has_words


def reply(
    session: Session,
    conversation_id: str,
    *,
    staff: Staff,
    epoch: int,
    text: str,
    language: str | None = None,
    translation: Translation | None = None,
    now: datetime,
) -> Message:
    """Say something as who holds the floor, or was invited, in the conversation's language or another.

    In another language the person gets the `translation`; without one the words as they are, marked.

    Raises:
        ConversationNotFound: it does not exist, or this person may not.
        ConversationTaken, FloorMoved: the floor is no longer theirs.
        NothingToSay: the text is empty.
        OtherLanguageNow: the person has chosen another language than that of the translation.
    """
    words = clean(text).strip()
    if not words:
        raise NothingToSay
    conversation = lock_joined(session, conversation_id, staff=staff, epoch=epoch)
    if conversation.holder_id == staff.id:
        conversation.holder_until = now + HOLDS_FOR
    conversation.received_seq = conversation.last_seq
    spoken = language if language in LANGUAGES else conversation.language
    draft = Draft(Author.MEDIATOR, words, language=spoken, staff_id=staff.id)
    if spoken == conversation.language:
        return write(session, conversation, draft, now=now)[0]
    return _say_translated(session, conversation, draft, translation, staff=staff, now=now)


def correct(
    session: Session,
    conversation_id: str,
    message_id: str,
    *,
    staff: Staff,
    epoch: int,
    text: str,
    now: datetime,
) -> Message:
    """Correct an own message: the person gets the new words once, as a message that names the old one.

    Raises:
        ConversationNotFound: it does not exist, or this person may not.
        ConversationTaken, FloorMoved: the floor is no longer theirs.
        MessageNotFound: the message is not there, or not theirs.
        NothingChanged: the text is empty, or as it was.
    """
    conversation = lock_joined(session, conversation_id, staff=staff, epoch=epoch)
    message = get_correctable_message(session, staff, conversation_id, message_id)
    if message.author is not Author.MEDIATOR or message.staff_id != staff.id:
        raise MessageNotFound
    words = clean(text).strip()
    if not words or words == message.text:
        raise NothingChanged
    if conversation.holder_id == staff.id:
        conversation.holder_until = now + HOLDS_FOR
    draft = Draft(
        Author.MEDIATOR,
        words,
        language=message.language,
        staff_id=staff.id,
        edited_message_id=message.id,
        original=original_of(message),
        translated_by=TranslatedBy.STAFF if message.original_text is not None else None,
    )
    if message.translated_by is TranslatedBy.NOBODY:
        written = Original(text=message.text, language=message.language)
        draft = replace(
            draft, language=conversation.language, original=written, translated_by=TranslatedBy.STAFF
        )
    said = write(session, conversation, draft, now=now)[0]
    keep_translation(session, conversation, said, proposal_of(session, message), staff=staff, now=now)
    return said


def _say_translated(
    session: Session,
    conversation: Conversation,
    draft: Draft,
    translation: Translation | None,
    *,
    staff: Staff,
    now: datetime,
) -> Message:
    said = clean(translation.text).strip() if translation is not None else ""
    if translation is None or not said:
        untranslated = TranslatedBy.NOBODY if has_words(draft.text) else None
        return write(session, conversation, replace(draft, translated_by=untranslated), now=now)[0]
    if translation.language != conversation.language:
        raise OtherLanguageNow
    translation = replace(translation, text=said)
    written = Original(text=draft.text, language=draft.language or conversation.language)
    by = translated_by(session, conversation, written, translation)
    sent = replace(draft, text=said, language=conversation.language, original=written, translated_by=by)
    message = write(session, conversation, sent, now=now)[0]
    keep_translation(session, conversation, message, translation.proposal, staff=staff, now=now)
    return message
