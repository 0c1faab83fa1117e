"""Consents to share for tests."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from backoffice.case.models import Case
from backoffice.consent.models import Consent, ConsentHow
from backoffice.consent.service import OnPaper
from backoffice.rights.paper import record_on_paper
from backoffice.rights.requests import Question
from backoffice.sharing.parts import CasePart
from backoffice.staff.models import Organisation
from tests.backoffice.factories import NOW

UNTIL = NOW + timedelta(days=30)


def create_consent(session: Session, case: Case, body: Organisation, *, by: str) -> Consent:
    """Have a person sign that a body may see their name and needs for thirty days."""
    question = Question(body.id, frozenset({CasePart.PERSON, CasePart.NEEDS}), "Trovare un alloggio", UNTIL)
    return record_on_paper(session, case, question, OnPaper(ConsentHow.SIGNATURE), by=by, now=NOW)
