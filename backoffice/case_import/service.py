"""Read a file without opening anything, then open all its cases in one transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from backoffice.audit import service as audit
from backoffice.case.models import CaseSource, NoteKind
from backoffice.case.needs import Need
from backoffice.case.permissions import can_open, readable_cases, shows
from backoffice.case.service import NewCase, add_note, open_case
from backoffice.case_import.errors import RowsAreWrong
from backoffice.case_import.known import Twin, twins
from backoffice.case_import.models import CaseImport
from backoffice.case_import.rows import ImportRow, parse
from backoffice.client.schemas import CaseType
from backoffice.errors import NotFound
from backoffice.person.models import Person
from backoffice.spreadsheet.columns import WrongCell
from backoffice.spreadsheet.reading import read_rows
from backoffice.staff.models import Staff

KEPT_FOR = timedelta(hours=24)
"""How long an upload waits for its confirmation."""


def get_own_import(session: Session, staff: Staff, import_id: str) -> CaseImport:
    """Return an upload of somebody.

    Raises:
        NotFound: there is none, or it is another's.
    """
    found = session.get(CaseImport, import_id)
    if found is None or found.staff_id != staff.id:
        raise NotFound
    return found


def take_file(session: Session, content: bytes, *, staff: Staff, now: datetime) -> CaseImport:
    """Read a file and keep what it asks for; nothing is opened yet.

    Raises:
        FileRefused: it cannot be read.
    """
    forget_unconfirmed(session, now=now)
    rows = [_with_rights(staff, row) for row in parse(read_rows(content))]
    taken = CaseImport(
        organisation_id=staff.organisation_id,
        staff_id=staff.id,
        file_sha256=hashlib.sha256(content).hexdigest(),
        rows=[asdict(row) for row in rows],
        asked_at=now,
    )
    session.add(taken)
    session.flush()
    _record(session, taken, "read", by=staff.id, now=now)
    return taken


def rows_of(taken: CaseImport) -> list[ImportRow]:
    """Return what an upload asks for; nothing once it is done."""
    return [
        ImportRow(**{**row, "wrong": [WrongCell(**cell) for cell in row["wrong"]]})
        for row in taken.rows or ()
    ]


def earlier_import(session: Session, taken: CaseImport) -> CaseImport | None:
    """Return the import of the same file, if this body has done it before."""
    same = select(CaseImport).where(
        CaseImport.organisation_id == taken.organisation_id,
        CaseImport.file_sha256 == taken.file_sha256,
        CaseImport.done_at.is_not(None),
    )
    return session.scalar(same)


def twins_of(session: Session, staff: Staff, rows: Sequence[ImportRow]) -> dict[int, Twin]:
    """Return the likely duplicates by line, among the cases that a person may read."""
    return twins(session, readable_cases(staff), partial(shows, staff), rows)


def import_cases(
    session: Session, taken: CaseImport, *, also: Collection[int], staff: Staff, now: datetime
) -> int:
    """Open the cases of an upload, all or none; likely duplicates only where `also` has their line.

    Return how many were opened; of a file that was imported before, none.

    Raises:
        RowsAreWrong: some row cannot be imported.
    """
    session.refresh(taken, with_for_update=True)  # a second click waits, and then finds it done
    if earlier_import(session, taken) is not None:
        return 0
    rows = [_with_rights(staff, row) for row in rows_of(taken)]
    if not rows or any(row.wrong for row in rows):
        raise RowsAreWrong
    doubtful = twins_of(session, staff, rows)
    chosen = [row for row in rows if row.line not in doubtful or row.line in also]
    for row in chosen:
        _open(session, row, staff=staff, now=now)
    taken.done_at, taken.created, taken.rows = now, len(chosen), None
    session.flush()
    _record(session, taken, "done", by=staff.id, now=now)
    return len(chosen)


def forget_unconfirmed(session: Session, *, now: datetime) -> None:
    """Delete what nobody has confirmed in time: names and telephones stay no longer than they must."""
    old = CaseImport.asked_at < now - KEPT_FOR
    session.execute(delete(CaseImport).where(old, CaseImport.done_at.is_(None)))


def _with_rights(staff: Staff, row: ImportRow) -> ImportRow:
    if not row.type or can_open(staff, CaseType(row.type)):
        return row
    refused = WrongCell("type", "no_right", row.type)
    return row if refused in row.wrong else replace(row, wrong=[*row.wrong, refused])


def _open(session: Session, row: ImportRow, *, staff: Staff, now: datetime) -> None:
    person = Person(
        organisation_id=staff.organisation_id,
        name=row.person,
        phone=row.phone or None,
        languages=[row.language],
        created_at=now,
    )
    session.add(person)
    session.flush()
    new = NewCase(
        type=CaseType(row.type),
        person=person,
        organisation_id=staff.organisation_id,
        language=row.language,
        source=CaseSource.DESK,
        needs=tuple(Need(need) for need in row.needs),
        municipality=row.municipality or None,
        urgent=row.urgent,
    )
    case = open_case(session, new, by=staff.id, now=now)
    if row.note:
        add_note(session, case, author_id=staff.id, kind=NoteKind.INTERNAL, text=row.note, now=now)


def _record(session: Session, taken: CaseImport, what: str, *, by: str, now: datetime) -> None:
    audit.record(
        session,
        by=by,
        action=f"case_import.{what}",
        subject_kind="case_import",
        subject_id=taken.id,
        now=now,
    )
