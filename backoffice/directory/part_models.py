"""What hangs on the entries of the directory, as HSDS has it: phones, hours, languages, costs, papers.

And offices, never people. Other languages than Italian stand in `DirectoryTranslation`.
"""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, MappedColumn, Relationship, mapped_column, relationship

from backoffice.columns import enum_column
from backoffice.database import Base, new_id


class Frequency(StrEnum):
    """How a schedule comes again (RFC 5545, as far as HSDS takes it)."""

    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"


class ScheduleKind(StrEnum):
    """Hours that hold as a rule, hours that take their place on some days, or days that are closed."""

    REGULAR = "regular"
    SPECIAL = "special"
    CLOSED = "closed"


class HolidayRule(StrEnum):
    """What a rule's hours mean on a public holiday."""

    CLOSED = "closed"
    OPEN = "open"
    UNKNOWN = "unknown"


class EntryKind(StrEnum):
    """What has texts that are translated."""

    ORGANISATION = "organization"
    SERVICE = "service"
    LOCATION = "location"
    SERVICE_AT_LOCATION = "service_at_location"
    SCHEDULE = "schedule"
    COST_OPTION = "cost_option"
    REQUIRED_DOCUMENT = "required_document"
    ACCESSIBILITY = "accessibility"
    PHONE = "phone"
    CONTACT = "contact"


def _one_of(*columns: str) -> CheckConstraint:
    """Return the check that a row belongs to exactly one thing."""
    given = " + ".join(f"CASE WHEN {column} IS NULL THEN 0 ELSE 1 END" for column in columns)
    return CheckConstraint(f"{given} = 1", name="one_owner")


def part_of(table: str) -> MappedColumn[Any]:
    """Return the column of whose part a row is: it goes when that goes."""
    return mapped_column(ForeignKey(f"{table}.id", ondelete="CASCADE"), index=True)


def own(kind: str) -> Relationship[Any]:
    """Return the list of an entry's parts of a kind, in the order of their ids: they go with it."""
    return relationship(order_by=f"{kind}.id", cascade="all", passive_deletes=True, lazy="raise")


