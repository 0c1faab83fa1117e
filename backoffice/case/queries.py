"""Statements about cases: the list with its filters, one page of it, the history of one."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, or_, select, tuple_
from sqlalchemy.orm import Session, joinedload

from backoffice.case.models import Case, CaseEvent, CaseNote
from backoffice.case.number import parse_number
from backoffice.case.search import fold, like_pattern
from backoffice.staff.models import Organisation, Staff

NOBODY = "none"
"""The value of the filter `assignee` that finds what nobody has taken."""


@dataclass(frozen=True)
class CaseFilters:
    """What a list of cases is narrowed by; None and the empty text narrow nothing."""

    type: str | None = None
    phase: str | None = None
    status: str | None = None
    assignee: str | None = None
    organisation: str | None = None
    municipality: str | None = None
    language: str | None = None
    q: str | None = None


@dataclass(frozen=True)
class CasePage:
    """One page of a list, newest case first, and the cursor of the next."""

    cases: Sequence[Case]
    next: str | None


class InvalidCursor(ValueError):
    """A cursor that no page of ours has given."""


WITH_NAMES = (joinedload(Case.person), joinedload(Case.organisation), joinedload(Case.assignee))
"""Loads what a case is shown with."""


def filtered(statement: Select[Case], filters: CaseFilters) -> Select[Case]:
    """Narrow a statement by the filters. `organisation` is an id or a slug, `assignee` an id or `none`."""
    exact = {
        Case.type: filters.type,
        Case.phase: filters.phase,
        Case.status: filters.status,
        Case.municipality: filters.municipality,
        Case.language: filters.language,
    }
    for column, value in exact.items():
        if value:
            statement = statement.where(column == value)
    if filters.assignee:
        statement = statement.where(
            Case.assignee_id.is_(None) if filters.assignee == NOBODY else Case.assignee_id == filters.assignee
        )
    if filters.organisation:
        named = or_(Organisation.id == filters.organisation, Organisation.slug == filters.organisation)
        statement = statement.where(Case.organisation_id.in_(select(Organisation.id).where(named)))
    return _searched(statement, filters.q or "")


def page_of(session: Session, statement: Select[Case], *, limit: int, cursor: str | None) -> CasePage:
    """Return one page.

    Raises:
        InvalidCursor: the cursor is not one of ours.
    """
    if cursor:
        statement = statement.where(tuple_(Case.opened_at, Case.id) < tuple_(*_read_cursor(cursor)))
    ordered = statement.options(*WITH_NAMES).order_by(Case.opened_at.desc(), Case.id.desc()).limit(limit + 1)
    cases = session.scalars(ordered).all()
    more = len(cases) > limit
    return CasePage(cases[:limit], _cursor(cases[limit - 1]) if more else None)


def count(session: Session, statement: Select[Case]) -> int:
    """Return how many cases a statement finds."""
    return session.scalar(select(func.count()).select_from(statement.subquery())) or 0


def events_of(session: Session, case_id: str) -> Sequence[CaseEvent]:
    """Return the history of a case, oldest first."""
    return session.scalars(select(CaseEvent).where(CaseEvent.case_id == case_id).order_by(CaseEvent.id)).all()


def notes_of(session: Session, case_id: str) -> Sequence[CaseNote]:
    """Return the notes of a case, newest first."""
    statement = select(CaseNote).where(CaseNote.case_id == case_id)
    return session.scalars(statement.order_by(CaseNote.created_at.desc(), CaseNote.id.desc())).all()


def cases_of_person(session: Session, person_id: str) -> Sequence[Case]:
    """Return all cases of a person, newest first. Rights are the caller's affair."""
    statement = select(Case).where(Case.person_id == person_id).options(*WITH_NAMES)
    return session.scalars(statement.order_by(Case.opened_at.desc(), Case.id.desc())).all()


def assignable_staff(session: Session, organisation_id: str) -> Sequence[Staff]:
    """Return who of an organisation can be made responsible for a case, by name."""
    statement = (
        select(Staff).where(Staff.organisation_id == organisation_id, Staff.active).order_by(Staff.name)
    )
    return [staff for staff in session.scalars(statement) if staff.is_assignable]


def names_of_staff(session: Session, ids: set[str]) -> dict[str, str]:
    """Return the names of members of staff by id."""
    rows = session.execute(select(Staff.id, Staff.name).where(Staff.id.in_(ids)))
    return {row.id: row.name for row in rows}


def _searched(statement: Select[Case], words: str) -> Select[Case]:
    number = parse_number(words)
    if number is not None:
        return statement.where(Case.number == number)
    for word in fold(words).split():
        statement = statement.where(Case.search_text.like(like_pattern(word), escape="\\"))
    return statement


def _cursor(case: Case) -> str:
    place = json.dumps([case.opened_at.isoformat(), case.id])
    return base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")


def _read_cursor(cursor: str) -> tuple[datetime, str]:
    try:
        place = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        opened_at, case_id = place
        return datetime.fromisoformat(opened_at), str(case_id)
    except (binascii.Error, ValueError, TypeError, UnicodeDecodeError) as wrong:
        raise InvalidCursor from wrong
