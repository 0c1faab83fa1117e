"""The database keeps which words lead to which cases, whatever is written in whatever order."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import delete, text, update
from sqlalchemy.orm import Session

from backoffice.case.models import Case, CaseEvent
from backoffice.case_words.models import (
    follow_words,
    unfollow_words,
    write_missing_words,
)
from backoffice.database import Database
from backoffice.person.models import Person
from backoffice.search.service import forget_words
from tests.backoffice.case.cases import create_case, create_person
from tests.backoffice.case_words.rows import due, kept
from tests.backoffice.databases import POSTGRES
from tests.backoffice.databases import backend as backend
from tests.backoffice.factories import NOW

NAMES = ("Олена Коваленко", "Fatima Rossi", "Anna Maria Popescu", "Ли Вэй", None)
STEPS = 120


class District:
    """People who come, are renamed, merged and forgotten, and their cases."""

    def __init__(self, session: Session, seed: int) -> None:
        self.session = session
        self.dice = random.Random(seed)
        self.people: list[Person] = []
        self.cases: list[Case] = []

    def step(self) -> None:
        deeds = (
            self.come,
            self.open,
            self.open,
            self.rename,
            self.merge,
            self.date_anew,
            self.drop,
            self.forget,
        )
        self.dice.choice(deeds)()
        self.session.flush()

    def come(self) -> None:
        self.people.append(create_person(self.session, name=self.dice.choice(NAMES), phone=None))

    def open(self) -> None:
        if self.people:
            person = self.dice.choice(self.people)
            now = NOW + timedelta(hours=self.dice.randrange(500))
            self.cases.append(create_case(self.session, person=person, now=now))

    def rename(self) -> None:
        if self.people:
            self.dice.choice(self.people).name = self.dice.choice(NAMES)

    def merge(self) -> None:
        if self.cases:
            case, person = self.dice.choice(self.cases), self.dice.choice(self.people)
            self.session.execute(update(Case).where(Case.id == case.id).values(person_id=person.id))
            self.session.refresh(case)

    def date_anew(self) -> None:
        if self.cases:
            case = self.dice.choice(self.cases)
            case.opened_at = NOW - timedelta(days=self.dice.randrange(900))

    def drop(self) -> None:
        if self.cases:
            case = self.cases.pop(self.dice.randrange(len(self.cases)))
            self.session.execute(delete(CaseEvent).where(CaseEvent.case_id == case.id))
            self.session.execute(delete(Case).where(Case.id == case.id))
            self.session.expunge(case)

    def forget(self) -> None:
        if self.people:
            forget_words(self.session, self.dice.choice(self.people).id)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_after_every_deed_a_case_has_the_words_of_its_person(session: Session, seed: int) -> None:
    district = District(session, seed)
    most = 0
    for _ in range(STEPS):
        district.step()
        assert kept(session) == due(session)
        most = max(most, len(due(session)))
    assert most > 20


def test_what_came_while_nothing_followed_is_written_later(session: Session) -> None:
    connection = session.connection()
    unfollow_words(connection)
    create_case(session, person=create_person(session))
    assert due(session)
    assert not kept(session)
    follow_words(connection)
    follow_words(connection)
    write_missing_words(connection)
    assert kept(session) == due(session)
    create_case(session, person=create_person(session, name="Fatima Rossi", phone=None))
    assert kept(session) == due(session)


def open_case(session: Session, person_id: str) -> None:
    create_case(session, person=session.get_one(Person, person_id))
    session.flush()


def rename(session: Session, person_id: str) -> None:
    session.get_one(Person, person_id).name = "Fatima Rossi"
    session.flush()


@pytest.mark.parametrize("backend", [POSTGRES])
@pytest.mark.parametrize(("first", "second"), [(open_case, rename), (rename, open_case)])
def test_a_case_and_a_name_that_come_at_once_miss_nothing_of_each_other(
    database: Database,
    session: Session,
    first: Callable[[Session, str], None],
    second: Callable[[Session, str], None],
) -> None:
    person_id = create_person(session, phone=None).id
    create_case(session)  # so that both find all that cases need
    session.commit()
    first(session, person_id)

    def act() -> None:
        with database.writing() as other:
            second(other, person_id)
            other.commit()

    late = threading.Thread(target=act)
    late.start()
    with database.writing() as watching:
        waits = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
        while not watching.scalar(waits):
            assert late.is_alive(), "nobody waited"
            watching.rollback()
    session.commit()
    late.join(timeout=30)
    assert not late.is_alive()
    assert kept(session) == due(session)
