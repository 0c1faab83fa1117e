"""B8, finding people by name and telephone, which lie encrypted: our blind index beside plaintext.

The same people twice in SQLite: as the backoffice keeps them, found by keyed tokens; and in the clear, with
an FTS5 index of the names and a B-tree of the numbers. Both are asked through SQLAlchemy and have to return
the same first page of people. What is given away: whoever steals the file without the key learns which people
share a token, and how common each token is (docs/security.md).
"""

from __future__ import annotations

import random
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Engine, Select, column, create_engine, insert, select, table, text
from sqlalchemy.orm import Session

from backoffice.database import Database, new_id
from backoffice.migrations.upgrade import upgrade
from backoffice.person.models import Person
from backoffice.search.folding import fold
from backoffice.search.models import Indexed, SearchToken
from backoffice.search.service import Place, finds, search_key
from backoffice.search.tokens import tokens, words_of
from benchmarks.lines import Outcome, at_most, ratio_at_most
from benchmarks.run import Run
from benchmarks.samples import OURS, PEER, Samples
from tests.backoffice.factories import create_front_door

TITLE: Final = "B8: search on encrypted names"
PEOPLE: Final = 250_000
ROUNDS: Final = 5
QUESTIONS: Final = 100
PAGE: Final = 50
_AT_ONCE: Final = 5_000
_SECRET: Final = "secret key of the benchmark"  # noqa: S105
_FIRST: Final = (
    "olena",
    "fatima",
    "amina",
    "harpreet",
    "ioana",
    "arben",
    "youssef",
    "rosa",
    "wei",
    "blessing",
)
_LAST: Final = ("kovalenko", "hoxha", "singh", "diop", "rusu", "alami", "quispe", "osei", "wang", "uddin")
_ENDINGS: Final = "aeiou"
_SYLLABLES: Final = ("ba", "de", "fi", "go", "lu", "ma", "ne", "ri", "so", "tu")

_PLAIN: Final = table("person", column("id"), column("phone"))
_NAMES: Final = table("names", column("id"), column("name"))


def measure(run: Run) -> Outcome:
    """Fill both, and ask both the same."""
    outcome = Outcome()
    url = f"sqlite:///{run.folder / 'sportello.db'}"
    upgrade(url)
    database = Database(url, secret=_SECRET)
    number = run.few(PEOPLE, 4_000)
    people = [(new_id(), *who) for who in _people(number)]
    run.say(f"{number:,} people, twice")
    with closing(sqlite3.connect(run.folder / "plain.db")) as opened:
        _fill_plain(opened, people)
    _fill_ours(database, people)
    plain = create_engine(f"sqlite:///{run.folder / 'plain.db'}")
    questions = _questions(people, run.few(QUESTIONS, 10))
    warm_up = Run(run.folder, Samples(run.folder / "warm_up.jsonl"), run.models)
    _ask_all(
        warm_up,
        outcome,
        database,
        plain,
        questions,
        0,
    )
    for each in range(run.few(ROUNDS, 1)):
        run.say(f"round {each + 1}")
        _ask_all(run, outcome, database, plain, questions, each)
    database.close()
    plain.dispose()
    outcome.lines = [
        run.samples.line("name", "a whole name, p50", "ms", target=ratio_at_most(1.3), peer_name="plaintext"),
        run.samples.line(
            "phone", "a telephone number, p50", "ms", target=ratio_at_most(1.3), peer_name="plaintext"
        ),
        run.samples.line(
            "beginning", "the beginning of a name, p50", "ms", target=ratio_at_most(3), peer_name="plaintext"
        ),
        run.samples.line("beginning", "the beginning of a name, p99", "ms", share=0.99, target=at_most(50)),
    ]
    outcome.checked.append(f"{number:,} people, every answer the same as in plaintext")
    outcome.notes.append(
        "A name with a typing error is not found: the index knows words and their beginnings."
    )
    return outcome


