"""Entries of the directory: added, changed, checked again. What belongs to them: `directory.parts`.

Functions flush, never commit; rights have been asked before.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.directory.errors import EntryChangedMeanwhile, EntryRefused, StillInUse
from backoffice.directory.facts import (
    Facts,
    LocationFacts,
    OrganisationFacts,
    ServiceFacts,
)
from backoffice.directory.models import (
    DirectoryLocation,
    DirectoryOrganisation,
    DirectoryService,
    ServiceAtLocation,
)
from backoffice.directory.parts import forget, note
from backoffice.directory.reviews import close_review
from backoffice.italy import day_in_italy


def add_organisation(
    session: Session,
    facts: OrganisationFacts,
    *,
    by: str,
    now: datetime,
    staff_organisation_id: str | None = None,
) -> DirectoryOrganisation:
    """Add a body; `staff_organisation_id` where its staff work here, and look after its entries."""
    added = DirectoryOrganisation(staff_organisation_id=staff_organisation_id, **facts.model_dump())
    session.add(added)
    session.flush()
    note(session, "organisation_added", added, by=by, now=now)
    return added


def change_organisation(
    session: Session,
    organisation: DirectoryOrganisation,
    facts: OrganisationFacts,
    *,
    seen: int,
    by: str,
    now: datetime,
) -> None:
    """Change what is known of a body.

    Raises:
        EntryChangedMeanwhile: somebody else changed it after the version that was seen.
    """
    _change(session, organisation, facts, seen)
    note(session, "organisation_changed", organisation, by=by, now=now)


def remove_organisation(
    session: Session, organisation: DirectoryOrganisation, *, by: str, now: datetime
) -> None:
    """Take away a body that has nothing left.

    Raises:
        StillInUse: it has services or places.
    """
    for kind in (DirectoryService, DirectoryLocation):
        if session.scalar(select(kind.id).where(kind.organisation_id == organisation.id).limit(1)):
            raise StillInUse
    forget(session, organisation)
    session.delete(organisation)
    note(session, "organisation_removed", organisation, by=by, now=now)


def add_service(
    session: Session, organisation: DirectoryOrganisation, facts: ServiceFacts, *, by: str, now: datetime
) -> DirectoryService:
    """Add a service of a body."""
    added = DirectoryService(organisation_id=organisation.id, changed_at=now, **facts.model_dump())
    session.add(added)
    session.flush()
    note(session, "service_added", added, by=by, now=now)
    return added


def change_service(
    session: Session, service: DirectoryService, facts: ServiceFacts, *, seen: int, by: str, now: datetime
) -> None:
    """Change what is known of a service.

    Raises:
        EntryChangedMeanwhile: somebody else changed it after the version that was seen.
    """
    _change(session, service, facts, seen)
    service.changed_at = now
    note(session, "service_changed", service, by=by, now=now)


def remove_service(session: Session, service: DirectoryService, *, by: str, now: datetime) -> None:
    """Take away a service with all that belongs to it, as one that was never there: else set its status."""
    forget(session, service)
    session.delete(service)
    note(session, "service_removed", service, by=by, now=now)


def confirm_verified(
    session: Session, service: DirectoryService, *, valid_to: date, source: str, by: str, now: datetime
) -> None:
    """Write that somebody checked a service today and that it holds to a day; its task is done.

    Raises:
        EntryRefused: the day is past, or nothing says what it stands on.
    """
    today = day_in_italy(now)
    if valid_to < today:
        raise EntryRefused(["valid_to"])
    if not source.strip():
        raise EntryRefused(["source"])
    service.verified_on, service.valid_to, service.source = today, valid_to, source.strip()
    service.version += 1
    service.changed_at = now
    close_review(session, service, by=by, now=now)
    note(session, "service_verified", service, by=by, now=now)


def add_location(
    session: Session, organisation: DirectoryOrganisation, facts: LocationFacts, *, by: str, now: datetime
) -> DirectoryLocation:
    """Add a place of a body."""
    added = DirectoryLocation(organisation_id=organisation.id, **facts.model_dump())
    session.add(added)
    session.flush()
    note(session, "location_added", added, by=by, now=now)
    return added


def change_location(
    session: Session, location: DirectoryLocation, facts: LocationFacts, *, seen: int, by: str, now: datetime
) -> None:
    """Change what is known of a place.

    Raises:
        EntryChangedMeanwhile: somebody else changed it after the version that was seen.
    """
    _change(session, location, facts, seen)
    note(session, "location_changed", location, by=by, now=now)


def remove_location(session: Session, location: DirectoryLocation, *, by: str, now: datetime) -> None:
    """Take away a place where no service is given any more.

    Raises:
        StillInUse: one is.
    """
    used = select(ServiceAtLocation.id).where(ServiceAtLocation.location_id == location.id).limit(1)
    if session.scalar(used):
        raise StillInUse
    forget(session, location)
    session.delete(location)
    note(session, "location_removed", location, by=by, now=now)


def give_at(
    session: Session,
    service: DirectoryService,
    location: DirectoryLocation,
    *,
    by: str,
    now: datetime,
    description: str | None = None,
) -> ServiceAtLocation:
    """Say that a service is given in a place; twice changes only the words."""
    both = (
        select(ServiceAtLocation)
        .where(ServiceAtLocation.service_id == service.id)
        .where(ServiceAtLocation.location_id == location.id)
    )
    found = session.scalars(both).one_or_none()
    if found is None:
        found = ServiceAtLocation(service_id=service.id, location_id=location.id)
        session.add(found)
    found.description = description
    _touch(session, service, now)
    note(session, "service_changed", service, by=by, now=now)
    return found


def give_no_longer_at(
    session: Session, service: DirectoryService, at: ServiceAtLocation, *, by: str, now: datetime
) -> None:
    """Say that a service is no longer given in a place."""
    forget(session, at)
    session.delete(at)
    _touch(session, service, now)
    note(session, "service_changed", service, by=by, now=now)


def _change(
    session: Session,
    entry: DirectoryOrganisation | DirectoryService | DirectoryLocation,
    facts: Facts,
    seen: int,
) -> None:
    if entry.version != seen:
        raise EntryChangedMeanwhile
    for name, value in facts.model_dump().items():
        setattr(entry, name, value)
    entry.version += 1
    session.flush()


def _touch(session: Session, service: DirectoryService, now: datetime) -> None:
    service.version += 1
    service.changed_at = now
    session.flush()
