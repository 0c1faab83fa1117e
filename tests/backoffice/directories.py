"""Bodies, services and places of the directory for tests: every argument has a default."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from backoffice.directory.facts import (
    LocationFacts,
    OrganisationFacts,
    PhoneFacts,
    ScheduleFacts,
    ServiceFacts,
)
from backoffice.directory.models import DirectoryOrganisation, DirectoryService
from backoffice.directory.parts import set_languages, set_phones, set_schedules
from backoffice.directory.service import (
    add_location,
    add_organisation,
    add_service,
    confirm_verified,
    give_at,
)
from backoffice.italy import day_in_italy
from tests.backoffice.factories import NOW

MONDAY_MORNING: dict[str, Any] = {"freq": "WEEKLY", "byday": "MO", "opens_at": "09:00", "closes_at": "12:00"}


def create_body(
    session: Session, *, name: str = "Ente Inventato", staff_organisation_id: str | None = None
) -> DirectoryOrganisation:
    """Write a body down."""
    return add_organisation(
        session, OrganisationFacts(name=name), by="x", now=NOW, staff_organisation_id=staff_organisation_id
    )


def create_service(
    session: Session,
    body: DirectoryOrganisation | None = None,
    *,
    name: str = "Ambulatorio Inventato",
    topics: tuple[str, ...] = ("health_care",),
    town: str | None = "Crema",
    address: str = "Via Inventata 1",
    phone: str | None = "0373 000001",
    languages: tuple[str, ...] = (),
    hours: tuple[dict[str, Any], ...] = (),
    verified: bool = True,
    now: datetime = NOW,
    **facts: Any,
) -> DirectoryService:
    """Write a service down, in one place unless `town` is None."""
    body = body or create_body(session)
    service = add_service(
        session, body, ServiceFacts(name=name, topics=list(topics), **facts), by="x", now=now
    )
    if town is not None:
        place = add_location(session, body, LocationFacts(address=address, town=town), by="x", now=now)
        give_at(session, service, place, by="x", now=now)
    if phone:
        set_phones(session, service, [PhoneFacts(number=phone)], by="x", now=now)
    set_languages(session, service, languages, by="x", now=now)
    set_schedules(session, service, [ScheduleFacts(**each) for each in hours], by="x", now=now)
    if verified:
        until: date = day_in_italy(now) + timedelta(days=90)
        confirm_verified(session, service, valid_to=until, source="https://esempio.it/orari", by="x", now=now)
    session.flush()
    return service
