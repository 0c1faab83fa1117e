"""What somebody answers to the buttons of their courses."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from backoffice.audit.service import SERVICE
from backoffice.care_training.errors import EnrolmentMoveRefused, OfferOver
from backoffice.care_training.models import Enrolment, EnrolmentState
from backoffice.care_training.seats import accept_seat, give_back
from backoffice.care_training.telling import tell
from backoffice.case.errors import CaseIsClosed
from backoffice.case.models import Case
from backoffice.conversation.models import Conversation


def answer_course(
    session: Session, conversation: Conversation, enrolment_id: str, what: str, *, now: datetime
) -> None:
    """Act on `yes`, `no` or `cannot`; one about somebody else's seat, or too late, changes nothing."""
    enrolment = session.get(Enrolment, enrolment_id)
    if enrolment is None or session.get_one(Case, enrolment.case_id).conversation_id != conversation.id:
        return
    if what not in ("yes", "no", "cannot"):
        return
    try:
        if what == "yes":
            _say_yes(session, enrolment, now)
        else:
            _say_no(session, enrolment, what, now)
    except (EnrolmentMoveRefused, OfferOver, CaseIsClosed):
        tell(session, conversation, enrolment, "course_too_late", now=now)
        return
    key = {"yes": "course_taken", "no": "course_not_taken", "cannot": "course_given_back"}[what]
    tell(session, conversation, enrolment, key, now=now)


def _say_yes(session: Session, enrolment: Enrolment, now: datetime) -> None:
    """Take the seat; a second touch of the button says the same again."""
    if enrolment.state is not EnrolmentState.ENROLLED:
        accept_seat(session, enrolment, by=SERVICE, now=now, is_told=False)


def _say_no(session: Session, enrolment: Enrolment, what: str, now: datetime) -> None:
    """Refuse the offer, or give the seat back; an old button says no to nothing else."""
    wanted = EnrolmentState.OFFERED if what == "no" else EnrolmentState.ENROLLED
    if enrolment.state is not wanted:
        raise EnrolmentMoveRefused
    give_back(session, enrolment, by=SERVICE, now=now, is_told=False)
