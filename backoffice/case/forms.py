"""What the pages of cases post and are asked for, read from forms and addresses."""

from __future__ import annotations

from typing import Annotated, Any, TypeVar
from urllib.parse import urlencode

from fastapi import Query
from pydantic import BaseModel, BeforeValidator, Field

from backoffice.case.models import CaseStatus, NoteContact, NoteKind
from backoffice.case.needs import Need
from backoffice.case.phases import ClosingReason
from backoffice.case.queries import CaseFilters
from backoffice.client.schemas import CaseType, LanguageCode, Phase

Code = TypeVar("Code", CaseType, Phase, CaseStatus)


def _empty_is_none(value: Any) -> Any:
    return value or None  # what a browser sends for a field that was left empty


class CaseSearch(BaseModel):
    """The filters as they stand in the address. What no list knows narrows nothing: no error for a typo."""

    type: str = ""
    phase: str = ""
    status: str = ""
    assignee: str = ""
    municipality: str = ""
    language: str = ""
    q: str = Field(default="", max_length=200)
    answer: str = Field(default="", max_length=120)
    """`housing:pets:yes`: a type, a further question, an option."""
    cursor: str = ""

    def filters(self, me: str) -> CaseFilters:
        """Return them as a list is narrowed by them; `me` is the reader's id."""
        return CaseFilters(
            type=_known(CaseType, self.type),
            phase=_known(Phase, self.phase),
            status=_known(CaseStatus, self.status),
            assignee=me if self.assignee == "me" else self.assignee or None,
            municipality=self.municipality or None,
            language=self.language or None,
            q=self.q.strip() or None,
            answer=self._answer(),
        )

    def _answer(self) -> tuple[str, str, str] | None:
        case_type, question, option = [*self.answer.split(":"), "", "", ""][:3]
        return (case_type, question, option) if _known(CaseType, case_type) and question and option else None

    @property
    def is_narrowed(self) -> bool:
        """Whether any filter is set."""
        return any(self.model_dump(exclude={"cursor"}).values())

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


def _known(kind: type[Code], value: str) -> Code | None:
    try:
        return kind(value)
    except ValueError:
        return None
