"""The pages of matches: the list, one match, and what is noted there."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from backoffice.case.queries import names_of_staff
from backoffice.clock import ClockDep
from backoffice.database import DbSession, ReadSession
from backoffice.housing_match.acts import (
    ShowHome,
    answer_match,
    hold_match,
    move_by_hand,
    release_match,
    take_back,
)
from backoffice.housing_match.candidates import pair_of
from backoffice.housing_match.errors import NoChatToShowIn
from backoffice.housing_match.forms import AnswerForm, HoldForm, MatchesSearched, MatchSearch
from backoffice.housing_match.match_view import MatchView
from backoffice.housing_match.models import MatchState
from backoffice.housing_match.permissions import WITH_BOTH_SIDES, get_match, readable_matches
from backoffice.housing_match.queries import (
    MatchFilters,
    MatchPage,
    events_of,
    every_hold,
    filtered,
    holds_of,
    page_of_matches,
)
from backoffice.housing_match.reading import record_match_read
from backoffice.paging import InvalidCursor
from backoffice.staff.models import Staff
from backoffice.staff.sign_in import SignedIn, SignedInCaseStaff
from backoffice.templating import interface_language, redirect, render

router = APIRouter(prefix="/matches", include_in_schema=False)

PAGE = 30


@router.get("")
def list_page(
    request: Request, session: ReadSession, staff: SignedInCaseStaff, search: MatchesSearched, clock: ClockDep
) -> Response:
    """Show the matches that the reader may see, with filters in the address."""
    page = _page(session, staff, search, clock)
    return render(
        request,
        "housing_match/list.html",
        staff=staff,
        search=search,
        page=page,
        holds=holds_of(session, [match.id for match in page.matches], now=clock()),
        states=list(MatchState),
        sees=MatchView(interface_language(request)),
    )


@router.get("/{match_id}")
def match_page(
    request: Request, match_id: str, session: DbSession, staff: SignedIn, clock: ClockDep
) -> Response:
    """Show one match: both sides' answers, its why, its holds and its history."""
    match, now = get_match(session, staff, match_id), clock()
    record_match_read(session, match, by=staff.id, now=now)
    events, holds = events_of(session, match.id), every_hold(session, match.id)
    names = {event.actor for event in events} | {hold.held_by for hold in holds}
    shows = request.app.state.show_home is not None and match.case.conversation_id is not None
    return render(
        request,
        "housing_match/match.html",
        staff=staff,
        match=match,
        pair=pair_of(session, match.case, match.listing, now=now),
        events=events,
        holds=holds,
        hold=holds_of(session, [match.id], now=now).get(match.id),
        names=names_of_staff(session, names),
        sees=MatchView(interface_language(request)),
        can_show=shows,
    )


@router.post("/{match_id}/answer")
def submit_answer(
    match_id: str, form: Annotated[AnswerForm, Form()], session: DbSession, staff: SignedIn, clock: ClockDep
) -> Response:
    """Note the yes or the no of a side."""
    match = get_match(session, staff, match_id, lock=True)
    answer_match(
        session,
        match,
        form.side,
        is_yes=form.says == "yes",
        reason=form.reason or None,
        words=form.words,
        by=staff.id,
        now=clock(),
    )
    return redirect(f"/matches/{match.id}", notice="match_answered")


@router.post("/{match_id}/move")
def submit_move(
    match_id: str,
    to: Annotated[MatchState, Form()],
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
) -> Response:
    """Note that the home was shown, or that the household is interested."""
    match = get_match(session, staff, match_id, lock=True)
    move_by_hand(session, match, to, by=staff.id, now=clock())
    return redirect(f"/matches/{match.id}", notice="match_moved")


@router.post("/{match_id}/again")
def submit_again(match_id: str, session: DbSession, staff: SignedIn, clock: ClockDep) -> Response:
    """Take a no back."""
    match = get_match(session, staff, match_id, lock=True)
    take_back(session, match, by=staff.id, now=clock())
    return redirect(f"/matches/{match.id}", notice="match_again")


@router.post("/{match_id}/show")
def submit_showing(
    request: Request, match_id: str, session: DbSession, staff: SignedIn, clock: ClockDep
) -> Response:
    """Show the home in the household's conversation."""
    match = get_match(session, staff, match_id, lock=True)
    show: ShowHome | None = request.app.state.show_home
    if show is None or match.case.conversation_id is None:
        raise NoChatToShowIn
    show(session, match, clock())
    return redirect(f"/matches/{match.id}", notice="match_shown")


@router.post("/{match_id}/hold")
def submit_hold(
    match_id: str, form: Annotated[HoldForm, Form()], session: DbSession, staff: SignedIn, clock: ClockDep
) -> Response:
    """Keep the home for this household for some days."""
    match, now = get_match(session, staff, match_id, lock=True), clock()
    hold_match(session, match, until=now + timedelta(days=form.days), by=staff.id, now=now)
    return redirect(f"/matches/{match.id}", notice="home_held")


@router.post("/{match_id}/release")
def submit_release(match_id: str, session: DbSession, staff: SignedIn, clock: ClockDep) -> Response:
    """Give the home free again."""
    match = get_match(session, staff, match_id, lock=True)
    release_match(session, match, by=staff.id, now=clock())
    return redirect(f"/matches/{match.id}", notice="home_released")


def _page(session: Session, staff: Staff, search: MatchSearch, clock: ClockDep) -> MatchPage:
    filters = MatchFilters(
        state=search.state or None,
        case_id=search.case,
        listing_id=search.listing,
        is_held=bool(search.held),
    )
    statement = filtered(readable_matches(staff), filters, now=clock()).options(*WITH_BOTH_SIDES)
    try:
        return page_of_matches(session, statement, limit=PAGE, cursor=search.cursor or None)
    except InvalidCursor:
        return page_of_matches(session, statement, limit=PAGE)
