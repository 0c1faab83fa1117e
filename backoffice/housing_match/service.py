"""What is done with matches: proposed, shown, answered by each side. Functions flush, never commit.

Each act is an event of the seeker's case and of the match. Rights have been asked before.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.case.history import record_event, require_open
from backoffice.case.models import Case, CaseEventKind
from backoffice.home_owner.models import HomeOwner, WishGround
from backoffice.home_owner.service import refuse_wish
from backoffice.housing_match.consequences import CONSEQUENCES, REASONS_OF, Consequence
from backoffice.housing_match.errors import HomeNotFree, MatchMoveRefused, RefusalReasonMissing
from backoffice.housing_match.holds import end_hold
from backoffice.housing_match.models import (
    HoldEnd,
    HousingMatch,
    MatchEvent,
    MatchSide,
    MatchState,
    RefusalReason,
)
from backoffice.housing_match.states import MOVES
from backoffice.housing_need.models import SearchState
from backoffice.housing_need.service import advance_search, move_search, need_of, park_search
from backoffice.housing_need.states import MOVES as SEARCH_MOVES
from backoffice.listing.models import Listing, ListingState
from backoffice.listing.service import move_listing

OFFERED = (ListingState.PUBLISHED, ListingState.RESERVED)
FAR_AWAY = timedelta(days=365 * 50)
_SEARCH_AFTER = {
    MatchState.INTERESTED: SearchState.SEARCHING,
    MatchState.VISIT_FIXED: SearchState.VISITING,
    MatchState.ACCEPTED_BY_SEEKER: SearchState.APPLICATION_MADE,
    MatchState.CONTRACT: SearchState.OFFER,
}
"""How far a match brings the search of its household."""


def propose(
    session: Session,
    case: Case,
    listing: Listing,
    *,
    score: float,
    reasons: Sequence[str],
    by: str,
    now: datetime,
) -> HousingMatch:
    """Propose a home to a household and return the match; one that is there already stays as it is.

    Raises:
        HomeNotFree: the home is not offered any more.
        CaseIsClosed: the case has to be reopened first.
    """
    require_open(case)
    found = session.scalars(
        select(HousingMatch).where(HousingMatch.case_id == case.id, HousingMatch.listing_id == listing.id)
    ).one_or_none()
    if found is not None:
        return found
    if listing.state not in OFFERED:
        raise HomeNotFree
    match = HousingMatch(
        organisation_id=case.organisation_id,
        case=case,
        case_id=case.id,
        listing=listing,
        listing_id=listing.id,
        state=MatchState.PROPOSED,
        state_since=now,
        score=score,
        reasons=list(reasons),
        created_by=by,
        created_at=now,
    )
    session.add(match)
    session.flush()
    _happened(session, match, case, None, listing.code, by=by, now=now)
    return match


def move_match(session: Session, match: HousingMatch, to: MatchState, *, by: str, now: datetime) -> None:
    """Move a match on, and the household's search with it; a no goes through `refuse`.

    Raises:
        MatchMoveRefused: no rule leads there from here.
    """
    if match.state is to:
        return
    if to not in MOVES[match.state] or to is MatchState.REFUSED:
        raise MatchMoveRefused
    _move(session, match, to, by=by, now=now)


def accept(session: Session, match: HousingMatch, side: MatchSide, *, by: str, now: datetime) -> None:
    """Note the yes of a side; when both have said it, the match becomes a contract to be made.

    Raises:
        MatchMoveRefused: the match is not so far that this side can say yes.
    """
    if match.state in (MatchState.REFUSED, MatchState.CONTRACT):
        raise MatchMoveRefused
    is_seeker = side is not MatchSide.OWNER
    if is_seeker:
        match.seeker_said = True
    else:
        match.owner_said = True
    to = MatchState.ACCEPTED_BY_SEEKER if is_seeker else MatchState.ACCEPTED_BY_OWNER
    if match.state is not to:
        if to not in MOVES[match.state]:
            raise MatchMoveRefused
        _move(session, match, to, by=by, now=now)
    if match.seeker_said and match.owner_said:
        _move(session, match, MatchState.CONTRACT, by=by, now=now)


def refuse(
    session: Session,
    match: HousingMatch,
    side: MatchSide,
    reason: RefusalReason,
    *,
    words: str | None,
    by: str,
    now: datetime,
) -> Consequence:
    """Note a no with its reason, and let follow what follows from it.

    Raises:
        RefusalReasonMissing: it is not a reason that this side can give.
        MatchMoveRefused: it was refused already.
    """
    if reason not in REASONS_OF[side]:
        raise RefusalReasonMissing
    if match.state is MatchState.REFUSED:
        raise MatchMoveRefused
    consequence = CONSEQUENCES[reason]
    if side is MatchSide.SEEKER:
        match.seeker_said = False
    elif side is MatchSide.OWNER:
        match.owner_said = False
    match.refused_by, match.refusal_reason, match.refusal_words = side, reason, words
    days = consequence.not_again_days
    match.not_again_before = (now + (FAR_AWAY if days is None else timedelta(days=days))).date()
    _move(session, match, MatchState.REFUSED, by=by, now=now)
    end_hold(session, match, HoldEnd.REFUSED, by=by, now=now)
    _follow(session, match, consequence, by=by, now=now)
    return consequence


def propose_again(session: Session, match: HousingMatch, *, by: str, now: datetime) -> None:
    """Take a no back: needs or home have changed, or it was a mistake.

    Raises:
        MatchMoveRefused: it was not refused.
        HomeNotFree: the home is not offered any more.
    """
    if match.state is not MatchState.REFUSED:
        raise MatchMoveRefused
    if session.get_one(Listing, match.listing_id).state not in OFFERED:
        raise HomeNotFree
    match.refused_by = match.refusal_reason = match.refusal_words = match.not_again_before = None
    match.seeker_said = match.owner_said = None
    _move(session, match, MatchState.PROPOSED, by=by, now=now)


def _follow(
    session: Session, match: HousingMatch, consequence: Consequence, *, by: str, now: datetime
) -> None:
    case, listing = session.get_one(Case, match.case_id), session.get_one(Listing, match.listing_id)
    need = need_of(session, case, now=now)
    if consequence.park_days is not None:
        park_search(session, need, (now + timedelta(days=consequence.park_days)).date(), now=now)
    if consequence.ends_search and SearchState.CLOSED in SEARCH_MOVES[need.state]:
        move_search(session, case, SearchState.CLOSED, by=by, now=now)
    if consequence.withdraws_home and listing.state in OFFERED:
        move_listing(session, listing, ListingState.WITHDRAWN, by=by, now=now, reason=match.refusal_reason)
    if consequence.discriminates:
        owner = session.get_one(HomeOwner, listing.owner_id)
        refuse_wish(session, owner, WishGround.ORIGIN, match.refusal_words, by=by, now=now)


def _move(session: Session, match: HousingMatch, to: MatchState, *, by: str, now: datetime) -> None:
    before, match.state, match.state_since = match.state, to, now
    match.version += 1
    case = session.get_one(Case, match.case_id)
    code = session.get_one(Listing, match.listing_id).code
    _happened(session, match, case, before, code, by=by, now=now)
    if further := _SEARCH_AFTER.get(to):
        advance_search(session, case, further, by=by, now=now)


def _happened(
    session: Session,
    match: HousingMatch,
    case: Case,
    before: MatchState | None,
    code: str,
    *,
    by: str,
    now: datetime,
) -> None:
    session.add(MatchEvent(match_id=match.id, before=before, after=match.state, actor=by, at=now))
    record_event(
        session,
        case,
        CaseEventKind.MATCH_CHANGED,
        by=by,
        now=now,
        before=before,
        after=match.state,
        reason=code,
    )
