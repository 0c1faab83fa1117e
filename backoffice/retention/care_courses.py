"""What becomes of places in courses when their person is erased: the next one has the seat."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from backoffice.care_training.models import Enrolment, EnrolmentState
from backoffice.care_training.states import LIVE


def end_courses(session: Session, cases: Iterable[str], *, now: datetime) -> None:
    """Take who is erased off the lists and out of the courses. Hours and days stay, for statistics."""
    ids = list(cases)
    nothing_told = {"to_tell": None, "start_told_for": None, "offer_until": None, "certificate_id": None}
    session.execute(update(Enrolment).where(Enrolment.case_id.in_(ids)).values(nothing_told))
    session.execute(
        update(Enrolment)
        .where(Enrolment.case_id.in_(ids), Enrolment.state.in_(LIVE))
        .values(state=EnrolmentState.CANCELLED, state_since=now)
    )
