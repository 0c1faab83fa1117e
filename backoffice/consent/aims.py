"""What another body would see a case for, in words that a person reads in their own language."""

from __future__ import annotations

from enum import StrEnum

from translations.catalog import text


class Aim(StrEnum):
    """The purposes that come up most; any other one is in the words of staff, as they wrote it."""

    HOME = "home"
    WORK = "work"
    DOCUMENTS = "documents"
    HEALTH = "health"
    SCHOOL = "school"
    AID = "aid"
    LEGAL = "legal"
    SAFETY = "safety"

    def words(self, language: str) -> str:
        """Return what it is called in a language."""
        return text(f"system.consent_aim.{self.value}", language)
