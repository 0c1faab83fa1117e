"""The minimum pay of a day, and the check that no work is offered below it.

Rounded to the cent, half up, at: seniority, the change of period, the part of a month. What the table of
the day does not give is in `unknown`; the amount is then the part that is certain, or None.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from backoffice.care_figures.files import ANY_LEVEL, BOARD_PARTS, PayTable
from backoffice.care_figures.levels import Proposal, level_of
from backoffice.care_figures.rules import Cell, cell, rule
from backoffice.care_figures.steps import (
    Step,
    StepCode,
    background_of,
    exact_hour,
    exact_month,
    sources_of,
    to_check_of,
)
from backoffice.care_figures.terms import Terms
from backoffice.client.schemas import CareLevel, NightKind, PayPeriod, PayVerdict
from backoffice.housing_figures.amounts import euros
from backoffice.housing_figures.figures import Source

REDUCED_LEVELS = (CareLevel.B, CareLevel.BS, CareLevel.C)
"""Those who live in for up to 30 hours (CCNL lavoro domestico, art. 14)."""
_PERCENT = 100


@dataclass(frozen=True)
class Minimum:
    """The gross minimum in euros for `per`; with `unknown` it is the part that is certain."""

    proposal: Proposal
    per: PayPeriod
    amount: Decimal | None
    steps: tuple[Step, ...] = ()
    unknown: tuple[str, ...] = ()
    cell: Cell | None = None

    @property
    def level(self) -> CareLevel | None:
        """The level that counts."""
        return self.proposal.level

    @property
    def table(self) -> str | None:
        """Which cell of which file it stands on, like `pay_2026:hour:BS`; at most 60 letters."""
        return self.cell.table if self.cell else None

    @property
    def is_least(self) -> bool:
        """Whether the true minimum may be higher."""
        return self.amount is not None and bool(self.unknown)

    @property
    def sources(self) -> tuple[Source, ...]:
        """Where its figures were read."""
        pages = {each.page: each for each in (*sources_of(self.steps), *self.proposal.sources)}
        return tuple(pages.values())

    @property
    def to_check(self) -> tuple[str, ...]:
        """Codes of the background figures in it."""
        return to_check_of(self.steps)


@dataclass(frozen=True)
class PayCheck:
    """Whether a pay is at least the minimum of its day (CCNL lavoro domestico; art. 9 for the level).

    `minimum` and `short` (by how much the pay is less, in euros) are for `per`, the period of the pay.
    `BELOW` is certain, whatever else is unknown. `UNKNOWN`: the pay is not below the part that is certain,
    and `unknown` says which codes the source does not give. `to_check`: background figures in it.
    """

    verdict: PayVerdict
    minimum: Minimum
    short: Decimal | None
    hours_limit: int | None
    hours_over: int

    @property
    def per(self) -> PayPeriod:
        """What minimum, pay and `short` are for."""
        return self.minimum.per

    @property
    def unknown(self) -> tuple[str, ...]:
        """Codes of what the source does not give."""
        return self.minimum.unknown

    @property
    def to_check(self) -> tuple[str, ...]:
        """Codes of background figures: checked before they are told."""
        return self.minimum.to_check


def minimum_of(terms: Terms) -> Minimum:
    """Return the minimum in the period of its table: a month living in or of nights, an hour otherwise."""
    proposal = level_of(terms)
    table = _table_of(terms, proposal.level)
    per = PayPeriod.HOUR if table in (PayTable.HOUR, PayTable.REST_COVER_HOUR) else PayPeriod.MONTH
    row = ANY_LEVEL if table is PayTable.NIGHT_PRESENCE_MONTH else proposal.level
    if row is None:
        return Minimum(proposal, per, None, (), proposal.unknown)
    found = cell(table, row, terms.on)
    open_ = () if row == ANY_LEVEL else proposal.unknown
    if found is None:
        return Minimum(proposal, per, None, (), (table.value, *open_))
    steps = [Step(StepCode.TABLE_MINIMUM, found.euros, sources=found.sources)]
    if found.indemnity:
        steps.append(Step(StepCode.INDEMNITY, found.indemnity, sources=found.sources))
    unknown = [*(["indemnity"] if found.indemnity_unknown else []), *open_]
    for more, missing in (_seniority(terms, found), _certificate(terms)):
        steps += more
        unknown += missing
    unknown += _not_in_the_table(terms)
    total = sum((each.amount for each in steps), Decimal(0))
    steps.append(Step(StepCode.MINIMUM, total))
    return Minimum(proposal, per, total, tuple(steps), tuple(unknown), found)


def minimum_for(terms: Terms, per: PayPeriod) -> Minimum:
    """Return the minimum for an hour or a month; of a part month where the terms say one."""
    found = minimum_of(terms)
    if found.amount is not None and found.per is not per:
        found = _changed(found, terms.hours_week, per)
    if found.amount is None or per is PayPeriod.HOUR or terms.part_days is None:
        return replace(found, per=per)
    of_days = rule("month_days", terms.on)
    if of_days is None:
        return replace(found, amount=None, unknown=(*found.unknown, "month_days"))
    if terms.part_days == of_days.number:
        return found
    amount = euros(found.amount * terms.part_days / of_days.number)
    inputs = {
        "per_month": found.amount,
        "days": Decimal(terms.part_days),
        "of_days": of_days.number,
    }
    step = Step(StepCode.PART_MONTH, amount, inputs, of_days.sources, background_of(of_days))
    return replace(found, amount=amount, steps=(*found.steps, step))


def check_pay(terms: Terms) -> PayCheck:
    """Tell whether the pay of some terms is at least the minimum of their day, and by how much it is not.

    Raises:
        ValueError: the terms name no pay.
    """
    if terms.paid_eur is None or terms.paid_per is None:
        raise ValueError("no pay to check")
    found = minimum_for(terms, terms.paid_per)
    limit = hours_limit(terms)
    over = max(terms.hours_week - limit, 0) if limit is not None else 0
    if found.amount is not None and terms.paid_eur < found.amount:
        return PayCheck(PayVerdict.BELOW, found, found.amount - terms.paid_eur, limit, over)
    verdict = PayVerdict.UNKNOWN if found.amount is None or found.unknown else PayVerdict.ENOUGH
    return PayCheck(verdict, found, None, limit, over)


def hours_limit(terms: Terms) -> int | None:
    """Return how many hours a week are allowed at most; None: no source says, as for nights."""
    if terms.nights is not NightKind.NONE and not terms.live_in:
        return None
    found = rule("live_in_hours_week" if terms.live_in else "hourly_hours_week", terms.on)
    return None if found is None else int(found.number)


def seniority_steps(terms: Terms) -> tuple[int, bool]:
    """Return how many steps of seniority there are, and whether the limit cut them."""
    years, most = rule("seniority_years", terms.on), rule("seniority_most", terms.on)
    if years is None or most is None:
        return 0, False
    reached = int(terms.years // years.number)
    return min(reached, int(most.number)), reached > most.number


def _table_of(terms: Terms, level: CareLevel | None) -> PayTable:
    """Return which table counts. Who lives in is paid by the month, whatever the nights are."""
    if terms.live_in:
        reduced = rule("reduced_hours_week", terms.on)
        is_reduced = reduced is not None and terms.hours_week <= reduced.number and level in REDUCED_LEVELS
        return PayTable.REDUCED_MONTH if is_reduced else PayTable.LIVE_IN_MONTH
    if terms.nights is NightKind.PRESENCE:
        return PayTable.NIGHT_PRESENCE_MONTH
    if terms.nights is NightKind.CARE:
        return PayTable.NIGHT_CARE_MONTH
    return PayTable.REST_COVER_HOUR if terms.rest_cover else PayTable.HOUR


def _seniority(terms: Terms, found: Cell) -> tuple[list[Step], list[str]]:
    """Return the step of seniority: so many percent of the minimum, without the indemnity."""
    percent, years = rule("seniority_percent", terms.on), rule("seniority_years", terms.on)
    most = rule("seniority_most", terms.on)
    if percent is None or years is None or most is None:
        return [], ["seniority"]
    steps, is_cut = seniority_steps(terms)
    if not steps:
        return [], []
    if found.indemnity_included:
        return [], ["seniority_base"]
    inputs = {"base": found.euros, "percent": percent.number, "steps": Decimal(steps)}
    amount = euros(found.euros * percent.number * steps / _PERCENT)
    to_check = background_of(most) if is_cut else ()
    return [Step(StepCode.SENIORITY, amount, inputs, (*percent.sources, *years.sources), to_check)], []


def _certificate(terms: Terms) -> tuple[list[Step], list[str]]:
    if not terms.uni_11766:
        return [], []
    code = "uni_11766_eur_month" if terms.live_in else "uni_11766_eur_hour"
    found = rule(code, terms.on)
    if found is None:
        return [], [code]
    return [Step(StepCode.CERTIFICATE, euros(found.number), sources=found.sources)], []


def _not_in_the_table(terms: Terms) -> list[str]:
    """Return what is due besides and no source gives: overtime, nights of who lives in, board in money."""
    limit = hours_limit(terms)
    unknown = ["overtime"] if limit is not None and terms.hours_week > limit else []
    if terms.live_in and terms.nights is NightKind.CARE:
        unknown.append("night_care_living_in")
    if terms.live_in and False in terms.board:
        unknown.append("board_in_money")
    return unknown


def board_day(terms: Terms) -> Decimal | None:
    """Return what meals and bed of a day are worth on a day, in euros; None: the table does not say."""
    parts = [cell(PayTable.BOARD_DAY, part, terms.on) for part in BOARD_PARTS]
    known = [part.euros for part in parts if part is not None]
    return sum(known, Decimal(0)) if len(known) == len(BOARD_PARTS) else None


def _changed(found: Minimum, hours_week: int, per: PayPeriod) -> Minimum:
    assert found.amount is not None
    hours = Decimal(hours_week)
    if per is PayPeriod.MONTH:
        amount = euros(exact_month(found.amount, hours_week))
        step = Step(StepCode.MONTH_OF_HOURS, amount, {"per_hour": found.amount, "hours_week": hours})
    else:
        amount = euros(exact_hour(found.amount, hours_week))
        step = Step(StepCode.HOUR_OF_MONTH, amount, {"per_month": found.amount, "hours_week": hours})
    return replace(found, per=per, amount=amount, steps=(*found.steps, step))
