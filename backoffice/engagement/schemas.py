"""Contracts of family assistants as JSON. Sums are gross euros; days are days in Italy."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from backoffice.care_match.models import CareSide
from backoffice.case.schemas import Document
from backoffice.client.schemas import CareLevel, DomesticTask, NightKind, PayPeriod
from backoffice.engagement.beginning import is_told_late
from backoffice.engagement.ending import last_day_of_notice
from backoffice.engagement.models import (
    Engagement,
    EngagementCheck,
    EngagementEnd,
    EngagementState,
    EngagementStep,
    EngagementTerms,
    PayslipCheck,
)
from backoffice.engagement.payslips import difference
from backoffice.engagement.view import EngagementView

Id = Annotated[str, Field(max_length=36)]
Euros = Annotated[Decimal, Field(ge=0, le=20_000, max_digits=7, decimal_places=2)]
Hours = Annotated[int, Field(ge=1, le=168)]
Version = Annotated[int, Field(ge=1, le=2_000_000_000)]
Words = Annotated[str, Field(max_length=2000)]


class EngagementIn(Document):
    """What a contract is drafted from: a match, or a request and a family assistant by their cases."""

    match: Id | None = None
    request: Id | None = None
    worker: Id | None = None


class TermsIn(Document):
    """What a contract says; what is left out stays as it is."""

    tasks: Annotated[list[DomesticTask], Field(max_length=30)] | None = None
    is_trained: bool | None = None
    level: CareLevel | None = None
    live_in: bool | None = None
    hours_week: Hours | None = None
    hours_words: Words | None = None
    nights: NightKind | None = None
    pay_eur: Euros | None = None
    pay_per: PayPeriod | None = None
    has_board: bool | None = None
    has_lodging: bool | None = None
    place: Words | None = None
    holidays: Words | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    trial_days: Annotated[int, Field(ge=0, le=120)] | None = None
    note: Words | None = None
    version: Version | None = None


class ProposeIn(Document):
    """`confirms_unknown`: a coordinator says that it goes on where no source gives the minimum."""

    confirms_unknown: bool = False


class GivenIn(Document):
    """The day on which both got the contract, the worker in their own language too."""

    on: date


class SignIn(Document):
    """The day on which both have signed."""

    on: date
    confirms_unknown: bool = False


class InpsIn(Document):
    """When INPS was told, and under which number."""

    told_at: AwareDatetime
    number: Annotated[str, Field(max_length=60)] | None = None


class ChangeIn(Document):
    """What holds from a day on."""

    from_on: date
    level: CareLevel
    live_in: bool
    hours_week: Hours
    pay_eur: Euros
    pay_per: PayPeriod
    confirms_unknown: bool = False
    version: Version | None = None


class StepIn(Document):
    """How far a step is. Neither day nor `not_needed`: it is open."""

    done_on: date | None = None
    not_needed: bool = False
    document: Id | None = None


class PayslipIn(Document):
    """What was paid for a month, given as any day of it."""

    month: date
    hours: Annotated[Decimal, Field(ge=0, le=744, max_digits=5, decimal_places=2)] | None = None
    paid_eur: Euros
    document: Id | None = None
    note: Words | None = None


class NoticeIn(Document):
    """Who ends the work, and from which day the notice runs."""

    by: Literal[CareSide.FAMILY, CareSide.WORKER]
    on: date


class EndIn(Document):
    """The last day of work, and why. `looks_again`: the family looks for somebody else."""

    on: date
    reason: EngagementEnd
    looks_again: bool = False


class DropIn(Document):
    """Who does not want the contract any more, before the work began."""

    side: CareSide
    words: Words | None = None


class TermsOut(Document):
    """Terms that hold from a day on."""

    from_on: date
    level: CareLevel
    live_in: bool
    hours_week: int
    pay_eur: Decimal
    pay_per: PayPeriod


class StepOut(Document):
    """Something that has to be done by a day."""

    code: str
    due_on: date | None
    done_on: date | None
    not_needed: bool
    late: bool
    document: str | None


class PayslipOut(Document):
    """A month of pay. `short_eur`: by how much less was paid than is due; None: not known."""

    month: date
    hours: Decimal | None
    paid_eur: Decimal
    due_eur: Decimal | None
    short_eur: Decimal | None
    note: str | None


class CheckOut(Document):
    """How the worker was, some weeks after the start. `case`: what their answer opened."""

    id: str
    weeks: int
    due_on: date
    asked: bool
    answer: str | None
    worries: bool | None
    case: str | None


class EngagementOut(Document):
    """A contract. `minimum_eur` None with a day of check: no source gave it, a coordinator let it pass."""

    id: str
    match: str | None
    request: str
    worker: str
    state: EngagementState
    tasks: list[DomesticTask]
    is_trained: bool | None
    level_by_tasks: CareLevel | None
    level: CareLevel | None
    live_in: bool | None
    hours_week: int | None
    hours_words: str | None
    nights: NightKind
    pay_eur: Decimal | None
    pay_per: PayPeriod | None
    minimum_eur: Decimal | None
    minimum_table: str | None
    checked_on: date | None
    has_board: bool | None
    has_lodging: bool | None
    place: str | None
    holidays: str | None
    starts_on: date | None
    ends_on: date | None
    trial_days: int | None
    contract_given_on: date | None
    signed_on: date | None
    inps_told_at: AwareDatetime | None
    inps_late: bool
    inps_number: str | None
    hospitality_on: date | None
    notice_on: date | None
    notice_days: int | None
    notice_until: date | None
    ended_on: date | None
    end_reason: EngagementEnd | None
    severance_eur: Decimal | None
    severance_paid_on: date | None
    note: str | None
    version: int


class EngagementDetail(EngagementOut):
    """A contract with all that belongs to it."""

    terms: list[TermsOut]
    steps: list[StepOut]
    payslips: list[PayslipOut]
    checks: list[CheckOut]


class EngagementList(Document):
    """A page of contracts."""

    items: list[EngagementOut]
    next: str | None


def engagement_out(row: Engagement) -> EngagementOut:
    """Return a contract as JSON."""
    return EngagementOut(**_fields(row))


def detail_out(view: EngagementView) -> EngagementDetail:
    """Return a contract with all that belongs to it."""
    return EngagementDetail(
        **_fields(view.engagement),
        terms=[_terms_out(each) for each in view.terms],
        steps=[step_out(each.row, late=each.is_late) for each in view.steps],
        payslips=[payslip_out(each) for each in view.payslips],
        checks=[_check_out(each) for each in view.checks],
    )


def step_out(row: EngagementStep, *, late: bool) -> StepOut:
    """Return a step as JSON."""
    return StepOut(
        code=row.code,
        due_on=row.due_on,
        done_on=row.done_on,
        not_needed=row.not_needed,
        late=late,
        document=row.document_id,
    )


def payslip_out(row: PayslipCheck) -> PayslipOut:
    """Return a month of pay as JSON."""
    return PayslipOut(
        month=row.month,
        hours=row.hours,
        paid_eur=row.paid_eur,
        due_eur=row.due_eur,
        short_eur=difference(row),
        note=row.note,
    )


def _terms_out(row: EngagementTerms) -> TermsOut:
    return TermsOut(
        from_on=row.from_on,
        level=row.level,
        live_in=row.live_in,
        hours_week=row.hours_week,
        pay_eur=row.pay_eur,
        pay_per=row.pay_per,
    )


def _check_out(row: EngagementCheck) -> CheckOut:
    return CheckOut(
        id=row.id,
        weeks=row.weeks,
        due_on=row.due_on,
        asked=row.asked_at is not None,
        answer=row.answer,
        worries=row.worries,
        case=row.opened_case_id,
    )


_COMPUTED = {"match", "request", "worker", "inps_late", "notice_until"}


def _fields(row: Engagement) -> dict[str, object]:
    values = {name: getattr(row, name) for name in EngagementOut.model_fields if name not in _COMPUTED}
    return {
        **values,
        "match": row.match_id,
        "request": row.request_id,
        "worker": row.worker_id,
        "inps_late": is_told_late(row),
        "notice_until": last_day_of_notice(row),
    }
