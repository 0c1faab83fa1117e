"""Words of a home that look like a wish that discriminates stop it until somebody says why they are none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.audit import service as audit
from backoffice.home_owner.wish_words import FoundWish, wishes_in
from backoffice.listing.models import Listing, WishClearance

_READ = ("description", "area")
"""The fields in which an owner's wish would stand."""


def uncleared_wishes(session: Session, listing: Listing | None, home: Mapping[str, Any]) -> list[FoundWish]:
    """Return what looks like a wish that discriminates, and of which nobody has said that it is none."""
    found = wishes_in(*(home.get(name) for name in _READ))
    if not found or listing is None:
        return found
    cleared = {each.phrase for each in clearances_of(session, listing.id)}
    return [each for each in found if each.phrase not in cleared]


def clear_wishes(
    session: Session, listing: Listing, found: Sequence[FoundWish], reason: str, *, by: str, now: datetime
) -> None:
    """Write down why words are no wish that discriminates; they stop this home no more."""
    for each in found:
        clearance = WishClearance(
            listing_id=listing.id, phrase=each.phrase, reason=reason, cleared_by=by, cleared_at=now
        )
        session.add(clearance)
        audit.record(
            session,
            by=by,
            action="listing.wish_cleared",
            subject_kind="listing",
            subject_id=listing.id,
            now=now,
            reason=each.ground.value,
        )
    session.flush()


def clearances_of(session: Session, listing_id: str) -> Sequence[WishClearance]:
    """Return what was said about words of a home, oldest first."""
    statement = select(WishClearance).where(WishClearance.listing_id == listing_id)
    return session.scalars(statement.order_by(WishClearance.cleared_at, WishClearance.id)).all()
