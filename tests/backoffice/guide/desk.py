"""Sentences of the guide in a test's database, and the people who work on them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from backoffice.guide.models import GuideTaskKind, SentenceState, StoredSentence
from backoffice.guide.queries import open_tasks, rows_of
from backoffice.guide.seeding import seed_guide
from backoffice.guide.sentence_state import state_of
from backoffice.staff.models import Staff
from backoffice.staff.roles import Role
from tests.backoffice.factories import NOW, create_front_door, create_staff
from translations.languages import LANGUAGES, SOURCE

TOPIC = "tax_code"
KEY = "guide.tax_code.answer"
OTHERS = tuple(code for code in LANGUAGES if code != SOURCE)


def seed(session: Session, *topics: str, now: datetime = NOW) -> int:
    """Bring a few topics in: all of them would take a test a second."""
    return seed_guide(session, now=now, topics=frozenset(topics or (TOPIC,)))


def create_coordinator(session: Session) -> Staff:
    return _person(session, "Carla Coordinatrice", Role.COORDINATOR)


def create_mediator(session: Session, *languages: str, name: str = "Amina Mediatrice") -> Staff:
    return _person(session, name, Role.MEDIATOR, *languages)


def create_administrator(session: Session, *languages: str) -> Staff:
    return _person(session, "Ada Amministratrice", Role.ADMINISTRATOR, *languages)


def _person(session: Session, name: str, role: Role, *languages: str) -> Staff:
    made = create_staff(session, name=name, roles=frozenset({role}), languages=("it", *languages))
    made.organisation = create_front_door(session)
    return made


def row(session: Session, language: str, key: str = KEY) -> StoredSentence:
    return rows_of(session, key)[language]


def states(session: Session, key: str = KEY) -> dict[str, SentenceState]:
    """Return the state of every translation of a key."""
    rows = rows_of(session, key)
    italian = rows[SOURCE].source_hash
    return {
        language: state_of(each.source_hash, italian, is_reviewed=each.is_reviewed)
        for language, each in rows.items()
        if language != SOURCE
    }


def to_translate(session: Session, key: str = KEY) -> list[str]:
    """Return the languages with an open task for a key."""
    return sorted(task.language for task in open_tasks(session, GuideTaskKind.TRANSLATE, key))
