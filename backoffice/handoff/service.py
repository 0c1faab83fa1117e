"""The floor between the assistant and a mediator (design, section 4).

Taking a conversation is one compare-and-set statement: of two at the same moment one wins. Every
other act of a mediator carries the epoch that they saw; the floor that has moved answers 409.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from backoffice.client.schemas import Author, Mode, Original, WaitingReason
from backoffice.conversation.floor import (
    close_open_turns,
    give_to_assistant,
    make_wait,
    record_change,
    remember,
)
from backoffice.conversation.messages import Draft, say, write
from backoffice.conversation.models import Audience, Conversation, Message, TranslatedBy
from backoffice.conversation.permissions import get_claimable_conversation, may_claim
from backoffice.conversation.reading import original_of
from backoffice.conversation.renderings import has_words
from backoffice.conversation.words import clean
from backoffice.handoff.errors import NoSuchColleague, NothingToSay, why_not
from backoffice.handoff.models import Assignment
from backoffice.live.service import announce
from backoffice.staff.models import Staff
from backoffice.translation.errors import MessageNotFound, NothingChanged, OtherLanguageNow
from backoffice.translation.outgoing import Translation, keep_translation, proposal_of, translated_by
from backoffice.translation.permissions import get_correctable_message
from translations.languages import LANGUAGES

HOLDS_FOR = timedelta(seconds=75)
"""How long a mediator keeps the floor without a sign of their page, which gives one every 15 seconds."""

HOLDS_AFTER_TRANSFER = timedelta(minutes=5)
"""How long a colleague has to open what was transferred to them."""


def claim(session: Session, conversation_id: str, *, staff: Staff, epoch: int, now: datetime) -> Conversation:
    """Take a conversation over, from the queue or from the assistant.

    Raises:
        ConversationNotFound: it does not exist, or this person may not.
        ConversationTaken: another mediator was first.
        FloorMoved: it has changed since the caller saw it.
    """
    if not _take(session, conversation_id, staff, epoch, now):
        raise why_not(session, get_claimable_conversation(session, staff, conversation_id))
    conversation = get_claimable_conversation(session, staff, conversation_id, for_update=True)
    conversation.received_seq = conversation.last_seq
    close_open_turns(session, conversation.id)
    _assign(session, conversation, staff.id, now)
    remember(session, conversation, reason="claimed", staff_id=staff.id, now=now)
    say(session, conversation, "mediator_joined", name=staff.first_name, now=now)
    return conversation


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
    """Say something as the mediator who holds the floor, in the conversation's language or another.

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
    conversation = _held(session, conversation_id, staff, epoch)
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
    conversation = _held(session, conversation_id, staff, epoch)
    message = get_correctable_message(session, staff, conversation_id, message_id)
    if message.author is not Author.MEDIATOR or message.staff_id != staff.id:
        raise MessageNotFound
    words = clean(text).strip()
    if not words or words == message.text:
        raise NothingChanged
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


def release(
    session: Session, conversation_id: str, *, staff: Staff, epoch: int, summary: str, now: datetime
) -> Conversation:
    """Hand the conversation back to the assistant, which begins anew; the summary is for staff.

    Raises:
        ConversationNotFound: it does not exist, or this person may not.
        ConversationTaken, FloorMoved: the floor is no longer theirs.
    """
    conversation = _held(session, conversation_id, staff, epoch)
    words = clean(summary).strip()
    if words:
        note = Draft(Author.MEDIATOR, words, language="it", staff_id=staff.id, audience=Audience.STAFF)
        write(session, conversation, note, now=now)
        conversation.summary = words.splitlines()
    _end_assignment(session, conversation.id, "released", now)
    conversation.rasa_session += 1
    conversation.received_seq = conversation.last_seq
    give_to_assistant(session, conversation, reason="released", staff_id=staff.id, now=now)
    say(session, conversation, "handed_back", now=now)
    return conversation


def transfer(
    session: Session, conversation_id: str, *, staff: Staff, epoch: int, to: str, now: datetime
) -> Conversation:
    """Give the floor to a colleague, named by id or by e-mail address.

    Raises:
        ConversationNotFound: it does not exist, or this person may not.
        ConversationTaken, FloorMoved: the floor is no longer theirs.
        NoSuchColleague: nobody here who takes conversations over is so called.
    """
    conversation = _held(session, conversation_id, staff, epoch)
    colleague = session.scalar(
        select(Staff).where(
            (Staff.id == to) | (Staff.email == to.lower()),
            Staff.organisation_id == staff.organisation_id,
            Staff.active,
        )
    )
    if colleague is None or colleague.id == staff.id or not may_claim(colleague):
        raise NoSuchColleague
    _end_assignment(session, conversation.id, "transferred", now)
    conversation.holder_id, conversation.holder_until = colleague.id, now + HOLDS_AFTER_TRANSFER
    record_change(session, conversation, reason="transferred", staff_id=staff.id, now=now)
    _assign(session, conversation, colleague.id, now)
    say(session, conversation, "mediator_changed", name=colleague.first_name, now=now)
    return conversation


