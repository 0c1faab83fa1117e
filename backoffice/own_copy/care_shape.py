"""Care work in the copy's file: the register, requests, proposals, contracts and courses."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from backoffice.own_copy.part import Part


class GainedSkill(Part):
    """A skill of a family assistant, and how the desk recognised it."""

    skill: str
    origin: str
    years: int | None
    recognition: str | None
    recognised_on: date | None
    note: str | None


class WorkedTime(Part):
    """A time of work in a home; hours are those of a week."""

    started_on: date
    ended_on: date | None
    is_regular: bool
    is_in_italy: bool
    hours_week: int | None
    note: str | None


class ToldOf(Part):
    """A family that the person named as a reference; what it said is not in the copy."""

    name: str
    phone: str | None
    may_be_called: bool
    called_on: date | None


class ProvedRule(Part):
    """What the desk noted of a condition of the register."""

    rule: str
    is_met: bool | None
    shown_on: date | None
    note: str | None


class AbsentDays(Part):
    """Days on which the person cannot work."""

    from_on: date
    until_on: date
    note: str | None


class RegisterEntry(Part):
    """The person's entry in the register of family assistants. `week`: weekday (Monday 0) and times."""

    state: str
    since: datetime
    reason: str | None
    reason_words: str | None
    registered_on: date | None
    permit_expires_on: date | None
    shows_profile: bool
    shows_profile_on: date | None
    documents_wanted: list[str]
    interview_at: datetime | None
    interviewed_on: date | None
    interview_words: str | None
    skills: list[GainedSkill]
    work: list[WorkedTime]
    references: list[ToldOf]
    proofs: list[ProvedRule]
    week: list[str]
    absences: list[AbsentDays]


class RequestEntry(Part):
    """How far a family's request for care is; what it needs is the intake."""

    state: str
    since: datetime
    ended_why: str | None
    visited_on: date | None
    visit_words: str | None
    email: str | None


class PaidMonth(Part):
    """A month of pay that was looked at: what was paid, what was due; euros, `month` is its first day."""

    month: date
    hours: Decimal | None
    paid_eur: Decimal
    due_eur: Decimal | None


class ToldCheck(Part):
    """How the worker said that it goes, some weeks after the start; only in the worker's copy."""

    weeks: int
    asked_at: datetime | None
    answer: str | None
    outcome: str | None


class ContractEntry(Part):
    """A contract of work in a home. Sums are gross euros."""

    state: str
    since: datetime
    level: str | None
    tasks: list[str]
    live_in: bool | None
    hours_week: int | None
    hours_words: str | None
    pay_eur: Decimal | None
    pay_per: str | None
    place: str | None
    holidays: str | None
    starts_on: date | None
    ends_on: date | None
    signed_on: date | None
    inps_told_at: datetime | None
    notice_on: date | None
    ended_on: date | None
    end_reason: str | None
    severance_eur: Decimal | None
    paid: list[PaidMonth]
    checks: list[ToldCheck]


class ProposalEntry(Part):
    """A family assistant who was proposed to a family: by number and town, nothing of the other side."""

    number: int | None
    town: str | None
    state: str
    since: datetime
    said: bool | None
    refused_by: str | None
    reason: str | None
    words: str | None
    interview_at: datetime | None
    interview_place: str | None
    trial_from: date | None
    trial_until: date | None


class DayThere(Part):
    """Hours of attendance on a day."""

    day: date
    hours: float


class CourseEntry(Part):
    """A course that the person waited for or was in; without a title: the next one of the kind."""

    kind: str
    title: str | None
    provider: str | None
    starts_on: date | None
    state: str
    since: datetime
    waiting_since: datetime
    certificate_on: date | None
    note: str | None
    days: list[DayThere]
