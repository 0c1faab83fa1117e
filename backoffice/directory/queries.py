"""Looking into the directory: by topic, town, language, open now, access, and how far it is.

A service is loaded with all that belongs to it: the district has some hundreds, and whether it is open
can only be asked of a whole one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from backoffice.directory.models import (
    DirectoryLocation,
    DirectoryOrganisation,
    DirectoryService,
    ServiceAtLocation,
    ServiceStatus,
)
from backoffice.directory.opening import NOT_KNOWN, Opening, OpenState, opening_at
from backoffice.directory.part_models import (
    DirectoryContact,
    DirectoryLanguage,
    DirectoryPhone,
    DirectorySchedule,
    ScheduleKind,
)
from backoffice.errors import NotFound
from backoffice.italy import day_in_italy
from backoffice.town_points import POINTS, Point, kilometres_between

_PHONES = selectinload(ServiceAtLocation.phones).selectinload(DirectoryPhone.languages)

WHOLE: Sequence[ORMOption] = (
    selectinload(DirectoryService.organisation).options(
        selectinload(DirectoryOrganisation.phones).selectinload(DirectoryPhone.languages),
        selectinload(DirectoryOrganisation.contacts)
        .selectinload(DirectoryContact.phones)
        .selectinload(DirectoryPhone.languages),
    ),
    selectinload(DirectoryService.phones).selectinload(DirectoryPhone.languages),
    selectinload(DirectoryService.schedules),
    selectinload(DirectoryService.languages),
    selectinload(DirectoryService.cost_options),
    selectinload(DirectoryService.required_documents),
    selectinload(DirectoryService.contacts)
    .selectinload(DirectoryContact.phones)
    .selectinload(DirectoryPhone.languages),
    selectinload(DirectoryService.at_locations).options(
        _PHONES,
        selectinload(ServiceAtLocation.schedules),
        selectinload(ServiceAtLocation.location).options(
            selectinload(DirectoryLocation.phones).selectinload(DirectoryPhone.languages),
            selectinload(DirectoryLocation.schedules),
            selectinload(DirectoryLocation.languages),
            selectinload(DirectoryLocation.accessibility),
        ),
    ),
)
"""What a whole service is: HSDS calls it fully nested."""


@dataclass(frozen=True)
class ServiceFilters:
    """What somebody looks for. `town` and `near` are Italian names; `language` an ISO 639 code.

    `near` narrows nothing: it says from where the distance is counted. Lines without a place are not in a
    town, and open to all of them: `town` leaves them out.
    """

    topic: str | None = None
    town: str | None = None
    language: str | None = None
    open_now: bool = False
    accessible: bool = False
    near: str | None = None
    organisation_id: str | None = None
    words: str | None = None


@dataclass(frozen=True)
class FoundPlace:
    """A service in one place, as it is now. `kilometres` from the town that was asked for, to one digit."""

    at_location: ServiceAtLocation
    opening: Opening
    kilometres: float | None

    @property
    def location(self) -> DirectoryLocation:
        """The place."""
        return self.at_location.location


@dataclass(frozen=True)
class FoundService:
    """A service with the places that fit, the nearest first. `opening`: of the line, or of its best place.

    `call_first`: it was never checked, or its date is past.
    """

    service: DirectoryService
    places: Sequence[FoundPlace]
    opening: Opening
    kilometres: float | None
    call_first: bool


def whole_services() -> Select[DirectoryService]:
    """Return the statement of all services, each with all that belongs to it."""
    return select(DirectoryService).options(*WHOLE)


def get_service(session: Session, service_id: str) -> DirectoryService:
    """Return a whole service, whatever its status.

    Raises:
        NotFound: there is none.
    """
    found = session.scalars(whole_services().where(DirectoryService.id == service_id)).one_or_none()
    if found is None:
        raise NotFound
    return found


def search(session: Session, filters: ServiceFilters, *, now: datetime) -> Sequence[FoundService]:
    """Return the active services that fit: the nearest first where `near` is known, else by name."""
    statement = whole_services().where(DirectoryService.status == ServiceStatus.ACTIVE)
    if filters.organisation_id:
        statement = statement.where(DirectoryService.organisation_id == filters.organisation_id)
    found = (_find(each, filters, now) for each in session.scalars(statement))
    return sorted(filter(None, found), key=_order)


def describe(service: DirectoryService, *, now: datetime, near: str | None = None) -> FoundService:
    """Return a whole service as it is now, with all its places."""
    found = _find(service, ServiceFilters(near=near), now)
    assert found is not None
    return found


def schedules_of(service: DirectoryService, at: ServiceAtLocation | None) -> Sequence[DirectorySchedule]:
    """Return the schedules that hold for a service, in one of its places or at all.

    The hours as a rule are those of the service in the place, else of the service, else of the place;
    exceptions of all three hold.
    """
    levels = [service.schedules]
    if at is not None:
        levels = [at.schedules, service.schedules, at.location.schedules]
    every = [each for level in levels for each in level]
    exceptions = [each for each in every if each.kind is not ScheduleKind.REGULAR]
    for level in levels:
        regular = [each for each in level if each.kind is ScheduleKind.REGULAR]
        if regular:
            return [*regular, *exceptions]
    return exceptions


def languages_of(service: DirectoryService, at: ServiceAtLocation | None = None) -> Sequence[str]:
    """Return the codes of the languages that are spoken, at the desk or on the phone, in order."""
    spoken: list[DirectoryLanguage] = list(service.languages)
    phones = list(service.phones)
    for place in service.at_locations if at is None else [at]:
        spoken += place.location.languages
        phones += [*place.phones, *place.location.phones]
    spoken += [language for phone in phones for language in phone.languages]
    return sorted({each.code for each in spoken})


def point_of(location: DirectoryLocation) -> Point | None:
    """Return where a place is, else where its town is; None where neither is known."""
    if location.latitude is not None and location.longitude is not None:
        return float(location.latitude), float(location.longitude)
    return POINTS.get(location.town or "")


def _find(service: DirectoryService, filters: ServiceFilters, now: datetime) -> FoundService | None:
    if filters.topic and filters.topic not in service.topics:
        return None
    if filters.words and not _has_words(service, filters.words):
        return None
    places = [
        FoundPlace(at, opening_at(schedules_of(service, at), now), _distance(at.location, filters.near))
        for at in service.at_locations
        if _place_fits(service, at, filters)
    ]
    if filters.open_now:
        places = [each for each in places if each.opening.state is OpenState.OPEN]
    if not places and (service.at_locations or filters.town or filters.accessible):
        return None
    opening = _best(places) if places else opening_at(schedules_of(service, None), now)
    if filters.open_now and opening.state is not OpenState.OPEN:
        return None
    if filters.language and not places and filters.language not in languages_of(service):
        return None
    places.sort(key=lambda each: (each.kilometres is None, each.kilometres or 0, each.at_location.id))
    nearest = places[0].kilometres if places else None
    past = service.verified_on is None or (
        service.valid_to is not None and service.valid_to < day_in_italy(now)
    )
    return FoundService(service, places, opening, nearest, call_first=past)


def _place_fits(service: DirectoryService, at: ServiceAtLocation, filters: ServiceFilters) -> bool:
    location = at.location
    if filters.town and (location.town or "").casefold() != filters.town.casefold():
        return False
    if filters.accessible and not location.step_free:
        return False
    return not filters.language or filters.language in languages_of(service, at)


def _has_words(service: DirectoryService, words: str) -> bool:
    texts = (service.name, service.alternate_name, service.description, service.organisation.name)
    text = " ".join(filter(None, texts)).casefold()
    return all(word in text for word in words.casefold().split())


def _distance(location: DirectoryLocation, near: str | None) -> float | None:
    here, there = POINTS.get(near or ""), point_of(location)
    if here is None or there is None:
        return None
    return round(kilometres_between(here, there), 1)


def _best(places: Sequence[FoundPlace]) -> Opening:
    for state in (OpenState.OPEN, OpenState.UNKNOWN):
        for place in places:
            if place.opening.state is state:
                return place.opening
    return min(
        (place.opening for place in places),
        key=lambda each: (each.opens_next is None, each.opens_next),
        default=NOT_KNOWN,
    )


def _order(found: FoundService) -> tuple[bool, float, str, str]:
    return found.kilometres is None, found.kilometres or 0, found.service.name.casefold(), found.service.id