def keep_holding(
    session: Session, conversation_id: str, *, staff: Staff, epoch: int, now: datetime
) -> datetime:
    """Hear of a mediator's open page: they keep the floor, and have seen what was written. Return until when.

    Raises:
        ConversationNotFound: it does not exist, or this person may not.
        ConversationTaken, FloorMoved: the floor is no longer theirs.
    """
    conversation = _held(session, conversation_id, staff, epoch)
    until = max(now + HOLDS_FOR, conversation.holder_until or now)
    conversation.holder_until = until
    if conversation.received_seq < conversation.last_seq:
        conversation.received_seq = conversation.last_seq
        announce(session, conversation.id)
    return until


def make_staff_wait(
    session: Session, conversation_id: str, *, staff: Staff, epoch: int, now: datetime
) -> Conversation:
    """Put a conversation that the assistant holds into the queue, because staff think it should be there.

    Raises:
        ConversationNotFound: it does not exist, or this person may not.
        ConversationTaken, FloorMoved: the assistant no longer holds it.
    """
    conversation = get_claimable_conversation(session, staff, conversation_id, for_update=True)
    if conversation.mode is not Mode.ASSISTANT or conversation.epoch != epoch:
        raise why_not(session, conversation)
    make_wait(session, conversation, reason=WaitingReason.STAFF, now=now)
    return conversation


def expire_holders(session: Session, *, now: datetime) -> int:
    """Take the floor from mediators whose page is gone: to the queue, never to the assistant."""
    statement = select(Conversation).where(
        Conversation.mode == Mode.MEDIATOR, Conversation.holder_until < now
    )
    gone = session.scalars(statement.with_for_update(skip_locked=True)).all()
    for conversation in gone:
        _end_assignment(session, conversation.id, "left", now)
        make_wait(session, conversation, reason=WaitingReason.MEDIATOR_LEFT, now=now)
        say(session, conversation, "mediator_left", now=now)
    return len(gone)


def has_expired_holders(session: Session, *, now: datetime) -> bool:
    """Tell whether a mediator's time is over; a look that locks nothing."""
    statement = select(Conversation.id).where(
        Conversation.mode == Mode.MEDIATOR, Conversation.holder_until < now
    )
    return session.execute(statement.limit(1)).first() is not None


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


def _take(session: Session, conversation_id: str, staff: Staff, epoch: int, now: datetime) -> bool:
    if not may_claim(staff):
        return False
    taken = session.execute(
        update(Conversation)
        .where(
            Conversation.id == conversation_id,
            Conversation.organisation_id == staff.organisation_id,
            Conversation.epoch == epoch,
            Conversation.mode.in_((Mode.WAITING, Mode.ASSISTANT)),
        )
        .values(
            mode=Mode.MEDIATOR,
            holder_id=staff.id,
            holder_until=now + HOLDS_FOR,
            epoch=Conversation.epoch + 1,
            waiting_reason=None,
            waiting_since=None,
            waiting_turn_id=None,
        )
        .returning(Conversation.id)
        .execution_options(synchronize_session=False)
    )
    return taken.first() is not None


def _held(session: Session, conversation_id: str, staff: Staff, epoch: int) -> Conversation:
    conversation = get_claimable_conversation(session, staff, conversation_id, for_update=True)
    holds = conversation.mode is Mode.MEDIATOR and conversation.holder_id == staff.id
    if not holds or conversation.epoch != epoch:
        raise why_not(session, conversation)
    return conversation


def _assign(session: Session, conversation: Conversation, staff_id: str, now: datetime) -> None:
    session.add(
        Assignment(
            conversation_id=conversation.id, staff_id=staff_id, epoch=conversation.epoch, started_at=now
        )
    )
    session.flush()


def _end_assignment(session: Session, conversation_id: str, because: str, now: datetime) -> None:
    session.execute(
        update(Assignment)
        .where(Assignment.conversation_id == conversation_id, Assignment.ended_at.is_(None))
        .values(ended_at=now, ended_because=because)
        .execution_options(synchronize_session=False)
    )
