"""Figures of the housing desk of one body, of the searches that began in a period. Days are Italy's.

They name nobody. Only a coordinator of the body reads them, who may open every case that is counted.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import zip_longest
from statistics import median
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from backoffice.case.models import Case
from backoffice.home_owner.models import HomeOwner, LostReason, RefusedWish, WishGround
from backoffice.housing_match.models import HousingMatch, MatchSide, MatchState, RefusalReason
from backoffice.housing_match.states import OPEN
from backoffice.housing_need.models import HousingNeed, SearchState, SearchStep
from backoffice.housing_need.states import IS_MATCHED
from backoffice.listing.models import Listing, ListingState

BUDGETS = (400, 500, 600, 700, 800)
"""Upper ends of the bands of a budget, euros a month; the last band has none."""


@dataclass(frozen=True)
class Period:
    """From a moment (included) to another (not included), UTC."""

    since: datetime
    until: datetime


@dataclass(frozen=True)
class Stage:
    """One state of searches: how many ever came there, are there now, and how long those gone on stayed."""

    state: SearchState
    reached: int
    there: int
    days: float | None
    """Median of whole days until the next state; None where nobody has gone on."""


@dataclass(frozen=True)
class Refusals:
    """How often a reason was given, by side."""

    reason: RefusalReason
    by: dict[MatchSide, int]

    @property
    def total(self) -> int:
        """All sides together."""
        return sum(self.by.values())


@dataclass(frozen=True)
class Unmet:
    """Households that look for a home and have none under way: by town, people and budget.

    A household that names several towns counts in each; `households` counts each once.
    """

    households: int
    towns: list[tuple[str, int]]
    sizes: list[tuple[int, int]]
    budgets: list[tuple[int | None, int]]
    """The upper end of the band; None is more than the last."""


@dataclass(frozen=True)
class Homes:
    """Homes by state, owners lost by reason, wishes refused by ground."""

    states: list[tuple[ListingState, int]]
    owners: int
    lost: list[tuple[LostReason, int]]
    wishes: list[tuple[WishGround, int]]


def funnel(session: Session, organisation_id: str, period: Period) -> list[Stage]:
    """Return each state of the searches that began in the period, in their order."""
    steps = session.execute(
        select(SearchStep.case_id, SearchStep.after, SearchStep.at)
        .join(HousingNeed, HousingNeed.case_id == SearchStep.case_id)
        .where(HousingNeed.organisation_id == organisation_id, *_began(period))
        .order_by(SearchStep.case_id, SearchStep.at, SearchStep.id)
    ).all()
    reached: dict[str, set[str]] = defaultdict(set)
    stays: dict[str, list[timedelta]] = defaultdict(list)
    for step, following in zip_longest(steps, steps[1:]):
        reached[step.after].add(step.case_id)
        if following is not None and following.case_id == step.case_id:
            stays[step.after].append(following.at - step.at)
    there = _there(session, organisation_id, period)
    return [
        Stage(
            state=state,
            reached=len(reached[state.value]),
            there=there.get(state, 0),
            days=_median_days(stays[state.value]),
        )
        for state in SearchState
    ]


def refusals(session: Session, organisation_id: str, period: Period) -> list[Refusals]:
    """Return the reasons of the matches that were refused in the period, the most frequent first."""
    rows = session.execute(
        select(HousingMatch.refusal_reason, HousingMatch.refused_by, func.count())
        .where(
            HousingMatch.organisation_id == organisation_id,
            HousingMatch.state == MatchState.REFUSED,
            HousingMatch.state_since >= period.since,
            HousingMatch.state_since < period.until,
        )
        .group_by(HousingMatch.refusal_reason, HousingMatch.refused_by)
    )
    found: dict[RefusalReason, dict[MatchSide, int]] = defaultdict(dict)
    for reason, side, count in rows:
        if reason is not None and side is not None:
            found[reason][side] = count
    made = [Refusals(reason, by) for reason, by in found.items()]
    return sorted(made, key=lambda each: (-each.total, each.reason.value))


def unmet(session: Session, organisation_id: str, period: Period) -> Unmet:
    """Return who looks for a home now, began in the period, and has no match under way."""
    under_way = select(HousingMatch.case_id).where(
        HousingMatch.state.in_([*OPEN, MatchState.CONTRACT]), HousingMatch.organisation_id == organisation_id
    )
    intakes = session.scalars(
        select(Case.intake)
        .join(HousingNeed, HousingNeed.case_id == Case.id)
        .where(
            HousingNeed.organisation_id == organisation_id,
            HousingNeed.state.in_(IS_MATCHED),
            HousingNeed.case_id.not_in(under_way),
            *_began(period),
        )
    ).all()
    towns: Counter[str] = Counter()
    sizes: Counter[int] = Counter()
    budgets: Counter[int | None] = Counter()
    for intake in intakes:
        towns.update(set(intake.get("municipalities") or []))
        if (people := intake.get("people")) is not None:
            sizes[people] += 1
        if (budget := intake.get("budget_eur_month")) is not None:
            budgets[band(budget)] += 1
    return Unmet(
        households=len(intakes),
        towns=sorted(towns.items(), key=lambda row: (-row[1], row[0])),
        sizes=sorted(sizes.items()),
        budgets=[(end, budgets[end]) for end in (*BUDGETS, None) if budgets[end]],
    )


def homes(session: Session, organisation_id: str, period: Period) -> Homes:
    """Return the homes as they are now, and the owners lost and wishes refused in the period."""
    states = _counts(
        session.execute(
            select(Listing.state, func.count())
            .where(Listing.organisation_id == organisation_id)
            .group_by(Listing.state)
        )
    )
    lost = _counts(
        session.execute(
            select(HomeOwner.lost_reason, func.count())
            .where(
                HomeOwner.organisation_id == organisation_id,
                HomeOwner.lost_on >= period.since.date(),
                HomeOwner.lost_on < period.until.date(),
            )
            .group_by(HomeOwner.lost_reason)
        )
    )
    wishes = _counts(
        session.execute(
            select(RefusedWish.ground, func.count())
            .join(HomeOwner, HomeOwner.id == RefusedWish.owner_id)
            .where(
                HomeOwner.organisation_id == organisation_id,
                RefusedWish.refused_at >= period.since,
                RefusedWish.refused_at < period.until,
            )
            .group_by(RefusedWish.ground)
        )
    )
    owners = select(func.count()).where(
        HomeOwner.organisation_id == organisation_id, HomeOwner.lost_on.is_(None)
    )
    return Homes(
        states=[(state, states.get(state, 0)) for state in ListingState],
        owners=session.scalar(owners) or 0,
        lost=sorted(lost.items(), key=lambda row: -row[1]),
        wishes=sorted(wishes.items(), key=lambda row: -row[1]),
    )


def band(budget: int) -> int | None:
    """Return the upper end of the band of a budget; None is more than the last."""
    return next((end for end in BUDGETS if budget <= end), None)


def _began(period: Period) -> tuple[ColumnElement[bool], ...]:
    return (HousingNeed.created_at >= period.since, HousingNeed.created_at < period.until)


def _there(session: Session, organisation_id: str, period: Period) -> dict[SearchState, int]:
    rows = session.execute(
        select(HousingNeed.state, func.count())
        .where(HousingNeed.organisation_id == organisation_id, *_began(period))
        .group_by(HousingNeed.state)
    )
    return _counts(rows)


def _median_days(stays: Iterable[timedelta]) -> float | None:
    days = [stay.total_seconds() / 86_400 for stay in stays]
    return round(median(days), 1) if days else None


def _counts(rows: Iterable[Any]) -> dict[Any, int]:
    return {key: count for key, count in rows if key is not None}
