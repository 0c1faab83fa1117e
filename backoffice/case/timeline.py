"""The history of a case narrowed by kind, author and time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field

from backoffice.case.models import CaseEvent
from backoffice.italy import ROME


def _day_or_none(value: Any) -> Any:
    try:
        return date.fromisoformat(str(value)) if value else None
    except ValueError:
        return None  # what no calendar knows narrows nothing: no error for a typo in an address


Day = Annotated[date | None, BeforeValidator(_day_or_none)]


class TimelineFilters(BaseModel):
    """The filters as they stand in the address; days are days in Italy, both included."""

    kind: str = Field(default="", max_length=40)
    author: str = Field(default="", max_length=36)
    since: Day = None
    until: Day = None


def narrowed(events: Iterable[CaseEvent], filters: TimelineFilters) -> list[CaseEvent]:
    """Return the events that fit, in the order given."""
    return [event for event in events if _fits(event, filters)]


def _fits(event: CaseEvent, filters: TimelineFilters) -> bool:
    day = event.at.astimezone(ROME).date()
    return (
        (not filters.kind or event.kind == filters.kind)
        and (not filters.author or event.actor == filters.author)
        and (filters.since is None or day >= filters.since)
        and (filters.until is None or day <= filters.until)
    )
