"""The JSON API of a case's answers to further questions."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from backoffice.audit import service as audit
from backoffice.case.answers import AnswerSheet, change_answers, get_case_with_answers, read_sheet
from backoffice.case.permissions import get_changeable_case
from backoffice.case.schemas import Document
from backoffice.client.schemas import FurtherAnswer
from backoffice.clock import ClockDep
from backoffice.database import DbSession
from backoffice.staff.sign_in import SignedIn

router = APIRouter(prefix="/api/v1/cases", tags=["cases"])


class AnswersIn(Document):
    """All answers of a case, by code; what is left out is not answered. `revision`: the one that was read."""

    set_id: Annotated[str, Field(max_length=36)]
    revision: Annotated[int, Field(ge=0)]
    answers: Annotated[dict[str, FurtherAnswer], Field(max_length=30)]


class AnswersOut(Document):
    """The answers of a case and the version that they were made with; both null where nothing is asked.

    `restricted` names the questions whose answers the caller may not read. `newest` is the version that is
    asked now: answers may be put under it.
    """

    set_id: str | None
    version: int | None
    newest: str | None
    revision: int
    answers: dict[str, FurtherAnswer]
    restricted: list[str]
    answered_at: datetime | None


@router.get("/{case_id}/answers")
def read_answers(case_id: str, session: DbSession, staff: SignedIn, clock: ClockDep) -> AnswersOut:
    """Return the answers; who reads them is noted in the audit trail."""
    case = get_case_with_answers(session, staff, case_id)
    audit.record(
        session,
        by=staff.id,
        action="case.answers_read",
        subject_kind="case",
        subject_id=case.id,
        now=clock(),
    )
    return _out(read_sheet(session, case, staff))


@router.put("/{case_id}/answers")
def put_answers(
    case_id: str, given: AnswersIn, session: DbSession, staff: SignedIn, clock: ClockDep
) -> AnswersOut:
    """Write all answers anew, under the case's own version or the newest one."""
    case = get_changeable_case(session, staff, case_id)
    change_answers(
        session,
        case,
        set_id=given.set_id,
        answers=given.answers,
        revision=given.revision,
        by=staff.id,
        now=clock(),
    )
    return _out(read_sheet(session, case, staff))


def _out(sheet: AnswerSheet) -> AnswersOut:
    newest = sheet.newer or sheet.found
    return AnswersOut(
        set_id=sheet.found.id if sheet.found else None,
        version=sheet.found.version if sheet.found else None,
        newest=newest.id if newest else None,
        revision=sheet.revision,
        answers=sheet.answers,
        restricted=sorted(sheet.restricted),
        answered_at=sheet.row.at if sheet.row else None,
    )
