"""Matches as JSON (contract, "Backoffice API"). Times are ISO 8601 UTC; unknown fields are refused."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, StrictInt

from backoffice.case.schemas import Document
from backoffice.housing_match.candidates import Pair
from backoffice.housing_match.engine import Why
from backoffice.housing_match.models import Hold, HousingMatch, MatchSide, MatchState, RefusalReason
from backoffice.housing_match.rules import Answer, Reference, Verdict
from backoffice.housing_match.standing import Obstacle
from backoffice.housing_match.wording import in_words, obstacle_in_words
from backoffice.listing.models import ListingState
from backoffice.matching.scores import HEAVIEST

ENGLISH = "en"
"""The words of the API are English, as its errors are."""


class HouseholdOut(Document):
    """The case of a household that looks for a home."""

    id: str
    number: str


class HomeOut(Document):
    """A home as a list of matches shows it; never with its address."""

    id: str
    code: str
    municipality: str
    state: ListingState


class HoldOut(Document):
    """A home that is kept for the household of a match until a moment."""

    until: datetime
    held_at: datetime


class MatchOut(Document):
    """One home for one household. `score` from 0 to 1; both sides say yes (true), no, or nothing yet."""

    id: str
    case: HouseholdOut
    listing: HomeOut
    state: MatchState
    state_since: datetime
    score: float
    reasons: list[str]
    seeker_said: bool | None
    owner_said: bool | None
    refused_by: MatchSide | None
    refusal_reason: RefusalReason | None
    refusal_words: str | None
    not_again_before: date | None
    hold: HoldOut | None
    version: int
    created_at: datetime


class MatchList(Document):
    """One page of matches, those that changed last first; `next` is the cursor of the following page."""

    items: list[MatchOut]
    next: str | None


class MatchIn(Document):
    """A home to be proposed to a household."""

    case: Annotated[str, Field(max_length=36)]
    listing: Annotated[str, Field(max_length=36)]


class AnswerIn(Document):
    """What a side says. A no needs its reason; `words` are the side's own, kept sealed."""

    side: MatchSide
    says: Literal["yes", "no"]
    reason: RefusalReason | None = None
    words: str | None = Field(default=None, max_length=2000)


class HoldIn(Document):
    """Until when the home is kept; left out: for 72 hours. Never longer than 14 days."""

    until: AwareDatetime | None = None


class RuleOut(Document):
    """What one hard rule says, in words with the exact values."""

    code: str
    answer: Answer
    sentence: str
    reference: Reference


class PreferenceOut(Document):
    """What one preference gives: from 0 to 1, null where nothing is known (it counts neutrally then)."""

    code: str
    value: float | None
    weight: int


class WhyOut(Document):
    """Why a home fits a household, or why not. `obstacles` are what stands in the way beside the rules."""

    case: HouseholdOut
    listing: HomeOut
    fits: bool
    score: float
    rules: list[RuleOut]
    preferences: list[PreferenceOut]
    obstacles: list[str]
    match: str | None


class FittingHomeOut(Document):
    """A home that fits a household, and the state of their match if there is one."""

    listing: HomeOut
    score: float
    reasons: list[str]
    match: str | None
    state: MatchState | None


class FittingHomeList(Document):
    """The homes that fit a household, the best first."""

    items: list[FittingHomeOut]
    next: str | None


class FittingHouseholdOut(Document):
    """A household that a home fits, and the state of their match if there is one."""

    case: HouseholdOut
    score: float
    reasons: list[str]
    match: str | None
    state: MatchState | None


class FittingHouseholdList(Document):
    """The households that a home fits, the best first."""

    items: list[FittingHouseholdOut]
    next: str | None


class WeightsIn(Document):
    """What each preference shall count, from 0 to 10; one left out has what it began with.

    `version` is the one that was read.
    """

    weights: dict[Annotated[str, Field(max_length=40)], Annotated[StrictInt, Field(ge=0, le=HEAVIEST)]]
    version: int


class WeightsOut(Document):
    """What each preference counts; version 0 where nobody has set any."""

    weights: dict[str, int]
    version: int


def match_out(match: HousingMatch, hold: Hold | None) -> MatchOut:
    """Return a match, with both sides loaded, as the API writes it."""
    return MatchOut(
        id=match.id,
        case=HouseholdOut(id=match.case_id, number=match.case.number),
        listing=HomeOut.model_validate(match.listing, from_attributes=True),
        state=match.state,
        state_since=match.state_since,
        score=match.score,
        reasons=list(match.reasons),
        seeker_said=match.seeker_said,
        owner_said=match.owner_said,
        refused_by=match.refused_by,
        refusal_reason=match.refusal_reason,
        refusal_words=match.refusal_words,
        not_again_before=match.not_again_before,
        hold=HoldOut(until=hold.until, held_at=hold.held_at) if hold else None,
        version=match.version,
        created_at=match.created_at,
    )


def why_out(pair: Pair) -> WhyOut:
    """Return what matching says of a pair."""
    return WhyOut(
        case=HouseholdOut(id=pair.case.id, number=pair.case.number),
        listing=HomeOut.model_validate(pair.listing, from_attributes=True),
        fits=pair.why.fits,
        score=pair.why.score,
        rules=_rules(pair.why),
        preferences=[
            PreferenceOut(code=part.code, value=part.value, weight=part.weight) for part in pair.why.parts
        ],
        obstacles=[_obstacle(each) for each in pair.obstacles],
        match=pair.match.id if pair.match else None,
    )


def fitting_home_out(pair: Pair) -> FittingHomeOut:
    """Return a home that fits."""
    return FittingHomeOut(
        listing=HomeOut.model_validate(pair.listing, from_attributes=True),
        score=pair.why.score,
        reasons=pair.why.reasons,
        match=pair.match.id if pair.match else None,
        state=pair.match.state if pair.match else None,
    )


def fitting_household_out(pair: Pair) -> FittingHouseholdOut:
    """Return a household that a home fits."""
    return FittingHouseholdOut(
        case=HouseholdOut(id=pair.case.id, number=pair.case.number),
        score=pair.why.score,
        reasons=pair.why.reasons,
        match=pair.match.id if pair.match else None,
        state=pair.match.state if pair.match else None,
    )


def _rules(why: Why) -> list[RuleOut]:
    return [_rule(each) for each in why.rules]


def _rule(verdict: Verdict) -> RuleOut:
    return RuleOut(
        code=verdict.code,
        answer=verdict.answer,
        sentence=in_words(verdict, ENGLISH),
        reference=verdict.reference,
    )


def _obstacle(obstacle: Obstacle) -> str:
    return obstacle_in_words(obstacle, ENGLISH)
