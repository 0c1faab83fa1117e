"""What a contract says, and the check of its level, hours and pay before anybody may sign it.

Pure: nothing here reads the database. The figures are those of `care_figures`, in force on a day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from backoffice.care_figures.levels import is_lower
from backoffice.care_figures.minimum import PayCheck
from backoffice.care_match.errors import PayBelowMinimum
from backoffice.client.schemas import CareLevel, DomesticTask, PayVerdict
from backoffice.engagement.errors import (
    LevelTooLow,
    LevelUnknown,
    TermsIncomplete,
    TooManyHours,
)
from backoffice.engagement.models import NightKind, PayPeriod
from backoffice.engagement.rates import pay_of, proposal_of

NEEDED = (
    "tasks", "level", "live_in", "hours_week", "hours_words", "pay_eur", "pay_per", "starts_on", "place",
)  # fmt: skip
"""What stands in every letter of hiring (domain, care_work.md 5)."""


@dataclass(frozen=True)
class TermsFacts:
    """What a contract says; None is not written down yet. Sums are gross euros for `pay_per`."""

    tasks: Sequence[DomesticTask] = ()
    is_trained: bool | None = None
    level: CareLevel | None = None
    live_in: bool | None = None
    hours_week: int | None = None
    hours_words: str | None = None
    nights: NightKind = NightKind.NONE
    pay_eur: Decimal | None = None
    pay_per: PayPeriod | None = None
    has_board: bool | None = None
    has_lodging: bool | None = None
    place: str | None = None
    holidays: str | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    trial_days: int | None = None
    note: str | None = None
    version: int | None = None


@dataclass(frozen=True)
class Offer:
    """What the pay depends on, from a day on."""

    level: CareLevel
    live_in: bool
    hours_week: int
    nights: NightKind
    pay_eur: Decimal
    pay_per: PayPeriod
    on: date
    has_board: bool | None = None
    has_lodging: bool | None = None
    is_certified: bool = False
    """Whether the worker has the certificate UNI 11766."""
    years: Decimal = Decimal(0)
    """With this family, with what is over whole years."""


def missing_of(facts: TermsFacts) -> tuple[str, ...]:
    """Return what is not written down yet and has to be, by the names of the fields."""
    return tuple(name for name in NEEDED if getattr(facts, name) in (None, (), [], ""))


def offer_of(facts: TermsFacts, *, is_certified: bool) -> Offer:
    """Return what the pay is checked by.

    Args:
        facts: what the contract says.
        is_certified: whether the worker has the certificate UNI 11766, which is paid for.

    Raises:
        TermsIncomplete: something that a contract needs is not written down.
        LevelUnknown: no level follows from the tasks.
        LevelTooLow: the agreed level is lower than the tasks say.
    """
    missing = missing_of(facts)
    if missing:
        raise TermsIncomplete(missing)
    assert facts.level is not None
    assert facts.live_in is not None
    assert facts.hours_week is not None
    assert facts.pay_eur is not None
    assert facts.pay_per is not None
    assert facts.starts_on is not None
    require_level(facts.tasks, facts.level, is_trained=facts.is_trained, on=facts.starts_on)
    return Offer(
        level=facts.level,
        live_in=facts.live_in,
        hours_week=facts.hours_week,
        nights=facts.nights,
        pay_eur=facts.pay_eur,
        pay_per=facts.pay_per,
        on=facts.starts_on,
        has_board=facts.has_board,
        has_lodging=facts.has_lodging,
        is_certified=is_certified,
    )


def require_level(
    tasks: Sequence[DomesticTask], level: CareLevel, *, is_trained: bool | None, on: date
) -> None:
    """Let only a level pass that is at least the one that the tasks say.

    Raises:
        LevelUnknown: no level follows from the tasks.
        LevelTooLow: it is lower.
        TermsIncomplete: it depends on training, and nobody said whether the worker has it.
    """
    proposal = proposal_of(tasks, is_trained=is_trained, on=on)
    if proposal.level is None:
        raise LevelUnknown
    if is_lower(level, proposal.level, on=on):
        raise LevelTooLow(level, proposal.level)
    if "trained" in proposal.unknown and is_lower(level, CareLevel.DS, on=on):
        raise TermsIncomplete(["is_trained"])


def check_offer(offer: Offer) -> PayCheck:
    """Return what an offer was checked against; with the verdict `unknown` no source gives all of it.

    Raises:
        TooManyHours: more hours a week than the contract of the sector allows.
        PayBelowMinimum: the pay is below the minimum in force on the day.
    """
    check = pay_of(offer)
    if check.hours_over and check.hours_limit is not None:
        raise TooManyHours(offer.hours_week, check.hours_limit)
    minimum = check.minimum
    if check.verdict is PayVerdict.BELOW:
        assert minimum.amount is not None
        assert minimum.table is not None
        assert check.short is not None
        raise PayBelowMinimum(
            level=offer.level,
            day=offer.on,
            table=minimum.table,
            minimum=minimum.amount,
            short=check.short,
            per=offer.pay_per.value,
        )
    return check
