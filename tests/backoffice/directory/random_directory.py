"""A directory made up from a seed: every table, every optional field sometimes, letters of many scripts."""

from __future__ import annotations

import random
import uuid
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from backoffice.directory.models import (
    DirectoryLocation,
    DirectoryOrganisation,
    DirectoryService,
    LocationType,
    ServiceAtLocation,
    ServiceStatus,
)
from backoffice.directory.part_models import (
    DirectoryAccessibility,
    DirectoryContact,
    DirectoryCostOption,
    DirectoryDocument,
    DirectoryLanguage,
    DirectoryPhone,
    DirectorySchedule,
    DirectoryTranslation,
    EntryKind,
    Frequency,
    HolidayRule,
    ScheduleKind,
)
from backoffice.directory.topics import TOPICS
from backoffice.directory.words import hash_of

WORDS = (
    "casa",
    'via "Milano", 3',
    "=1+1",
    "Città; n. 5",
    "مكتب",
    "ਦਫ਼ਤਰ",
    "办公室",
    "riga\nsotto",
    "l'ufficio",
    "🙂",
)
DAY = date(2026, 12, 2)


class _Maker:
    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.rows: list[Any] = []

    def id(self) -> str:
        return str(uuid.UUID(int=self.dice.getrandbits(128), version=4))

    def text(self) -> str:
        return " ".join(self.dice.choices(WORDS, k=3))

    def maybe(self, value: Any) -> Any:
        return value if self.dice.random() < 0.5 else None

    def day(self) -> date | None:
        return DAY + timedelta(days=self.dice.randrange(300)) if self.dice.random() < 0.5 else None

    def add(self, table: type[Any], /, **values: Any) -> Any:
        made = table(id=self.id(), **values)
        self.rows.append(made)
        return made

    def some(self, most: int) -> range:
        return range(self.dice.randrange(most + 1))


def fill(session: Session, seed: int, *, bodies: int = 4) -> None:
    """Write a made-up directory."""
    make = _Maker(seed)
    for _ in range(bodies):
        _body(make)
    session.add_all(make.rows)
    session.flush()


def _body(make: _Maker) -> None:
    body = make.add(
        DirectoryOrganisation,
        name=make.text(),
        alternate_name=make.maybe(make.text()),
        description=make.text(),
        website=make.maybe("https://ente.example/x?y=1"),
        email=make.maybe("ufficio@ente.example"),
    )
    _phones(make, organisation_id=body.id)
    _contacts(make, organisation_id=body.id)
    places = [_place(make, body.id) for _ in range(3)]
    for _ in range(3):
        _service(make, body.id, places)


def _place(make: _Maker, body: str) -> DirectoryLocation:
    has_point = make.dice.random() < 0.5
    place: DirectoryLocation = make.add(
        DirectoryLocation,
        organisation_id=body,
        location_type=make.dice.choice(list(LocationType)),
        url=make.maybe("https://luogo.example"),
        name=make.maybe(make.text()),
        description=make.maybe(make.text()),
        transportation=make.maybe(make.text()),
        address=make.maybe("via Inventata 1"),
        town=make.maybe("Crema"),
        province=make.maybe("CR"),
        postal_code=make.maybe("26013"),
        country="IT",
        latitude=Decimal("45.363") if has_point else None,
        longitude=Decimal("9.7") if has_point else None,
        step_free=make.dice.choice([True, False, None]),
    )
    if not (place.address or place.town or place.postal_code):
        place.province = None  # without an address there is nothing that says it
    for _ in make.some(2):
        make.add(
            DirectoryAccessibility,
            location_id=place.id,
            description=make.text(),
            details=make.maybe(make.text()),
            url=make.maybe("https://accesso.example"),
        )
    _phones(make, location_id=place.id)
    _schedules(make, location_id=place.id)
    _languages(make, location_id=place.id)
    return place


