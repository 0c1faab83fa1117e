"""What becomes of requests for a mediator when their time is over: what was said goes, the hours stay."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from backoffice.mediation.models import (
    MediationOffer,
    MediationOfferState,
    MediationRequest,
    MediationState,
)
from backoffice.reminder.models import Reminder

_GOING_ON = (
    MediationState.DRAFT,
    MediationState.REQUESTED,
    MediationState.APPROVED,
    MediationState.ASSIGNED,
)


def end_mediations(session: Session, cases: Iterable[str], *, now: datetime) -> int:
    """Empty the requests of who is erased and end those that are under way; return how many there were.

    Language, setting, town, days and hours stay: the bodies' hours still add up. The words are sealed by the
    asking body's key, which is not destroyed, so that they go here.
    """
    ids = list(cases)
    found = session.scalars(select(MediationRequest).where(MediationRequest.case_id.in_(ids))).all()
    for request in found:
        request.place = request.topic = request.contact = request.report = request.disputed_words = None
        request.variety = request.case_id = None
        if request.state in _GOING_ON:
            request.state, request.state_since = MediationState.CANCELLED, now
    touched = [request.id for request in found]
    session.execute(
        update(MediationOffer)
        .where(MediationOffer.request_id.in_(touched), MediationOffer.state == MediationOfferState.OFFERED)
        .values(state=MediationOfferState.TAKEN, answered_at=now)
    )
    session.execute(delete(Reminder).where(Reminder.about_id.in_(touched)))
    session.flush()
    return len(touched)


def forget_words(session: Session, before: datetime) -> int:
    """Empty the requests without a case that last moved before a moment; return how many had words.

    Those of a case go with its person. Language, town, days and hours stay: the hours still add up.
    """
    columns = (
        MediationRequest.place,
        MediationRequest.topic,
        MediationRequest.contact,
        MediationRequest.report,
        MediationRequest.disputed_words,
    )
    emptied = session.execute(
        update(MediationRequest)
        .where(
            MediationRequest.case_id.is_(None),
            MediationRequest.state_since < before,
            or_(*(column.is_not(None) for column in columns)),
        )
        .values({column.key: None for column in columns})
        .returning(MediationRequest.id)
    )
    return len(emptied.all())
