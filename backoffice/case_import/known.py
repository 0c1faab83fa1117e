"""Who of a file may be here already: hints, never a decision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, or_
from sqlalchemy.orm import Session

from backoffice.case.models import Case
from backoffice.case.number import parse_number
from backoffice.case.queries import WITH_NAMES
from backoffice.case.search import fold
from backoffice.case_import.rows import ImportRow
from backoffice.person.models import Person


@dataclass(frozen=True)
class Twin:
    """Why a row may be a duplicate: a case that its reader may see, or an earlier line of the file."""

    why: str
    number: str = ""
    line: int = 0


def twins(session: Session, readable: Select[Case], rows: Sequence[ImportRow]) -> dict[int, Twin]:
    """Return the likely duplicates by line."""
    cases = _known(session, readable, rows)
    by_number = {case.number: case for case in cases}
    by_phone = {_digits(case.person.phone): case for case in cases if case.person.phone}
    by_name = {fold(case.person.name): case for case in cases if case.person.name}
    found: dict[int, Twin] = {}
    seen: dict[tuple[str, str, str], int] = {}
    for row in rows:
        same = (fold(row.person), _digits(row.phone), row.type)
        if case := by_number.get(parse_number(row.number) or ""):
            found[row.line] = Twin("number", number=case.number)
        elif row.phone and (case := by_phone.get(_digits(row.phone))):
            found[row.line] = Twin("phone", number=case.number)
        elif case := by_name.get(fold(row.person)):
            found[row.line] = Twin("name", number=case.number)
        elif same in seen:
            found[row.line] = Twin("line", line=seen[same])
        seen.setdefault(same, row.line)
    return found


def _known(session: Session, readable: Select[Case], rows: Sequence[ImportRow]) -> Sequence[Case]:
    """Return the readable cases with a number, a telephone or a name of the file, as they are written."""
    numbers = {number for row in rows if (number := parse_number(row.number))}
    phones = {row.phone for row in rows if row.phone}
    names = {row.person for row in rows if row.person}
    statement = readable.join(Person, Case.person_id == Person.id).where(
        or_(Case.number.in_(numbers), Person.phone.in_(phones), Person.name.in_(names))
    )
    return session.scalars(statement.options(*WITH_NAMES).order_by(Case.opened_at)).all()


def _digits(phone: str | None) -> str:
    return "".join(character for character in phone or "" if character.isdigit())[-9:]
