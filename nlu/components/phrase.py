"""A message being read: its words, its numbers, and what an earlier reader has taken already."""

from __future__ import annotations

from dataclasses import dataclass

from nlu.components.entity import Entity
from nlu.components.numbers import Number, read_numbers
from nlu.components.terms import Languages, TermIndex
from nlu.components.wording import Token, tokens

SOURCE: Languages = ("it",)


@dataclass(frozen=True)
class Phrase:
    """A message with the intent that was understood (None where it is not known).

    Its words and its numbers, which do not depend on the intent, are read once.
    """

    message: str
    words: tuple[Token, ...]
    every_number: tuple[Number, ...]
    intent: str | None = None
    languages: Languages = SOURCE

    @classmethod
    def of(cls, message: str, intent: str | None = None, languages: Languages = SOURCE) -> Phrase:
        """Cut a message into words that are read in these languages."""
        words = tokens(message, is_arabic="ar" in languages)
        return cls(message, words, tuple(read_numbers(message, words, languages)), intent, languages)

    def entity(self, name: str, value: str | int, first: int, end: int) -> Entity:
        """Return an entity that covers the words `first` to `end` (exclusive)."""
        return Entity(name, value, self.words[first].start, self.words[end - 1].end)

    def numbers(self, taken: list[Entity]) -> list[Number]:
        """Return the numbers that no entity in `taken` covers, such as a phone's or a date's."""
        return [number for number in self.every_number if not self._is_taken(number, taken)]

    def _is_taken(self, number: Number, taken: list[Entity]) -> bool:
        start, end = self.words[number.first].start, self.words[number.end - 1].end
        return any(entity.overlaps(start, end) for entity in taken)


def stands_before(index: TermIndex[bool], words: tuple[Token, ...], end: int, *, within: int = 1) -> bool:
    """Tell whether a term ends right before the word `end`, or up to `within` - 1 words earlier."""
    return any(index.ending_at(words, last) is not None for last in range(end, max(end - within, 0), -1))


def stands_after(index: TermIndex[bool], words: tuple[Token, ...], first: int, *, within: int = 1) -> bool:
    """Tell whether a term begins at the word `first`, or up to `within` - 1 words later."""
    return any(
        index.at(words, position) is not None for position in range(first, min(first + within, len(words)))
    )
