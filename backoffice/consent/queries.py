"""Statements about the ledger of consents."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from backoffice.consent.models import Consent, ConsentAnswer, ConsentRequest
from backoffice.person.standing import ids_of_person

ANSWERED_WITHIN = timedelta(days=14)
"""An older question is asked anew: nobody remembers what it was about."""

SHARE = "share"
"""The purpose of consents to another body's seeing parts of a case."""


def valid_consent(
    session: Session,
    *,
    person_id: str,
    purpose: str,
    organisation_id: str,
    categories: Collection[str],
    now: datetime,
) -> Consent | None:
    """Return the consent for a purpose and a body that covers all categories, or None.

    The newest row of the ledger counts: a refusal or a withdrawal ends what was given before.
    """
    newest = session.scalar(
        select(Consent)
        .where(
            Consent.person_id.in_(ids_of_person(session, person_id)),
            Consent.purpose == purpose,
            Consent.organisation_id == organisation_id,
            Consent.recorded_at <= now,
        )
        .order_by(Consent.recorded_at.desc(), Consent.id.desc())
        .limit(1)
    )
    if newest is None or newest.answer is not ConsentAnswer.GIVEN:
        return None
    is_over = newest.expires_at is not None and newest.expires_at <= now
    return None if is_over or not set(categories) <= set(newest.categories) else newest


def given_to_bodies(session: Session, person_id: str, *, now: datetime) -> Sequence[Consent]:
    """Return the consents to share that stand now, one a body, the oldest first."""
    rows = session.scalars(
        select(Consent)
        .where(
            Consent.person_id.in_(ids_of_person(session, person_id)),
            Consent.purpose == SHARE,
            Consent.recorded_at <= now,
        )
        .order_by(Consent.recorded_at, Consent.id)
    )
    newest: dict[str | None, Consent] = {row.organisation_id: row for row in rows}
    return [
        row
        for row in newest.values()
        if row.answer is ConsentAnswer.GIVEN and (row.expires_at is None or row.expires_at > now)
    ]


def requests_of_case(session: Session, case_id: str) -> Sequence[ConsentRequest]:
    """Return what was asked of the person of a case, the newest first."""
    statement = select(ConsentRequest).where(ConsentRequest.case_id == case_id)
    ordered = statement.order_by(ConsentRequest.asked_at.desc(), ConsentRequest.id.desc())
    return session.scalars(ordered.options(joinedload(ConsentRequest.organisation))).all()
