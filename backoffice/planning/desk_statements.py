"""Statements about what was asked of mediators and of the guide, and was not available."""

from __future__ import annotations

from sqlalchemy import case, func, select

from backoffice.mediation.models import MediationRequest, MediationState
from backoffice.planning.statements import Statement, counted, is_of, month_of
from backoffice.review.models import ReviewItem

SERVED, WAITING, CALLED_OFF = "served", "waiting", "called_off"
ANSWERED = "answered"

_CALLED_OFF = (MediationState.CANCELLED, MediationState.CANCELLED_LATE)
_NOT_YET = (MediationState.REQUESTED, MediationState.APPROVED)


def mediation_requests(year: int) -> Statement:
    """Count requests for a mediator by the month in which they were to begin, and why there was none."""
    state = MediationRequest.state
    came = case(
        (state == MediationState.REFUSED, MediationRequest.refusal),
        (state.in_(_CALLED_OFF), CALLED_OFF),
        (state.in_(_NOT_YET), WAITING),
        else_=SERVED,
    )
    return counted(
        select(MediationRequest).where(
            is_of(MediationRequest.starts_at, year), state != MediationState.DRAFT
        ),
        {
            "period": month_of(MediationRequest.starts_at, year),
            "place": MediationRequest.municipality,
            "mediation": came,
            "language": MediationRequest.language,
            "setting": MediationRequest.setting,
            "body": MediationRequest.asking_id,
        },
    )


def guide_gaps(year: int) -> Statement:
    """Count the messages that were given to learn from, and what the guide lacked to answer them."""
    return counted(
        select(ReviewItem).where(is_of(ReviewItem.given_at, year)),
        {
            "period": month_of(ReviewItem.given_at, year),
            "topic": func.coalesce(ReviewItem.guide_gap, ANSWERED),
            "language": ReviewItem.language,
        },
    )
