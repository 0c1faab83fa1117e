"""Requests for mediators, offers, rosters and hours as JSON. Times are ISO 8601 UTC; extra fields refused.

Times of work are counted in quarters of an hour. Whoever does not have a request reads less of it: an offer
has no name, no contact and, where the request is confidential, neither place nor topic.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, Field, model_validator

from backoffice.case.schemas import Document
from backoffice.client.schemas import LanguageCode
from backoffice.mediation.choosing import Choice, Hindrance
from backoffice.mediation.models import (
    MediationDecline,
    MediationMode,
    MediationOffer,
    MediationOfferState,
    MediationRefusal,
    MediationRequest,
    MediationSetting,
    MediationState,
    MediationStep,
    Missing,
)
from backoffice.mediation.varieties import is_variety
from backoffice.staff.models import Gender

Id = Annotated[str, Field(max_length=36)]
Words = Annotated[str, Field(min_length=1, max_length=2000)]
Minutes = Annotated[int, Field(ge=15, le=480)]
Quarters = Annotated[int, Field(ge=0, le=48)]
Year = Annotated[int, Field(ge=2020, le=2100)]
Town = Annotated[str, Field(min_length=1, max_length=80)]


class RequestIn(Document):
    """What a service asks for. `is_latest`: it may begin at any time until `starts_at`; `draft`: not sent.

    `case`: the id of a case of the caller's body; without one it is anonymous.
    """

    language: LanguageCode
    variety: str | None = Field(default=None, max_length=40)
    setting: MediationSetting
    mode: MediationMode
    municipality: Town | None = None
    place: str | None = Field(default=None, max_length=300)
    starts_at: AwareDatetime
    is_latest: bool = False
    minutes: Minutes
    gender_wished: Gender | None = None
    topic: str | None = Field(default=None, max_length=2000)
    contact: str | None = Field(default=None, max_length=300)
    urgent: bool = False
    confidential: bool = False
    case: Id | None = None
    draft: bool = False

    @model_validator(mode="after")
    def _is_known(self) -> Self:
        if self.variety is not None and not is_variety(self.language, self.variety):
            raise ValueError("no variety of this language")
        return self


class PersonOut(Document):
    """A member of staff by name."""

    id: str
    name: str


class BodyOut(Document):
    """A body by name."""

    id: str
    name: str


class StepOut(Document):
    """One thing that happened to a request: a state, or a remark of one."""

    before: str | None
    after: str
    by: str
    at: datetime


class RequestOut(Document):
    """A request as those read it who asked, decide, or have it. `case` is told to the asking body alone."""

    id: str
    asking: BodyOut
    asked_by: PersonOut
    case: str | None
    state: MediationState
    state_since: datetime
    language: str
    variety: str | None
    setting: MediationSetting
    mode: MediationMode
    municipality: str | None
    place: str | None
    starts_at: datetime
    is_latest: bool
    minutes: int
    gender_wished: Gender | None
    topic: str | None
    contact: str | None
    urgent: bool
    confidential: bool
    refusal: MediationRefusal | None
    mediator: PersonOut | None
    worked_quarters: int | None
    travel_quarters: int | None
    report: str | None
    follow_up_wanted: bool | None
    missing: Missing | None
    disputed_words: str | None
    version: int
    created_at: datetime


class RequestList(Document):
    """One page of requests, those asked for last first; `next` is the cursor of the following page."""

    items: list[RequestOut]
    next: str | None


class StepList(Document):
    """The history of a request, oldest first."""

    items: list[StepOut]


class OfferOut(Document):
    """A request as it is offered to a mediator."""

    id: str
    request: str
    state: MediationOfferState
    until: datetime
    reasons: list[str]
    asking: str
    language: str
    variety: str | None
    setting: MediationSetting
    mode: MediationMode
    municipality: str | None
    place: str | None
    topic: str | None
    starts_at: datetime
    minutes: int
    urgent: bool


class OfferList(Document):
    """A mediator's offers that can be answered, the first to begin first, then those that are over."""

    items: list[OfferOut]


class ApprovalIn(Document):
    """`beyond_hours`: let it pass although the service has no hours left."""

    beyond_hours: bool = False


class MomentIn(Document):
    """When a request begins that could begin at any time until a moment."""

    starts_at: AwareDatetime


class RefusalIn(Document):
    """Why the coordinator says no."""

    because: MediationRefusal


class OffersIn(Document):
    """To whom a request is offered, and until when; without a moment the usual half a day."""

    mediators: Annotated[list[Id], Field(min_length=1, max_length=20)]
    until: AwareDatetime | None = None


