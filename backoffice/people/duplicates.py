"""Pairs of records that may be one person, and the merges that were made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, exists, func, select
from sqlalchemy.orm import Session, aliased

from backoffice.case.people import readable_people
from backoffice.person.models import DistinctPeople, KeyKind, Person, PersonKey, PersonMerge
from backoffice.staff.models import Staff


@dataclass(frozen=True)
class Pair:
    """Two records and by what they are alike; `first` is the older one."""

    first: str
    second: str
    alike: list[KeyKind]


def pairs_of(session: Session, staff: Staff, *, limit: int, skip: int = 0) -> list[Pair]:
    """Return the pairs that a member of staff may judge: those alike by most traits first."""
    known = readable_people(staff).where(Person.organisation_id == staff.organisation_id)
    ids = known.with_only_columns(Person.id)
    one, two = aliased(PersonKey), aliased(PersonKey)
    distinct = exists().where(
        and_(DistinctPeople.first_id == one.person_id, DistinctPeople.second_id == two.person_id)
    )
    pairs = session.execute(
        select(one.person_id, two.person_id)
        .join(two, and_(one.kind == two.kind, one.value == two.value, one.person_id < two.person_id))
        .where(one.person_id.in_(ids), two.person_id.in_(ids), ~distinct)
        .group_by(one.person_id, two.person_id)
        .order_by(func.count().desc(), one.person_id.desc(), two.person_id.desc())
        .limit(limit)
        .offset(skip)
    ).all()
    return [Pair(first, second, alike(session, first, second)) for first, second in pairs]


def alike(session: Session, first: str, second: str) -> list[KeyKind]:
    """Return by what two records are alike; nothing where they are not."""
    one, two = aliased(PersonKey), aliased(PersonKey)
    kinds = session.scalars(
        select(one.kind)
        .distinct()
        .join(two, and_(one.kind == two.kind, one.value == two.value))
        .where(one.person_id == first, two.person_id == second)
    )
    found = set(kinds)
    if KeyKind.NAME_SOUND_YEAR in found:
        found.discard(KeyKind.NAME_SOUND)  # the one says what the other says, and more
    return sorted(found)


def merges_of(session: Session, staff: Staff, *, limit: int) -> Sequence[PersonMerge]:
    """Return the newest merges of people whom a member of staff may judge."""
    known = readable_people(staff).where(Person.organisation_id == staff.organisation_id)
    ids = known.with_only_columns(Person.id)
    statement = select(PersonMerge).where(PersonMerge.person_id.in_(ids))
    return session.scalars(
        statement.order_by(PersonMerge.merged_at.desc(), PersonMerge.id.desc()).limit(limit)
    ).all()
