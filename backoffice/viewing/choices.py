"""What a household answers to the buttons of its viewings."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from backoffice.audit.service import SERVICE
from backoffice.case.models import Case
from backoffice.conversation.models import Conversation
from backoffice.housing_match.errors import MatchMoveRefused
from backoffice.housing_match.models import HousingMatch, MatchSide, RefusalReason
from backoffice.housing_match.service import accept, refuse
from backoffice.viewing.errors import ViewingMoveRefused
from backoffice.viewing.models import Viewing
from backoffice.viewing.service import cancel_viewing, choose_date, refuse_dates
from backoffice.viewing.telling import moment_of, tell


def answer_viewing(
    session: Session, conversation: Conversation, viewing_id: str, what: str, *, now: datetime
) -> None:
    """Act on an answer; one about somebody else's viewing, or that comes too late, changes nothing.

    `what` is a date's code, `none`, `cannot`, `want`, `think` or `no`.
    """
    viewing = session.get(Viewing, viewing_id)
    if viewing is None or session.get_one(Case, viewing.case_id).conversation_id != conversation.id:
        return
    match what:
        case "none":
            refuse_dates(session, viewing, by=SERVICE, now=now)
            tell(session, viewing, "viewing_none_suits", now=now)
        case "cannot":
            _cannot_come(session, viewing, now=now)
        case "want" | "think" | "no":
            _decide(session, viewing, what, now=now)
        case _:
            moment = moment_of(what)
            if moment is None or not choose_date(session, viewing, moment, by=SERVICE, now=now):
                tell(session, viewing, "viewing_too_late", now=now)


def _cannot_come(session: Session, viewing: Viewing, *, now: datetime) -> None:
    try:
        cancel_viewing(session, viewing, None, by=SERVICE, now=now, is_told=False)
    except ViewingMoveRefused:
        tell(session, viewing, "viewing_too_late", now=now)
        return
    tell(session, viewing, "viewing_given_back", now=now)


def _decide(session: Session, viewing: Viewing, what: str, *, now: datetime) -> None:
    match = session.get_one(HousingMatch, viewing.match_id)
    try:
        if what == "want":
            accept(session, match, MatchSide.SEEKER, by=SERVICE, now=now)
        elif what == "no":
            refuse(session, match, MatchSide.SEEKER, RefusalReason.OTHER, words=None, by=SERVICE, now=now)
    except MatchMoveRefused:
        tell(session, viewing, "viewing_too_late", now=now)
        return
    tell(session, viewing, f"viewing_said_{what}", now=now)
