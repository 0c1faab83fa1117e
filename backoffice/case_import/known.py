"""Who of a file may be here already: hints, never a decision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Select
from sqlalchemy.orm import Session

from backoffice.case.models import Case
from backoffice.case.number import parse_number
from backoffice.case.queries import WITH_NAMES, Shows
from backoffice.case_import.rows import ImportRow
from backoffice.search.folding import fold
from backoffice.search.models import Indexed
from backoffice.search.service import Place, finds
from backoffice.sharing.parts import CasePart

MOST_ALIKE = 50
"""How many cases of people with the same words are looked at for one row."""


@dataclass(frozen=True)
class Twin:
    """Why a row may be a duplicate: a case that its reader may see, or an earlier line of the file."""

    why: str
    number: str = ""
    line: int = 0


def twins(
    session: Session, readable: Select[Case], shows: Shows, rows: Sequence[ImportRow]
) -> dict[int, Twin]:
    """Return the likely duplicates by line; people are known only where the reader sees who they are."""
    cases = _of_people(session, readable, shows, rows)
    by_number = {case.number: case for case in _of_number(session, readable, rows)}
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


def _of_number(session: Session, readable: Select[Case], rows: Sequence[ImportRow]) -> Sequence[Case]:
    numbers = {number for row in rows if (number := parse_number(row.number))}
    return session.scalars(readable.where(Case.number.in_(numbers))).all()


def _of_people(
    session: Session, readable: Select[Case], shows: Shows, rows: Sequence[ImportRow]
) -> Sequence[Case]:
    """Return cases of people with a telephone or a name of the file, where the reader sees who they are."""
    asked = {_digits(row.phone) for row in rows} | {fold(row.person) for row in rows}
    person = Place(Indexed.PERSON, Case.person_id, partial(shows, CasePart.PERSON))
    found: dict[str, Case] = {}
    for words in sorted(asked - {""}):
        some = readable.where(finds(session, words, person)).options(*WITH_NAMES)
        some = some.order_by(Case.opened_at).limit(MOST_ALIKE)
        found.update({case.id: case for case in session.scalars(some)})
    return sorted(found.values(), key=lambda case: case.opened_at)


def _digits(phone: str | None) -> str:
    return "".join(character for character in phone or "" if character.isdigit())[-9:]
