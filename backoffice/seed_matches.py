"""A few matches of the demo: proposed, of interest, kept for a household, refused. Nobody of them exists."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from backoffice.case.models import Case
from backoffice.client.schemas import CaseType, Phase
from backoffice.housing_match.acts import answer_match, hold_match
from backoffice.housing_match.candidates import homes_for, propose_pair
from backoffice.housing_match.models import HousingMatch, MatchSide, MatchState, RefusalReason
from backoffice.housing_match.service import move_match
from backoffice.housing_need.service import need_of
from backoffice.listing.models import Listing
from backoffice.staff.models import Staff

PROPOSED_AT_MOST = 2

Act = Callable[[Session, HousingMatch, str, datetime], None]


def seed_matches(session: Session, staff: Staff, *, now: datetime) -> int:
    """Propose the best homes to the first households that look for one; return how many matches there are.

    Where no home is offered there are none.
    """
    statement = (
        select(Case)
        .where(
            Case.organisation_id == staff.organisation_id,
            Case.type == CaseType.HOUSING,
            Case.phase != Phase.CLOSED,
        )
        .options(joinedload(Case.person))
        .order_by(Case.opened_at, Case.id)
    )
    made: list[HousingMatch] = []
    for case in session.scalars(statement):
        need_of(session, case, now=now)
        for fit in homes_for(session, case, now=now)[:PROPOSED_AT_MOST]:
            listing = session.get_one(Listing, fit.id)
            made.append(propose_pair(session, case, listing, by=staff.id, now=now))
    for match, act in zip(made, _ACTS, strict=False):
        act(session, match, staff.id, now)
    return len(made)


def _interest(session: Session, match: HousingMatch, by: str, now: datetime) -> None:
    move_match(session, match, MatchState.SHOWN_TO_SEEKER, by=by, now=now)
    move_match(session, match, MatchState.INTERESTED, by=by, now=now)


def _keep(session: Session, match: HousingMatch, by: str, now: datetime) -> None:
    _interest(session, match, by, now)
    hold_match(session, match, until=None, by=by, now=now)


def _refuse(session: Session, match: HousingMatch, by: str, now: datetime) -> None:
    answer_match(
        session,
        match,
        MatchSide.SEEKER,
        is_yes=False,
        reason=RefusalReason.TOO_FAR,
        words="La scuola è lontana.",
        by=by,
        now=now,
    )


_ACTS: tuple[Act, ...] = (_keep, _refuse, _interest)
