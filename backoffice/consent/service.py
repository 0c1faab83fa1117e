"""Writes the ledger of consents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from backoffice.client.schemas import ConsentGiven
from backoffice.consent.models import Consent, ConsentAnswer, ConsentHow


@dataclass(frozen=True)
class OnPaper:
    """How an answer was given otherwise than by a button: `on` is a day in Italy, `document_id` the scan."""

    how: ConsentHow
    witness: str | None = None
    on: date | None = None
    document_id: str | None = None


def record_given(
    session: Session,
    consent: ConsentGiven,
    *,
    person_id: str,
    conversation_id: str | None,
    by: str,
    now: datetime,
) -> Consent:
    """Write down that a person agreed, with the words that were shown."""
    row = Consent(
        person_id=person_id,
        purpose=consent.purpose,
        answer=ConsentAnswer.GIVEN,
        text_version=consent.text_version,
        text=consent.text,
        language=consent.language,
        conversation_id=conversation_id,
        recorded_by=by,
        recorded_at=now,
    )
    session.add(row)
    session.flush()
    return row


def record_withdrawn(
    session: Session,
    given: Consent,
    *,
    by: str,
    now: datetime,
    conversation_id: str | None = None,
    on_paper: OnPaper | None = None,
) -> Consent:
    """Write down that a person took a consent back; the row that gave it stays."""
    said = on_paper or OnPaper(ConsentHow.CHAT)
    row = Consent(
        person_id=given.person_id,
        purpose=given.purpose,
        answer=ConsentAnswer.WITHDRAWN,
        text_version=given.text_version,
        text=given.text,
        language=given.language,
        conversation_id=conversation_id or given.conversation_id,
        recorded_by=by,
        recorded_at=now,
        organisation_id=given.organisation_id,
        categories=list(given.categories),
        request_id=given.request_id,
        how=said.how,
        witness=said.witness,
        given_on=said.on,
        document_id=said.document_id,
    )
    session.add(row)
    session.flush()
    return row
