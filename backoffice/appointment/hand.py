"""What booking by hand needs: names, the chat of a person, the days with free places."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.appointment.models import AppointmentDesk
from backoffice.appointment.service import FURTHEST, Wanted, free_slots
from backoffice.client.schemas import Mode
from backoffice.conversation.models import Conversation
from backoffice.italy import day_in_italy
from backoffice.person.models import Person

DAYS_SHOWN = 14


def names_of(session: Session, person_ids: Iterable[str]) -> dict[str, str | None]:
    """Return the names of people by their ids."""
    people = session.scalars(select(Person).where(Person.id.in_(set(person_ids))))
    return {person.id: person.name for person in people}


def conversation_of(session: Session, person_id: str) -> str | None:
    """Return the chat in which a person wrote last, where one is still open."""
    statement = (
        select(Conversation.id)
        .where(Conversation.person_id == person_id, Conversation.mode != Mode.CLOSED)
        .order_by(Conversation.last_message_at.desc(), Conversation.id)
    )
    return session.scalar(statement.limit(1))


def wanted_by_hand(
    session: Session, person: Person, topic: str, *, interpreter: str | None, note: str | None
) -> Wanted:
    """Return what the desk books for a person, in the language of their chat or the first they speak."""
    talk = conversation_of(session, person.id)
    language = session.get_one(Conversation, talk).language if talk else (person.languages or ["it"])[0]
    return Wanted(person.id, topic, language, talk, interpreter=interpreter, note=note)


def free_days(session: Session, desk: AppointmentDesk, *, now: datetime) -> list[date]:
    """Return the next days on which a desk has places."""
    first, last = day_in_italy(now), day_in_italy(now + FURTHEST)
    slots = free_slots(session, desk, first=first, last=last, now=now)
    return sorted({day_in_italy(slot.starts_at) for slot in slots})[:DAYS_SHOWN]