def _people(number: int) -> Iterator[tuple[str, str]]:
    """Yield invented names and numbers, always the same."""
    dice = random.Random(8)  # noqa: S311

    def word(stems: tuple[str, ...]) -> str:
        made = dice.choice(stems) + dice.choice(_SYLLABLES) + dice.choice(_SYLLABLES)
        return (made + dice.choice(_ENDINGS)).capitalize()

    for each in range(number):
        yield f"{word(_FIRST)} {word(_LAST)}", f"+39333{each:07d}"


def _fill_plain(plain: sqlite3.Connection, people: list[tuple[str, str, str]]) -> None:
    plain.execute("CREATE TABLE person (id TEXT PRIMARY KEY, name TEXT, phone TEXT)")
    plain.executemany("INSERT INTO person VALUES (?, ?, ?)", people)
    plain.execute("CREATE INDEX by_phone ON person (phone)")
    plain.execute("CREATE VIRTUAL TABLE names USING fts5(name, id UNINDEXED, prefix='3 4 5')")
    plain.executemany(
        "INSERT INTO names (name, id) VALUES (?, ?)", ((fold(name), id) for id, name, _ in people)
    )
    plain.commit()
    plain.execute("ANALYZE")


def _fill_ours(database: Database, people: list[tuple[str, str, str]]) -> None:
    with database.transaction() as session:
        house = create_front_door(session).id
    now = datetime.now(UTC)
    for start in range(0, len(people), _AT_ONCE):
        part = people[start : start + _AT_ONCE]
        with database.transaction() as session:
            # The index finds the person; the sealed name is read afterwards, by whoever may.
            rows = [
                {"id": id, "organisation_id": house, "languages": [], "created_at": now} for id, _, _ in part
            ]
            session.execute(insert(Person), rows)
            key = search_key(session)
            found = (
                (token, id)
                for id, name, phone in part
                for token in tokens({*words_of(name), *words_of(phone)}, Indexed.PERSON, key)
            )
            # In the order of the table: the tree is written from left to right.
            pairs = [{"token": token, "subject_id": id} for token, id in sorted(found)]
            session.execute(insert(SearchToken), pairs)
    with database.transaction() as session:
        session.execute(text("ANALYZE"))


def _questions(people: list[tuple[str, str, str]], number: int) -> list[tuple[str, str]]:
    dice = random.Random(88)  # noqa: S311
    found: list[tuple[str, str]] = []
    for _, name, phone in dice.sample(people, number):
        found += [("name", name), ("phone", phone), ("beginning", name.split()[1][:5])]
    return found


def _ask_all(
    run: Run,
    outcome: Outcome,
    database: Database,
    plain: Engine,
    questions: list[tuple[str, str]],
    number: int,
) -> None:
    for step, words in questions:
        begun = time.perf_counter()
        with database.read() as session:
            statement = select(Person.id).where(finds(session, words, Place(Indexed.PERSON, Person.id)))
            ours = list(session.scalars(statement.order_by(Person.id).limit(PAGE)))
        between = time.perf_counter()
        with Session(plain) as session:
            theirs = list(session.scalars(_in_plaintext(step, words).limit(PAGE)))
        over = time.perf_counter()
        run.samples.add(step, OURS, (between - begun) * 1000, number=number)
        run.samples.add(step, PEER, (over - between) * 1000, number=number)
        if ours != theirs:
            outcome.wrong.append(f"{step} {words!r}: {len(ours)} found, {len(theirs)} in plaintext")


def _in_plaintext(step: str, words: str) -> Select[str]:
    if step == "phone":
        return select(_PLAIN.c.id).where(_PLAIN.c.phone == words).order_by(_PLAIN.c.id)
    folded = fold(words)
    asked = f"{folded}*" if step == "beginning" else " AND ".join(folded.split())
    return select(_NAMES.c.id).where(_NAMES.c.name.op("MATCH")(asked)).order_by(_NAMES.c.id)
