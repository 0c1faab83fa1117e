"""The codes of needs (domain, project.md 3, "Need codes")."""

from __future__ import annotations

from enum import StrEnum


class Need(StrEnum):
    """What a person needs help with; a case has several."""

    DOCUMENTS = "documents"
    ASYLUM = "asylum"
    FAMILY_REUNION = "family_reunion"
    CITIZENSHIP = "citizenship"
    RESIDENCE = "residence"
    HEALTH = "health"
    MATERNITY = "maternity"
    SCHOOL = "school"
    ITALIAN = "italian"
    BENEFITS = "benefits"
    FOOD_AND_CLOTHES = "food_and_clothes"
    SHELTER = "shelter"
    RENT = "rent"
    EVICTION = "eviction"
    WORK = "work"
    CARE_WORK = "care_work"
    EXPLOITATION = "exploitation"
    VIOLENCE = "violence"
    DISCRIMINATION = "discrimination"
    LEGAL = "legal"
    MINORS = "minors"
    DISABILITY = "disability"
    ADDICTION = "addiction"
    MENTAL_HEALTH = "mental_health"
    APPOINTMENT = "appointment"
    COMPLAINT = "complaint"
    DATA_ERASURE = "data_erasure"
    OTHER = "other"


PRIVATE = frozenset(
    {
        Need.ASYLUM,
        Need.HEALTH,
        Need.MATERNITY,
        Need.EXPLOITATION,
        Need.VIOLENCE,
        Need.MINORS,
        Need.DISABILITY,
        Need.ADDICTION,
        Need.MENTAL_HEALTH,
    }
)
"""Violence, health, the right to stay: a chat tells the number of such a case and no more (attack 4)."""


def parse_need(code: str) -> Need:
    """Return the need of a code; `other` for one that is not in the list."""
    try:
        return Need(code)
    except ValueError:
        return Need.OTHER
