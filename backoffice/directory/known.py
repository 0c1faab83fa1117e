"""What an empty directory begins with: offices, services and lines of `known.yml`, each with its source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import yaml
from pydantic import Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.audit import service as audit
from backoffice.directory.facts import (
    CostFacts,
    Facts,
    LocationFacts,
    OrganisationFacts,
    PhoneFacts,
    ScheduleFacts,
    ServiceFacts,
    read_facts,
)
from backoffice.directory.models import (
    DirectoryLocation,
    DirectoryOrganisation,
    DirectoryService,
    ServiceAtLocation,
)
from backoffice.directory.part_models import (
    DirectoryCostOption,
    DirectoryLanguage,
    DirectoryPhone,
    DirectorySchedule,
)

KNOWN_FILE = Path(__file__).with_name("known.yml")


class _Place(LocationFacts):
    key: str
    phones: list[PhoneFacts] = Field(default_factory=list)


class _Schedule(ScheduleFacts):
    words: str | None = None


class _Service(ServiceFacts):
    key: str
    phones: list[PhoneFacts] = Field(default_factory=list)
    schedules: list[_Schedule] = Field(default_factory=list)
    costs: list[CostFacts] = Field(default_factory=list)
    places: list[str] = Field(default_factory=list)


class _Body(OrganisationFacts):
    key: str
    phones: list[PhoneFacts] = Field(default_factory=list)
    places: list[_Place] = Field(default_factory=list)
    services: list[_Service] = Field(default_factory=list)


@cache
def read_known() -> tuple[_Body, ...]:
    """Return what the file says, read and checked once per process.

    Raises:
        EntryRefused: a field of it cannot be so.
    """
    return tuple(read_facts(_Body, each) for each in yaml.safe_load(KNOWN_FILE.read_text(encoding="utf-8")))


def load_known(session: Session, *, now: datetime) -> int:
    """Write what is known into a directory that has no body yet; return how many services were written.

    The ids are always the same, so that two installations speak of the same office.
    """
    if session.scalar(select(DirectoryOrganisation.id).limit(1)) is not None:
        return 0
    for body in read_known():
        session.add_all(_rows_of(body, now))
    session.flush()
    count = sum(len(body.services) for body in read_known())
    audit.record(
        session,
        by=audit.SERVICE,
        action="directory.loaded",
        subject_kind="directory",
        subject_id="known",
        now=now,
    )
    return count


def known_id(*keys: str) -> str:
    """Return the id of an entry of the file by its keys."""
    return str(uuid5(NAMESPACE_URL, "sportello:directory:" + ":".join(keys)))


def _rows_of(body: _Body, now: datetime) -> Iterable[Any]:
    at = body.key
    yield DirectoryOrganisation(id=known_id("body", at), **_plain(body, OrganisationFacts))
    yield from _phones(body.phones, organisation_id=known_id("body", at))
    for place in body.places:
        location_id = known_id("place", at, place.key)
        yield DirectoryLocation(
            id=location_id, organisation_id=known_id("body", at), **_plain(place, LocationFacts)
        )
        yield from _phones(place.phones, location_id=location_id)
    for service in body.services:
        yield from _rows_of_service(body, service, now)


def _rows_of_service(body: _Body, service: _Service, now: datetime) -> Iterable[Any]:
    service_id = known_id("service", body.key, service.key)
    yield DirectoryService(
        id=service_id,
        organisation_id=known_id("body", body.key),
        changed_at=now,
        **_plain(service, ServiceFacts),
    )
    yield from _phones(service.phones, service_id=service_id)
    for number, schedule in enumerate(service.schedules):
        hours = _plain(schedule, ScheduleFacts)
        hours["description"] = schedule.words
        yield DirectorySchedule(id=known_id("hours", service_id, str(number)), service_id=service_id, **hours)
    for number, cost in enumerate(service.costs):
        yield DirectoryCostOption(
            id=known_id("cost", service_id, str(number)), service_id=service_id, **cost.model_dump()
        )
    for key in service.places:
        location_id = known_id("place", body.key, key)
        yield ServiceAtLocation(
            id=known_id("at", service_id, location_id), service_id=service_id, location_id=location_id
        )


def _phones(phones: Iterable[PhoneFacts], **owner: str) -> Iterable[Any]:
    for phone in phones:
        phone_id = known_id("phone", *owner.values(), phone.number)
        yield DirectoryPhone(id=phone_id, **owner, **phone.model_dump(exclude={"languages"}))
        for code in phone.languages:
            yield DirectoryLanguage(id=known_id("language", phone_id, code), phone_id=phone_id, code=code)


def _plain(read: Facts, kind: type[Facts]) -> dict[str, Any]:
    """Return the fields that the table has."""
    fields: Mapping[str, Any] = kind.model_fields
    return {name: getattr(read, name) for name in fields}
