"""What happened cannot be made unhappened: whoever alters, removes or moves an entry is found."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from backoffice.audit import service as audit
from backoffice.audit.heads import HEADS_FILE, sign_heads
from backoffice.audit.models import GUARDS
from backoffice.audit.verify import Verified, verify
from backoffice.database import Database
from backoffice.staff.models import Staff
from tests.backoffice.databases import SECRET
from tests.backoffice.databases import backend as backend
from tests.backoffice.factories import NOW, create_staff

DROP = {"sqlite": "DROP TRIGGER IF EXISTS {}", "postgresql": "DROP TRIGGER IF EXISTS {} ON audit_entry"}


@pytest.fixture
def staff(session: Session) -> Staff:
    made = create_staff(session)
    for number in range(1, 7):
        note(session, made, f"case.act{number}")
        session.commit()
    return made


def note(session: Session, staff: Staff, action: str) -> None:
    audit.record(session, by=staff.id, action=action, subject_kind="case", subject_id="c", now=NOW)


def checked(database: Database, heads: Path | None = None) -> Verified:
    with database.read() as session:
        return verify(session, heads=heads, secret=SECRET, tell=lambda _: None)


@pytest.fixture
def as_administrator(session: Session, database: Database) -> Iterator[Callable[[str], None]]:
    """Run a statement as somebody who may do anything to the database, its guards taken away first."""

    dialect = database.engine.dialect.name

    def run(statement: str) -> None:
        for name in ("audit_entry_is_final", "audit_entry_stays"):
            session.execute(text(DROP[dialect].format(name)))
        session.execute(text(statement))
        session.commit()

    yield run
    session.rollback()
    with database.engine.begin() as connection:
        for name in ("audit_entry_is_final", "audit_entry_stays"):
            connection.execute(text(DROP[dialect].format(name)))
        for statement in GUARDS[dialect]:
            connection.execute(text(statement))


def test_a_trail_that_nobody_touched_is_as_written(staff: Staff, database: Database) -> None:
    found = checked(database)
    assert (found.entries, found.broken) == (6, [])


@pytest.mark.parametrize("statement", ["DELETE FROM audit_entry", "UPDATE audit_entry SET action = 'x'"])
def test_the_database_refuses_to_change_what_happened(staff: Staff, session: Session, statement: str) -> None:
    with pytest.raises(DBAPIError, match="audit entries stay"):
        session.execute(text(statement))


@pytest.mark.parametrize(
    ("statement", "place", "what"),
    [
        ("UPDATE audit_entry SET actor = 'somebody else' WHERE seq = 3", 3, "was changed"),
        ("DELETE FROM audit_entry WHERE seq = 4", 4, "is missing"),
        ("DELETE FROM audit_entry WHERE seq = 6", 7 - 1, "its head stands elsewhere"),
        ("DELETE FROM audit_entry WHERE seq = 1", 1, "is missing"),
        (
            "UPDATE audit_entry SET action = CASE seq WHEN 2 THEN 'case.act5' ELSE 'case.act2' END"
            " WHERE seq IN (2, 5)",
            2,
            "was changed",
        ),
    ],
)
def test_what_was_altered_removed_or_exchanged_is_found_with_its_place(
    staff: Staff,
    database: Database,
    as_administrator: Callable[[str], None],
    statement: str,
    place: int,
    what: str,
) -> None:
    as_administrator(statement)
    [broken] = checked(database).broken
    assert (broken.chain, broken.seq) == (staff.organisation_id, place)
    assert what in str(broken)


def test_entries_that_changed_their_places_are_found(
    staff: Staff, database: Database, as_administrator: Callable[[str], None]
) -> None:
    for old, new in ((2, 90), (5, 2), (90, 5)):
        if old == 2:
            as_administrator(f"UPDATE audit_entry SET seq = {new} WHERE seq = {old}")
        else:
            with database.transaction() as session:
                session.execute(text(f"UPDATE audit_entry SET seq = {new} WHERE seq = {old}"))
    [broken] = checked(database).broken
    assert (broken.seq, broken.what) == (2, "does not follow the entry before it")


def test_an_end_that_was_cut_off_with_its_head_is_missed_by_the_signed_heads(
    staff: Staff, database: Database, as_administrator: Callable[[str], None], tmp_path: Path
) -> None:
    heads = tmp_path / HEADS_FILE
    assert sign_heads(database, heads, SECRET, now=NOW) == 1
    assert sign_heads(database, heads, SECRET, now=NOW) == 0
    as_administrator("DELETE FROM audit_entry WHERE seq > 4")
    with database.transaction() as session:
        session.execute(
            text(
                "UPDATE audit_head SET seq = 4, hash ="
                " (SELECT hash FROM audit_entry WHERE audit_entry.seq = 4)"
            )
        )
    assert checked(database).broken == []
    [broken] = checked(database, heads).broken
    assert (broken.seq, "a signed head knows 6 entries" in broken.what) == (5, True)


def test_a_forged_head_is_refused(staff: Staff, database: Database, tmp_path: Path) -> None:
    heads = tmp_path / HEADS_FILE
    sign_heads(database, heads, "another secret", now=NOW)
    with pytest.raises(SystemExit, match="signature"):
        checked(database, heads)


def test_an_entry_that_was_put_in_from_outside_is_found(
    staff: Staff, session: Session, database: Database
) -> None:
    session.execute(
        text(
            "INSERT INTO audit_entry (at, actor, action, subject_kind, subject_id)"
            " VALUES ('2026-12-02 10:00:00', 'x', 'case.read', 'case', 'c')"
        )
    )
    session.commit()
    assert "belong to no chain" in checked(database).broken[0].what


def test_what_is_rolled_back_leaves_no_gap(staff: Staff, session: Session, database: Database) -> None:
    note(session, staff, "case.never")
    session.rollback()
    note(session, staff, "case.after")
    with session.begin_nested() as savepoint:
        note(session, staff, "case.taken_back")
        savepoint.rollback()
    session.commit()
    found = checked(database)
    assert (found.entries, found.broken) == (7, [])


def test_many_at_once_make_one_chain(staff: Staff, database: Database) -> None:
    def act() -> None:
        for _ in range(10):
            with database.transaction() as session:
                note(session, staff, "case.read")
                audit.record(session, by="service", action="x", subject_kind="case", subject_id="c", now=NOW)

    threads = [threading.Thread(target=act) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = checked(database)
    assert (found.entries, found.chains, found.broken) == (6 + 160, 2, [])