class MadeOfferOut(Document):
    """An offer as the coordinator sees it."""

    id: str
    mediator: PersonOut
    state: MediationOfferState
    because: MediationDecline | None
    reasons: list[str]
    until: datetime
    offered_at: datetime
    answered_at: datetime | None


class MadeOfferList(Document):
    """The offers of a request, in the order in which they were made."""

    items: list[MadeOfferOut]


class DeclineIn(Document):
    """Why a mediator says no, if they want to say; `conflict` is not asked again for this person."""

    because: MediationDecline | None = None


class CandidateOut(Document):
    """A mediator who speaks the language: what hinders them, and what speaks for them."""

    mediator: PersonOut
    fits: bool
    hindrances: list[Hindrance]
    reasons: list[str]
    quarters_month: int


class CandidateList(Document):
    """Those who fit first, in the order in which they are asked."""

    items: list[CandidateOut]


class ReportIn(Document):
    """What the mediator did. `cultural` is a note of the case that never leaves staff."""

    worked_quarters: Annotated[int, Field(ge=1, le=48)]
    travel_quarters: Quarters = 0
    words: Words | None = None
    cultural: Words | None = None
    follow_up_wanted: bool = False


class NoShowIn(Document):
    """Who did not come."""

    missing: Missing


class DisputeIn(Document):
    """What is not right with the hours."""

    words: Words


class SettlementIn(Document):
    """How long it was."""

    worked_quarters: Quarters


Side = Literal["asked", "decided", "assigned"]
"""From where a person looks at requests: their body's, those they decide on, those they have."""


def request_out(
    request: MediationRequest, *, people: dict[str, str], bodies: dict[str, str], reader_body: str
) -> RequestOut:
    """Return a request; `people` and `bodies` have the names, `reader_body` reads it."""
    mediator = request.mediator_id
    return RequestOut(
        id=request.id,
        asking=BodyOut(id=request.asking_id, name=bodies[request.asking_id]),
        asked_by=PersonOut(id=request.asked_by, name=people[request.asked_by]),
        case=request.case_id if request.asking_id == reader_body else None,
        state=request.state,
        state_since=request.state_since,
        language=request.language,
        variety=request.variety,
        setting=request.setting,
        mode=request.mode,
        municipality=request.municipality,
        place=request.place,
        starts_at=request.starts_at,
        is_latest=request.is_latest,
        minutes=request.minutes,
        gender_wished=request.gender_wished,
        topic=request.topic,
        contact=request.contact,
        urgent=request.urgent,
        confidential=request.confidential,
        refusal=request.refusal,
        mediator=PersonOut(id=mediator, name=people[mediator]) if mediator else None,
        worked_quarters=request.worked_quarters,
        travel_quarters=request.travel_quarters,
        report=request.report,
        follow_up_wanted=request.follow_up_wanted,
        missing=request.missing,
        disputed_words=request.disputed_words,
        version=request.version,
        created_at=request.created_at,
    )


def step_out(step: MediationStep) -> StepOut:
    """Return one step."""
    return StepOut(before=step.before, after=step.after, by=step.actor, at=step.at)


def offer_out(made: MediationOffer, request: MediationRequest, bodies: dict[str, str]) -> OfferOut:
    """Return an offer as its mediator reads it."""
    is_hidden = request.confidential
    return OfferOut(
        id=made.id,
        request=request.id,
        state=made.state,
        until=made.until,
        reasons=made.reasons,
        asking=bodies[request.asking_id],
        language=request.language,
        variety=request.variety,
        setting=request.setting,
        mode=request.mode,
        municipality=request.municipality,
        place=None if is_hidden else request.place,
        topic=None if is_hidden else request.topic,
        starts_at=request.starts_at,
        minutes=request.minutes,
        urgent=request.urgent,
    )


def made_offer_out(made: MediationOffer, people: dict[str, str]) -> MadeOfferOut:
    """Return an offer as the coordinator reads it."""
    return MadeOfferOut(
        id=made.id,
        mediator=PersonOut(id=made.staff_id, name=people[made.staff_id]),
        state=made.state,
        because=made.because,
        reasons=made.reasons,
        until=made.until,
        offered_at=made.offered_at,
        answered_at=made.answered_at,
    )


def candidate_out(choice: Choice, people: dict[str, str]) -> CandidateOut:
    """Return a mediator who may be asked."""
    return CandidateOut(
        mediator=PersonOut(id=choice.mediator.id, name=people[choice.mediator.id]),
        fits=choice.fits,
        hindrances=list(choice.hindrances),
        reasons=list(choice.reasons),
        quarters_month=choice.mediator.quarters_month,
    )
