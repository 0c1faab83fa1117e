"""A labelled line beside what was understood of it, and the figures that many of them give."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from nlu.components.reading import CONTRACT_ENTITIES
from nlu.components.understanding import EMERGENCY, FALLBACK, Understood


@dataclass(frozen=True)
class Judged:
    """One line with what it means and what was understood."""

    text: str
    language: str
    style: str
    intent: str
    entities: Counter[tuple[str, str]]
    understood: Understood
    milliseconds: float

    @property
    def is_right(self) -> bool:
        """Tell whether the intent was found, without asking back."""
        return self.understood.intent == self.intent

    @property
    def is_answered(self) -> bool:
        """Tell whether the assistant would not ask back."""
        return self.understood.intent != FALLBACK

    @property
    def guesses(self) -> list[tuple[str, float]]:
        """Return the intents with their confidence, likeliest first, asked back or not."""
        return [(name, confidence) for name, confidence in self.understood.ranking if name != FALLBACK]

    @property
    def best_guess(self) -> str:
        """Return the likeliest intent, asked back or not."""
        return self.guesses[0][0]

    @property
    def found(self) -> Counter[tuple[str, str]]:
        """Return the contract's entities that were read."""
        return Counter(
            (each.name, str(each.value))
            for each in self.understood.entities
            if each.name in CONTRACT_ENTITIES
        )

    def at_threshold(self, threshold: float) -> str:
        """Return what would be understood if the assistant asked back below another threshold."""
        name, confidence = self.guesses[0]
        if self.understood.intent == EMERGENCY:
            return EMERGENCY
        return name if confidence >= threshold else FALLBACK


def judge_line(line: dict[str, Any], understood: Understood, milliseconds: float) -> Judged:
    """Return a labelled line of the evaluation beside what was understood."""
    entities = Counter((each["entity"], str(each["value"])) for each in line.get("entities", ()))
    return Judged(
        line["text"], line["lang"], line.get("style", ""), line["intent"], entities, understood, milliseconds
    )


def accuracy(judged: Sequence[Judged]) -> float:
    """Return the share of lines whose intent was found without asking back."""
    return share(sum(each.is_right for each in judged), len(judged))


def macro_f1(judged: Sequence[Judged]) -> float:
    """Return the mean F1 of the intents that occur in the lines."""
    scores = []
    for intent in {each.intent for each in judged}:
        hits = sum(each.is_right for each in judged if each.intent == intent)
        said = sum(each.understood.intent == intent for each in judged)
        meant = sum(each.intent == intent for each in judged)
        scores.append(2 * hits / (said + meant))
    return share(sum(scores), len(scores))


def entity_f1(judged: Sequence[Judged]) -> float:
    """Return the F1 of entity values over all lines; 1 where there is nothing to find or found."""
    hits = sum((each.found & each.entities).total() for each in judged)
    both = sum(each.found.total() + each.entities.total() for each in judged)
    return 2 * hits / both if both else 1.0


def share(part: float, whole: int) -> float:
    """Return a share; 0 of nothing."""
    return part / whole if whole else 0.0
