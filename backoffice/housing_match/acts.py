"""What the desk does with a match, on its pages and in the API. Functions flush, never commit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from backoffice.audit import service as audit
from backoffice.housing_match.errors import HoldIsPast, MatchMoveRefused, RefusalReasonMissing
from backoffice.housing_match.holds import end_hold, hold_home
from backoffice.housing_match.models import Hold, HoldEnd, HousingMatch, MatchSide, MatchState, RefusalReason
from backoffice.housing_match.service import accept, move_match, propose_again, refuse
from backoffice.housing_match.states import MOVES, OPEN

BY_HAND = (MatchState.SHOWN_TO_SEEKER, MatchState.INTERESTED)
"""What the desk notes itself: a viewing and the answers bring about the rest."""

ShowHome = Callable[[Session, HousingMatch, datetime], None]
"""Shows the home of a match in its household's conversation (`app.state.show_home`)."""


def answer_match(
    session: Session,
    match: HousingMatch,
    side: MatchSide,
    *,
    is_yes: bool,
    reason: RefusalReason | None,
    words: str | None,
    by: str,
    now: datetime,
) -> None:
    """Note the yes or the no of a side.

    Raises:
        RefusalReasonMissing: a no without a reason that this side can give.
        MatchMoveRefused: the match is not so far, is over, or the desk would say yes for somebody.
    """
    if is_yes and side is MatchSide.DESK:
        raise MatchMoveRefused
    if is_yes:
        accept(session, match, side, by=by, now=now)
    elif reason is None:
        raise RefusalReasonMissing
    else:
        refuse(session, match, side, reason, words=(words or "").strip() or None, by=by, now=now)
    _note(session, match, "match.answered", by=by, now=now)


def hold_match(
    session: Session, match: HousingMatch, *, until: datetime | None, by: str, now: datetime
) -> Hold:
    """Keep the home of a match that is going on for its household.

    Raises:
        HoldIsPast: the moment is over.
        MatchMoveRefused: the match was refused.
        HomeIsHeld: another household holds it.
        HomeNotFree: it is not published.
    """
    if until is not None and until <= now:
        raise HoldIsPast
    if match.state is MatchState.REFUSED:
        raise MatchMoveRefused
    return hold_home(session, match, by=by, now=now, until=until)


def release_match(session: Session, match: HousingMatch, *, by: str, now: datetime) -> bool:
    """Give the home of a match free again, and tell whether it was kept."""
    return end_hold(session, match, HoldEnd.GIVEN_BACK, by=by, now=now)


def moves_by_hand(match: HousingMatch) -> list[MatchState]:
    """Return the states that the desk may note for a match now."""
    if match.state not in OPEN:
        return []
    return [to for to in MOVES[match.state] if to in BY_HAND and match.state is not MatchState.VISIT_FIXED]


def move_by_hand(session: Session, match: HousingMatch, to: MatchState, *, by: str, now: datetime) -> None:
    """Note that a home was shown, or that the household is interested.

    Raises:
        MatchMoveRefused: that is not what the desk notes, or no rule leads there from here.
    """
    if to is not match.state and to not in moves_by_hand(match):
        raise MatchMoveRefused
    move_match(session, match, to, by=by, now=now)
    _note(session, match, "match.moved", by=by, now=now)


def take_back(session: Session, match: HousingMatch, *, by: str, now: datetime) -> None:
    """Take a no back, so that the home is proposed again.

    Raises:
        MatchMoveRefused: it was not refused.
        HomeNotFree: the home is not offered any more.
    """
    propose_again(session, match, by=by, now=now)
    _note(session, match, "match.proposed_again", by=by, now=now)


def _note(session: Session, match: HousingMatch, action: str, *, by: str, now: datetime) -> None:
    audit.record(session, by=by, action=action, subject_kind="match", subject_id=match.id, now=now)
