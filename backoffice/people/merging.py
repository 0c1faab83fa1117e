"""Two rows that are one person: proposed by equal digests, merged by hand, and taken apart again.

A merge moves cases, conversations, addresses and the place in a household. A conversation keeps channel
and chat: what is sent goes where it went. The ledger of consents is never rewritten: it is read by all ids
of a person (`person.standing`). Undoing moves back what the merge moved; what came after stays with who
stayed.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from backoffice.audit import service as audit
from backoffice.case.models import Case
from backoffice.conversation.models import Conversation
from backoffice.home_owner.models import HomeOwner
from backoffice.household.places import give_back, hand_over
from backoffice.person.details import Details
from backoffice.person.errors import NotMergeable
from backoffice.person.keys import write_keys
from backoffice.person.models import (
    ChannelAddress,
    DistinctPeople,
    KeyKind,
    Person,
    PersonKey,
    PersonMerge,
)
from backoffice.person.service import change_person, read_details, values_of
from backoffice.wall import beyond_the_wall

MOVING: dict[str, Any] = {
    "cases": Case,
    "conversations": Conversation,
    "addresses": ChannelAddress,
    "owners": HomeOwner,
}


def proposals(session: Session, person: Person) -> dict[str, set[KeyKind]]:
    """Return who may be the same as a person, and by what; those found to be others are left out."""
    mine, theirs = aliased(PersonKey), aliased(PersonKey)
    distinct = exists().where(
        or_(
            and_(DistinctPeople.first_id == mine.person_id, DistinctPeople.second_id == theirs.person_id),
            and_(DistinctPeople.second_id == mine.person_id, DistinctPeople.first_id == theirs.person_id),
        )
    )
    merged = exists().where(PersonMerge.merged_id == theirs.person_id, PersonMerge.undone_at.is_(None))
    rows = session.execute(
        select(theirs.person_id, theirs.kind)
        .join(mine, and_(mine.kind == theirs.kind, mine.value == theirs.value))
        .where(mine.person_id == person.id, theirs.person_id != person.id, ~distinct, ~merged)
        .limit(200)
    )
    found: dict[str, set[KeyKind]] = defaultdict(set)
    for other, kind in rows:
        found[other].add(kind)
    return dict(found)


def say_not_the_same(session: Session, one: Person, other: Person, *, by: str, now: datetime) -> None:
    """Remember that two people are two."""
    first, second = sorted((one.id, other.id))
    if first == second:
        raise NotMergeable
    if session.get(DistinctPeople, (first, second)) is None:
        session.add(DistinctPeople(first_id=first, second_id=second, said_by=by, said_at=now))
        _note(session, one, "person.not_the_same", by=by, now=now)
        session.flush()


def merge(
    session: Session, stays: Person, goes: Person, take: frozenset[str], *, key: bytes, by: str, now: datetime
) -> PersonMerge:
    """Make one person of two.

    Args:
        session: the transaction.
        stays: who stays.
        goes: who is not shown any more; the row is kept for undoing.
        take: the fields (`name`, `phone`, those of `Details`) whose value is that of who goes.
        key: of the digests.
        by: a staff id.
        now: the present moment.

    Raises:
        NotMergeable: one and the same, two organisations, one of them was merged already, or both let homes.
    """
    for person in sorted((stays, goes), key=lambda each: each.id):
        session.refresh(person, with_for_update=True)
    if stays.id == goes.id or stays.organisation_id != goes.organisation_id:
        raise NotMergeable
    if _is_merged(session, stays.id) or _is_merged(session, goes.id) or _both_let(session, stays, goes):
        raise NotMergeable
    before, theirs = values_of(session, stays)[0], values_of(session, goes)[0]
    changes = {field: theirs[field] for field in take}
    with beyond_the_wall(session):  # the cases of other bodies go along, or they would be nobody's
        moved: dict[str, Any] = {
            name: [row.id for row in _move(session, table, goes.id, stays.id)]
            for name, table in MOVING.items()
        }
    moved["household"] = hand_over(session, goes, stays)
    moved["before"] = {field: before[field] for field in take}
    moved["after"] = changes
    if changes:
        _, version = read_details(session, stays.id)
        change_person(session, stays, changes, seen=version, key=key, by=by, now=now)
    row = PersonMerge(person_id=stays.id, merged_id=goes.id, moved=moved, merged_by=by, merged_at=now)
    session.add(row)
    _note(session, stays, "person.merged", by=by, now=now)
    _note(session, goes, "person.merged", by=by, now=now)
    session.flush()
    return row


def undo(session: Session, row: PersonMerge, *, key: bytes, by: str, now: datetime) -> None:
    """Take two people apart again. A value that was changed after the merge stays as it is.

    Raises:
        NotMergeable: it was undone already, or who stayed was merged into somebody else since.
    """
    stays = session.get_one(Person, row.person_id)
    goes = session.get_one(Person, row.merged_id)
    session.refresh(stays, with_for_update=True)
    session.refresh(row)
    if row.undone_at is not None or _is_merged(session, stays.id):
        raise NotMergeable
    with beyond_the_wall(session):  # as when they were merged
        for name, table in MOVING.items():
            ids = row.moved.get(name, [])
            for each in session.scalars(select(table).where(table.id.in_(ids), table.person_id == stays.id)):
                each.person_id = goes.id
    give_back(session, row.moved.get("household"), stays=stays, goes=goes)
    current, version = values_of(session, stays)
    back = {f: v for f, v in row.moved["before"].items() if current[f] == row.moved["after"][f]}
    if back:
        change_person(session, stays, back, seen=version, key=key, by=by, now=now)
    row.undone_by, row.undone_at = by, now
    write_keys(session, goes, read_details(session, goes.id)[0], key)
    _note(session, stays, "person.merge_undone", by=by, now=now)
    _note(session, goes, "person.merge_undone", by=by, now=now)
    session.flush()


def mergeable_fields() -> frozenset[str]:
    """Return the fields of which one value wins."""
    return frozenset({"name", "phone", *Details.model_fields})


def _move(session: Session, table: Any, before: str, after: str) -> list[Any]:
    rows = list(session.scalars(select(table).where(table.person_id == before)))
    for row in rows:
        row.person_id = after
    return rows


def _both_let(session: Session, *people: Person) -> bool:
    """Tell whether both are owners of homes: which worries and guarantees hold, only a person can say."""
    found = select(HomeOwner.id).where(HomeOwner.person_id.in_([each.id for each in people]))
    return len(session.scalars(found).all()) > 1


def _is_merged(session: Session, person_id: str) -> bool:
    statement = select(PersonMerge.id).where(
        PersonMerge.merged_id == person_id, PersonMerge.undone_at.is_(None)
    )
    return session.scalars(statement).first() is not None


def _note(session: Session, person: Person, action: str, *, by: str, now: datetime) -> None:
    audit.record(session, by=by, action=action, subject_kind="person", subject_id=person.id, now=now)
