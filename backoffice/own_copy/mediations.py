"""What a copy tells of mediators: when somebody was asked to speak with the person, and where."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.case.models import Case
from backoffice.mediation.models import MediationRequest, MediationState
from backoffice.own_copy.shape import MediationEntry


def mediations_of(session: Session, case: Case) -> list[MediationEntry]:
    """Return the requests of a case that were sent, the oldest first. Who the mediator was is not told."""
    sent = select(MediationRequest).where(
        MediationRequest.case_id == case.id, MediationRequest.state != MediationState.DRAFT
    )
    return [
        MediationEntry(
            language=each.language,
            setting=each.setting,
            mode=each.mode,
            starts_at=each.starts_at,
            municipality=each.municipality,
            place=each.place,
            topic=each.topic,
            gender_wished=each.gender_wished,
            state=each.state,
            since=each.state_since,
        )
        for each in session.scalars(sent.order_by(MediationRequest.created_at, MediationRequest.id))
    ]
