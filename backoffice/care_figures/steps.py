"""The steps of a computation: each with its amount, what it was made of, and where its figures were read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from backoffice.housing_figures.figures import Figure, Source, Standing

WEEKS_YEAR = 52
MONTHS_YEAR = 12


class StepCode(StrEnum):
    """What a step works out. Sums are gross euros to the cent; those of days say so."""

    TABLE_MINIMUM = "table_minimum"
    """The cell of the table in force."""
    INDEMNITY = "indemnity"
    """Of level D and DS, where the table has it apart."""
    SENIORITY = "seniority"
    """`base` x `percent` x `steps`: one step for every so many years with the same employer."""
    CERTIFICATE = "certificate"
    """UNI 11766, living in."""
    MINIMUM = "minimum"
    """The sum of the steps before."""
    MONTH_OF_HOURS = "month_of_hours"
    """`per_hour` x `hours_week` x 52 / 12."""
    HOUR_OF_MONTH = "hour_of_month"
    """`per_month` x 12 / (52 x `hours_week`)."""
    PART_MONTH = "part_month"
    """`per_month` x `days` / `of_days`."""
    THIRTEENTH = "thirteenth"
    """`month_pay` x `months` / 12."""
    HOLIDAYS = "holidays"
    """Working days: `days_year` x `months` / 12."""
    REAL_HOURLY_PAY = "real_hourly_pay"
    """`per_hour` with its part of the 13th month."""
    CONTRIBUTION_HOUR = "contribution_hour"
    CONTRIBUTION_WORKER_HOUR = "contribution_worker_hour"
    CONTRIBUTIONS_MONTH = "contributions_month"
    CONTRIBUTIONS_WORKER_MONTH = "contributions_worker_month"
    SEVERANCE = "severance"
    """(`year_pay`) / `divisor`."""
    FAMILY_MONTH = "family_month"
    """Pay, the month's part of the 13th, and the family's part of the contributions."""
    NOTICE = "notice"
    """Days."""
    NOTICE_DOUBLED = "notice_doubled"
    NOTICE_WORKER = "notice_worker"


@dataclass(frozen=True)
class Step:
    """One step. `to_check`: codes of figures that are background: nobody is told them as a fact."""

    code: StepCode
    amount: Decimal
    inputs: Mapping[str, Decimal] = field(default_factory=dict)
    sources: tuple[Source, ...] = ()
    to_check: tuple[str, ...] = ()


def background_of(*figures: Figure) -> tuple[str, ...]:
    """Return the codes of the figures that are to be checked before they are told."""
    return tuple(each.code for each in figures if each.standing is Standing.BACKGROUND)


def sources_of(steps: Iterable[Step]) -> tuple[Source, ...]:
    """Return every source of some steps once."""
    return tuple({source.page: source for step in steps for source in step.sources}.values())


def to_check_of(steps: Iterable[Step]) -> tuple[str, ...]:
    """Return every code of a background figure once."""
    return tuple(dict.fromkeys(code for step in steps for code in step.to_check))


def exact_month(per_hour: Decimal, hours_week: int) -> Decimal:
    """Return what an hourly sum is a month, not rounded: 52 weeks in 12 months."""
    return per_hour * hours_week * WEEKS_YEAR / MONTHS_YEAR


def exact_hour(per_month: Decimal, hours_week: int) -> Decimal:
    """Return what a monthly sum is an hour, not rounded."""
    return per_month * MONTHS_YEAR / (WEEKS_YEAR * hours_week)
