"""Requests and matches as JSON (contract, "Backoffice API"). Times are ISO 8601 UTC; extra fields refused.

No document names anybody: a request and a family assistant are their cases.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, StrictInt

from backoffice.care_match.candidates import Pair
from backoffice.care_match.models import CareMatch, CareMatchState, CareRefusal, CareSide
from backoffice.care_match.rules import Answer, Reference, Verdict
from backoffice.care_match.wording import in_words, obstacle_in_words
from backoffice.care_request.models import CareRequest, RequestEnd, RequestState
from backoffice.case.schemas import Document
from backoffice.matching.scores import HEAVIEST

ENGLISH = "en"
"""The words of the API are English, as its errors are."""

Id = Annotated[str, Field(max_length=36)]


class CareCaseOut(Document):
    """The case of a family or of a family assistant."""

    id: str
    number: str
    municipality: str | None


class CareRequestOut(Document):
    """A family's request; what it needs is the intake of its case."""

    case: CareCaseOut
    state: RequestState
    state_since: datetime
    ended_why: RequestEnd | None
    visited_on: date | None
    version: int
    created_at: datetime


class CareRequestList(Document):
    """One page of requests, those that changed last first; `next` is the cursor of the following page."""

    items: list[CareRequestOut]
    next: str | None


class CareRequestMoveIn(Document):
    """Where a request goes on to; closed, `why` says why."""

    to: RequestState
    why: RequestEnd | None = None


class CareMatchOut(Document):
    """One family assistant for one request. `score` from 0 to 1; both sides say yes (true), no, nothing."""

    id: str
    request: CareCaseOut
    worker: CareCaseOut
    state: CareMatchState
    state_since: datetime
    score: float
    reasons: list[str]
    family_said: bool | None
    worker_said: bool | None
    refused_by: CareSide | None
    refusal: CareRefusal | None
    refusal_words: str | None
    not_again_before: date | None
    interview_at: datetime | None
    interview_place: str | None
    trial_from: date | None
    trial_until: date | None
    version: int
    created_at: datetime


class CareMatchList(Document):
    """One page of matches, those that changed last first; `next` is the cursor of the following page."""

    items: list[CareMatchOut]
    next: str | None


class CareMatchIn(Document):
    """A family assistant to be proposed to a family, each by its case."""

    request: Id
    worker: Id


class CareMatchMoveIn(Document):
    """What is done with a match.

    `offer` takes the gross pay, `answer` the side, what it says and why, `interview` a moment and a place,
    `trial` its two days; `show` shows the family the profile, `contacts` gives each side the other's.
    """

    act: Literal["offer", "show", "answer", "interview", "trial", "contacts", "withdraw", "again"]
    pay_eur: Annotated[Decimal, Field(gt=0, le=20_000)] | None = None
    pay_per: Literal["month", "hour"] = "month"
    side: CareSide | None = None
    says: Literal["yes", "no"] | None = None
    reason: CareRefusal | None = None
    words: str | None = Field(default=None, max_length=2000)
    at: AwareDatetime | None = None
    place: str = Field(default="", max_length=300)
    from_on: date | None = None
    until_on: date | None = None


class CareRuleOut(Document):
    """What one hard rule says, in words with the exact values."""

    code: str
    answer: Answer
    sentence: str
    reference: Reference


class CarePreferenceOut(Document):
    """What one preference gives: from 0 to 1, null where nothing is known (it counts neutrally then)."""

    code: str
    value: float | None
    weight: int


class CareFitOut(Document):
    """A request and a family assistant: why they fit, or why not, and their match if there is one."""

    request: CareCaseOut
    worker: CareCaseOut
    fits: bool
    score: float
    reasons: list[str]
    drawbacks: list[str]
    rules: list[CareRuleOut]
    preferences: list[CarePreferenceOut]
    obstacles: list[str]
    match: str | None
    state: CareMatchState | None


class CareFitList(Document):
    """What fits, the best first."""

    items: list[CareFitOut]
    next: str | None


class CareWeightsIn(Document):
    """What each preference shall count, from 0 to 10; one left out has what it began with.

    `version` is the one that was read.
    """

    weights: dict[Annotated[str, Field(max_length=40)], Annotated[StrictInt, Field(ge=0, le=HEAVIEST)]]
    version: int


class CareWeightsOut(Document):
    """What each preference counts; version 0 where nobody has set any."""

    weights: dict[str, int]
    version: int


def request_out(request: CareRequest) -> CareRequestOut:
    """Return a request, with its case loaded, as the API writes it."""
    return CareRequestOut(
        case=CareCaseOut.model_validate(request.case, from_attributes=True),
        state=request.state,
        state_since=request.state_since,
        ended_why=request.ended_why,
        visited_on=request.visited_on,
        version=request.version,
        created_at=request.created_at,
    )


def match_out(match: CareMatch) -> CareMatchOut:
    """Return a match, with both cases loaded, as the API writes it."""
    return CareMatchOut.model_validate(match, from_attributes=True)


def fit_out(pair: Pair) -> CareFitOut:
    """Return what matching says of a pair."""
    return CareFitOut(
        request=CareCaseOut.model_validate(pair.request, from_attributes=True),
        worker=CareCaseOut.model_validate(pair.worker, from_attributes=True),
        fits=pair.why.fits,
        score=pair.why.score,
        reasons=pair.why.reasons,
        drawbacks=pair.why.drawbacks,
        rules=[_rule(each) for each in pair.why.rules],
        preferences=[
            CarePreferenceOut(code=part.code, value=part.value, weight=part.weight) for part in pair.why.parts
        ],
        obstacles=[obstacle_in_words(each, ENGLISH) for each in pair.obstacles],
        match=pair.match.id if pair.match else None,
        state=pair.match.state if pair.match else None,
    )


def _rule(verdict: Verdict) -> CareRuleOut:
    return CareRuleOut(
        code=verdict.code,
        answer=verdict.answer,
        sentence=in_words(verdict, ENGLISH),
        reference=verdict.reference,
    )
