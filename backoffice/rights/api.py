"""The JSON API of consents that are asked for."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from backoffice.case.models import Case
from backoffice.case.permissions import get_changeable_case
from backoffice.clock import ClockDep
from backoffice.consent.aims import Aim
from backoffice.consent.models import ConsentHow, ConsentRequest
from backoffice.consent.queries import requests_of_case
from backoffice.consent.service import OnPaper
from backoffice.database import DbSession, ReadSession
from backoffice.document.service import get_document
from backoffice.idempotency.headers import KeyHeader
from backoffice.idempotency.service import once
from backoffice.rights.paper import record_on_paper, withdraw_on_paper
from backoffice.rights.requests import Question, ask_consent
from backoffice.sharing.parts import CasePart
from backoffice.staff.sign_in import SignedInCaseStaff

router = APIRouter(prefix="/api/v1/cases/{case_id}", tags=["consents"])


class QuestionIn(BaseModel):
    """What the person is asked, or what they signed. `until` is ISO 8601 with a zone.

    With `aim` the person reads the purpose in their language, without it as `purpose` says it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    organisation: Annotated[str, Field(min_length=1, max_length=36)]
    parts: Annotated[list[CasePart], Field(min_length=1)]
    purpose: Annotated[str, Field(min_length=1, max_length=2000)]
    until: datetime
    restricted: bool = False
    aim: Aim | None = None

    def question(self) -> Question:
        """Return it as the service takes it."""
        return Question(
            organisation_id=self.organisation,
            parts=frozenset(self.parts),
            purpose=self.purpose,
            until=self.until,
            restricted=self.restricted,
            aim=self.aim,
        )


class SaidIn(BaseModel):
    """How something was said otherwise than in the chat; `on` is a day in Italy, today if there is none."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    how: ConsentHow
    witness: Annotated[str, Field(max_length=200)] = ""
    on: date | None = None
    document: Annotated[str | None, Field(max_length=36)] = None
    """The case's document with the scan."""


class PaperIn(QuestionIn, SaidIn):
    """A consent that was signed, or said before a witness; `text_version` is that of the sheet."""

    language: Annotated[str | None, Field(pattern="^[a-z]{2}$")] = None
    text_version: Annotated[str | None, Field(max_length=60)] = None


class RequestOut(BaseModel):
    """A question and its answer; `agreed` null: not answered yet."""

    id: str
    organisation: str
    categories: list[str]
    until: datetime
    asked_at: datetime
    text: str
    language: str
    answered_at: datetime | None
    agreed: bool | None


class RequestList(BaseModel):
    """The questions of a case, newest first; never more than one page."""

    items: list[RequestOut]
    next: None = None


class ConsentRecorded(BaseModel):
    """The row of the ledger."""

    id: str


@router.get("/consent-requests")
def list_requests(case_id: str, session: ReadSession, staff: SignedInCaseStaff) -> RequestList:
    """Return what the person of a case was asked."""
    case = get_changeable_case(session, staff, case_id)
    return RequestList(items=[_out(asked) for asked in requests_of_case(session, case.id)])


@router.post("/consent-requests", status_code=201)
def create_request(
    case_id: str,
    asked: QuestionIn,
    session: DbSession,
    staff: SignedInCaseStaff,
    clock: ClockDep,
    key: KeyHeader = None,
) -> RequestOut:
    """Ask the person of a case in their conversation."""
    case = get_changeable_case(session, staff, case_id)

    def act() -> RequestOut:
        return _out(ask_consent(session, case, asked.question(), by=staff.id, now=clock()))

    return once(
        session,
        act,
        result_type=RequestOut,
        principal=f"staff:{staff.id}",
        operation="consent.ask",
        key=key,
        request=[case_id, asked],
        now=clock(),
    )


@router.post("/consents", status_code=201)
def create_consent(
    case_id: str,
    given: PaperIn,
    session: DbSession,
    staff: SignedInCaseStaff,
    clock: ClockDep,
    key: KeyHeader = None,
) -> ConsentRecorded:
    """Write down a consent that was signed, or said before a witness."""
    case = get_changeable_case(session, staff, case_id)

    def act() -> ConsentRecorded:
        row = record_on_paper(
            session,
            case,
            given.question(),
            _said(session, case, given),
            language=given.language,
            version=given.text_version,
            by=staff.id,
            now=clock(),
        )
        return ConsentRecorded(id=row.id)

    return once(
        session,
        act,
        result_type=ConsentRecorded,
        principal=f"staff:{staff.id}",
        operation="consent.record",
        key=key,
        request=[case_id, given],
        now=clock(),
    )


@router.post("/consents/{consent_id}/withdrawal", status_code=201)
def create_withdrawal(
    case_id: str,
    consent_id: str,
    taken: SaidIn,
    session: DbSession,
    staff: SignedInCaseStaff,
    clock: ClockDep,
    key: KeyHeader = None,
) -> ConsentRecorded:
    """Write down that a person took a consent back: what stands on it ends at once."""
    case = get_changeable_case(session, staff, case_id)

    def act() -> ConsentRecorded:
        said = _said(session, case, taken)
        return ConsentRecorded(
            id=withdraw_on_paper(session, case, consent_id, said, by=staff.id, now=clock()).id
        )

    return once(
        session,
        act,
        result_type=ConsentRecorded,
        principal=f"staff:{staff.id}",
        operation="consent.withdraw",
        key=key,
        request=[case_id, consent_id, taken],
        now=clock(),
    )


def _said(session: Session, case: Case, said: SaidIn) -> OnPaper:
    if said.document is not None:
        get_document(session, case, said.document)
    return OnPaper(said.how, said.witness.strip() or None, said.on, said.document)


def _out(asked: ConsentRequest) -> RequestOut:
    return RequestOut(
        id=asked.id,
        organisation=asked.organisation_id,
        categories=list(asked.categories),
        until=asked.until,
        asked_at=asked.asked_at,
        text=asked.text,
        language=asked.language,
        answered_at=asked.answered_at,
        agreed=asked.agreed,
    )