def _service(make: _Maker, body: str, places: list[DirectoryLocation]) -> None:
    checked = make.day()
    service = make.add(
        DirectoryService,
        organisation_id=body,
        name=make.text(),
        alternate_name=make.maybe(make.text()),
        description=make.maybe(make.text()),
        url=make.maybe("https://servizio.example"),
        email=make.maybe("servizio@ente.example"),
        status=make.dice.choice(list(ServiceStatus)),
        fees_description=make.maybe(make.text()),
        eligibility_description=make.maybe(make.text()),
        application_process=make.maybe(make.text()),
        interpretation_services=make.maybe(make.text()),
        minimum_age=make.maybe(14),
        maximum_age=make.maybe(99),
        alert=make.maybe(make.text()),
        topics=[topic for topic in TOPICS if make.dice.random() < 0.2],
        source=make.maybe(make.text()) or "",
        verified_on=checked,
        valid_to=make.maybe(checked + timedelta(days=90)) if checked else make.day(),
        changed_at=datetime(2026, 12, 2, 10, 0, 0, 123000, tzinfo=UTC),
    )
    _phones(make, service_id=service.id)
    _contacts(make, service_id=service.id)
    _schedules(make, service_id=service.id)
    _languages(make, service_id=service.id)
    for _ in make.some(2):
        make.add(
            DirectoryCostOption,
            service_id=service.id,
            option=make.maybe(make.text()),
            currency="EUR",
            amount=make.dice.choice([None, Decimal(0), Decimal("30.46"), Decimal("100.10")]),
            amount_description=make.maybe(make.text()),
            valid_from=make.maybe(DAY),
            valid_to=make.maybe(DAY + timedelta(days=9)),
        )
    for _ in make.some(2):
        make.add(
            DirectoryDocument,
            service_id=service.id,
            document=make.text(),
            uri=make.maybe("https://m.example/a.pdf"),
        )
    for place in make.dice.sample(places, make.dice.randrange(3)):
        at = make.add(
            ServiceAtLocation,
            service_id=service.id,
            location_id=place.id,
            description=make.maybe(make.text()),
        )
        _phones(make, service_at_location_id=at.id)
        _schedules(make, service_at_location_id=at.id)
    for language in make.dice.sample(["en", "ar", "pa", "zh"], make.dice.randrange(4)):
        make.add(
            DirectoryTranslation,
            entry_kind=EntryKind.SERVICE,
            entry_id=service.id,
            field="name",
            language=language,
            text=make.text(),
            source_sha256=hash_of(service.name),
        )


def _contacts(make: _Maker, **owner: str) -> None:
    for _ in make.some(1):
        contact = make.add(DirectoryContact, **owner, department=make.text(), email=make.maybe("a@b.example"))
        _phones(make, contact_id=contact.id)


def _phones(make: _Maker, **owner: str) -> None:
    for _ in make.some(2):
        phone = make.add(
            DirectoryPhone,
            **owner,
            number=f"0373 {make.dice.randrange(10**6):06}",
            kind=make.dice.choice(["voice", "cell", "text"]),
            description=make.maybe(make.text()),
        )
        _languages(make, phone_id=phone.id)


def _languages(make: _Maker, **owner: str) -> None:
    for code in make.dice.sample(["it", "en", "ur", "arb"], make.dice.randrange(3)):
        make.add(DirectoryLanguage, **owner, code=code, note=make.maybe(make.text()))


def _schedules(make: _Maker, **owner: str) -> None:
    for _ in make.some(2):
        kind = make.dice.choice(list(ScheduleKind))
        opens = kind is not ScheduleKind.CLOSED and make.dice.random() < 0.8
        monthly = make.dice.random() < 0.3
        make.add(
            DirectorySchedule,
            **owner,
            kind=kind,
            on_holidays=make.dice.choice(list(HolidayRule)),
            freq=Frequency.MONTHLY if monthly else Frequency.WEEKLY,
            every=make.dice.choice([1, 2]),
            dtstart=DAY,
            byday="1SA,-1FR" if monthly else "MO,WE",
            bymonthday=make.maybe("1,-1") if monthly else None,
            until=make.maybe(DAY + timedelta(days=200)),
            valid_from=make.maybe(DAY),
            valid_to=make.maybe(DAY + timedelta(days=30)),
            opens_at=time(9) if opens else None,
            closes_at=time(12, 30) if opens else None,
            description=make.maybe(make.text()),
        )
