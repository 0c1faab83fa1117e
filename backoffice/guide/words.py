"""Where the guide's sentences come from: a key and a language -> the words, and whether they are stale."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from translations.catalog import catalogue, text


@dataclass(frozen=True)
class GuideSentence:
    """The words of one key in one language. `is_stale`: the Italian changed after they were reviewed."""

    text: str
    is_stale: bool = False


class GuideWords(Protocol):
    """Gives the sentences of the guide."""

    def sentence(self, key: str, language: str) -> GuideSentence | None:
        """Return the sentence of a key in a language of ours, or none where it was never written."""


class CatalogueWords:
    """The sentences as they are delivered with Sportello."""

    def sentence(self, key: str, language: str) -> GuideSentence | None:
        """Return the catalogue's sentence; one that is missing is counted and logged by the catalogue."""
        words = text(key, language)
        return GuideSentence(words) if key in catalogue(language).forms else None
