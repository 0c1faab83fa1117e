"""Days of notice when domestic work ends (CCNL lavoro domestico), of the family and of the worker."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal

from backoffice.care_figures.rules import rule
from backoffice.care_figures.steps import MONTHS_YEAR, Step, StepCode, sources_of
from backoffice.care_figures.terms import HOURS_WEEK, YEARS, require
from backoffice.client.schemas import CareLevel, NoticeBy
from backoffice.housing_figures.figures import Figure, Source

_PERCENT = 100
_CODES = ("hours", "years", "days", "days_beyond")
_DAYS_LATER = Decimal("0.001")


@dataclass(frozen=True)
class Notice:
    """Days of notice; None where the source does not decide: `possible` says between which days."""

    days: int | None
    possible: tuple[int, ...] = ()
    doubled: bool = False
    steps: tuple[Step, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def sources(self) -> tuple[Source, ...]:
        """Where its figures were read."""
        return sources_of(self.steps)


@dataclass(frozen=True)
class Trial:
    """How many working days a trial lasts at most; a background figure: checked before it is told."""

    days: int
    to_check: str


def notice_of(
    ends_by: NoticeBy,
    *,
    on: date,
    hours_week: int,
    years: Decimal,
    keeper_with_home: bool = False,
    near_maternity: bool = False,
) -> Notice:
    """Return how many days of notice there are.

    Args:
        ends_by: who ends the work. The worker's notice is half the family's, rounded up to a whole day.
        on: the day on which notice is given.
        hours_week: of work.
        years: with this employer, with what is over whole years (`years_between`).
        keeper_with_home: a keeper who lives in a home of the family: 30 or 60 days, by years not known.
        near_maternity: within 31 days from the end of maternity leave: the family's notice is doubled.

    Raises:
        TermsRefused: hours or years that no work has.
    """
    require("hours_week", hours_week, HOURS_WEEK)
    require("years_with_employer", years, YEARS)
    if keeper_with_home:
        return _of_keeper(ends_by, on, near_maternity=near_maternity)
    long = rule("notice_long_hours", on)
    if long is None:
        return Notice(None, unknown=("notice",))
    kind = "long" if hours_week >= long.number else "short"
    limit, days, beyond = (_rule(f"notice_{kind}_{each}", on) for each in _CODES[1:])
    found = days if years <= limit.number else beyond
    inputs = {"hours_week": Decimal(hours_week), "years": years, "up_to_years": limit.number}
    steps = [Step(StepCode.NOTICE, found.number, inputs, (*found.sources, *long.sources))]
    if ends_by is NoticeBy.WORKER:
        steps.append(_halved(found.number, on))
    elif near_maternity:
        steps.append(_doubled(found.number, on))
    doubled = near_maternity and ends_by is NoticeBy.FAMILY
    return Notice(int(steps[-1].amount), (), doubled, tuple(steps))


def last_day(given_on: date, days: int) -> date:
    """Return the last day of a notice given on a day: that day is not counted, the days are calendar days."""
    return given_on + timedelta(days=days)


def years_between(start: date, on: date) -> Decimal:
    """Return the years from a day to another, in whole months, and a thousandth where days are over.

    So whoever began five years and a day ago has more than five years. Before the start it is 0.
    """
    if on <= start:
        return Decimal(0)
    months = (on.year - start.year) * MONTHS_YEAR + on.month - start.month
    over = on.day - start.day
    if over < 0:
        months -= 1
    years = (Decimal(months) / MONTHS_YEAR).quantize(_DAYS_LATER)
    return years + _DAYS_LATER if over else years


def trial_of(level: CareLevel, *, live_in: bool, on: date) -> Trial | None:
    """Return the longest trial: 30 working days living in or at level D and DS, 8 otherwise (background)."""
    is_long = live_in or level in (CareLevel.D, CareLevel.DS)
    code = "trial_days_live_in" if live_in else "trial_days_d" if is_long else "trial_days_other"
    found = rule(code, on)
    return None if found is None else Trial(int(found.number), code)


def _of_keeper(ends_by: NoticeBy, on: date, *, near_maternity: bool) -> Notice:
    least, most = rule("notice_keeper_days", on), rule("notice_keeper_days_beyond", on)
    if least is None or most is None:
        return Notice(None, unknown=("notice",))
    steps = (Step(StepCode.NOTICE, least.number, {"beyond": most.number}, least.sources),)
    if ends_by is NoticeBy.WORKER:
        return Notice(None, steps=(), unknown=("notice_keeper_worker",))
    unknown = ["notice_keeper_years", *(["notice_keeper_maternity"] if near_maternity else [])]
    return Notice(None, (int(least.number), int(most.number)), False, steps, tuple(unknown))


def _halved(days: Decimal, on: date) -> Step:
    part = _rule("notice_worker_percent", on)
    half = (days * part.number / _PERCENT).to_integral_value(ROUND_CEILING)
    return Step(StepCode.NOTICE_WORKER, half, {"days": days, "percent": part.number}, part.sources)


def _doubled(days: Decimal, on: date) -> Step:
    times = _rule("notice_maternity_times", on)
    inputs = {"days": days, "times": times.number}
    return Step(StepCode.NOTICE_DOUBLED, days * times.number, inputs, times.sources)


def _rule(code: str, on: date) -> Figure:
    """Return a figure of the same file as the one that was found for the day."""
    found = rule(code, on)
    if found is None:
        raise LookupError(f"{code} is missing on {on.isoformat()}")
    return found
