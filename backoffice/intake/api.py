"""What the actions call when a form is finished, and when a person asks what became of their request."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from sqlalchemy.orm import Session

from backoffice.case.models import Case
from backoffice.case.privacy import private_ids
from backoffice.client.schemas import CaseRegistered, IntakeRequest, OwnCase, OwnCases, ReceptionRequest
from backoffice.clock import ClockDep
from backoffice.conversation.silence import was_silent
from backoffice.database import DbSession, ReadSession, name_operation
from backoffice.idempotency.headers import require_key
from backoffice.idempotency.service import once
from backoffice.intake.care import care_state
from backoffice.intake.service import own_cases, submit_intake, submit_reception
from backoffice.service_access import SERVICE, ServiceOnly

router = APIRouter(prefix="/api/v1/service", tags=["service"], dependencies=[ServiceOnly])

RequiredKey = Annotated[str, Depends(require_key)]


@router.post("/intake", status_code=201)
def create_intake(
    request: IntakeRequest, session: DbSession, clock: ClockDep, key: RequiredKey
) -> CaseRegistered:
    """Take a finished form; the same key gets the same case."""
    name_operation(session, "intake")
    now = clock()
    return once(
        session,
        lambda: _registered(submit_intake(session, request, now=now)),
        result_type=CaseRegistered,
        principal=SERVICE,
        operation="intake",
        key=key,
        request=request,
        now=now,
    )


@router.post("/reception", status_code=201)
def create_reception(
    request: ReceptionRequest, session: DbSession, clock: ClockDep, key: RequiredKey
) -> CaseRegistered:
    """Open a case for a need without a form; the same key gets the same case."""
    now = clock()
    return once(
        session,
        lambda: _registered(submit_reception(session, request, now=now)),
        result_type=CaseRegistered,
        principal=SERVICE,
        operation="reception",
        key=key,
        request=request,
        now=now,
    )


@router.get("/conversations/{conversation_id}/cases")
def read_own_cases(conversation_id: str, session: ReadSession) -> OwnCases:
    """Return what the person of a conversation may hear of their cases, newest first."""
    if was_silent(session, conversation_id):
        return OwnCases(cases=[], locked=True)
    cases = own_cases(session, conversation_id)
    private = private_ids(session, cases)
    return OwnCases(
        cases=[OwnCase.private(case.number) if case.id in private else _own(session, case) for case in cases]
    )


def _registered(case: Case) -> CaseRegistered:
    return CaseRegistered(id=case.id, number=case.number, type=case.type, phase=case.phase)


def _own(session: Session, case: Case) -> OwnCase:
    return OwnCase(
        number=case.number,
        type=case.type,
        phase=case.phase,
        opened_at=case.opened_at,
        assignee_name=case.assignee.first_name if case.assignee else None,
        care_state=care_state(session, case),
    )
