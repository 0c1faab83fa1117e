"""The directory of services, in the words of Open Referral HSDS 3: bodies, their services and places.

What hangs on them stands in `directory.part_models`. Texts are Italian; days and hours are those of Italy.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Numeric, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.columns import enum_column
from backoffice.database import Base, UtcDateTime, new_id
from backoffice.directory.part_models import (
    DirectoryAccessibility,
    DirectoryContact,
    DirectoryCostOption,
    DirectoryDocument,
    DirectoryLanguage,
    DirectoryPhone,
    DirectorySchedule,
    own,
    part_of,
)
from backoffice.staff.models import Organisation


class ServiceStatus(StrEnum):
    """How a service is, as HSDS has it; only an `active` one is shown to people."""

    ACTIVE = "active"
    INACTIVE = "inactive"
    DEFUNCT = "defunct"
    TEMPORARILY_CLOSED = "temporarily closed"


class LocationType(StrEnum):
    """What kind of place it is, as HSDS has it: a line that is called is `virtual`."""

    PHYSICAL = "physical"
    POSTAL = "postal"
    VIRTUAL = "virtual"


class ReviewReason(StrEnum):
    """Why somebody has to look at an entry."""

    PAST_VALID_TO = "past_valid_to"
    REPORTED = "reported"


class DirectoryOrganisation(Base):
    """A body that gives services. `staff_organisation_id` where its staff work in Sportello."""

    __tablename__ = "directory_organisation"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    staff_organisation_id: Mapped[str | None] = mapped_column(ForeignKey("organisation.id"), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    alternate_name: Mapped[str | None] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text, default="", server_default="")
    website: Mapped[str | None] = mapped_column(String(300))
    email: Mapped[str | None] = mapped_column(String(254))
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    staff_organisation: Mapped[Organisation | None] = relationship(lazy="raise")
    services: Mapped[list[DirectoryService]] = relationship(
        back_populates="organisation", order_by="DirectoryService.name", lazy="raise"
    )
    locations: Mapped[list[DirectoryLocation]] = relationship(
        back_populates="organisation", order_by="DirectoryLocation.id", lazy="raise"
    )
    phones: Mapped[list[DirectoryPhone]] = own("DirectoryPhone")
    contacts: Mapped[list[DirectoryContact]] = own("DirectoryContact")


class DirectoryService(Base):
    """A service of a body. `verified_on`: when somebody last checked it; after `valid_to` "call first".

    `source`: the page or the paper that it stands on. `topics` are topics of the guide.
    """

    __tablename__ = "directory_service"
    __table_args__ = (
        CheckConstraint("valid_to >= verified_on", name="dates_in_order"),
        Index("ix_directory_service_valid_to", "status", "valid_to"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("directory_organisation.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    alternate_name: Mapped[str | None] = mapped_column(String(200))
    description: Mapped[str | None] = mapped_column(Text)
    url: Mapped[str | None] = mapped_column(String(300))
    email: Mapped[str | None] = mapped_column(String(254))
    status: Mapped[ServiceStatus] = mapped_column(
        enum_column(ServiceStatus, "directory_service_status"), default=ServiceStatus.ACTIVE
    )
    fees_description: Mapped[str | None] = mapped_column(Text)
    eligibility_description: Mapped[str | None] = mapped_column(Text)
    application_process: Mapped[str | None] = mapped_column(Text)
    interpretation_services: Mapped[str | None] = mapped_column(Text)
    minimum_age: Mapped[int | None]
    maximum_age: Mapped[int | None]
    alert: Mapped[str | None] = mapped_column(Text)
    topics: Mapped[list[str]] = mapped_column(JSON, default=list)
    source: Mapped[str] = mapped_column(String(300), default="", server_default="")
    verified_on: Mapped[date | None]
    valid_to: Mapped[date | None]
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    organisation: Mapped[DirectoryOrganisation] = relationship(back_populates="services", lazy="raise")
    at_locations: Mapped[list[ServiceAtLocation]] = relationship(
        back_populates="service",
        order_by="ServiceAtLocation.id",
        cascade="all",
        passive_deletes=True,
        lazy="raise",
    )
    phones: Mapped[list[DirectoryPhone]] = own("DirectoryPhone")
    schedules: Mapped[list[DirectorySchedule]] = own("DirectorySchedule")
    languages: Mapped[list[DirectoryLanguage]] = own("DirectoryLanguage")
    cost_options: Mapped[list[DirectoryCostOption]] = own("DirectoryCostOption")
    required_documents: Mapped[list[DirectoryDocument]] = own("DirectoryDocument")
    contacts: Mapped[list[DirectoryContact]] = own("DirectoryContact")


class DirectoryLocation(Base):
    """A place of a body. Latitude and longitude: WGS 84, to three digits, about a hundred metres."""

    __tablename__ = "directory_location"
    __table_args__ = (
        CheckConstraint("latitude BETWEEN -90 AND 90", name="latitude"),
        CheckConstraint("longitude BETWEEN -180 AND 180", name="longitude"),
        CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="both_or_neither"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("directory_organisation.id"), index=True)
    location_type: Mapped[LocationType] = mapped_column(
        enum_column(LocationType, "directory_location_type"), default=LocationType.PHYSICAL
    )
    url: Mapped[str | None] = mapped_column(String(300))
    name: Mapped[str | None] = mapped_column(String(200))
    description: Mapped[str | None] = mapped_column(Text)
    transportation: Mapped[str | None] = mapped_column(Text)
    address: Mapped[str | None] = mapped_column(String(200))
    """Street and number; None where only the town is known."""
    town: Mapped[str | None] = mapped_column(String(80), index=True)
    province: Mapped[str | None] = mapped_column(String(80))
    postal_code: Mapped[str | None] = mapped_column(String(10))
    country: Mapped[str] = mapped_column(String(2), default="IT", server_default="IT")
    latitude: Mapped[Decimal | None] = mapped_column(Numeric(6, 3))
    longitude: Mapped[Decimal | None] = mapped_column(Numeric(6, 3))
    step_free: Mapped[bool | None]
    """Whether a wheelchair comes in; None: nobody has looked."""
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    organisation: Mapped[DirectoryOrganisation] = relationship(back_populates="locations", lazy="raise")
    accessibility: Mapped[list[DirectoryAccessibility]] = own("DirectoryAccessibility")
    phones: Mapped[list[DirectoryPhone]] = own("DirectoryPhone")
    schedules: Mapped[list[DirectorySchedule]] = own("DirectorySchedule")
    languages: Mapped[list[DirectoryLanguage]] = own("DirectoryLanguage")


class ServiceAtLocation(Base):
    """A service in one of its places. Its own hours and phones come before those of service and place."""

    __tablename__ = "directory_service_at_location"
    __table_args__ = (UniqueConstraint("service_id", "location_id"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    service_id: Mapped[str] = mapped_column(ForeignKey("directory_service.id", ondelete="CASCADE"))
    location_id: Mapped[str] = part_of("directory_location")
    description: Mapped[str | None] = mapped_column(Text)

    service: Mapped[DirectoryService] = relationship(back_populates="at_locations", lazy="raise")
    location: Mapped[DirectoryLocation] = relationship(lazy="raise")
    phones: Mapped[list[DirectoryPhone]] = own("DirectoryPhone")
    schedules: Mapped[list[DirectorySchedule]] = own("DirectorySchedule")


class DirectoryReview(Base):
    """A task: somebody has to check a service again. At most one is open for each service."""

    __tablename__ = "directory_review"
    __table_args__ = (
        Index(
            "uq_directory_review_open",
            "service_id",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    service_id: Mapped[str] = part_of("directory_service")
    reason: Mapped[ReviewReason] = mapped_column(enum_column(ReviewReason, "directory_review_reason"))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))

    service: Mapped[DirectoryService] = relationship(lazy="raise")
