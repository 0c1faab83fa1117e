"""Requests of services for a mediator, offers to mediators, and what became of each (domain, project.md 4).

Moments are UTC, days are days in Italy; times of work are counted in quarters of an hour.
"""

from __future__ import annotations

from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.columns import enum_column
from backoffice.database import Base, UtcDateTime, new_id
from backoffice.encryption.columns import SealedText
from backoffice.staff.models import Gender, Staff


class MediationSetting(StrEnum):
    """Where a mediator is wanted. Police and courts have interpreters of their own: they are not served."""

    SOCIAL = "social"
    HEALTH = "health"
    SCHOOL = "school"
    HOUSING = "housing"
    CARE = "care"
    OTHER = "other"


class MediationMode(StrEnum):
    """How the mediator takes part."""

    PRESENCE = "presence"
    PHONE = "phone"
    VIDEO = "video"
    CHAT = "chat"


class MediationState(StrEnum):
    """How far a request is."""

    DRAFT = "draft"
    REQUESTED = "requested"
    APPROVED = "approved"
    """Mediators are offered it."""
    REFUSED = "refused"
    ASSIGNED = "assigned"
    """A mediator has accepted: it is in the calendars."""
    DONE = "done"
    """The mediator has reported; the service has not confirmed the hours yet."""
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"
    CANCELLED_LATE = "cancelled_late"
    DISPUTED = "disputed"
    CONFIRMED = "confirmed"


class MediationRefusal(StrEnum):
    """Why a request is refused: what the coordinator counts."""

    NO_MEDIATOR = "no_mediator"
    NO_HOURS_LEFT = "no_hours_left"
    SETTING_NOT_SERVED = "setting_not_served"
    TOO_LATE = "too_late"
    OTHER = "other"


class LanguageLevel(StrEnum):
    """How well a mediator speaks a language."""

    MOTHER_TONGUE = "mother_tongue"
    FLUENT = "fluent"
    ENOUGH = "enough"


class Missing(StrEnum):
    """Who did not come."""

    PERSON = "person"
    SERVICE = "service"
    MEDIATOR = "mediator"


class MediatorProfile(Base):
    """What is known of a member of staff as a mediator, beside languages and gender.

    `varieties` name a variety of a language by its code: `{"ar": ["egyptian"]}`; `levels` how well one is
    spoken: `{"ar": "mother_tongue"}`. `municipalities`: where they go; none: everywhere.
    `most_hours_month`: None is without a limit.
    """

    __tablename__ = "mediator_profile"
    __sealed_by__ = "organisation_id"

    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), index=True)
    varieties: Mapped[dict[str, list[str]]] = mapped_column(JSON, default=dict)
    levels: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    settings: Mapped[list[str]] = mapped_column(JSON, default=list)
    modes: Mapped[list[str]] = mapped_column(JSON, default=list)
    municipalities: Mapped[list[str]] = mapped_column(JSON, default=list)
    certificate: Mapped[str | None] = mapped_column(String(200))
    most_hours_month: Mapped[int | None]
    phone: Mapped[str | None] = mapped_column(SealedText)
    version: Mapped[int] = mapped_column(default=1)

    staff: Mapped[Staff] = relationship(lazy="raise")