class DirectoryContact(Base):
    """An office that one turns to: never a person's name (the directory has no personal data)."""

    __tablename__ = "directory_contact"
    __table_args__ = (_one_of("organisation_id", "service_id"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    organisation_id: Mapped[str | None] = part_of("directory_organisation")
    service_id: Mapped[str | None] = part_of("directory_service")
    department: Mapped[str] = mapped_column(String(200))
    email: Mapped[str | None] = mapped_column(String(254))

    phones: Mapped[list[DirectoryPhone]] = own("DirectoryPhone")


class DirectoryPhone(Base):
    """A number as people dial it, of exactly one body, service, place, service in a place or office."""

    __tablename__ = "directory_phone"
    __table_args__ = (
        _one_of("organisation_id", "service_id", "location_id", "service_at_location_id", "contact_id"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    organisation_id: Mapped[str | None] = part_of("directory_organisation")
    service_id: Mapped[str | None] = part_of("directory_service")
    location_id: Mapped[str | None] = part_of("directory_location")
    service_at_location_id: Mapped[str | None] = part_of("directory_service_at_location")
    contact_id: Mapped[str | None] = part_of("directory_contact")
    number: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(20), default="voice", server_default="voice")
    """A type of RFC 6350: `voice`, `cell`, `text`, `fax`."""
    description: Mapped[str | None] = mapped_column(Text)

    languages: Mapped[list[DirectoryLanguage]] = own("DirectoryLanguage")


class DirectoryLanguage(Base):
    """A language that is spoken at a service, a place or a phone. `code` is ISO 639-1 or 639-3."""

    __tablename__ = "directory_language"
    __table_args__ = (
        _one_of("service_id", "location_id", "phone_id"),
        Index("ix_directory_language_code", "code"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    service_id: Mapped[str | None] = part_of("directory_service")
    location_id: Mapped[str | None] = part_of("directory_location")
    phone_id: Mapped[str | None] = part_of("directory_phone")
    code: Mapped[str] = mapped_column(String(3))
    note: Mapped[str | None] = mapped_column(String(300))


class DirectorySchedule(Base):
    """Hours of a service, a place or a service in a place, as a rule of RFC 5545; see `directory.opening`.

    `closes_at` at or before `opens_at` is on the next day; 00:00 to 23:59 is round the clock (HSDS). Without
    hours it says only in words (`description`) when to come. `valid_from` and `valid_to` hold both.
    """

    __tablename__ = "directory_schedule"
    __table_args__ = (
        _one_of("service_id", "location_id", "service_at_location_id"),
        CheckConstraint("(opens_at IS NULL) = (closes_at IS NULL)", name="both_hours"),
        CheckConstraint("valid_to >= valid_from", name="dates_in_order"),
        CheckConstraint("every >= 1", name="every"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    service_id: Mapped[str | None] = part_of("directory_service")
    location_id: Mapped[str | None] = part_of("directory_location")
    service_at_location_id: Mapped[str | None] = part_of("directory_service_at_location")
    kind: Mapped[ScheduleKind] = mapped_column(
        enum_column(ScheduleKind, "directory_schedule_kind"), default=ScheduleKind.REGULAR
    )
    on_holidays: Mapped[HolidayRule] = mapped_column(
        enum_column(HolidayRule, "directory_holiday_rule"), default=HolidayRule.CLOSED
    )
    freq: Mapped[Frequency | None] = mapped_column(enum_column(Frequency, "directory_frequency"))
    every: Mapped[int] = mapped_column(default=1, server_default="1")
    """HSDS's `interval`: 2 is every second week, or month, counted from `dtstart`."""
    byday: Mapped[str | None] = mapped_column(String(60))
    """`MO,WE`; with MONTHLY also `1SA`, `-1FR`."""
    bymonthday: Mapped[str | None] = mapped_column(String(100))
    dtstart: Mapped[date | None]
    until: Mapped[date | None]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    opens_at: Mapped[time | None]
    closes_at: Mapped[time | None]
    description: Mapped[str | None] = mapped_column(Text)


class DirectoryCostOption(Base):
    """What a service costs, in one case. `currency` is ISO 4217; an amount of 0 is free."""

    __tablename__ = "directory_cost_option"
    __table_args__ = (CheckConstraint("amount >= 0", name="amount"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    service_id: Mapped[str] = part_of("directory_service")
    option: Mapped[str | None] = mapped_column(String(200))
    amount: Mapped[Decimal | None] = mapped_column(Numeric(10, 2))
    currency: Mapped[str] = mapped_column(String(3), default="EUR", server_default="EUR")
    amount_description: Mapped[str | None] = mapped_column(String(300))
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]


class DirectoryDocument(Base):
    """A paper that one brings."""

    __tablename__ = "directory_required_document"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    service_id: Mapped[str] = part_of("directory_service")
    document: Mapped[str] = mapped_column(Text)
    uri: Mapped[str | None] = mapped_column(String(300))


class DirectoryAccessibility(Base):
    """How a place is reached and used by people with a disability."""

    __tablename__ = "directory_accessibility"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    location_id: Mapped[str] = part_of("directory_location")
    description: Mapped[str] = mapped_column(Text)
    details: Mapped[str | None] = mapped_column(Text)
    url: Mapped[str | None] = mapped_column(String(300))


class DirectoryTranslation(Base):
    """A text of an entry in another language. `source_sha256`: of the Italian that it translates.

    It is stale, and no longer shown, when the Italian has changed since.
    """

    __tablename__ = "directory_translation"
    __table_args__ = (UniqueConstraint("entry_kind", "entry_id", "field", "language"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    entry_kind: Mapped[EntryKind] = mapped_column(enum_column(EntryKind, "directory_entry_kind"))
    entry_id: Mapped[str] = mapped_column(String(36), index=True)
    field: Mapped[str] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(3))
    text: Mapped[str] = mapped_column(Text)
    source_sha256: Mapped[str] = mapped_column(String(64))
