"""Call-backs: a person who asks outside opening hours says when to be called; staff see who is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

import phonenumbers
from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session, joinedload

from backoffice.audit import service as audit
from backoffice.conversation.messages import say
from backoffice.conversation.models import Conversation
from backoffice.conversation.permissions import is_readable
from backoffice.database import new_id
from backoffice.errors import NotFound
from backoffice.handoff.models import Callback, DayPart
from backoffice.handoff.offers import WISHES, as_buttons
from backoffice.live.service import announce
from backoffice.office.service import find_office, next_open_between, say_when
from backoffice.person.models import Person
from backoffice.staff.models import Staff

NOON = time(13)
"""Where the afternoon begins, as Italians use the word."""

HOURS = {
    DayPart.MORNING: (time.min, NOON),
    DayPart.AFTERNOON: (NOON, time.max),
    DayPart.ANY: (time.min, time.max),
}

AHEAD = timedelta(hours=24)
"""Staff see what is due until then; what is overdue stays until it is done."""

LATE_AFTER = timedelta(hours=3)
"""From here on a call is late: the part of the day that the person named is nearly over."""

LONGEST_LOOKED_AT = 500
"""Letters of a message in which a telephone number is looked for."""


@dataclass(frozen=True)
class DueCall:
    """A call-back with its conversation, whose person is loaded."""

    callback: Callback
    conversation: Conversation


class NoSuchCallback(NotFound):
    """There is no such call-back, or this person may not know of it."""


def ask_for_call(session: Session, conversation: Conversation, part: DayPart, *, now: datetime) -> None:
    """Note when a person wants to be called, and confirm it with day and hour; the last word counts.

    Where no telephone number is known, one more sentence asks for it.
    """
    office = find_office(session, conversation.organisation_id)
    start, end = HOURS[part]
    due = next_open_between(office, start=start, end=end, now=now)
    if due is None:  # a desk that is never open then: the first opening at all, or at once
        due = next_open_between(office, start=time.min, end=time.max, now=now) or now
    wanted = _open_callback(session, conversation.id)
    if wanted is None:
        wanted = Callback(id=new_id(), conversation_id=conversation.id, asked_at=now)
        session.add(wanted)
    wanted.day_part, wanted.due_at = part, due
    session.flush()
    when = say_when(office, due, conversation.language)
    wishes = as_buttons(WISHES, conversation.language)
    say(session, conversation, "callback_noted", when=when, buttons=wishes, now=now)
    if not _phone(session, conversation):
        say(session, conversation, "callback_phone", now=now)


def drop_call(session: Session, conversation: Conversation) -> None:
    """Forget that a person wanted to be called: they would rather write."""
    open_ones = Callback.done_at.is_(None)
    session.execute(delete(Callback).where(Callback.conversation_id == conversation.id, open_ones))
    announce(session, conversation.id)


def hear_phone(session: Session, conversation: Conversation, words: str, *, now: datetime) -> bool:
    """Keep the telephone number in a message of somebody who waits for a call; tell whether there was one.

    The number is said back, so that a mistake is seen. One that is known already stays.
    """
    if _open_callback(session, conversation.id) is None or _phone(session, conversation):
        return False
    number = read_phone(words)
    if number is None:
        return False
    person = _person(session, conversation)
    if person is None:
        person = Person(
            id=new_id(),
            organisation_id=conversation.organisation_id,
            languages=[conversation.language],
            created_at=now,
        )
        session.add(person)
        session.flush()
        conversation.person_id = person.id
    person.phone = number
    say(session, conversation, "callback_phone_noted", phone=number, now=now)
    return True


def read_phone(words: str) -> str | None:
    """Return the first telephone number in a text, in the form +39...; Italian ones need no prefix."""
    matches = phonenumbers.PhoneNumberMatcher(words[:LONGEST_LOOKED_AT], "IT")
    found = next(iter(matches), None)
    if found is None:
        return None
    return phonenumbers.format_number(found.number, phonenumbers.PhoneNumberFormat.E164)


def due_calls(session: Session, staff: Staff, *, now: datetime) -> list[DueCall]:
    """Return who is to be called by tomorrow at this hour, the oldest first.

    Raises:
        ConversationNotFound: this person reads no conversations.
    """
    statement = _readable(staff).where(Callback.done_at.is_(None), Callback.due_at <= now + AHEAD)
    rows = session.execute(statement.order_by(Callback.due_at, Callback.id)).all()
    return [DueCall(callback, conversation) for callback, conversation in rows]


def mark_done(session: Session, callback_id: str, *, staff: Staff, now: datetime) -> DueCall:
    """Note that the person was called. The first who says so counts.

    Raises:
        ConversationNotFound: this person reads no conversations.
        NoSuchCallback: there is none, or this person may not know of it.
    """
    statement = _readable(staff).where(Callback.id == callback_id).with_for_update(of=Callback)
    found = session.execute(statement.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NoSuchCallback
    callback, conversation = found
    if callback.done_at is None:
        callback.done_at, callback.done_by = now, staff.id
        audit.record(
            session,
            by=staff.id,
            action="callback.done",
            subject_kind="conversation",
            subject_id=conversation.id,
            now=now,
        )
        announce(session, conversation.id)
    return DueCall(callback, conversation)


def _readable(staff: Staff) -> Select[Callback, Conversation]:
    return (
        select(Callback, Conversation)
        .join(Conversation, Conversation.id == Callback.conversation_id)
        .where(is_readable(staff))
        .options(joinedload(Conversation.person))
    )


def _open_callback(session: Session, conversation_id: str) -> Callback | None:
    statement = select(Callback).where(
        Callback.conversation_id == conversation_id, Callback.done_at.is_(None)
    )
    return session.scalars(statement).one_or_none()


def _phone(session: Session, conversation: Conversation) -> str | None:
    person = _person(session, conversation)
    return person.phone if person is not None else None


def _person(session: Session, conversation: Conversation) -> Person | None:
    return session.get(Person, conversation.person_id) if conversation.person_id is not None else None
