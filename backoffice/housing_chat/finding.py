"""Which homes are shown to a household, and what is told of each: why it fits, and what to know before."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.case.models import Case
from backoffice.client.schemas import Employment, Furnishing, HousingIntake
from backoffice.housing_match.candidates import homes_for
from backoffice.housing_match.models import HousingMatch, MatchState
from backoffice.italy import day_in_italy
from backoffice.listing.models import IncomeAsked, Listing

STILL_TO_CHOOSE = (MatchState.PROPOSED, MatchState.SHOWN_TO_SEEKER)
"""A match that went further is spoken of otherwise: the home is on no card any more."""

_WITH_CONTRACT = (Employment.PERMANENT, Employment.FIXED_TERM, Employment.SELF_EMPLOYED)


_NOT_ASKED = {"municipalities": [], "budget_eur_month": 1, "people": 1}
"""What every answer has, where it is missing: no card says anything of budget and people."""


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
    """Return the homes that a household may be shown now, the best first: those that the desk sees too."""
    intake = _asked(case)
    fits = homes_for(session, case, now=now)
    gone_on = session.scalars(
        select(HousingMatch.listing_id).where(
            HousingMatch.case_id == case.id, HousingMatch.state.not_in(STILL_TO_CHOOSE)
        )
    )
    shown = {fit.id: fit.score for fit in fits}
    for listing_id in gone_on:
        shown.pop(listing_id, None)
    listings = session.scalars(select(Listing).where(Listing.id.in_(shown))).all()
    found = [_found(listing, shown[listing.id], intake, now) for listing in listings]
    return sorted(found, key=lambda home: (-home.score, home.listing.code))


def home_on_card(case: Case, listing: Listing, score: float, *, now: datetime) -> FoundHome:
    """Return a home with what a household is told of it, whether it fits or was chosen by hand."""
    return _found(listing, score, _asked(case), now)


def _asked(case: Case) -> HousingIntake:
    """Return what the household was asked; the desk may have opened a case that nobody was asked for yet."""
    return HousingIntake.model_validate({**_NOT_ASKED, **case.intake})


def _found(listing: Listing, score: float, intake: HousingIntake, now: datetime) -> FoundHome:
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
    return FoundHome(listing, score, reasons, doubts)


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
