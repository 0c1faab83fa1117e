"""What is done with homes. Functions flush, never commit; rights have been asked before."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.audit import service as audit
from backoffice.home_owner.models import HomeOwner
from backoffice.listing.errors import ListingChangedMeanwhile, ListingMoveRefused, ListingNotReady
from backoffice.listing.models import Listing, ListingEvent, ListingState
from backoffice.listing.states import MOVES, missing_for

_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"

EDITABLE = frozenset(
    {
        "municipality", "area", "address", "rooms", "size_m2", "floor", "lift", "step_free", "heating",
        "furnishing", "energy_class", "max_people", "rent_eur_month", "expenses_eur_month", "deposit_eur",
        "included", "contract_types", "near", "pets", "income_asked", "guarantor_accepted",
        "residence_allowed", "available_from", "description", "reference",
    }
)  # fmt: skip
"""The columns that a form, an import or the chat may set."""


def add_listing(
    session: Session,
    owner: HomeOwner,
    home: Mapping[str, Any],
    *,
    case_id: str | None,
    by: str,
    now: datetime,
) -> Listing:
    """Write a home down as a draft; `home` are columns of `EDITABLE`, town and rooms among them."""
    listing = Listing(
        code=_free_code(session),
        organisation_id=owner.organisation_id,
        owner=owner,
        owner_id=owner.id,
        case_id=case_id,
        state=ListingState.DRAFT,
        created_by=by,
        created_at=now,
        updated_at=now,
        **_allowed(home),
    )
    session.add(listing)
    session.flush()
    _moved(session, listing, None, by=by, now=now)
    return listing


def change_listing(
    session: Session,
    listing: Listing,
    home: Mapping[str, Any],
    *,
    seen: int | None,
    by: str,
    now: datetime,
) -> None:
    """Write down what a home is like now.

    What is published stays so only with what that needs.

    Raises:
        ListingChangedMeanwhile: it is not the version that was seen.
        ListingNotReady: it is published, and would lack what that needs.
    """
    if seen is not None and seen != listing.version:
        raise ListingChangedMeanwhile
    for name, value in _allowed(home).items():
        setattr(listing, name, value)
    if listing.state in (ListingState.PUBLISHED, ListingState.RESERVED) and (
        missing := missing_for(listing, ListingState.PUBLISHED)
    ):
        raise ListingNotReady(missing)
    _touched(session, listing, "listing.changed", by=by, now=now)


def verify_listing(session: Session, listing: Listing, how: str, *, by: str, now: datetime) -> None:
    """Note that somebody of the desk has checked the home: by `visit`, `papers` or `photos`."""
    listing.verified_by, listing.verified_at, listing.verified_how = by, now, how
    _touched(session, listing, "listing.verified", by=by, now=now)


def move_listing(
    session: Session,
    listing: Listing,
    to: ListingState,
    *,
    by: str,
    now: datetime,
    reason: str | None = None,
) -> None:
    """Move a home to another state; `reason` is a code, of a withdrawal.

    Raises:
        ListingMoveRefused: no rule leads there from here.
        ListingNotReady: something that the state needs is missing.
    """
    if to not in MOVES[listing.state]:
        raise ListingMoveRefused
    if missing := missing_for(listing, to):
        raise ListingNotReady(missing)
    before, listing.state = listing.state, to
    listing.withdrawn_reason = reason if to is ListingState.WITHDRAWN else None
    if to is ListingState.PUBLISHED and listing.published_at is None:
        listing.published_at = now
    _touched(session, listing, f"listing.{to.value}", by=by, now=now)
    _moved(session, listing, before, by=by, now=now)


def _allowed(home: Mapping[str, Any]) -> dict[str, Any]:
    if strange := set(home) - EDITABLE:
        raise KeyError(f"no field of a home: {sorted(strange)}")
    return dict(home)


def _touched(session: Session, listing: Listing, action: str, *, by: str, now: datetime) -> None:
    listing.version += 1
    listing.updated_at = now
    session.flush()
    audit.record(session, by=by, action=action, subject_kind="listing", subject_id=listing.id, now=now)


def _moved(
    session: Session, listing: Listing, before: ListingState | None, *, by: str, now: datetime
) -> None:
    event = ListingEvent(listing_id=listing.id, before=before, after=listing.state.value, actor=by, at=now)
    session.add(event)
    if before is None:
        audit.record(
            session, by=by, action="listing.added", subject_kind="listing", subject_id=listing.id, now=now
        )
    session.flush()


def _free_code(session: Session) -> str:
    while True:
        code = "C-" + "".join(secrets.choice(_LETTERS) for _ in range(5))
        if session.scalar(select(Listing.id).where(Listing.code == code)) is None:
            return code
