"""The features of a message that the linear model has learnt, and how much each of them weighs (TF-IDF)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain
from typing import Final

import numpy as np
import numpy.typing as npt

from nlu.components.views import VIEWS, phrase_views, word_views

Floats = npt.NDArray[np.float32]
Columns = npt.NDArray[np.int64]
Vocabulary = dict[str, dict[str, int]]
"""By view, the column of each feature; the columns of a view follow each other."""

_RAREST: Final = 2
"""A feature seen in fewer examples than this says nothing about others."""
_WORDS_KEPT: Final = 20_000


@dataclass(frozen=True)
class Features:
    """The features that were learnt, and how rare each is."""

    vocabulary: Vocabulary
    rarity: Floats

    @classmethod
    def learn(cls, messages: Sequence[Sequence[str]]) -> Features:
        """Learn the features of examples, each given as its words."""
        seen: dict[str, dict[str, int]] = {view: {} for view in VIEWS}
        for words in messages:
            for view, names in _features_of(words).items():
                table = seen[view]
                for name in names:
                    table[name] = table.get(name, 0) + 1
        vocabulary: Vocabulary = {}
        rarity: list[float] = []
        for view, table in seen.items():
            kept = sorted(name for name, examples in table.items() if examples >= min(_RAREST, len(messages)))
            vocabulary[view] = dict(zip(kept, range(len(rarity), len(rarity) + len(kept)), strict=True))
            rarity.extend(np.log((1 + len(messages)) / (1 + table[name])) + 1 for name in kept)
        return cls(vocabulary, np.array(rarity, dtype=np.float32))

    def row(self, words: Sequence[str]) -> tuple[Columns, Floats]:
        """Return columns and TF-IDF values of a message, those of each view being a vector of length 1."""
        known = [*chain.from_iterable(map(self._of_word, words)), *self._of_phrases(words)]
        if not known:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
        columns, frequencies = np.unique(np.array(known), return_counts=True)
        values = (1 + np.log(frequencies)) * self.rarity[columns]
        views = self._views[columns]
        lengths = np.sqrt(np.bincount(views, values * values))
        return columns, (values / lengths[views]).astype(np.float32)

    def has_one_of(self, words: Sequence[str]) -> bool:
        """Tell whether one word at least was in the examples."""
        return any(word in self.vocabulary["words"] for word in words)

    @cached_property
    def _views(self) -> npt.NDArray[np.int64]:
        """Return which view each column belongs to."""
        return np.repeat(np.arange(len(VIEWS)), [len(self.vocabulary[view]) for view in VIEWS])

    @cached_property
    def _of_word(self) -> Callable[[str], tuple[int, ...]]:
        """Return what looks up the columns of one word: most words of a message were seen a moment ago."""
        return lru_cache(maxsize=_WORDS_KEPT)(self._look_up)

    def _look_up(self, word: str) -> tuple[int, ...]:
        return tuple(self._known(word_views(word)))

    def _of_phrases(self, words: Sequence[str]) -> list[int]:
        return self._known(phrase_views(words))

    def _known(self, features: dict[str, Sequence[str]]) -> list[int]:
        return [
            column
            for view, names in features.items()
            for column in map(self.vocabulary[view].get, names)
            if column is not None
        ]


def _features_of(words: Sequence[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {view: set(names) for view, names in phrase_views(words).items()}
    for word in words:
        for view, names in word_views(word).items():
            found.setdefault(view, set()).update(names)
    return found
