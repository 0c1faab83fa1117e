"""How many households a home is proposed to, for the home's own page."""

from __future__ import annotations

from collections import Counter

from fastapi import APIRouter, Request
from fastapi.responses import Response

from backoffice.database import ReadSession
from backoffice.housing_match.models import HousingMatch, MatchState
from backoffice.housing_match.permissions import readable_matches
from backoffice.listing.permissions import get_listing
from backoffice.staff.sign_in import SignedIn
from backoffice.templating import render

router = APIRouter(include_in_schema=False)


@router.get("/listings/{listing_id}/matches-count")
def matches_count(request: Request, listing_id: str, session: ReadSession, staff: SignedIn) -> Response:
    """Show how many matches of a home stand in which state, among those that the reader may know of."""
    listing = get_listing(session, staff, listing_id)
    states = readable_matches(staff).where(HousingMatch.listing_id == listing.id)
    counted = Counter(session.scalars(states.with_only_columns(HousingMatch.state)))
    found = [(state, counted[state]) for state in MatchState if counted[state]]
    return render(request, "housing_match/_count.html", staff=staff, found=found, total=counted.total())
