from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from pydantic import BaseModel
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backoffice.database import Database
from backoffice.idempotency.models import Effect
from backoffice.idempotency.service import KeyReused, fingerprint, once, purge_effects
from tests.backoffice.factories import NOW


class Answer(BaseModel):
    """What the effect brought."""

    number: int


class Counter:
    """Counts how often the effect was had."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> Answer:
        self.times += 1
        return Answer(number=self.times)


def act(
    session: Session,
    counter: Counter,
    *,
    key: str | None = "k",
    body: object = "b",
    principal: str = "service",
    operation: str = "intake",
) -> Answer:
    return once(
        session,
        counter,
        result_type=Answer,
        principal=principal,
        operation=operation,
        key=key,
        request=body,
        now=NOW,
    )


def test_the_same_key_and_body_has_its_effect_once_and_the_first_answer(session: Session) -> None:
    counter = Counter()
    assert act(session, counter) == act(session, counter) == Answer(number=1)
    assert counter.times == 1


def test_the_same_key_with_another_body_is_refused(session: Session) -> None:
    act(session, Counter())
    with pytest.raises(KeyReused):
        act(session, Counter(), body="other")


def test_a_key_belongs_to_one_caller_and_one_operation(session: Session) -> None:
    counter = Counter()
    act(session, counter)
    act(session, counter, principal="staff:1")
    act(session, counter, operation="reception")
    assert counter.times == 3


def test_without_a_key_there_is_no_memory(session: Session) -> None:
    counter = Counter()
    act(session, counter, key=None)
    act(session, counter, key=None)
    assert counter.times == 2


def test_an_effect_that_failed_is_forgotten(database: Database) -> None:
    def fail() -> Answer:
        raise RuntimeError

    with pytest.raises(RuntimeError), database.transaction() as session:
        once(
            session,
            fail,
            result_type=Answer,
            principal="service",
            operation="intake",
            key="k",
            request="b",
            now=NOW,
        )
    counter = Counter()
    with database.transaction() as session:
        assert act(session, counter) == Answer(number=1)


def test_twins_at_the_same_moment_have_one_effect(database: Database) -> None:
    counter = Counter()
    answers: list[Answer] = []
    start = threading.Barrier(6)

    def call() -> None:
        start.wait()
        with database.transaction() as session:
            answers.append(act(session, counter))

    threads = [threading.Thread(target=call) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert answers == [Answer(number=1)] * 6
    assert counter.times == 1


def test_keys_are_forgotten_after_a_week(session: Session) -> None:
    act(session, Counter())
    purge_effects(session, now=NOW + timedelta(days=6))
    assert session.scalar(select(func.count()).select_from(Effect)) == 1
    purge_effects(session, now=NOW + timedelta(days=8))
    assert session.scalar(select(func.count()).select_from(Effect)) == 0


def test_the_order_of_fields_does_not_matter() -> None:
    assert fingerprint({"a": 1, "b": [NOW]}) == fingerprint({"b": [NOW], "a": 1})
    assert fingerprint({"a": 1}) != fingerprint({"a": 2})