class RosterTime(Base):
    """A stretch of a weekday (0 is Monday) in which a mediator can be asked, on the clock in Italy."""

    __tablename__ = "mediator_roster"
    __table_args__ = (
        UniqueConstraint("staff_id", "weekday", "begins"),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("begins < ends", name="begins_before_it_ends"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"))
    weekday: Mapped[int]
    begins: Mapped[time]
    ends: Mapped[time]


class MediatorAbsence(Base):
    """Days on which a mediator cannot be asked; both days belong to it."""

    __tablename__ = "mediator_absence"
    __table_args__ = (CheckConstraint("until_on >= from_on", name="ends_after_start"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    from_on: Mapped[date]
    until_on: Mapped[date]


class MediationBudget(Base):
    """How many quarters of an hour a body may ask for in a year of the body that has the mediators."""

    __tablename__ = "mediation_budget"
    __table_args__ = (
        UniqueConstraint("organisation_id", "asking_id", "year"),
        CheckConstraint("quarters >= 0", name="quarters"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    asking_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    year: Mapped[int]
    quarters: Mapped[int]
    version: Mapped[int] = mapped_column(default=1)
    changed_by: Mapped[str] = mapped_column(ForeignKey("staff.id"))


class MediationRequest(Base):
    """One request of a service for a mediator. `organisation_id` has the mediators, `asking_id` asks.

    `case_id` None: anonymous, or of a person who has no case here. Sealed by the asking body's key, since
    it is its words on its people.
    """

    __tablename__ = "mediation_request"
    __sealed_by__ = "asking_id"
    __table_args__ = (
        CheckConstraint("minutes BETWEEN 15 AND 480", name="minutes"),
        CheckConstraint("(state = 'refused') = (refusal IS NOT NULL)", name="refused_with_reason"),
        Index("ix_mediation_request_state", "organisation_id", "state", "starts_at"),
        Index("ix_mediation_request_asking", "asking_id", "created_at", "id"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    asking_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    asked_by: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    case_id: Mapped[str | None] = mapped_column(ForeignKey("case_record.id", ondelete="SET NULL"), index=True)
    state: Mapped[MediationState] = mapped_column(enum_column(MediationState, "mediation_state"))
    state_since: Mapped[datetime] = mapped_column(UtcDateTime)
    language: Mapped[str] = mapped_column(String(2))
    variety: Mapped[str | None] = mapped_column(String(40))
    setting: Mapped[MediationSetting] = mapped_column(enum_column(MediationSetting, "mediation_setting"))
    mode: Mapped[MediationMode] = mapped_column(enum_column(MediationMode, "mediation_mode"))
    municipality: Mapped[str | None] = mapped_column(String(80))
    place: Mapped[str | None] = mapped_column(SealedText)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    is_latest: Mapped[bool] = mapped_column(default=False)
    """It may begin at any time until `starts_at`: the coordinator fixes when, before it is offered."""
    minutes: Mapped[int]
    gender_wished: Mapped[Gender | None] = mapped_column(enum_column(Gender, "mediation_gender"))
    topic: Mapped[str | None] = mapped_column(SealedText)
    contact: Mapped[str | None] = mapped_column(SealedText)
    """Whom the mediator asks for, and the phone there."""
    urgent: Mapped[bool] = mapped_column(default=False)
    confidential: Mapped[bool] = mapped_column(default=False)
    """What it is about and where is read only by who has accepted and by those who decide."""
    refusal: Mapped[MediationRefusal | None] = mapped_column(
        enum_column(MediationRefusal, "mediation_refusal")
    )
    decided_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    mediator_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"), index=True)
    worked_quarters: Mapped[int | None]
    travel_quarters: Mapped[int | None]
    report: Mapped[str | None] = mapped_column(SealedText)
    follow_up_wanted: Mapped[bool | None]
    missing: Mapped[Missing | None] = mapped_column(enum_column(Missing, "mediation_missing"))
    disputed_words: Mapped[str | None] = mapped_column(SealedText)
    confirmed_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    calendar_sequence: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class MediationStep(Base):
    """One change of state of a request: by whom, when. `told_at`: since when those concerned have mail."""

    __tablename__ = "mediation_step"
    __table_args__ = (Index("ix_mediation_step_told", "told_at"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    request_id: Mapped[str] = mapped_column(
        ForeignKey("mediation_request.id", ondelete="CASCADE"), index=True
    )
    before: Mapped[str | None] = mapped_column(String(30))
    after: Mapped[str] = mapped_column(String(30))
    actor: Mapped[str] = mapped_column(String(36))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class MediationRemark(StrEnum):
    """What is noted of a request without moving it; a step has it where another has a state."""

    PERSON_CANNOT = "person_cannot"
    """The person said in the chat that they cannot come."""
    NOBODY_FREE = "nobody_free"
    """Nobody was left whom it could be offered to."""


class MediationOfferState(StrEnum):
    """What a mediator answered."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    TAKEN = "taken"
    """Somebody else was first, or the request was called off."""


class MediationDecline(StrEnum):
    """Why a mediator says no."""

    NO_TIME = "no_time"
    TOO_FAR = "too_far"
    TOPIC = "topic"
    CONFLICT = "conflict"
    """They know the person, or are of the same small community: they are not asked again for this person."""
    OTHER = "other"


class MediationOffer(Base):
    """A request offered to one mediator until a moment. The database allows one accepted offer a request."""

    __tablename__ = "mediation_offer"
    __table_args__ = (
        UniqueConstraint("request_id", "staff_id"),
        Index(
            "uq_mediation_offer_accepted",
            "request_id",
            unique=True,
            sqlite_where=text("state = 'accepted'"),
            postgresql_where=text("state = 'accepted'"),
        ),
        Index("ix_mediation_offer_until", "state", "until"),
        Index("ix_mediation_offer_staff", "staff_id", "state"),
        Index("ix_mediation_offer_told", "told_at"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    request_id: Mapped[str] = mapped_column(ForeignKey("mediation_request.id", ondelete="CASCADE"))
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    state: Mapped[MediationOfferState] = mapped_column(
        enum_column(MediationOfferState, "mediation_offer_state")
    )
    reasons: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Codes of why this mediator: knows the person, variety, nearby."""
    because: Mapped[MediationDecline | None] = mapped_column(
        enum_column(MediationDecline, "mediation_decline")
    )
    """Why it was declined, where that was said."""
    until: Mapped[datetime] = mapped_column(UtcDateTime)
    offered_by: Mapped[str] = mapped_column(String(36))
    offered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Since when the mediator has mail about it."""


class MediationConflict(Base):
    """A mediator must not have to do with a person's case: a relative, a small community. Why is not kept."""

    __tablename__ = "mediation_conflict"

    case_id: Mapped[str] = mapped_column(ForeignKey("case_record.id", ondelete="CASCADE"), primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), primary_key=True)
    stated_by: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
