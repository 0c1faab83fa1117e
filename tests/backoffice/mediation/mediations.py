"""Requests for mediators for tests: every argument has a default."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from backoffice.mediation.models import (
    MediationMode,
    MediationRequest,
    MediationSetting,
    MediationState,
)
from backoffice.mediation.service import accept, approve, ask, offer
from backoffice.staff.models import Organisation, Staff
from backoffice.staff.roles import Role
from tests.backoffice.case.cases import create_case
from tests.backoffice.factories import (
    NOW,
    create_conversation,
    create_front_door,
    create_organisation,
    create_staff,
    send,
)

CASEWORKER = frozenset({Role.CASEWORKER})


def create_asking(session: Session) -> Staff:
    """Make a person of a service that asks for mediators."""
    hospital = create_organisation(session, name="Ospedale di prova")
    return create_staff(session, name="Piera Prova", roles=CASEWORKER, organisation=hospital)


def create_mediation(
    session: Session,
    *,
    asking: Staff | None = None,
    state: MediationState = MediationState.APPROVED,
    **facts: Any,
) -> MediationRequest:
    """Make a request that was sent, or approved too."""
    who = asking or create_asking(session)
    known: dict[str, Any] = {
        "language": "ur",
        "setting": MediationSetting.HEALTH,
        "mode": MediationMode.PRESENCE,
        "municipality": "Crema",
        "starts_at": NOW + timedelta(days=1),
        "minutes": 60,
        **facts,
    }
    request = MediationRequest(
        organisation_id=create_front_door(session).id,
        asking_id=who.organisation_id,
        asked_by=who.id,
        state=MediationState.DRAFT if state is MediationState.DRAFT else MediationState.REQUESTED,
        **known,
    )
    ask(session, request, by=who.id, now=NOW)
    if state is MediationState.APPROVED:
        approve(session, request, by=create_staff(session).id, now=NOW)
    return request


def create_assigned(session: Session, *, language: str = "ur", **facts: Any) -> MediationRequest:
    """Make a request of a person who writes in the chat, which a mediator has."""
    asking = create_asking(session)
    conversation = create_conversation(session, language=language)
    send(session, conversation)
    body = session.get_one(Organisation, asking.organisation_id)
    case = create_case(session, organisation=body, conversation=conversation)
    conversation.person_id = case.person_id
    request = create_mediation(session, asking=asking, case_id=case.id, **facts)
    mediator = create_staff(session, languages=("ur",))
    until = NOW + timedelta(hours=8)
    (made,) = offer(session, request, [(mediator.id, [])], until=until, by="s", now=NOW)
    return accept(session, made, now=NOW)
