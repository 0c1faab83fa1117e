"""The parts of a case, as they are shared and shown: what a member of staff sees of one is decided here."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from backoffice.case.models import Case
from backoffice.staff.models import Staff


class CasePart(StrEnum):
    """A category of a case's data; a share names those that it gives."""

    SUMMARY = "summary"
    """Number, type, phase, urgency, town, who is responsible."""
    PERSON = "person"
    """Name, languages and how to reach the person."""
    HOUSEHOLD = "household"
    NEEDS = "needs"
    INTAKE = "intake"
    NOTES = "notes"
    """Shared notes; internal ones never leave their organisation, cultural ones never leave staff."""
    PLAN = "plan"
    DOCUMENTS = "documents"
    HISTORY = "history"


def visible_parts(session: Session, staff: Staff, case: Case, *, now: datetime) -> frozenset[CasePart]:
    """Return what somebody who may read a case sees of it.

    The own organisation sees every part. What is restricted within a part (violence, status, health) stays
    hidden until it is asked for with a reason.
    """
    return frozenset(CasePart) if case.organisation_id == staff.organisation_id else frozenset()
