"""The JSON API of matches: what fits whom and why, and what is done with a match."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from sqlalchemy.orm import Session

from backoffice.case.errors import CursorInvalid
from backoffice.clock import ClockDep
from backoffice.database import DbSession, ReadSession
from backoffice.housing_match.acts import answer_match, hold_match, release_match
from backoffice.housing_match.candidates import propose_pair
from backoffice.housing_match.models import HousingMatch, MatchState
from backoffice.housing_match.permissions import WITH_BOTH_SIDES, get_match, get_seeker, readable_matches
from backoffice.housing_match.queries import MatchFilters, filtered, holds_of, page_of_matches
from backoffice.housing_match.reading import record_match_read
from backoffice.housing_match.schemas import AnswerIn, HoldIn, MatchIn, MatchList, MatchOut, match_out
from backoffice.idempotency.headers import KeyHeader
from backoffice.idempotency.service import once
from backoffice.listing.permissions import get_listing
from backoffice.paging import InvalidCursor
from backoffice.staff.sign_in import SignedIn, SignedInCaseStaff

router = APIRouter(prefix="/api/v1/housing-matches", tags=["matches"])

Limit = Annotated[int, Query(ge=1, le=200)]
Id = Annotated[str | None, Query(max_length=36)]


@router.get("")
def list_matches(
    session: ReadSession,
    staff: SignedInCaseStaff,
    clock: ClockDep,
    state: MatchState | None = None,
    case: Id = None,
    listing: Id = None,
    held: bool = False,
    limit: Limit = 50,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> MatchList:
    """List the matches that the caller may read; `held`: only those whose home is kept now."""
    filters = MatchFilters(state=state, case_id=case, listing_id=listing, is_held=held)
    statement = filtered(readable_matches(staff), filters, now=clock()).options(*WITH_BOTH_SIDES)
    try:
        page = page_of_matches(session, statement, limit=limit, cursor=cursor)
    except InvalidCursor as wrong:
        raise CursorInvalid from wrong
    holds = holds_of(session, [match.id for match in page.matches], now=clock())
    return MatchList(items=[match_out(match, holds.get(match.id)) for match in page.matches], next=page.next)


@router.post("", status_code=201)
def create_match(
    wanted: MatchIn, session: DbSession, staff: SignedIn, clock: ClockDep, key: KeyHeader = None
) -> MatchOut:
    """Propose a home to a household; a match that is there already is answered as it is."""
    case, listing = get_seeker(session, staff, wanted.case), get_listing(session, staff, wanted.listing)

    def act() -> MatchOut:
        match = propose_pair(session, case, listing, by=staff.id, now=clock())
        return _out(session, get_match(session, staff, match.id), clock)

    return once(
        session,
        act,
        result_type=MatchOut,
        principal=f"staff:{staff.id}",
        operation="match.propose",
        key=key,
        request=wanted,
        now=clock(),
    )


@router.get("/{match_id}")
def read_match(match_id: str, session: DbSession, staff: SignedIn, clock: ClockDep) -> MatchOut:
    """Return one match; who reads it is noted in the audit trail."""
    match = get_match(session, staff, match_id)
    record_match_read(session, match, by=staff.id, now=clock())
    return _out(session, match, clock)


@router.post("/{match_id}/answer")
def answer(
    match_id: str,
    said: AnswerIn,
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
    key: KeyHeader = None,
) -> MatchOut:
    """Note the yes or the no of a side, with what follows from it."""
    match = get_match(session, staff, match_id, lock=True)

    def act() -> MatchOut:
        answer_match(
            session,
            match,
            said.side,
            is_yes=said.says == "yes",
            reason=said.reason,
            words=said.words,
            by=staff.id,
            now=clock(),
        )
        return _out(session, match, clock)

    return once(
        session,
        act,
        result_type=MatchOut,
        principal=f"staff:{staff.id}",
        operation="match.answer",
        key=key,
        request={"match": match_id, "answer": said.model_dump(mode="json")},
        now=clock(),
    )


@router.post("/{match_id}/hold")
def hold(
    match_id: str,
    wanted: HoldIn,
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
    key: KeyHeader = None,
) -> MatchOut:
    """Keep the home for this household until a moment."""
    match = get_match(session, staff, match_id, lock=True)

    def act() -> MatchOut:
        hold_match(session, match, until=wanted.until, by=staff.id, now=clock())
        return _out(session, match, clock)

    return once(
        session,
        act,
        result_type=MatchOut,
        principal=f"staff:{staff.id}",
        operation="match.hold",
        key=key,
        request={"match": match_id, "hold": wanted.model_dump(mode="json")},
        now=clock(),
    )


@router.post("/{match_id}/release")
def release(match_id: str, session: DbSession, staff: SignedIn, clock: ClockDep) -> MatchOut:
    """Give the home free again; where it is not kept, nothing changes."""
    match = get_match(session, staff, match_id, lock=True)
    release_match(session, match, by=staff.id, now=clock())
    return _out(session, match, clock)


def _out(session: Session, match: HousingMatch, clock: ClockDep) -> MatchOut:
    return match_out(match, holds_of(session, [match.id], now=clock()).get(match.id))
