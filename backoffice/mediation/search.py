"""The filters of lists of requests as they stand in an address. What no list knows narrows nothing."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from pydantic import BaseModel, Field

from backoffice.mediation.models import MediationState


class MediationSearch(BaseModel):
    """By what a list of requests is narrowed."""

    state: Annotated[str, Field(max_length=40)] = ""
    language: Annotated[str, Field(max_length=10)] = ""
    body: Annotated[str, Field(max_length=40)] = ""
    cursor: Annotated[str, Field(max_length=200)] = ""

    @property
    def chosen(self) -> MediationState | None:
        """The state that was chosen."""
        try:
            return MediationState(self.state)
        except ValueError:
            return None

    @property
    def narrows(self) -> bool:
        """Whether any filter is set."""
        return bool(self.state or self.language or self.body)

    def query(self, **changed: str) -> str:
        """Return the query of the same list with some parts changed, with its question mark."""
        asked = {name: value for name, value in {**self.model_dump(), **changed}.items() if value}
        return f"?{urlencode(asked)}" if asked else ""
