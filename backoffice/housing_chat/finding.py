"""Which homes are shown to a household: published, within the hard rules, and not refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from backoffice.case.models import Case
from backoffice.client.schemas import Employment, Furnishing, HousingIntake
from backoffice.conversation.follow_ups import day_in_italy
from backoffice.housing_match.models import HousingMatch, MatchState
from backoffice.listing.models import IncomeAsked, Listing, ListingState

STILL_TO_CHOOSE = (MatchState.PROPOSED, MatchState.SHOWN_TO_SEEKER)
"""A match that went further is spoken of otherwise: the home is on no card any more."""

WAITS_AT_MOST = timedelta(days=60)
"""A home that is free later than wished still fits, within this time; the card says so."""

MOST_LOOKED_AT = 500

_WITH_CONTRACT = (Employment.PERMANENT, Employment.FIXED_TERM, Employment.SELF_EMPLOYED)


@dataclass(frozen=True)
class FoundHome:
    """A home that fits, with the codes of why it does and of what to know before.

    `homes.why.<code>` (those that begin with `near_` are one line, `homes.why.near`) and
    `homes.doubt.<code>` are the words; a code without words is not shown.
    """

    listing: Listing
    score: float
    reasons: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)


def find_homes(session: Session, case: Case, *, now: datetime) -> list[FoundHome]:
    """Return the homes that a household may be shown now, the best first."""
    intake = HousingIntake.model_validate(case.intake)
    found = [_found(listing, intake, now) for listing in _fitting(session, case, intake, now)]
    return sorted(found, key=lambda home: (-home.score, home.listing.code))


def _fitting(session: Session, case: Case, intake: HousingIntake, now: datetime) -> Sequence[Listing]:
    known = and_(HousingMatch.listing_id == Listing.id, HousingMatch.case_id == case.id)
    today = day_in_italy(now)
    statement = (
        select(Listing)
        .outerjoin(HousingMatch, known)
        .where(
            Listing.organisation_id == case.organisation_id,
            Listing.state == ListingState.PUBLISHED,
            Listing.rent_eur_month <= intake.budget_eur_month,
            Listing.max_people >= intake.people,
            Listing.available_from <= max(intake.move_in_from or today, today) + WAITS_AT_MOST,
            or_(HousingMatch.id.is_(None), HousingMatch.state.in_(STILL_TO_CHOOSE)),
        )
        .order_by(Listing.published_at.desc())
        .limit(MOST_LOOKED_AT)
    )
    if intake.municipalities:
        statement = statement.where(Listing.municipality.in_(intake.municipalities))
    affordable = session.scalars(statement).all()
    return [listing for listing in affordable if _rent(listing) <= intake.budget_eur_month]


def _rent(listing: Listing) -> int:
    return (listing.rent_eur_month or 0) + (listing.expenses_eur_month or 0)


def _found(listing: Listing, intake: HousingIntake, now: datetime) -> FoundHome:
    reasons, doubts = ["town"] if intake.municipalities else [], []
    if listing.expenses_eur_month is None:
        doubts.append("expenses_unknown")
    else:
        reasons.append("rent")
    reasons.append("people")
    for wished, fits, reason, doubt in _wishes(listing, intake, now):
        if wished and fits:
            reasons.append(reason)
        elif wished:
            doubts.append(f"{doubt}_unknown" if fits is None else doubt)
    near = [place for place in intake.near if place.value in listing.near]
    reasons += [f"near_{place.value}" for place in near]
    doubts += ["near_unknown"] if len(near) < len(intake.near) else []
    doubts += _asked_by_owner(listing, intake)
    spare = 1 - _rent(listing) / intake.budget_eur_month
    score = 0.5 + 0.05 * (len(reasons) - len(doubts)) + spare / 5
    return FoundHome(listing, max(0.0, min(1.0, score)), reasons, doubts)


def _wishes(
    listing: Listing, intake: HousingIntake, now: datetime
) -> list[tuple[bool, bool | None, str, str]]:
    """Return what was wished for, whether the home has it (None: unknown), and the codes of both answers."""
    day = intake.move_in_from or day_in_italy(now)
    is_free = listing.available_from is not None and listing.available_from <= day
    furnished = None if listing.furnishing is None else listing.furnishing is Furnishing.FURNISHED
    return [
        (True, is_free, "date", "later"),
        (intake.rooms is not None, listing.rooms >= (intake.rooms or 0), "rooms", "fewer_rooms"),
        (bool(intake.step_free), listing.step_free, "step_free", "stairs"),
        (bool(intake.furnished), furnished, "furnished", "unfurnished"),
    ]


def _asked_by_owner(listing: Listing, intake: HousingIntake) -> list[str]:
    doubts = [] if listing.residence_allowed else ["no_residence"]
    if intake.guarantor and listing.guarantor_accepted:
        return doubts
    if listing.income_asked is IncomeAsked.PERMANENT and intake.employment is not Employment.PERMANENT:
        doubts.append("asks_permanent")
    if listing.income_asked is IncomeAsked.ANY_CONTRACT and intake.employment not in _WITH_CONTRACT:
        doubts.append("asks_contract")
    return doubts
