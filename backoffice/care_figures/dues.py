"""What is due beside the pay: 13th month, holidays, contributions, severance, and the family's whole cost.

Each is counted on the pay that was named, or on the minimum where that is higher; where no pay was named, on
the minimum if it is known in whole. Rounded to the cent, half up, at: the month's pay, the 13th, the real
hourly pay, each sum of contributions, the severance. A month has 52 / 12 weeks.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from backoffice.care_figures.files import Rates
from backoffice.care_figures.minimum import minimum_for
from backoffice.care_figures.rules import contributions_on, rule
from backoffice.care_figures.steps import (
    MONTHS_YEAR,
    Step,
    StepCode,
    background_of,
    exact_hour,
    exact_month,
    sources_of,
)
from backoffice.care_figures.terms import Terms
from backoffice.client.schemas import PayPeriod
from backoffice.housing_figures.amounts import euros
from backoffice.housing_figures.figures import Source


@dataclass(frozen=True)
class Contributions:
    """INPS contributions in euros: for an hour and for a month, in all and the worker's part.

    None where the source does not give it: `unknown` says what.
    """

    hour: Decimal | None = None
    worker_hour: Decimal | None = None
    month: Decimal | None = None
    worker_month: Decimal | None = None
    steps: tuple[Step, ...] = ()
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True)
class Dues:
    """What is due beside the pay; euros, and days of holidays. `severance` stands on background figures."""

    month_pay: Decimal | None
    thirteenth: Decimal | None
    holidays: Decimal | None
    contributions: Contributions
    severance: Decimal | None
    family_month: Decimal | None
    """What the family pays in a whole month: pay, part of the 13th, its contributions; without severance
    and Cassacolf."""
    steps: tuple[Step, ...]
    unknown: tuple[str, ...]

    @property
    def sources(self) -> tuple[Source, ...]:
        """Where its figures were read."""
        return sources_of(self.steps)


def dues_of(terms: Terms) -> Dues:
    """Return all that is due beside the pay of some terms."""
    pay = month_pay(terms)
    thirteenth, holidays, severance = _thirteenth(terms, pay), _holidays(terms), _severance(terms, pay)
    taken = contributions_of(terms)
    cost = _family_month(pay, taken)
    steps = [each for each in (thirteenth, holidays) if each]
    steps += taken.steps
    steps += [each for each in (severance, cost) if each]
    named = (("thirteenth", thirteenth), ("holidays", holidays), ("severance", severance))
    missing = [name for name, step in named if step is None]
    return Dues(
        month_pay=pay,
        thirteenth=thirteenth.amount if thirteenth else None,
        holidays=holidays.amount if holidays else None,
        contributions=taken,
        severance=severance.amount if severance else None,
        family_month=cost.amount if cost else None,
        steps=tuple(steps),
        unknown=(*missing, *taken.unknown),
    )


def month_pay(terms: Terms) -> Decimal | None:
    """Return the gross pay of a whole month in euros that the rest is counted on.

    A pay for a part month is counted up to a whole one. Less than the minimum is counted as the minimum.
    """
    least = minimum_for(replace(terms, part_days=None), PayPeriod.MONTH)
    if terms.paid_eur is None:
        return None if least.unknown else least.amount
    paid = _paid_month(terms)
    return paid if paid is None or least.amount is None else max(paid, least.amount)


def _paid_month(terms: Terms) -> Decimal | None:
    assert terms.paid_eur is not None
    if terms.paid_per is PayPeriod.HOUR:
        return euros(exact_month(terms.paid_eur, terms.hours_week))
    days = rule("month_days", terms.on)
    if terms.part_days is None:
        return euros(terms.paid_eur)
    return euros(terms.paid_eur * days.number / terms.part_days) if days else None


def contributions_of(terms: Terms) -> Contributions:
    """Return the contributions of some terms, by the real hourly pay and the hours of the week.

    The pay counts with its 13th month and the board given in kind. Where the worth of the board is not known
    and could change the bracket, the contributions are unknown. Worker's part: only of a permanent contract
    with CUAF is it given. Cassacolf is due besides; its amount is not known.
    """
    found = contributions_on(terms.on)
    if found is None:
        return Contributions(unknown=("contributions",))
    file, sources = found
    steps: list[Step] = []
    if terms.hours_week > file.long_hours:
        rates = file.long
    else:
        hourly = _real_hourly_pay(terms)
        if hourly is None:
            return Contributions(unknown=("contributions",))
        steps.append(hourly)
        rates = next(each for each in file.brackets if each.up_to is None or hourly.amount <= each.up_to)
        if rates.up_to is not None and _has_board(terms):
            return Contributions(steps=tuple(steps), unknown=("contribution_board",))
    return _charged(terms, rates, steps, sources)


def _charged(terms: Terms, rates: Rates, steps: list[Step], sources: tuple[Source, ...]) -> Contributions:
    is_fixed = terms.fixed_term and not terms.replaces_absent
    if terms.without_cuaf:
        hour = rates.fixed_term_without_cuaf if is_fixed else rates.permanent_without_cuaf
    else:
        hour = rates.fixed_term if is_fixed else rates.permanent
    worker = None if is_fixed or terms.without_cuaf else rates.worker
    hours = Decimal(terms.hours_week)
    month = euros(exact_month(hour, terms.hours_week))
    steps = [
        *steps,
        Step(StepCode.CONTRIBUTION_HOUR, hour, {"hours_week": hours}, sources),
        Step(StepCode.CONTRIBUTIONS_MONTH, month, {"per_hour": hour, "hours_week": hours}, sources),
    ]
    unknown = ["cassacolf"]
    worker_month = None
    if worker is None:
        unknown.insert(0, "contribution_worker")
    else:
        worker_month = euros(exact_month(worker, terms.hours_week))
        inputs = {"per_hour": worker, "hours_week": hours}
        steps.append(Step(StepCode.CONTRIBUTION_WORKER_HOUR, worker, {"hours_week": hours}, sources))
        steps.append(Step(StepCode.CONTRIBUTIONS_WORKER_MONTH, worker_month, inputs, sources))
    return Contributions(hour, worker, month, worker_month, tuple(steps), tuple(unknown))


def _real_hourly_pay(terms: Terms) -> Step | None:
    """Return the pay of an hour with its part of the 13th month, without board."""
    parts, pay = rule("thirteenth_parts", terms.on), month_pay(terms)
    if parts is None or pay is None:
        return None
    hour = _hour_named(terms) or exact_hour(pay, terms.hours_week)
    amount = euros(hour * (parts.number + 1) / parts.number)
    return Step(StepCode.REAL_HOURLY_PAY, amount, {"per_hour": euros(hour)}, parts.sources)


def _hour_named(terms: Terms) -> Decimal | None:
    """Return the pay or minimum of an hour where it is for an hour already: no detour over the month."""
    least = minimum_for(terms, PayPeriod.HOUR)
    if terms.paid_eur is None:
        return least.amount
    if terms.paid_per is not PayPeriod.HOUR:
        return None
    return terms.paid_eur if least.amount is None else max(terms.paid_eur, least.amount)


def _has_board(terms: Terms) -> bool:
    """Tell whether meals or bed are given in kind; who lives in has them unless it is denied."""
    return any(given or (given is None and terms.live_in) for given in terms.board)


def _thirteenth(terms: Terms, pay: Decimal | None) -> Step | None:
    parts = rule("thirteenth_parts", terms.on)
    if parts is None or pay is None:
        return None
    amount = euros(pay * terms.months / parts.number)
    inputs = {"month_pay": pay, "months": Decimal(terms.months)}
    return Step(StepCode.THIRTEENTH, amount, inputs, parts.sources)


def _holidays(terms: Terms) -> Step | None:
    days = rule("holiday_days", terms.on)
    if days is None:
        return None
    inputs = {"days_year": days.number, "months": Decimal(terms.months)}
    return Step(StepCode.HOLIDAYS, euros(days.number * terms.months / MONTHS_YEAR), inputs, days.sources)


def _severance(terms: Terms, pay: Decimal | None) -> Step | None:
    """Return the severance of the months worked, not revalued: their pay with the 13th, by a divisor."""
    divisor, thirteenth = rule("severance_divisor", terms.on), _thirteenth(terms, pay)
    if divisor is None or thirteenth is None or pay is None:
        return None
    year = pay * terms.months + thirteenth.amount
    return Step(
        StepCode.SEVERANCE,
        euros(year / divisor.number),
        {"year_pay": year, "divisor": divisor.number},
        divisor.sources,
        background_of(divisor),
    )


def _family_month(pay: Decimal | None, taken: Contributions) -> Step | None:
    """Return what a whole month costs the family. The worker's part is kept from the pay: no more is paid."""
    if pay is None or taken.month is None or taken.worker_month is None:
        return None
    thirteenth, own = euros(pay / MONTHS_YEAR), taken.month - taken.worker_month
    inputs = {"month_pay": pay, "thirteenth": thirteenth, "contributions": own}
    return Step(StepCode.FAMILY_MONTH, pay + thirteenth + own, inputs)
