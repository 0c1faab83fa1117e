"""How a home may move from state to state, and what each state needs (domain, project.md 5)."""

from __future__ import annotations

from collections.abc import Mapping

from backoffice.listing.models import Listing, ListingState

S = ListingState

MOVES: Mapping[ListingState, tuple[ListingState, ...]] = {
    S.DRAFT: (S.CHECKED, S.WITHDRAWN),
    S.CHECKED: (S.PUBLISHED, S.DRAFT, S.WITHDRAWN),
    S.PUBLISHED: (S.RESERVED, S.RENTED, S.CHECKED, S.WITHDRAWN),
    S.RESERVED: (S.PUBLISHED, S.RENTED, S.WITHDRAWN),
    S.RENTED: (S.CHECKED, S.WITHDRAWN),
    S.WITHDRAWN: (S.DRAFT,),
}
"""From each state to those that it may become, the usual one first."""

NEEDED_TO_CHECK = ("municipality", "address", "rooms", "max_people")
NEEDED_TO_PUBLISH = (*NEEDED_TO_CHECK, "rent_eur_month", "contract_types", "available_from", "verified_at")


def missing_for(listing: Listing, to: ListingState) -> list[str]:
    """Return the fields that a home lacks for a state; most states lack nothing."""
    needed = {S.CHECKED: NEEDED_TO_CHECK, S.PUBLISHED: NEEDED_TO_PUBLISH}.get(to, ())
    return [name for name in needed if getattr(listing, name) in (None, "", [])]
