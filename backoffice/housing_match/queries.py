"""Statements about matches: one page of a list, the history of one, what is held."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from backoffice.housing_match.models import Hold, HousingMatch, MatchEvent, MatchState
from backoffice.paging import newest_first


@dataclass(frozen=True)
class MatchFilters:
    """What a list of matches is narrowed by; None narrows nothing."""

    state: MatchState | None = None
    case_id: str | None = None
    listing_id: str | None = None
    is_held: bool = False


@dataclass(frozen=True)
class MatchPage:
    """One page of matches, those that changed last first, and the cursor of the next page."""

    matches: Sequence[HousingMatch]
    next: str | None


def filtered(
    statement: Select[HousingMatch], filters: MatchFilters, *, now: datetime
) -> Select[HousingMatch]:
    """Return the statement narrowed by what is wanted."""
    if filters.state is not None:
        statement = statement.where(HousingMatch.state == filters.state)
    if filters.case_id:
        statement = statement.where(HousingMatch.case_id == filters.case_id)
    if filters.listing_id:
        statement = statement.where(HousingMatch.listing_id == filters.listing_id)
    if filters.is_held:
        held = select(Hold.match_id).where(Hold.ended_at.is_(None), Hold.until > now)
        statement = statement.where(HousingMatch.id.in_(held))
    return statement


def page_of_matches(
    session: Session, statement: Select[HousingMatch], *, limit: int, cursor: str | None = None
) -> MatchPage:
    """Return one page.

    Raises:
        InvalidCursor: it is not one of ours.
    """
    order = (HousingMatch.state_since, HousingMatch.id)
    return MatchPage(*newest_first(session, statement, *order, limit=limit, cursor=cursor))


def events_of(session: Session, match_id: str) -> Sequence[MatchEvent]:
    """Return what happened to a match, oldest first."""
    statement = select(MatchEvent).where(MatchEvent.match_id == match_id).order_by(MatchEvent.id)
    return session.scalars(statement).all()


def holds_of(session: Session, matches: Iterable[str], *, now: datetime) -> dict[str, Hold]:
    """Return the holds of some matches that are good now, by the match."""
    statement = select(Hold).where(
        Hold.match_id.in_(list(matches)), Hold.ended_at.is_(None), Hold.until > now
    )
    return {hold.match_id: hold for hold in session.scalars(statement)}


def every_hold(session: Session, match_id: str) -> Sequence[Hold]:
    """Return every hold that a match ever had, oldest first."""
    return session.scalars(select(Hold).where(Hold.match_id == match_id).order_by(Hold.held_at)).all()


def count_by_state(session: Session, listing_id: str) -> dict[MatchState, int]:
    """Return how many matches of a home are in which state."""
    statement = select(HousingMatch.state, func.count()).where(HousingMatch.listing_id == listing_id)
    counted = session.execute(statement.group_by(HousingMatch.state)).all()
    return {row[0]: row[1] for row in counted}


def has_holds_over(session: Session, *, now: datetime) -> bool:
    """Tell whether a hold is over and not put away yet."""
    statement = select(Hold.id).where(Hold.ended_at.is_(None), Hold.until <= now).limit(1)
    return session.scalar(statement) is not None


def holds_on(session: Session, listings: Iterable[str], *, now: datetime) -> dict[str, Hold]:
    """Return the holds on some homes that are good now, by the home."""
    statement = select(Hold).where(
        Hold.listing_id.in_(list(listings)), Hold.ended_at.is_(None), Hold.until > now
    )
    return {hold.listing_id: hold for hold in session.scalars(statement)}
