"""Reads and changes what is known of a person. Who may, is asked before (`case.people`)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.audit import service as audit
from backoffice.person.details import Details, Restricted
from backoffice.person.errors import PersonChangedMeanwhile, RestrictedIsClosed
from backoffice.person.keys import write_keys
from backoffice.person.models import (
    OpeningReason,
    Person,
    PersonDetails,
    PersonRestricted,
    RestrictedOpening,
)
from backoffice.person.standing import ids_of_person

OPEN_FOR = timedelta(minutes=30)
"""How long what is restricted stays open for who opened it."""


def read_details(session: Session, person_id: str) -> tuple[Details, int]:
    """Return what is known of a person and its version; version 0 where nothing was ever written down."""
    row = session.get(PersonDetails, person_id)
    return (Details(), 0) if row is None else (Details.model_validate(row.document), row.version)


def values_of(session: Session, person: Person) -> tuple[dict[str, Any], int]:
    """Return name, phone and details by field, as JSON, and their version."""
    details, version = read_details(session, person.id)
    return {"name": person.name, "phone": person.phone, **details.model_dump(mode="json")}, version


def change_person(
    session: Session,
    person: Person,
    changes: dict[str, Any],
    *,
    seen: int,
    key: bytes,
    by: str,
    now: datetime,
) -> int:
    """Change name, phone and details; return the new version.

    Args:
        session: the transaction.
        person: whose.
        changes: by field: `name`, `phone`, or one of `Details`; what is left out stays.
        seen: the version that the caller read.
        key: of the digests (`blind_index.index_key`).
        by: a staff id.
        now: the present moment.

    Raises:
        PersonChangedMeanwhile: it is another version by now.
        ValidationError: the details do not agree with each other (of pydantic).
    """
    session.refresh(person, with_for_update=True)
    before, version = values_of(session, person)
    if seen != version:
        both = {
            field: {"now": before[field], "wanted": value}
            for field, value in changes.items()
            if before[field] != value
        }
        raise PersonChangedMeanwhile(version, both)
    after = {**before, **changes}
    name, phone = after.pop("name"), after.pop("phone")
    wanted = Details.model_validate(after)
    person.name, person.phone = name, phone
    _keep(session, person.id, wanted, by=by, now=now)
    write_keys(session, person, wanted, key)
    audit.record(
        session, by=by, action="person.changed", subject_kind="person", subject_id=person.id, now=now
    )
    session.flush()
    return version + 1


# --- What is restricted -------------------------------------------------------------------------


def open_restricted(
    session: Session, person: Person, *, reason: OpeningReason, words: str, staff_id: str, now: datetime
) -> RestrictedOpening:
    """Open what is restricted for one reader, for `OPEN_FOR`."""
    opening = RestrictedOpening(
        person_id=person.id,
        staff_id=staff_id,
        reason=reason,
        words=words,
        opened_at=now,
        until=now + OPEN_FOR,
    )
    session.add(opening)
    _note(session, person, "person.restricted_opened", by=staff_id, now=now)
    session.flush()
    return opening


def open_until(session: Session, person_id: str, *, staff_id: str, now: datetime) -> datetime | None:
    """Return until when what is restricted is open for a reader; None when it is closed."""
    return session.scalar(
        select(RestrictedOpening.until)
        .where(
            RestrictedOpening.person_id == person_id,
            RestrictedOpening.staff_id == staff_id,
            RestrictedOpening.until > now,
        )
        .order_by(RestrictedOpening.until.desc())
        .limit(1)
    )


def read_restricted(
    session: Session, person: Person, *, staff_id: str, now: datetime
) -> tuple[Restricted, int]:
    """Return what is restricted and its version.

    Raises:
        RestrictedIsClosed: this reader has not opened it, or the time is over.
    """
    if open_until(session, person.id, staff_id=staff_id, now=now) is None:
        raise RestrictedIsClosed
    _note(session, person, "person.restricted_read", by=staff_id, now=now)
    row = session.get(PersonRestricted, person.id)
    return (Restricted(), 0) if row is None else (Restricted.model_validate(row.document), row.version)


def restricted_of_merged(
    session: Session, person: Person, *, staff_id: str, now: datetime
) -> list[Restricted]:
    """Return what is restricted in the records that were merged into a person's; it stays where it is.

    Raises:
        RestrictedIsClosed: this reader has not opened it, or the time is over.
    """
    if open_until(session, person.id, staff_id=staff_id, now=now) is None:
        raise RestrictedIsClosed
    others = ids_of_person(session, person.id)[1:]
    rows = session.scalars(select(PersonRestricted).where(PersonRestricted.person_id.in_(others)))
    return [Restricted.model_validate(row.document) for row in rows]


def change_restricted(
    session: Session, person: Person, wanted: Restricted, *, seen: int, staff_id: str, now: datetime
) -> int:
    """Replace what is restricted; return the new version.

    Raises:
        RestrictedIsClosed: this reader has not opened it, or the time is over.
        PersonChangedMeanwhile: it is another version by now.
    """
    session.refresh(person, with_for_update=True)
    current, version = read_restricted(session, person, staff_id=staff_id, now=now)
    if seen != version:
        old, new = current.model_dump(), wanted.model_dump()
        both = {field: {"now": old[field], "wanted": new[field]} for field in new if old[field] != new[field]}
        raise PersonChangedMeanwhile(version, both)
    row = session.get(PersonRestricted, person.id)
    if row is None:
        row = PersonRestricted(person_id=person.id, version=0)
        session.add(row)
    row.version, row.document = version + 1, wanted.model_dump(mode="json", exclude_none=True)
    row.changed_by, row.changed_at = staff_id, now
    _note(session, person, "person.restricted_changed", by=staff_id, now=now)
    session.flush()
    return row.version


def _keep(session: Session, person_id: str, details: Details, *, by: str, now: datetime) -> None:
    row = session.get(PersonDetails, person_id)
    if row is None:
        row = PersonDetails(person_id=person_id, version=0)
        session.add(row)
    row.version += 1
    row.document = details.model_dump(mode="json", exclude_defaults=True)
    row.changed_by, row.changed_at = by, now


def _note(session: Session, person: Person, action: str, *, by: str, now: datetime) -> None:
    audit.record(session, by=by, action=action, subject_kind="person", subject_id=person.id, now=now)
