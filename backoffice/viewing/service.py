"""Viewings: a household asks to see a home. Functions flush, never commit; rights have been asked before."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.case.history import record_event
from backoffice.case.models import Case, CaseEventKind
from backoffice.housing_match.models import HousingMatch
from backoffice.listing.models import Listing
from backoffice.viewing.models import Viewing, ViewingState

UNDER_WAY = (ViewingState.ASKED, ViewingState.PROPOSED, ViewingState.FIXED)


def ask_for_viewing(session: Session, match: HousingMatch, *, by: str, now: datetime) -> Viewing:
    """Note that the household wants to see the home; one that is under way already is returned."""
    under_way = select(Viewing).where(Viewing.match_id == match.id, Viewing.state.in_(UNDER_WAY))
    found = session.scalars(under_way.limit(1)).one_or_none()
    if found is not None:
        return found
    viewing = Viewing(
        match=match,
        match_id=match.id,
        case_id=match.case_id,
        state=ViewingState.ASKED,
        created_by=by,
        created_at=now,
    )
    session.add(viewing)
    session.flush()
    record_event(
        session,
        session.get_one(Case, match.case_id),
        CaseEventKind.VIEWING_CHANGED,
        by=by,
        now=now,
        after=viewing.state,
        reason=session.get_one(Listing, match.listing_id).code,
    )
    return viewing
