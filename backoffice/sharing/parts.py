"""The categories of a case's data that a share names."""

from __future__ import annotations

from enum import StrEnum


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


RESTRICTED = "restricted"
"""What is restricted within the parts (violence, status, health): consent and share name it apart."""
