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
from backoffice.mediation.service import approve, ask
from backoffice.staff.models import Staff
from backoffice.staff.roles import Role
from tests.backoffice.factories import NOW, create_front_door, create_organisation, create_staff

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
