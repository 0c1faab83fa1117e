"""Statements about the ledger of consents."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.consent.models import Consent, ConsentAnswer
from backoffice.staff.models import Organisation


def valid_consent(
    session: Session,
    *,
    person_id: str,
    purpose: str,
    organisation_id: str,
    categories: Collection[str],
    now: datetime,
) -> Consent | None:
    """Return the consent that a person has given for a purpose and a body and not withdrawn, or None.

    The purpose is stored as `<purpose>:<slug of the body>`; the newest row of it counts.
    """
    slug = session.scalar(select(Organisation.slug).where(Organisation.id == organisation_id))
    statement = (
        select(Consent)
        .where(
            Consent.person_id == person_id,
            Consent.purpose == f"{purpose}:{slug}",
            Consent.recorded_at <= now,
        )
        .order_by(Consent.recorded_at.desc(), Consent.id.desc())
        .limit(1)
    )
    newest = session.scalar(statement)
    return newest if newest is not None and newest.answer is ConsentAnswer.GIVEN else None
