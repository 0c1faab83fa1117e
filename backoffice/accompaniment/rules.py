"""What a contract needs and may not have: sums within the law, days that can be, steps that protect first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from backoffice.accompaniment.checklist import Milestone, Step, blocking
from backoffice.accompaniment.errors import ContractIncomplete, DayRefused, DepositTooHigh, StepsOpen
from backoffice.accompaniment.models import StepState, Tenancy
from backoffice.accompaniment.steps import find_step
from backoffice.case.models import Case
from backoffice.client.schemas import ContractType
from backoffice.housing_figures.amounts import DEPOSIT, EXPENSES, RENT, require_amount
from backoffice.housing_figures.costs import deposit_limit
from backoffice.housing_need.models import SearchState
from backoffice.italy import day_in_italy

LONGEST_AGO = timedelta(days=5 * 365)
"""A day before this is a slip of the pen."""

FARTHEST = timedelta(days=2 * 365)
"""No contract starts later than this from now."""


@dataclass(frozen=True)
class TenancyFacts:
    """What is written into a contract. `version`: the one that was read; None asks nothing."""

    contract_type: ContractType | None = None
    flat_tax: bool | None = None
    rent_eur_month: int | None = None
    expenses_eur_month: int | None = None
    deposit_eur: int | None = None
    starts_on: date | None = None
    note: str | None = None
    version: int | None = None


def require_lawful(facts: TenancyFacts, now: datetime) -> None:
    """Refuse sums that no contract has, a deposit beyond the law, and a start far from now.

    Raises:
        AmountRefused: a sum is out of its bounds.
        DepositTooHigh: more than three months' rent (L. 392/1978 art. 11).
        DayRefused: it starts absurdly long ago or ahead.
    """
    for name, bounds in (
        ("rent_eur_month", RENT),
        ("expenses_eur_month", EXPENSES),
        ("deposit_eur", DEPOSIT),
    ):
        value = getattr(facts, name)
        if value is not None:
            require_amount(name, value, bounds)
    if facts.rent_eur_month is not None and facts.deposit_eur is not None:
        limit = int(deposit_limit(facts.rent_eur_month).euros)
        if facts.deposit_eur > limit:
            raise DepositTooHigh(limit)
    if facts.starts_on is not None:
        _require_near(facts.starts_on, day_in_italy(now))


def require_complete(values: Mapping[str, Any]) -> None:
    """Refuse a contract that lacks its type, rent or start; a free loan has no rent.

    Raises:
        ContractIncomplete: something is missing.
    """
    is_loan = values["contract_type"] is ContractType.LOAN
    needed = ("contract_type", "starts_on") if is_loan else ("contract_type", "rent_eur_month", "starts_on")
    if missing := [name for name in needed if values[name] is None]:
        raise ContractIncomplete(missing)


def open_before_signing(session: Session, case: Case, match_id: str) -> list[Step]:
    """Return the steps that have to be done before the contract of a match is signed, and are open."""
    rows = [(step, find_step(session, case, match_id, step.code)) for step in blocking(SearchState.SIGNED)]
    return [step for step, row in rows if row is None or row.state is StepState.OPEN]


def require_ready(session: Session, case: Case, match_id: str, tenancy: Tenancy) -> None:
    """Refuse a signature before the household is protected.

    Raises:
        StepsOpen: steps are open that have to be done first.
        ContractIncomplete: type, rent or start is not written down.
    """
    if still_open := open_before_signing(session, case, match_id):
        raise StepsOpen(still_open)
    names = ("contract_type", "rent_eur_month", "starts_on")
    require_complete({name: getattr(tenancy, name) for name in names})


def require_day(tenancy: Tenancy, milestone: Milestone, day: date, now: datetime) -> None:
    """Refuse a day of a contract that cannot be.

    Raises:
        DayRefused: it lies ahead, is absurdly long ago, or comes before the signature.
    """
    require_past(day, now)
    if milestone is Milestone.SIGNED:
        return
    if tenancy.signed_on is None or (milestone is Milestone.REGISTERED and day < tenancy.signed_on):
        raise DayRefused("before_signing", day)


def require_past(day: date, now: datetime) -> None:
    """Refuse a day on which nothing can have happened yet, or that is a slip of the pen.

    Raises:
        DayRefused: it lies ahead, or is absurdly long ago.
    """
    today = day_in_italy(now)
    if day > today:
        raise DayRefused("future", day)
    _require_near(day, today)


def _require_near(day: date, today: date) -> None:
    if day < today - LONGEST_AGO:
        raise DayRefused("too_early", day)
    if day > today + FARTHEST:
        raise DayRefused("too_late", day)
