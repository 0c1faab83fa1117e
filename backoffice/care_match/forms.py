"""What the pages of requests and matches post and are narrowed by."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import Query
from pydantic import BaseModel, Field
from starlette.datastructures import FormData

from backoffice.care_match.errors import PayWrong
from backoffice.care_match.models import CareRefusal, CareSide
from backoffice.care_match.preferences import DEFAULT_WEIGHTS
from backoffice.care_match.telling import Pay
from backoffice.care_request.models import RequestState
from backoffice.matching.scores import HEAVIEST

Weight = Annotated[int, Field(ge=0, le=HEAVIEST)]

ONE_OF = ("municipality", "relation", "gender_wished")
SEVERAL_OF = ("needs", "schedules", "abilities", "tasks", "languages", "days")
NUMBERS = ("hours_week", "budget_eur_month", "people_cared_for", "months")
YES_NO = ("self_sufficient", "own_room", "pets", "smokers", "stairs")
MOST_EUROS = Decimal(20_000)


class RequestSearch(BaseModel):
    """What the list of requests is narrowed by, as the address says it."""

    state: RequestState | Literal[""] = ""
    town: str = Field(default="", max_length=80)
    waits: Literal["", "yes"] = ""
    cursor: str = Field(default="", max_length=200)

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is left out."""
        return bool(self.state or self.town or self.waits)

    def address(self, **changes: str) -> str:
        """Return the address of the same list with some of it changed."""
        wanted = {**self.model_dump(mode="json"), **changes}
        return f"/care/requests?{urlencode({name: value for name, value in wanted.items() if value})}"


class AnswerForm(BaseModel):
    """The yes or the no of a side."""

    side: CareSide
    says: Literal["yes", "no"]
    reason: CareRefusal | Literal[""] = ""
    words: str = Field(default="", max_length=2000)


class OfferForm(BaseModel):
    """The gross pay of an offer; empty: the worker asks the desk."""

    pay: str = Field(default="", max_length=12)
    per: Literal["month", "hour"] = "month"

    @property
    def offered(self) -> Pay | None:
        """The pay, if one was written.

        Raises:
            PayWrong: it is no sum of euros.
        """
        return pay_of(self.pay, self.per) if self.pay.strip() else None


class TrialForm(BaseModel):
    """From when to when a trial is."""

    from_on: date
    until_on: date


class WeightsForm(BaseModel):
    """What each preference shall count, and the version that was read."""

    version: int = 0
    skill: Weight = DEFAULT_WEIGHTS["skill"]
    experience: Weight = DEFAULT_WEIGHTS["experience"]
    distance: Weight = DEFAULT_WEIGHTS["distance"]
    italian: Weight = DEFAULT_WEIGHTS["italian"]
    language: Weight = DEFAULT_WEIGHTS["language"]
    soon: Weight = DEFAULT_WEIGHTS["soon"]
    training: Weight = DEFAULT_WEIGHTS["training"]
    continuity: Weight = DEFAULT_WEIGHTS["continuity"]

    @property
    def weights(self) -> dict[str, int]:
        """The weights alone."""
        return self.model_dump(exclude={"version"})


RequestsSearched = Annotated[RequestSearch, Query()]


def pay_of(sum_: str, per: str) -> Pay:
    """Return a pay as it was typed, with a comma or a point.

    Raises:
        PayWrong: it is no sum of euros, or not one that anybody pays.
    """
    try:
        euros = Decimal(sum_.strip().replace(",", "."))
    except InvalidOperation:
        raise PayWrong from None
    if not euros.is_finite() or not 0 < euros <= MOST_EUROS:
        raise PayWrong
    return Pay(euros, is_hourly=per == "hour")


def answers_of(form: FormData) -> dict[str, Any]:
    """Return the answers of a request as a form has them: what is left empty is not known."""
    found: dict[str, Any] = {}
    for name in (*ONE_OF, *NUMBERS, "start_from", "note"):
        found[name] = str(form.get(name) or "").strip() or None
    for name in SEVERAL_OF:
        found[name] = [str(each) for each in form.getlist(name)]
    for name in YES_NO:
        found[name] = {"yes": True, "no": False}.get(str(form.get(name)))
    return found
