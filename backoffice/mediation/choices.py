"""What a person answers in the chat about an appointment to which a mediator comes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.audit.service import SERVICE
from backoffice.case.history import record_event
from backoffice.case.models import Case, CaseEventKind
from backoffice.conversation.messages import say
from backoffice.conversation.models import Conversation
from backoffice.mediation.consequences import record_act, record_step
from backoffice.mediation.models import MediationRemark, MediationRequest, MediationState, MediationStep
from backoffice.mediation.service import lock_request


def answer_mediation(
    session: Session, conversation: Conversation, request_id: str, what: str, *, now: datetime
) -> None:
    """Act on an answer: who cannot come is thanked, and the service hears of it; it decides what follows.

    An answer about somebody else's appointment changes nothing.
    """
    found = session.get(MediationRequest, request_id)
    case = session.get(Case, found.case_id) if found is not None and found.case_id else None
    if found is None or case is None or case.conversation_id != conversation.id or what != "cannot":
        return
    request = lock_request(session, found.id)
    if request.state is not MediationState.ASSIGNED or request.starts_at <= now:
        say(session, conversation, "mediation_too_late", now=now)
        return
    if not _was_said(session, request):
        record_step(session, request, request.state, MediationRemark.PERSON_CANNOT, by=SERVICE, now=now)
        record_act(session, request, "mediation.person_cannot", by=SERVICE, now=now)
        record_event(
            session,
            case,
            CaseEventKind.MEDIATION_CHANGED,
            by=SERVICE,
            now=now,
            after=MediationRemark.PERSON_CANNOT.value,
        )
    say(session, conversation, "mediation_cannot", now=now)


def _was_said(session: Session, request: MediationRequest) -> bool:
    """Tell whether the person said so since the mediator has it."""
    last = select(MediationStep.after).where(MediationStep.request_id == request.id)
    return (
        session.scalar(last.order_by(MediationStep.id.desc()).limit(1)) == MediationRemark.PERSON_CANNOT.value
    )
