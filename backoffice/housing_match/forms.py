"""What the pages of matches post and are narrowed by."""

from __future__ import annotations

from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import Query
from pydantic import BaseModel, Field

from backoffice.housing_match.models import MatchSide, MatchState, RefusalReason
from backoffice.housing_match.preferences import DEFAULT_WEIGHTS
from backoffice.matching.scores import HEAVIEST

Weight = Annotated[int, Field(ge=0, le=HEAVIEST)]


class AnswerForm(BaseModel):
    """The yes or the no of a side."""

    side: MatchSide
    says: Literal["yes", "no"]
    reason: RefusalReason | Literal[""] = ""
    words: str = Field(default="", max_length=2000)


class HoldForm(BaseModel):
    """For how many days the home is kept."""

    days: Annotated[int, Field(ge=1, le=14)] = 3


class HomeSearch(BaseModel):
    """What the homes of a household are narrowed by, as the address says it."""

    view: Literal["fit", "not"] = "fit"
    town: str = Field(default="", max_length=80)
    fresh: Literal["", "yes"] = ""
    start: int = Field(default=0, ge=0, le=100_000)

    def address(self, case_id: str, **changes: str | int) -> str:
        """Return the address of the same list with some of it changed."""
        wanted = {**self.model_dump(), **changes}
        query = urlencode({name: value for name, value in wanted.items() if value})
        return f"/cases/{case_id}/homes?{query}"


class MatchSearch(BaseModel):
    """What the list of matches is narrowed by, as the address says it."""

    state: MatchState | Literal[""] = ""
    held: Literal["", "yes"] = ""
    case: str = Field(default="", max_length=36)
    listing: str = Field(default="", max_length=36)
    cursor: str = Field(default="", max_length=200)

    def address(self, **changes: str) -> str:
        """Return the address of the same list with some of it changed."""
        wanted = {**self.model_dump(mode="json"), **changes}
        return f"/matches?{urlencode({name: value for name, value in wanted.items() if value})}"


class WeightsForm(BaseModel):
    """What each preference shall count, and the version that was read."""

    version: int = 0
    same_town: Weight = DEFAULT_WEIGHTS["same_town"]
    near: Weight = DEFAULT_WEIGHTS["near"]
    spare_rent: Weight = DEFAULT_WEIGHTS["spare_rent"]
    fair_rent: Weight = DEFAULT_WEIGHTS["fair_rent"]
    rooms_for_minors: Weight = DEFAULT_WEIGHTS["rooms_for_minors"]
    space: Weight = DEFAULT_WEIGHTS["space"]
    furnished: Weight = DEFAULT_WEIGHTS["furnished"]
    deposit: Weight = DEFAULT_WEIGHTS["deposit"]
    few_stairs: Weight = DEFAULT_WEIGHTS["few_stairs"]
    free_soon: Weight = DEFAULT_WEIGHTS["free_soon"]
    energy_class: Weight = DEFAULT_WEIGHTS["energy_class"]
    waiting: Weight = DEFAULT_WEIGHTS["waiting"]
    eviction: Weight = DEFAULT_WEIGHTS["eviction"]

    @property
    def weights(self) -> dict[str, int]:
        """The weights alone."""
        return self.model_dump(exclude={"version"})


HomesSearched = Annotated[HomeSearch, Query()]
MatchesSearched = Annotated[MatchSearch, Query()]
