"""What a contract asks of `care_figures`: level, minimum, notice, trial, severance, and where it was read.

Nothing is computed here: terms of a contract are put into the words of the calculator.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from backoffice.care_figures.dues import dues_of
from backoffice.care_figures.levels import Proposal, propose_level
from backoffice.care_figures.minimum import PayCheck, check_pay
from backoffice.care_figures.notice import Notice, notice_of, trial_of, years_between
from backoffice.care_figures.rules import rule
from backoffice.care_figures.terms import Terms
from backoffice.client.schemas import CareLevel, DomesticTask, NoticeBy

if TYPE_CHECKING:
    from backoffice.engagement.terms import Offer

_LEVELS_KNOWN = date(2025, 11, 1)
"""A day of the contract in force: the level of a draft that has no day of its start yet."""

_MONTHS_YEAR = 12


def proposal_of(tasks: Sequence[DomesticTask], *, is_trained: bool | None, on: date | None) -> Proposal:
    """Return the level that the tasks ask for on a day."""
    return propose_level(tasks, on=on or _LEVELS_KNOWN, trained=is_trained)


def pay_of(offer: Offer) -> PayCheck:
    """Return what an offer is against the minimum of its day."""
    return check_pay(_terms(offer))


def notice_for(by: NoticeBy, *, hours_week: int, starts_on: date, on: date) -> Notice:
    """Return the days of notice of a side, given on a day."""
    return notice_of(by, on=on, hours_week=hours_week, years=years_between(starts_on, on))


def trial_days(level: CareLevel | None, *, live_in: bool, on: date) -> int | None:
    """Return the longest trial in working days: a background figure, for the desk alone."""
    found = trial_of(level, live_in=live_in, on=on) if level else None
    return found.days if found else None


def severance_of(offer: Offer, *, months: int) -> Decimal | None:
    """Return an estimate of the severance of some whole months: a background figure, not revalued."""
    whole, over = divmod(max(months, 0), _MONTHS_YEAR)
    parts = [*([_MONTHS_YEAR] * whole), *([over] if over else [])]
    sums = [dues_of(_terms(offer, months=each)).severance for each in parts]
    known = [each for each in sums if each is not None]
    return sum(known, Decimal(0)) if len(known) == len(sums) else None


def is_long_week(hours_week: int, on: date) -> bool:
    """Tell whether the longer notice counts for so many hours a week."""
    found = rule("notice_long_hours", on)
    return found is not None and hours_week >= found.number


def sources_of(offer: Offer) -> list[str]:
    """Return where the figures of a contract were read, with the day of each page."""
    check = pay_of(offer)
    notice = notice_for(NoticeBy.FAMILY, hours_week=offer.hours_week, starts_on=offer.on, on=offer.on)
    found = {each.page: each for each in (*check.minimum.sources, *notice.sources)}
    return [
        f"{each.page} ({each.read_on})" if each.read_on != "undated" else each.page for each in found.values()
    ]


def _terms(offer: Offer, *, months: int = _MONTHS_YEAR) -> Terms:
    return Terms(
        on=offer.on,
        live_in=offer.live_in,
        hours_week=offer.hours_week,
        level=offer.level,
        nights=offer.nights,
        years=offer.years,
        lunch=offer.has_board,
        dinner=offer.has_board,
        lodging=offer.has_lodging,
        uni_11766=offer.is_certified,
        paid_eur=offer.pay_eur,
        paid_per=offer.pay_per,
        months=months,
    )
