"""Statements for the pages of shares: boxes, alarms, and what one's own body has written elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from backoffice.case.models import Case, CaseNote
from backoffice.case.permissions import has_no_conflict, is_of_role
from backoffice.sharing.models import BreakGlass, Share
from backoffice.staff.models import Organisation, Staff
from backoffice.wall import beyond_the_wall


@dataclass(frozen=True)
class SharePage:
    """One page of shares, newest first, the cases that they are of, and the cursor of the next page."""

    shares: Sequence[Share]
    cases: dict[str, Case]
    next: str | None


@dataclass(frozen=True)
class Contribution:
    """A note that one's own body wrote on a case of another: the number and the note, nothing else."""

    number: str
    note: CaseNote
    author: str


@dataclass(frozen=True)
class Opening:
    """An opening in need, with who it was and which case."""

    row: BreakGlass
    number: str
    name: str
    organisation: str


def page_of_shares(
    session: Session, statement: Select[Share], *, limit: int, cursor: str | None = None
) -> SharePage:
    """Return one page; the cursor is the id of the last share before it."""
    if cursor:
        statement = statement.where(Share.id < cursor)  # ids grow with time (`database.new_id`)
    with beyond_the_wall(session):  # the box lists shares that are over, with number and type of their cases
        found = session.scalars(statement.order_by(Share.id.desc()).limit(limit + 1)).all()
        shares = found[:limit]
        of_shares = select(Case).where(Case.id.in_({share.case_id for share in shares}))
        cases = {case.id: case for case in session.scalars(of_shares)}
    return SharePage(shares, cases, shares[-1].id if len(found) > limit else None)


def case_of(session: Session, share: Share) -> Case:
    """Return the case of a share that somebody gives or receives, also of one that is over."""
    with beyond_the_wall(session):  # its number and type go on being told with the share
        return session.get_one(Case, share.case_id)


def contributions(
    session: Session, staff: Staff, *, limit: int, cursor: str | None = None
) -> tuple[list[Contribution], str | None]:
    """Return what one's own body wrote on cases that others are responsible for, and the next cursor.

    It stays readable after a share was revoked: who wrote it keeps it.
    """
    statement = (
        select(CaseNote, Case.number, Staff.name)
        .join(Case, Case.id == CaseNote.case_id)
        .join(Staff, Staff.id == CaseNote.author_id)
        .where(
            Staff.organisation_id == staff.organisation_id,
            Case.organisation_id != staff.organisation_id,
            is_of_role(staff),
            has_no_conflict(staff),
        )
    )
    if cursor:
        statement = statement.where(CaseNote.id < cursor)
    with beyond_the_wall(session):  # the number is told beside the note, though the case is gone
        rows = session.execute(statement.order_by(CaseNote.id.desc()).limit(limit + 1)).all()
    found = [Contribution(number, note, author) for note, number, author in rows[:limit]]
    return found, found[-1].note.id if len(rows) > limit else None


def openings_shown(session: Session, statement: Select[BreakGlass]) -> list[Opening]:
    """Return openings in need, of a statement that has their cases, with their names, newest first."""
    named = (
        statement.add_columns(Case.number, Staff.name, Organisation.name)
        .join(Staff, Staff.id == BreakGlass.staff_id)
        .join(Organisation, Organisation.id == BreakGlass.organisation_id)
        .order_by(BreakGlass.id.desc())
    )
    rows = session.execute(named).all()
    return [Opening(row, number, name, organisation) for row, number, name, organisation in rows]


def names_of(session: Session, ids: set[str]) -> dict[str, str]:
    """Return the names of members of staff by id."""
    return {
        row.id: row.name for row in session.execute(select(Staff.id, Staff.name).where(Staff.id.in_(ids)))
    }
