"""Which language a message is in: its script narrows it down, the linear model tells the rest.

Latin letters may be any of the twelve: Urdu, Punjabi, Bengali, Arabic and Ukrainian are typed in them too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from nlu.components.features import Floats
from nlu.components.wording import script

_OF_SCRIPT: Final = {
    "Cyrl": frozenset({"uk"}),
    "Arab": frozenset({"ar", "ur", "pa"}),
    "Guru": frozenset({"pa"}),
    "Beng": frozenset({"bn"}),
    "Hans": frozenset({"zh"}),
}
_SURE: Final = 0.8
_GIVEN_COUNTS, _GIVEN_COUNTS_IN_FEW_WORDS, _FEW_WORDS = 4.0, 40.0, 2
"""How many times likelier the language is in which the conversation is held; one word says little else."""


@dataclass(frozen=True)
class LanguageGuess:
    """The likeliest language, how likely it is, and the runner-up."""

    code: str
    confidence: float
    second: str | None = None

    @property
    def likely(self) -> tuple[str, ...]:
        """Return the languages in whose words the message should be read: two where it is not clear."""
        return (self.code,) if self.confidence >= _SURE or self.second is None else (self.code, self.second)


def guess_language(
    message: str, labels: Sequence[str], probabilities: Floats, given: str | None = None
) -> LanguageGuess:
    """Return the likeliest language of a message.

    Args:
        message: As the person wrote it.
        labels: The languages of the model.
        probabilities: What the model says of each.
        given: The language of the conversation, where it is known.
    """
    possible = _OF_SCRIPT.get(script(message), frozenset(labels))
    if not possible & set(labels):
        return LanguageGuess(min(possible), 1.0)
    counts = _GIVEN_COUNTS_IN_FEW_WORDS if len(message.split()) <= _FEW_WORDS else _GIVEN_COUNTS
    weights = [
        probability * (counts if label == given else 1.0) if label in possible else 0.0
        for label, probability in zip(labels, probabilities.tolist(), strict=True)
    ]
    total = sum(weights)
    order = sorted(range(len(labels)), key=lambda place: -weights[place])
    second = labels[order[1]] if len(possible & set(labels)) > 1 else None
    return LanguageGuess(labels[order[0]], round(weights[order[0]] / total, 4), second)
