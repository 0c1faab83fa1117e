"""Soft holds: a home is kept for one household until a moment, and is free again by itself.

That two never hold the same home is the database's rule (`uq_housing_hold_open`); here expired ones are
put away first. Functions flush, never commit.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backoffice.audit import service as audit
from backoffice.housing_match.errors import HomeIsHeld, HomeNotFree
from backoffice.housing_match.models import Hold, HoldEnd, HousingMatch
from backoffice.listing.models import Listing, ListingState
from backoffice.listing.service import move_listing

HELD_FOR = timedelta(hours=72)
"""How long a home is kept, unless somebody says otherwise."""

LONGEST = timedelta(days=14)

AT_ONCE = 200
"""So many holds are put away in one transaction."""


def open_hold(session: Session, listing_id: str, *, now: datetime) -> Hold | None:
    """Return the hold on a home that is good now."""
    statement = select(Hold).where(Hold.listing_id == listing_id, Hold.ended_at.is_(None), Hold.until > now)
    return session.scalars(statement).one_or_none()


def hold_home(
    session: Session, match: HousingMatch, *, by: str, now: datetime, until: datetime | None = None
) -> Hold:
    """Keep the home of a match for its household; who holds it already holds it longer.

    Raises:
        HomeIsHeld: another household holds it.
        HomeNotFree: it is not published.
    """
    listing = _lock(session, match.listing_id)
    _put_away(session, listing, now=now)
    until = min(until or now + HELD_FOR, now + LONGEST)
    held = open_hold(session, match.listing_id, now=now)
    if held is not None:
        if held.match_id != match.id:
            raise HomeIsHeld
        held.until = max(held.until, until)
        session.flush()
        return held
    if listing.state is not ListingState.PUBLISHED:
        raise HomeNotFree
    hold = Hold(listing_id=listing.id, match_id=match.id, until=until, held_by=by, held_at=now)
    try:
        with session.begin_nested():
            session.add(hold)
            session.flush()
    except IntegrityError as error:
        raise HomeIsHeld from error
    move_listing(session, listing, ListingState.RESERVED, by=by, now=now)
    _note(session, match, "match.held", by=by, now=now)
    return hold


def end_hold(session: Session, match: HousingMatch, why: HoldEnd, *, by: str, now: datetime) -> bool:
    """End the hold of a match, if there is one: the home is free again, or rented. Tell whether there was."""
    _lock(session, match.listing_id)
    statement = select(Hold).where(Hold.match_id == match.id, Hold.ended_at.is_(None)).with_for_update()
    hold = session.scalars(statement).one_or_none()
    if hold is None:
        return False
    _end(session, hold, why, by=by, now=now)
    return True


def expire_holds(session: Session, *, now: datetime) -> int:
    """Free the homes whose hold is over, and return how many."""
    over = (Hold.ended_at.is_(None), Hold.until <= now)
    homes = select(Hold.listing_id).where(*over).limit(AT_ONCE)
    locked = select(Listing).where(Listing.id.in_(homes)).order_by(Listing.id)
    listings = session.scalars(
        locked.with_for_update(skip_locked=True).execution_options(populate_existing=True)
    ).all()
    held = select(Hold).where(*over, Hold.listing_id.in_([each.id for each in listings]))
    holds = session.scalars(held.with_for_update()).all()
    for hold in holds:
        _end(session, hold, HoldEnd.EXPIRED, by="system", now=now)
    return len(holds)


def _lock(session: Session, listing_id: str) -> Listing:
    """Lock a home and read it anew: every change of a hold begins here, so that none waits in a ring."""
    statement = select(Listing).where(Listing.id == listing_id).with_for_update()
    return session.scalars(statement.execution_options(populate_existing=True)).one()


def _put_away(session: Session, listing: Listing, *, now: datetime) -> None:
    statement = select(Hold).where(Hold.listing_id == listing.id, Hold.ended_at.is_(None), Hold.until <= now)
    for hold in session.scalars(statement.with_for_update()):
        _end(session, hold, HoldEnd.EXPIRED, by="system", now=now)


def _end(session: Session, hold: Hold, why: HoldEnd, *, by: str, now: datetime) -> None:
    hold.ended_at, hold.end_reason = now, why
    session.flush()
    listing = session.get_one(Listing, hold.listing_id)
    if listing.state is ListingState.RESERVED:
        to = ListingState.RENTED if why is HoldEnd.RENTED else ListingState.PUBLISHED
        move_listing(session, listing, to, by=by, now=now)
    match = session.get_one(HousingMatch, hold.match_id)
    _note(session, match, f"match.hold_{why.value}", by=by, now=now)


def _note(session: Session, match: HousingMatch, action: str, *, by: str, now: datetime) -> None:
    audit.record(session, by=by, action=action, subject_kind="match", subject_id=match.id, now=now)
