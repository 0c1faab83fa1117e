"""Giving a message to learn from, and saying what it means."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.audit import service as audit
from backoffice.client.schemas import Author, MessageKind, MisunderstoodMessage
from backoffice.conversation.errors import ConversationNotFound
from backoffice.conversation.models import Message
from backoffice.conversation.queries import read_conversation
from backoffice.review.errors import AlreadyReviewed, NoSuchMeaning
from backoffice.review.intents import GUIDE_GAPS, INTENTS
from backoffice.review.models import ReviewItem, ReviewState
from backoffice.staff.models import Staff
from translations.languages import LANGUAGES


def give_message(session: Session, given: MisunderstoodMessage, *, now: datetime) -> ReviewItem:
    """Put a message into the queue, with the consent of who wrote it; the same message stands there once.

    Raises:
        ConversationNotFound: no such conversation, or it has no such written message of a citizen.
    """
    conversation = read_conversation(session, given.conversation_id)
    known = session.scalar(select(ReviewItem).where(ReviewItem.message_id == given.turn_id))
    if known is not None and known.conversation_id == conversation.id:
        return known
    message = session.scalar(
        select(Message).where(
            Message.id == given.turn_id,
            Message.conversation_id == conversation.id,
            Message.author == Author.CITIZEN,
            Message.kind == MessageKind.TEXT,
        )
    )
    if message is None:
        raise ConversationNotFound
    item = ReviewItem(
        organisation_id=conversation.organisation_id,
        conversation_id=conversation.id,
        message_id=message.id,
        language=given.language,
        text=message.text,
        guesses=[guess for guess in given.guesses if guess in INTENTS],
        consent_text=given.consent.text,
        consent_version=given.consent.text_version,
        consent_language=given.consent.language,
        given_at=now,
    )
    session.add(item)
    session.flush()
    return item


def label_item(
    session: Session,
    item: ReviewItem,
    *,
    staff: Staff,
    intent: str,
    language: str,
    text: str,
    now: datetime,
    guide_gap: str = "",
) -> None:
    """Say what a message means. `text` is the message without names and numbers of people.

    `guide_gap` is the topic that the guide should answer it with and does not; empty where there is none.

    Raises:
        AlreadyReviewed: somebody was faster.
        NoSuchMeaning: no such meaning or language, or the text is empty.
    """
    if item.state is not ReviewState.OPEN:
        raise AlreadyReviewed
    cleaned = " ".join(text.split())
    is_known = intent in INTENTS and language in LANGUAGES and guide_gap in ("", *GUIDE_GAPS)
    if not is_known or not cleaned:
        raise NoSuchMeaning
    item.guide_gap = guide_gap or None
    item.intent, item.language, item.text = intent, language, cleaned
    _finish(session, item, ReviewState.LABELLED, staff=staff, now=now)


def discard_item(session: Session, item: ReviewItem, *, staff: Staff, now: datetime) -> None:
    """Leave a message out: nothing is to be learnt from it, and its copy goes.

    Raises:
        AlreadyReviewed: somebody was faster.
    """
    if item.state is not ReviewState.OPEN:
        raise AlreadyReviewed
    item.text = ""
    _finish(session, item, ReviewState.DISCARDED, staff=staff, now=now)


def _finish(session: Session, item: ReviewItem, state: ReviewState, *, staff: Staff, now: datetime) -> None:
    item.state, item.reviewed_by, item.reviewed_at = state, staff.id, now
    session.flush()
    audit.record(
        session,
        by=staff.id,
        action=f"review.{state.value}",
        subject_kind="review_item",
        subject_id=item.id,
        now=now,
    )
