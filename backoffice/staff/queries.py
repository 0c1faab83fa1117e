"""Lists of accounts."""

from __future__ import annotations

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from backoffice.staff.models import SecondFactor, Staff, Unit


def searched(statement: Select[Staff], words: str) -> Select[Staff]:
    """Narrow a statement to accounts whose name or address has these words."""
    for word in words.split()[:5]:
        has = Staff.name.icontains(word, autoescape=True), Staff.email.icontains(word, autoescape=True)
        statement = statement.where(or_(*has))
    return statement


def accounts_after(
    session: Session, statement: Select[Staff], *, after: str | None, limit: int
) -> tuple[list[Staff], str | None]:
    """Return accounts in the order in which they were made, and the id to go on after."""
    if after is not None:
        statement = statement.where(Staff.id > after)
    found = list(session.scalars(statement.order_by(Staff.id).limit(limit + 1)))
    return found[:limit], found[limit - 1].id if len(found) > limit else None


def accounts_by_name(
    session: Session, statement: Select[Staff], *, skip: int, limit: int
) -> tuple[list[Staff], bool]:
    """Return accounts, those that count first, then by name; and whether there are more."""
    ordered = statement.order_by(Staff.active.desc(), Staff.name, Staff.id).offset(skip).limit(limit + 1)
    found = list(session.scalars(ordered))
    return found[:limit], len(found) > limit


def with_second_factor(session: Session, staff_ids: set[str]) -> set[str]:
    """Return which of these accounts ask for a code."""
    confirmed = SecondFactor.confirmed_at.is_not(None)
    chosen = select(SecondFactor.staff_id).where(SecondFactor.staff_id.in_(staff_ids), confirmed)
    return set(session.scalars(chosen))


def units_of(session: Session, organisation_id: str) -> list[Unit]:
    """Return the units of an organisation, by name."""
    mine = select(Unit).where(Unit.organisation_id == organisation_id)
    return list(session.scalars(mine.order_by(Unit.name)))
