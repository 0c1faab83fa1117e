"""The sixteen topics of the guide (contract, intents.md), by which services are found."""

from __future__ import annotations

TOPICS = (
    "residence_permit", "asylum", "family_reunification", "citizenship", "residency_registration", "tax_code",
    "health_care", "maternity", "school_enrolment", "italian_course", "benefits", "basic_needs", "legal_aid",
    "job_search", "qualification_recognition", "driving_licence",
)  # fmt: skip
