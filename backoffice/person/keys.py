"""The digests that duplicates are found by: renewed whenever somebody's name or phone is written."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import Table, and_, delete, event, exists, insert, inspect, or_, select
from sqlalchemy.orm import Session

from backoffice.database import Database
from backoffice.person.blind_index import index_key, keys_of
from backoffice.person.details import Details
from backoffice.person.models import Person, PersonDetails, PersonKey

_CHANGED = "people_with_new_traits"
_TRAITS = ("name", "phone")
_AT_ONCE = 200
_KEYS = cast("Table", PersonKey.__table__)


def write_keys(session: Session, person: Person, details: Details, key: bytes) -> None:
    """Renew the digests of one person."""
    wanted = keys_of(person, details, key)
    found = session.execute(select(_KEYS.c.kind, _KEYS.c.value).where(_KEYS.c.person_id == person.id))
    there = {(kind, value) for kind, value in found}
    for kind, value in there - wanted:
        session.execute(
            delete(_KEYS).where(
                and_(_KEYS.c.person_id == person.id, _KEYS.c.kind == kind, _KEYS.c.value == value)
            )
        )
    rows = [{"person_id": person.id, "kind": kind, "value": value} for kind, value in wanted - there]
    if rows:
        session.execute(insert(_KEYS), rows)


def write_missing_keys(database: Database) -> int:
    """Write the digests of everybody who has none; return of how many people. A second run finds nobody.

    Who has neither a name of letters nor a telephone number never gets any.
    """
    written, after = 0, ""
    while True:
        with database.transaction() as session:
            people = session.scalars(
                select(Person)
                .where(
                    Person.id > after,
                    or_(Person.name.is_not(None), Person.phone.is_not(None)),
                    ~exists().where(PersonKey.person_id == Person.id),
                )
                .order_by(Person.id)
                .limit(_AT_ONCE)
            ).all()
            for person in people:
                _renew(session, person)
        written += len(people)
        if len(people) < _AT_ONCE:
            return written
        after = people[-1].id


@event.listens_for(Session, "before_flush")
def _note_changes(session: Session, _context: Any, _instances: Any) -> None:
    changed = [row for row in session.new if isinstance(row, Person)]
    changed += [row for row in session.dirty if isinstance(row, Person) and _has_new_traits(row)]
    if changed:
        session.info.setdefault(_CHANGED, []).extend(changed)


@event.listens_for(Session, "after_flush")
def _write(session: Session, _context: Any) -> None:
    for person in session.info.pop(_CHANGED, ()):
        _renew(session, person)


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop(_CHANGED, None)


def _renew(session: Session, person: Person) -> None:
    row = session.get(PersonDetails, person.id)
    details = Details() if row is None else Details.model_validate(row.document)
    write_keys(session, person, details, index_key(session))


def _has_new_traits(person: Person) -> bool:
    return any(name in inspect(person).committed_state for name in _TRAITS)
