"""What the desk does with an enrolment by a button."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from backoffice.care_training.models import Enrolment
from backoffice.care_training.seats import accept_seat, drop_out, give_back


class EnrolmentAct(StrEnum):
    """Take the seat that is offered, leave list or seat, stop coming."""

    ACCEPT = "accept"
    GIVE_BACK = "give_back"
    DROP_OUT = "drop_out"


_ACTS = {
    EnrolmentAct.ACCEPT: accept_seat,
    EnrolmentAct.GIVE_BACK: give_back,
    EnrolmentAct.DROP_OUT: drop_out,
}


def act_on(session: Session, enrolment: Enrolment, act: EnrolmentAct, *, by: str, now: datetime) -> None:
    """Do it; the person is told in the chat.

    Raises:
        EnrolmentMoveRefused: the enrolment is not so far, or over already.
        OfferOver: the time to take the seat is over.
        CaseIsClosed: the case has to be reopened first.
    """
    _ACTS[act](session, enrolment, by=by, now=now)
