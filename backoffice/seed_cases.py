"""Many invented cases, always the same: `make seed CASES=1000000 MESSAGES=5000000`. Nobody of them exists.

Each batch is a transaction, and memory does not grow with the number. On PostgreSQL several processes write.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import datetime
from multiprocessing import get_context

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from backoffice.case.models import Case
from backoffice.database import Database, access_of
from backoffice.encryption.keyring import ring_in
from backoffice.encryption.sealing import installation_key_id
from backoffice.seed_many.batch import write_batch
from backoffice.seed_many.bulk import be_quick, with_words, without_indexes
from backoffice.seed_many.invented import Bodies, number_of
from backoffice.staff.models import Organisation, Staff
from backoffice.tables import load_tables

BATCH = 2_000
LARGE = 50_000
"""From so many on, indexes are built afterwards."""
MOST_PROCESSES = 8

Tell = Callable[[int], None]


@dataclass(frozen=True)
class _Part:
    """The cases from one number to another, and how many messages belong to them."""

    begin: int
    end: int
    messages: int


def seed_cases(
    database: Database,
    number: int,
    *,
    now: datetime,
    messages: int = 0,
    processes: int = 1,
    tell: Tell = lambda _done: None,
) -> int:
    """Write invented cases until there are so many; return how many were new.

    What is there already is not written again: a run that was broken off goes on.

    Args:
        database: with the bodies and staff that the cases are given to.
        number: so many cases, each of a person of its own.
        now: the present moment; the cases were opened in the 24 months before it.
        messages: so many messages in the conversations of these cases; none: there are no conversations.
        processes: how many write at once. On SQLite one does.
        tell: is told how many of the cases are there.
    """
    with database.transaction() as session:
        bodies = _bodies(session)
        _make_keys(session, bodies)
    is_large = number >= LARGE and database.engine.dialect.name == "postgresql"
    with without_indexes(database) if is_large else with_words(database):
        return _write_all(database, list(_parts(number, messages)), bodies, now, processes, tell)


def _write_all(
    database: Database, parts: list[_Part], bodies: Bodies, now: datetime, processes: int, tell: Tell
) -> int:
    if processes > 1 and database.engine.dialect.name == "postgresql":
        written = _by_several(database, parts, bodies, now, processes)
    else:
        written = ((part, _write(database, part, bodies, now)) for part in parts)
    done = new = 0
    for part, count in written:
        done, new = done + part.end - part.begin, new + count
        tell(done)
    return new


def gather_statistics(database: Database) -> None:
    """Let the database learn what there is now, as it would by itself in an hour or so."""
    statement = "VACUUM ANALYZE" if database.engine.dialect.name == "postgresql" else "ANALYZE"
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(statement))


def usual_processes() -> int:
    """Return how many processes write unless told otherwise: one for each core."""
    return min(os.cpu_count() or 1, MOST_PROCESSES)


def _parts(number: int, messages: int) -> Iterator[_Part]:
    for begin in range(0, number, BATCH):
        end = min(begin + BATCH, number)
        yield _Part(begin, end, messages * end // number - messages * begin // number)


def _write(database: Database, part: _Part, bodies: Bodies, now: datetime) -> int:
    """Write what is missing of a part; return how many cases that were."""
    with database.transaction() as session:
        named = {number_of(each): each for each in range(part.begin, part.end)}
        there = set(session.scalars(select(Case.number).where(Case.number.in_(named))))
        missing = [each for shown, each in named.items() if shown not in there]
        if missing:
            be_quick(session)
            share = part.messages * len(missing) // len(named)
            write_batch(session, missing, bodies, now, messages=share)
        return len(missing)


_held: Database | None = None


def _by_several(
    database: Database, parts: list[_Part], bodies: Bodies, now: datetime, processes: int
) -> Iterator[tuple[_Part, int]]:
    access = access_of(database.engine.dialect)
    opened = (access.url, access.secret)
    # Not forked: a connection must not be in two processes.
    with ProcessPoolExecutor(processes, get_context("spawn"), _open, opened) as pool:
        waiting = {pool.submit(_write_there, part, bodies, now): part for part in parts}
        for future in as_completed(waiting):
            yield waiting.pop(future), future.result()


def _open(url: str, secret: str | None) -> None:
    global _held
    load_tables()
    _held = Database(url, secret=secret)


def _write_there(part: _Part, bodies: Bodies, now: datetime) -> int:
    assert _held is not None
    return _write(_held, part, bodies, now)


def _make_keys(session: Session, bodies: Bodies) -> None:
    """Make the keys that others are wrapped by once, before several processes want them."""
    installation_key_id(session)
    ring_in(session).rows_of_new_keys(session, bodies.organisations)


def _bodies(session: Session) -> Bodies:
    found = session.scalars(
        select(Organisation).order_by(Organisation.is_front_door.desc(), Organisation.slug)
    )
    organisations = [each.id for each in found]
    staff: dict[str, list[str]] = {each: [] for each in organisations}
    for member in session.scalars(select(Staff).where(Staff.active).order_by(Staff.email)):
        if member.is_assignable:
            staff[member.organisation_id].append(member.id)
    return Bodies(organisations, staff)
