"""What the pages of the directory show of a service: all its parts, and who changed what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.attempt import Refused
from backoffice.audit.models import AuditEntry
from backoffice.directory.errors import EntryRefused
from backoffice.directory.models import DirectoryLocation, DirectoryService
from backoffice.directory.permissions import may_edit
from backoffice.directory.queries import describe, get_service
from backoffice.directory_desk.hours import in_order
from backoffice.italy import day_in_italy
from backoffice.staff.models import Staff

MOST_ACTS = 20

TRUSTED_DAYS = 180
"""Until when an entry is trusted, if who checks it says nothing else."""


@dataclass(frozen=True)
class Act:
    """One change: when, who and what, as `service_changed`."""

    at: datetime
    who: str
    action: str


def service_page_values(session: Session, staff: Staff, service_id: str, *, now: datetime) -> dict[str, Any]:
    """Return what the page of a service shows.

    Raises:
        NotFound: there is none.
    """
    service = get_service(session, service_id)
    found = describe(service, now=now)
    can_edit = may_edit(staff, service.organisation)
    today = day_in_italy(now)
    return {
        "service": service,
        "found": found,
        "can_edit": can_edit,
        "schedules": in_order(service.schedules),
        "in_order": in_order,
        "history": acts_of(session, service) if can_edit else [],
        "places": free_places(session, service) if can_edit else [],
        "today": today,
        "trusted_until": today + timedelta(days=TRUSTED_DAYS),
    }


def free_places(session: Session, service: DirectoryService) -> Sequence[DirectoryLocation]:
    """Return the places of a service's body in which it is not given yet."""
    taken = {at.location_id for at in service.at_locations}
    of_body = (
        select(DirectoryLocation)
        .where(DirectoryLocation.organisation_id == service.organisation_id)
        .order_by(DirectoryLocation.town, DirectoryLocation.address, DirectoryLocation.id)
    )
    return [place for place in session.scalars(of_body) if place.id not in taken]


def acts_of(session: Session, entry: Any) -> list[Act]:
    """Return the latest changes of an entry, the newest first."""
    rows = session.execute(
        select(AuditEntry, Staff.name)
        .join(Staff, Staff.id == AuditEntry.actor, isouter=True)
        .where(AuditEntry.subject_kind == entry.__tablename__, AuditEntry.subject_id == entry.id)
        .order_by(AuditEntry.id.desc())
        .limit(MOST_ACTS)
    )
    return [Act(row.at, name or row.actor, row.action.rpartition(".")[2]) for row, name in rows]


def refusal(refused: Refused | None) -> dict[str, Any]:
    """Return what a page says of a form: its status, why it was refused if it was, which fields are wrong."""
    return {
        "status": refused.status if refused else 200,
        "refused": refused,
        "wrong": wrong_fields(refused),
    }


def wrong_fields(refused: Refused | None) -> dict[str, str]:
    """Return the fields of a form that are wrong, each with the key of what is wanted there."""
    error = refused.error if refused else None
    if not isinstance(error, EntryRefused):
        return {}
    return {field: f"directory.wanted.{field.rpartition('.')[2]}" for field in error.fields}
