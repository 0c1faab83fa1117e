"""Viewings: asked for, dates proposed and chosen, moved, done. Functions flush, never commit.

Each act is an event of the household's case, and is told in the chat where the person can be written to.
Rights have been asked before.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.case.history import record_event
from backoffice.case.models import Case, CaseEventKind
from backoffice.housing_match.models import HousingMatch, MatchState
from backoffice.housing_match.service import move_match
from backoffice.housing_match.states import MOVES as MATCH_MOVES
from backoffice.listing.models import Listing
from backoffice.reminder.models import ReminderKind
from backoffice.reminder.service import cancel_reminders, plan_reminder
from backoffice.viewing.errors import MomentRefused, ViewingMoveRefused
from backoffice.viewing.models import Viewing, ViewingState
from backoffice.viewing.moments import MOST_PROPOSED, check_moment, evening_before, shortly_before
from backoffice.viewing.telling import tell, tell_dates, tell_fixed, tell_moved

UNDER_WAY = (ViewingState.ASKED, ViewingState.PROPOSED, ViewingState.FIXED)


def open_viewing(session: Session, match_id: str) -> Viewing | None:
    """Return the viewing of a match that is under way, if there is one."""
    statement = select(Viewing).where(Viewing.match_id == match_id, Viewing.state.in_(UNDER_WAY))
    return session.scalars(statement.order_by(Viewing.created_at.desc()).limit(1)).one_or_none()


def ask_for_viewing(session: Session, match: HousingMatch, *, by: str, now: datetime) -> Viewing:
    """Note that the household wants to see the home; one that is under way already is returned."""
    session.refresh(match, with_for_update=True)
    found = open_viewing(session, match.id)
    if found is not None:
        return found
    if MatchState.INTERESTED in MATCH_MOVES[match.state]:
        move_match(session, match, MatchState.INTERESTED, by=by, now=now)
    viewing = Viewing(
        match=match,
        match_id=match.id,
        case_id=match.case_id,
        state=ViewingState.ASKED,
        created_by=by,
        created_at=now,
    )
    session.add(viewing)
    _happened(session, viewing, None, by=by, now=now)
    return viewing


def propose_dates(
    session: Session,
    viewing: Viewing,
    moments: Sequence[datetime],
    *,
    base_url: str,
    by: str,
    now: datetime,
) -> None:
    """Offer dates to the household, who chooses one in the chat; those offered before are gone.

    Raises:
        ViewingMoveRefused: it has a date or is over.
        MomentRefused: one of them is not possible, or there is none.
    """
    if viewing.state not in (ViewingState.ASKED, ViewingState.PROPOSED):
        raise ViewingMoveRefused
    checked = sorted({check_moment(moment, now=now) for moment in moments})[:MOST_PROPOSED]
    if not checked:
        raise MomentRefused("none")
    _name_calendar(viewing, base_url)
    before, viewing.state = viewing.state, ViewingState.PROPOSED
    viewing.proposed, viewing.proposed_by = [moment.isoformat() for moment in checked], by
    _happened(session, viewing, before, by=by, now=now)
    tell_dates(session, viewing, checked, now=now)


def fix_viewing(
    session: Session,
    viewing: Viewing,
    starts_at: datetime,
    *,
    meeting_place: str | None,
    interpreter: str | None,
    base_url: str | None,
    by: str,
    now: datetime,
) -> None:
    """Give a viewing its date, or another one; reminders follow it.

    Without a meeting place it is the home's address. `base_url` None: its calendar has its link already.

    Raises:
        ViewingMoveRefused: it is over.
        MomentRefused: nobody can look at a home then.
    """
    if viewing.state not in UNDER_WAY:
        raise ViewingMoveRefused
    starts_at = check_moment(starts_at, now=now)
    before, was_at = viewing.state, viewing.starts_at
    if base_url is not None:
        _name_calendar(viewing, base_url)
    viewing.state, viewing.starts_at, viewing.proposed = ViewingState.FIXED, starts_at, []
    viewing.meeting_place = meeting_place or viewing.meeting_place or _address(session, viewing)
    viewing.interpreter = interpreter or viewing.interpreter
    viewing.sequence += 1
    match = session.get_one(HousingMatch, viewing.match_id)
    if MatchState.VISIT_FIXED in MATCH_MOVES[match.state]:
        move_match(session, match, MatchState.VISIT_FIXED, by=by, now=now)
    _happened(session, viewing, before, by=by, now=now)
    cancel_reminders(session, viewing.id, now=now)
    _plan_reminders(session, viewing, now=now)
    if before is ViewingState.FIXED and was_at != starts_at:
        tell_moved(session, viewing, now=now)
    elif before is not ViewingState.FIXED:
        tell_fixed(session, viewing, now=now)


def choose_date(session: Session, viewing: Viewing, moment: datetime, *, by: str, now: datetime) -> bool:
    """Fix one of the dates that were proposed; tell whether it was still among them, and to come."""
    if viewing.state is not ViewingState.PROPOSED or moment.isoformat() not in viewing.proposed:
        return False
    try:
        check_moment(moment, now=now)
    except MomentRefused:
        return False
    fix_viewing(session, viewing, moment, meeting_place=None, interpreter=None, base_url=None, by=by, now=now)
    return True


def refuse_dates(session: Session, viewing: Viewing, *, by: str, now: datetime) -> None:
    """Note that none of the dates suits: others are wanted."""
    if viewing.state is not ViewingState.PROPOSED:
        return
    viewing.state, viewing.proposed = ViewingState.ASKED, []
    _happened(session, viewing, ViewingState.PROPOSED, by=by, now=now)


def finish_viewing(
    session: Session, viewing: Viewing, form: Mapping[str, Any], *, by: str, now: datetime
) -> None:
    """Note that the home was looked at, and what was seen; the household is asked whether it wants it.

    Raises:
        ViewingMoveRefused: it has no date yet or is over, or its hour has not come.
    """
    if viewing.state is not ViewingState.FIXED or viewing.starts_at is None or viewing.starts_at > now:
        raise ViewingMoveRefused
    viewing.state, viewing.form = ViewingState.DONE, dict(form)
    match = session.get_one(HousingMatch, viewing.match_id)
    if MatchState.VISITED in MATCH_MOVES[match.state]:
        move_match(session, match, MatchState.VISITED, by=by, now=now)
    cancel_reminders(session, viewing.id, now=now)
    _happened(session, viewing, ViewingState.FIXED, by=by, now=now)
    tell(session, viewing, "viewing_how_was_it", choices=("want", "think", "no"), now=now)


def miss_viewing(session: Session, viewing: Viewing, *, by: str, now: datetime) -> None:
    """Note that nobody came; the home can be seen another day.

    Raises:
        ViewingMoveRefused: it had no date, or its hour has not come.
    """
    if viewing.state is not ViewingState.FIXED or viewing.starts_at is None or viewing.starts_at > now:
        raise ViewingMoveRefused
    _end(session, viewing, ViewingState.MISSED, by=by, now=now)


def cancel_viewing(
    session: Session, viewing: Viewing, reason: str | None, *, by: str, now: datetime, is_told: bool = True
) -> None:
    """Take a viewing back, and tell the household unless it was they who did.

    Raises:
        ViewingMoveRefused: it is over already.
    """
    if viewing.state not in UNDER_WAY:
        raise ViewingMoveRefused
    viewing.cancelled_reason = reason
    viewing.sequence += 1
    had_a_date = viewing.starts_at is not None
    _end(session, viewing, ViewingState.CANCELLED, by=by, now=now)
    if is_told and had_a_date:
        tell(session, viewing, "viewing_cancelled", now=now)


def _end(session: Session, viewing: Viewing, state: ViewingState, *, by: str, now: datetime) -> None:
    before, viewing.state = viewing.state, state
    cancel_reminders(session, viewing.id, now=now)
    match = session.get_one(HousingMatch, viewing.match_id)
    if match.state is MatchState.VISIT_FIXED:
        move_match(session, match, MatchState.INTERESTED, by=by, now=now)
    _happened(session, viewing, before, by=by, now=now)


def _plan_reminders(session: Session, viewing: Viewing, *, now: datetime) -> None:
    case = session.get_one(Case, viewing.case_id)
    if case.conversation_id is None or viewing.starts_at is None:
        return
    moments = {
        ReminderKind.VIEWING_TOMORROW: evening_before(viewing.starts_at),
        ReminderKind.VIEWING_SOON: shortly_before(viewing.starts_at),
    }
    for kind, due_at in moments.items():
        plan_reminder(
            session,
            kind,
            viewing.id,
            conversation_id=case.conversation_id,
            case_id=case.id,
            due_at=due_at,
            now=now,
        )


def _name_calendar(viewing: Viewing, base_url: str) -> None:
    if viewing.calendar_sha256 is None:
        token = secrets.token_urlsafe(24)
        viewing.calendar_sha256 = hashlib.sha256(token.encode()).hexdigest()
        viewing.calendar_link = f"{base_url.rstrip('/')}/viewings/calendar/{token}.ics"


def _address(session: Session, viewing: Viewing) -> str | None:
    match = session.get_one(HousingMatch, viewing.match_id)
    listing = session.get_one(Listing, match.listing_id)
    return f"{listing.address}, {listing.municipality}" if listing.address else listing.municipality


def _happened(
    session: Session, viewing: Viewing, before: ViewingState | None, *, by: str, now: datetime
) -> None:
    session.flush()
    viewing.version += 1
    session.flush()
    case = session.get_one(Case, viewing.case_id)
    kind = CaseEventKind.VIEWING_CHANGED
    record_event(session, case, kind, by=by, now=now, before=before, after=viewing.state)
