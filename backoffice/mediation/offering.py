"""What happens to offers without anybody asking: those that are over end, and the next mediators are asked.

Where nobody is left who fits, the request waits in the coordinator's list, and the coordinator has mail.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from backoffice.audit.service import SERVICE
from backoffice.mediation.candidates import next_choices
from backoffice.mediation.consequences import record_act, record_step
from backoffice.mediation.models import (
    MediationOffer,
    MediationOfferState,
    MediationRemark,
    MediationRequest,
    MediationStep,
)
from backoffice.mediation.queries import waiting_for_mediator
from backoffice.mediation.service import expire_offers, lock_request, offer

AT_ONCE = 2
"""How many mediators are asked next."""

LASTS = timedelta(hours=12)
LASTS_URGENT = timedelta(hours=2)
BEFORE_IT_BEGINS = timedelta(hours=1)


def answer_by(request: MediationRequest, *, now: datetime) -> datetime:
    """Return until when an offer made now stands: half a day, two hours where it is urgent.

    It ends an hour before the beginning at the latest, but never before a quarter of an hour has gone.
    """
    usual = now + (LASTS_URGENT if request.urgent else LASTS)
    return max(min(usual, request.starts_at - BEFORE_IT_BEGINS), now + timedelta(minutes=15))


def has_offers_over(session: Session, *, now: datetime) -> bool:
    """Tell whether there is an offer whose time is over, or a request that nobody is asked for any more."""
    over = select(MediationOffer.id).where(
        MediationOffer.state == MediationOfferState.OFFERED, MediationOffer.until <= now
    )
    return session.scalar(over.limit(1)) is not None or bool(_unasked(session, now=now))


def pass_on(session: Session, *, now: datetime) -> int:
    """End offers that are over and ask the next mediators; return how many were asked."""
    expire_offers(session, now=now)
    return sum(_ask_next(session, request_id, now=now) for request_id in _unasked(session, now=now))


def _unasked(session: Session, *, now: datetime) -> list[str]:
    """Return the requests to come that were offered, and whose every offer is over since nobody was free."""
    offered_at = (
        select(func.max(MediationOffer.offered_at))
        .where(MediationOffer.request_id == MediationRequest.id)
        .scalar_subquery()
    )
    known = exists().where(
        MediationStep.request_id == MediationRequest.id,
        MediationStep.after == MediationRemark.NOBODY_FREE.value,
        MediationStep.at >= offered_at,
    )
    statement = waiting_for_mediator(select(MediationRequest)).where(
        MediationRequest.starts_at > now, ~MediationRequest.is_latest, offered_at.is_not(None), ~known
    )
    chosen = statement.with_only_columns(MediationRequest.id).order_by(MediationRequest.starts_at).limit(50)
    return list(session.scalars(chosen))


def _ask_next(session: Session, request_id: str, *, now: datetime) -> int:
    request = lock_request(session, request_id)
    still = waiting_for_mediator(select(MediationRequest)).where(MediationRequest.id == request_id)
    if session.scalars(still).one_or_none() is None:
        return 0  # another process was faster
    chosen = [
        (each.mediator.id, list(each.reasons)) for each in next_choices(session, request, number=AT_ONCE)
    ]
    if not chosen:
        record_step(session, request, request.state, MediationRemark.NOBODY_FREE, by=SERVICE, now=now)
        record_act(session, request, "mediation.nobody_free", by=SERVICE, now=now)
        return 0
    return len(offer(session, request, chosen, until=answer_by(request, now=now), by=SERVICE, now=now))
