"""Read a file without writing anything, then write its homes in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from backoffice.audit import service as audit
from backoffice.errors import NotFound
from backoffice.home_owner.facts import read_owner
from backoffice.home_owner.finding import owners_of, people_of_phone
from backoffice.home_owner.models import HomeOwner
from backoffice.home_owner.registering import new_person
from backoffice.home_owner.service import register_owner
from backoffice.idempotency.service import fingerprint
from backoffice.italy import day_in_italy
from backoffice.listing.adding import HomeOffered, change_home, offer_home
from backoffice.listing_import.errors import NotAsShown
from backoffice.listing_import.models import ListingImport
from backoffice.listing_import.planning import Outcome, RowPlan, digits, plan_rows
from backoffice.listing_import.rows import ImportRow, parse
from backoffice.spreadsheet.reading import read_rows
from backoffice.staff.models import Staff

KEPT_FOR = timedelta(hours=24)
"""How long an upload waits for its confirmation."""


def get_own_import(session: Session, staff: Staff, import_id: str) -> ListingImport:
    """Return an upload of somebody.

    Raises:
        NotFound: there is none, or it is another's.
    """
    found = session.get(ListingImport, import_id)
    if found is None or found.staff_id != staff.id:
        raise NotFound
    return found


def take_homes(session: Session, content: bytes, *, staff: Staff, now: datetime) -> ListingImport:
    """Read a file and keep what it says; nothing is written yet.

    Raises:
        FileRefused: it cannot be read.
    """
    forget_unconfirmed(session, now=now)
    taken = ListingImport(
        organisation_id=staff.organisation_id,
        staff_id=staff.id,
        rows=[asdict(row) for row in parse(read_rows(content))],
        asked_at=now,
    )
    session.add(taken)
    session.flush()
    _record(session, taken, "read", by=staff.id, now=now)
    return taken


def plans_of(session: Session, taken: ListingImport, *, staff: Staff, now: datetime) -> list[RowPlan]:
    """Return what an upload would do now; nothing once it is done."""
    rows = [ImportRow(**row) for row in taken.rows or ()]
    return plan_rows(session, staff, rows, today=day_in_italy(now))


def mark_of(plans: Sequence[RowPlan]) -> str:
    """Return a mark that changes when anything that would be done does."""
    return fingerprint([plan.mark for plan in plans])


def import_homes(session: Session, taken: ListingImport, *, shown: str, staff: Staff, now: datetime) -> None:
    """Write the homes of an upload; rows that are refused are left out. Twice is once.

    Raises:
        NotAsShown: what would be done is not what was shown (`mark_of`).
    """
    session.refresh(taken, with_for_update=True)  # a second click waits, and then finds it done
    if taken.done_at is not None:
        return
    plans = plans_of(session, taken, staff=staff, now=now)
    if mark_of(plans) != shown:
        raise NotAsShown
    owners: dict[str, HomeOwner] = {}
    for plan in plans:
        if plan.outcome is Outcome.NEW:
            owner = plan.owner or _owner(session, plan.row, owners, staff=staff, now=now)
            offer_home(session, owner, HomeOffered(plan.home), case=None, staff=staff, now=now)
            taken.added += 1
        elif plan.outcome is Outcome.CHANGED:
            assert plan.listing is not None
            change_home(session, plan.listing, HomeOffered(plan.home), seen=None, by=staff.id, now=now)
            taken.changed += 1
    taken.done_at, taken.rows = now, None
    session.flush()
    _record(session, taken, "done", by=staff.id, now=now)


def forget_unconfirmed(session: Session, *, now: datetime) -> None:
    """Delete what nobody has confirmed in time: names and telephones stay no longer than they must."""
    old = ListingImport.asked_at < now - KEPT_FOR
    session.execute(delete(ListingImport).where(old, ListingImport.done_at.is_(None)))


def _owner(
    session: Session, row: ImportRow, owners: dict[str, HomeOwner], *, staff: Staff, now: datetime
) -> HomeOwner:
    """Return the owner of a row: of an earlier row, somebody known by telephone, or somebody new."""
    number = digits(row.phone)
    if number in owners:
        return owners[number]
    company = row.owner if row.kind and row.kind != "person" else ""
    raw = {"name": row.owner, "phone": row.phone, "kind": row.kind, "company": company}
    read = read_owner(raw, today=day_in_italy(now), person_wanted=True)
    alike = people_of_phone(session, staff, row.phone)
    person = alike[0] if alike else new_person(session, staff, read.name, read.phone, language="it", now=now)
    owner = owners_of(session, [person]).get(person.id)
    owners[number] = owner or register_owner(session, person, read.facts, by=staff.id, now=now)
    return owners[number]


def _record(session: Session, taken: ListingImport, what: str, *, by: str, now: datetime) -> None:
    audit.record(
        session,
        by=by,
        action=f"listing_import.{what}",
        subject_kind="listing_import",
        subject_id=taken.id,
        now=now,
    )
