"""The acts of a match under the names that the API gives them. Functions flush, never commit."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from backoffice.care_match.errors import CareMoveRefused, TrialDaysWrong
from backoffice.care_match.interviews import fix_interview, start_trial
from backoffice.care_match.models import CareMatch
from backoffice.care_match.offers import give_contacts, note_answer, offer, show_family, take_back, withdraw
from backoffice.care_match.schemas import CareMatchMoveIn
from backoffice.care_match.telling import Pay
from backoffice.viewing.errors import MomentRefused


def act_on(session: Session, match: CareMatch, wanted: CareMatchMoveIn, *, by: str, now: datetime) -> None:
    """Do what is wanted with a match that is locked.

    Raises:
        CareMoveRefused, CareReasonMissing, WorkerNotAsked, WorkerNotFree, NobodyToWriteTo: as each act.
        MomentRefused, TrialDaysWrong: a day or a moment is wrong, or left out.
    """
    match wanted.act:
        case "offer":
            pay = Pay(wanted.pay_eur, is_hourly=wanted.pay_per == "hour") if wanted.pay_eur else None
            offer(session, match, pay, by=by, now=now)
        case "show":
            show_family(session, match, by=by, now=now)
        case "answer":
            _answer(session, match, wanted, by=by, now=now)
        case "interview":
            if wanted.at is None:
                raise MomentRefused("none")
            fix_interview(session, match, wanted.at, wanted.place, by=by, now=now)
        case "trial":
            if wanted.from_on is None or wanted.until_on is None:
                raise TrialDaysWrong
            start_trial(session, match, wanted.from_on, wanted.until_on, by=by, now=now)
        case "contacts":
            give_contacts(session, match, by=by, now=now)
        case "withdraw":
            withdraw(session, match, by=by, now=now)
        case "again":
            take_back(session, match, by=by, now=now)


def _answer(session: Session, match: CareMatch, wanted: CareMatchMoveIn, *, by: str, now: datetime) -> None:
    if wanted.side is None or wanted.says is None:
        raise CareMoveRefused
    note_answer(
        session,
        match,
        wanted.side,
        is_yes=wanted.says == "yes",
        reason=wanted.reason,
        words=wanted.words,
        by=by,
        now=now,
    )
