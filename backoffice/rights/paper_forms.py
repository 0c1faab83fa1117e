"""What the pages of consents on paper post; the scan goes into the case as a document."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Annotated

from fastapi import UploadFile
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from backoffice.consent.models import ConsentHow
from backoffice.consent.service import OnPaper
from backoffice.italy import ROME
from backoffice.referral.forms import proposed_end
from backoffice.rights.requests import Question
from backoffice.sharing.parts import CasePart


def _empty_is_none(value: object) -> object:
    return value or None  # what a browser sends for a field that was left empty


Day = Annotated[date | None, BeforeValidator(_empty_is_none)]


class SheetForm(BaseModel):
    """What the person is asked; what is missing is said by the service, and the form is shown again."""

    organisation: str = Field(default="", max_length=36)
    parts: list[CasePart] = []
    restricted: bool = False
    purpose: str = Field(default="", max_length=2000)
    until: Day = None
    language: str = Field(default="", max_length=2)

    def question(self, now: datetime) -> Question:
        """Return it as the service takes it; it ends with its last day in Italy."""
        last = self.until or proposed_end(now)
        return Question(
            organisation_id=self.organisation,
            parts=frozenset(self.parts),
            purpose=self.purpose,
            until=datetime.combine(last + timedelta(days=1), time(0), ROME),
            restricted=self.restricted,
        )


class SaidForm(BaseModel):
    """How it was given or taken back: before whom, on which day in Italy, with which scan."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    how: ConsentHow = ConsentHow.SIGNATURE
    witness: str = Field(default="", max_length=200)
    on: Day = None
    file: UploadFile | None = None

    def said(self, document_id: str | None) -> OnPaper:
        """Return it as the service takes it."""
        return OnPaper(self.how, self.witness.strip() or None, self.on, document_id)


class GivenForm(SheetForm, SaidForm):
    """A consent on paper; `version` is that of the sheet."""

    version: str = Field(default="", max_length=60)
