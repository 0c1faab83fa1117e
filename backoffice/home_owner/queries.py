"""Owners as a list, and what belongs to one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from backoffice.home_owner.models import HomeOwner, OwnerKind, RefusedWish
from backoffice.paging import newest_first
from backoffice.search.models import Indexed
from backoffice.search.service import Place, finds


@dataclass(frozen=True)
class OwnerFilters:
    """What narrows a list of owners. `lost`: only those who are lost, or only the others."""

    q: str = ""
    kind: OwnerKind | None = None
    lost: bool | None = None


@dataclass(frozen=True)
class OwnerPage:
    """One page of a list, and the cursor of the next."""

    owners: Sequence[HomeOwner]
    next: str | None


def filtered_owners(
    session: Session, statement: Select[HomeOwner], filters: OwnerFilters
) -> Select[HomeOwner]:
    """Narrow a statement; words are looked for in names and phones."""
    if filters.q.strip():
        statement = statement.where(finds(session, filters.q, Place(Indexed.PERSON, HomeOwner.person_id)))
    if filters.kind is not None:
        statement = statement.where(HomeOwner.kind == filters.kind)
    if filters.lost is not None:
        statement = statement.where(
            HomeOwner.lost_on.is_not(None) if filters.lost else HomeOwner.lost_on.is_(None)
        )
    return statement


def page_of_owners(
    session: Session, statement: Select[HomeOwner], *, limit: int, cursor: str | None
) -> OwnerPage:
    """Return one page, the newest first.

    Raises:
        InvalidCursor: the cursor is not one of ours.
    """
    statement = statement.options(joinedload(HomeOwner.person))
    order = (HomeOwner.created_at, HomeOwner.id)
    return OwnerPage(*newest_first(session, statement, *order, limit=limit, cursor=cursor))


def count_owners(session: Session, statement: Select[HomeOwner]) -> int:
    """Return how many owners a statement finds."""
    found = statement.with_only_columns(HomeOwner.id).order_by(None).subquery()
    return session.scalar(select(func.count()).select_from(found)) or 0


def wishes_of(session: Session, owner_id: str) -> Sequence[RefusedWish]:
    """Return the wishes of an owner that were refused, newest first."""
    statement = select(RefusedWish).where(RefusedWish.owner_id == owner_id)
    return session.scalars(statement.order_by(RefusedWish.refused_at.desc(), RefusedWish.id)).all()
