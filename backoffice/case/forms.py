"""What the pages of cases post and are asked for, read from forms and addresses."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any, TypeVar
from urllib.parse import parse_qsl, urlencode

from fastapi import Query
from pydantic import BaseModel, BeforeValidator, Field

from backoffice.case.models import CaseStatus, NoteContact, NoteKind
from backoffice.case.needs import Need
from backoffice.case.phases import ClosingReason
from backoffice.case.queries import CaseFilters
from backoffice.case.sorting import NEWEST, order_named
from backoffice.client.schemas import CaseType, LanguageCode, Phase
from backoffice.italy import ROME
from backoffice.posted import day_typed

Code = TypeVar("Code", CaseType, Phase, CaseStatus, Need)

STILL_FOR = timedelta(days=30)
"""After how long without anything happening an open case counts as overdue."""

_NO_FILTER = {"cursor", "sort"}


def _empty_is_none(value: Any) -> Any:
    return value or None  # what a browser sends for a field that was left empty


class CaseSearch(BaseModel):
    """The filters as they stand in the address. What no list knows narrows nothing: no error for a typo."""

    type: str = ""
    phase: str = ""
    status: str = ""
    assignee: str = ""
    organisation: str = ""
    municipality: str = ""
    language: str = ""
    need: str = ""
    urgent: str = ""
    opened_from: str = ""
    opened_to: str = ""
    overdue: str = ""
    q: str = Field(default="", max_length=200)
    answer: str = Field(default="", max_length=120)
    """`housing:pets:yes`: a type, a further question, an option."""
    sort: str = ""
    cursor: str = ""

    def filters(self, me: str, now: datetime) -> CaseFilters:
        """Return them as a list is narrowed by them; `me` is the reader's id."""
        last = day_typed(self.opened_to)
        return CaseFilters(
            type=_known(CaseType, self.type),
            phase=_known(Phase, self.phase),
            status=_known(CaseStatus, self.status),
            assignee=me if self.assignee == "me" else self.assignee or None,
            organisation=self.organisation or None,
            municipality=self.municipality or None,
            language=self.language or None,
            need=_known(Need, self.need),
            urgent={"yes": True, "no": False}.get(self.urgent),
            opened_from=_begin(day_typed(self.opened_from)),
            opened_before=_begin(last + timedelta(days=1)) if last and last < date.max else None,
            untouched_since=now - STILL_FOR if self.overdue == "yes" else None,
            q=self.q.strip() or None,
            answer=self._answer(),
        )

    def _answer(self) -> tuple[str, str, str] | None:
        case_type, question, option = [*self.answer.split(":"), "", "", ""][:3]
        return (case_type, question, option) if _known(CaseType, case_type) and question and option else None

    @property
    def is_narrowed(self) -> bool:
        """Whether any filter is set."""
        return any(self.model_dump(exclude=_NO_FILTER).values())

    @property
    def order(self) -> str:
        """The order of the list, one that there is."""
        return order_named(self.sort)

    def turned(self, column: str) -> str:
        """Return the order that a click on the head of a column leads to."""
        first = f"-{column}" if column in ("opened", "updated") else column
        other = column if first.startswith("-") else f"-{column}"
        chosen = other if self.order == first else first
        return "" if chosen == NEWEST else chosen

    def address(self, path: str = "/cases", **changed: str) -> str:
        """Return the address of the list with some parts changed; empty ones are left out."""
        parts = {name: value for name, value in {**self.model_dump(), **changed}.items() if value}
        return f"{path}?{urlencode(parts)}" if parts else path


Search = Annotated[CaseSearch, Query()]


class MoveForm(BaseModel):
    """A step of the phases."""

    to: Phase
    reason: str = Field(default="", max_length=2000)
    closing_reason: ClosingReason | None = None


class NoteForm(BaseModel):
    """A note."""

    text: str = Field(default="", max_length=10_000)
    kind: NoteKind = NoteKind.INTERNAL
    contact: Annotated[NoteContact | None, BeforeValidator(_empty_is_none)] = None
    language: Annotated[LanguageCode | None, BeforeValidator(_empty_is_none)] = None


class DetailsForm(BaseModel):
    """Needs and town of a case."""

    needs: list[Need] = []
    municipality: str = Field(default="", max_length=80)
    version: int | None = None


def read_search(query: str) -> CaseSearch:
    """Return the filters of an address; what no list knows is left out."""
    known = CaseSearch.model_fields
    parts = {name: value[:200] for name, value in parse_qsl(query.removeprefix("?")[:2000]) if name in known}
    return CaseSearch(**parts)


def _begin(day: date | None) -> datetime | None:
    """Return when a day begins in Italy."""
    if day is None or not date(1900, 1, 2) <= day < date.max:
        return None
    return datetime.combine(day, time(), ROME).astimezone(UTC)


def _known(kind: type[Code], value: str) -> Code | None:
    try:
        return kind(value)
    except ValueError:
        return None
