"""What becomes of families' requests and of matches when their person is erased: nobody is led to them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from backoffice.care_match.candidates import SHELF
from backoffice.care_match.models import CareMatch, CareMatchState
from backoffice.care_match.states import OPEN
from backoffice.care_request.models import CareRequest, RequestEnd, RequestState
from backoffice.family_link.models import FamilyLink
from backoffice.reminder.service import cancel_reminders


def end_requests(session: Session, cases: Iterable[str], *, now: datetime) -> None:
    """Close the requests of who is erased, end their links and matches, and forget what was said of them.

    States, their days and the codes of reasons stay: statistics still count. Words about a worker who is
    erased are sealed by the family's key, so that they go here.
    """
    ids = list(cases)
    touched = or_(CareMatch.request_id.in_(ids), CareMatch.worker_id.in_(ids))
    for match in session.scalars(select(CareMatch).where(touched)).all():
        match.refusal_words = match.interview_place = match.interview_at = None
        cancel_reminders(session, match.id, now=now)
        if match.state in OPEN:
            match.state, match.state_since = CareMatchState.WITHDRAWN, now
    session.execute(delete(FamilyLink).where(FamilyLink.request_id.in_(ids)))
    going_on = CareRequest.state != RequestState.CLOSED
    closed = {"state": RequestState.CLOSED, "ended_why": RequestEnd.OTHER}
    session.execute(update(CareRequest).where(CareRequest.case_id.in_(ids), going_on).values(closed))
    session.flush()
    SHELF.clear()
