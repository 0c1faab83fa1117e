"""Whoever reads of a household, alone or among those that a home fits, is noted in the audit trail."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from backoffice.audit import service as audit
from backoffice.housing_match.models import HousingMatch
from backoffice.listing.models import Listing


def record_match_read(session: Session, match: HousingMatch, *, by: str, now: datetime) -> None:
    """Note who has read a match."""
    audit.record(session, by=by, action="match.read", subject_kind="match", subject_id=match.id, now=now)


def record_households_read(session: Session, listing: Listing, *, by: str, now: datetime) -> None:
    """Note who has seen which households a home fits."""
    audit.record(
        session,
        by=by,
        action="listing.households_read",
        subject_kind="listing",
        subject_id=listing.id,
        now=now,
    )
