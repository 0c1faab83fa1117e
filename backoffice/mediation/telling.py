"""Who hears by mail of offers and of what becomes of requests: each once, soon after it happened.

A mail names nobody and nothing but that there is something to look at. Who has done something is not told
of it. What is written to is marked in the transaction that writes the mail.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.mail.kinds import MailKind
from backoffice.mail.service import write_mail
from backoffice.mediation.models import (
    MediationOffer,
    MediationOfferState,
    MediationRemark,
    MediationRequest,
    MediationState,
    MediationStep,
)
from backoffice.staff.models import Staff
from backoffice.staff.roles import Role

AT_ONCE = 100

S = MediationState

_KINDS = {S.ASSIGNED.value: MailKind.MEDIATION_ACCEPTED, S.CONFIRMED.value: MailKind.MEDIATION_CONFIRMED}


def has_untold(session: Session) -> bool:
    """Tell whether there is something that nobody was written to about."""
    offers = select(MediationOffer.id).where(MediationOffer.told_at.is_(None))
    steps = select(MediationStep.id).where(MediationStep.told_at.is_(None))
    return session.scalar(offers.limit(1)) is not None or session.scalar(steps.limit(1)) is not None


def tell(session: Session, *, base_url: str, now: datetime) -> int:
    """Write the mail about what nobody was told of, and return how many."""
    return _tell_offers(session, base_url, now) + _tell_steps(session, base_url, now)


def write_to(
    session: Session, staff_ids: Iterable[str | None], kind: MailKind, *, link: str, now: datetime
) -> int:
    """Write a mail to members of staff who still work here, each once; return how many."""
    chosen = select(Staff).where(Staff.id.in_({each for each in staff_ids if each}), Staff.active)
    people = session.scalars(chosen.order_by(Staff.id)).all()
    for each in people:
        write_mail(
            session, kind, organisation_id=each.organisation_id, recipient=each.email, link=link, now=now
        )
    return len(people)


def link_to(base_url: str, request_id: str) -> str:
    """Return where staff look at a request."""
    return f"{base_url.rstrip('/')}/mediation/requests/{request_id}"


def _tell_offers(session: Session, base_url: str, now: datetime) -> int:
    chosen = select(MediationOffer).where(MediationOffer.told_at.is_(None)).order_by(MediationOffer.id)
    link, count = f"{base_url.rstrip('/')}/mediation/offers", 0
    for made in session.scalars(chosen.limit(AT_ONCE).with_for_update(skip_locked=True)).all():
        made.told_at = now
        if made.state is MediationOfferState.OFFERED and made.until > now:
            count += write_to(session, [made.staff_id], MailKind.MEDIATION_OFFERED, link=link, now=now)
    session.flush()
    return count


def _tell_steps(session: Session, base_url: str, now: datetime) -> int:
    chosen = select(MediationStep).where(MediationStep.told_at.is_(None)).order_by(MediationStep.id)
    count = 0
    for step in session.scalars(chosen.limit(AT_ONCE).with_for_update(skip_locked=True)).all():
        step.told_at = now
        request = session.get_one(MediationRequest, step.request_id)
        told = {each for each in _concerned(session, request, step) if each != step.actor}
        kind = _KINDS.get(step.after, MailKind.MEDIATION_NEWS)
        count += write_to(session, told, kind, link=link_to(base_url, request.id), now=now)
    session.flush()
    return count


def _concerned(session: Session, request: MediationRequest, step: MediationStep) -> list[str | None]:
    """Return who has to hear of a step."""
    match step.after:
        case S.REQUESTED.value:
            return _coordinators(session, request) if request.urgent else []
        case S.APPROVED.value if step.before == S.ASSIGNED.value:
            return [request.asked_by, request.decided_by]
        case S.REFUSED.value | S.ASSIGNED.value | S.DONE.value:
            return [request.asked_by]
        case S.CANCELLED.value | S.CANCELLED_LATE.value | S.CONFIRMED.value:
            return [request.mediator_id]
        case S.NO_SHOW.value | MediationRemark.PERSON_CANNOT.value:
            return [request.asked_by, request.mediator_id]
        case S.DISPUTED.value:
            return [request.decided_by, request.mediator_id]
        case MediationRemark.NOBODY_FREE.value:
            return [request.decided_by]
    return []


def _coordinators(session: Session, request: MediationRequest) -> list[str | None]:
    chosen = select(Staff).where(Staff.organisation_id == request.organisation_id, Staff.active)
    return [each.id for each in session.scalars(chosen) if each.has_role(Role.COORDINATOR)]
