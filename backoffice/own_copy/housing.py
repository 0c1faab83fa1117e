"""What a copy tells of a search for a home: homes, viewings and the contract, nothing of owners."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.accompaniment.models import Tenancy
from backoffice.case.models import Case
from backoffice.housing_match.models import HousingMatch, MatchSide
from backoffice.housing_need.models import HousingNeed
from backoffice.listing.models import Listing
from backoffice.own_copy.shape import Contract, HomeEntry, Visit
from backoffice.viewing.models import Viewing


def search_of(session: Session, case: Case) -> str | None:
    """Return how far the search of a case is; None: it is about something else."""
    need = session.get(HousingNeed, case.id)
    return need.state.value if need else None


def homes_of(session: Session, case: Case) -> list[HomeEntry]:
    """Return the homes that were matched with a case, the oldest first."""
    matched = select(HousingMatch).where(HousingMatch.case_id == case.id).order_by(HousingMatch.created_at)
    return [_entry(session, match) for match in session.scalars(matched)]


def _entry(session: Session, match: HousingMatch) -> HomeEntry:
    listing = session.get_one(Listing, match.listing_id)
    visits = select(Viewing).where(Viewing.match_id == match.id).order_by(Viewing.created_at)
    made = session.scalars(select(Tenancy).where(Tenancy.match_id == match.id)).one_or_none()
    # An owner's words are about the household, and may name the owner: the reason is told, not the words.
    words = match.refusal_words if match.refused_by is not MatchSide.OWNER else None
    return HomeEntry(
        code=listing.code,
        municipality=listing.municipality,
        state=match.state,
        since=match.state_since,
        refused_by=match.refused_by,
        reason=match.refusal_reason,
        words=words,
        visits=[
            Visit(
                state=each.state, starts_at=each.starts_at, meeting_place=each.meeting_place, seen=each.form
            )
            for each in session.scalars(visits)
        ],
        contract=_contract(made) if made else None,
    )


def _contract(made: Tenancy) -> Contract:
    return Contract(
        contract_type=made.contract_type,
        rent_eur_month=made.rent_eur_month,
        expenses_eur_month=made.expenses_eur_month,
        deposit_eur=made.deposit_eur,
        signed_on=made.signed_on,
        starts_on=made.starts_on,
        registered_on=made.registered_on,
        keys_on=made.keys_on,
        ended_on=made.ended_on,
        note=made.note,
    )
