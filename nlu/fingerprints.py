"""Recognises near copies of lines without keeping the lines: of each only hashes of its letter groups remain.

The lines that the understanding is measured with must not be learnt, nor stand in the repository. A bottom-k
sketch (Broder 1997, "On the resemblance and containment of documents") estimates which share of their letter
groups two lines have in common.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Final

from nlu.components.wording import tokens

_GROUP: Final = 3
_KEPT: Final = 20
_SHORTEST: Final = 14
"""Letters below which two people write the same by chance: "grazie mille"."""
_NEAR: Final = 0.6

Sketch = tuple[int, ...]


def sketch(text: str) -> Sketch | None:
    """Return the smallest hashes of a line's letter groups; None of a line too short to be anybody's own."""
    folded = " ".join(token.text for token in tokens(text))
    own = _KEPT if len(folded) >= _SHORTEST or _is_chinese(folded) else 0
    groups = {folded[start : start + _GROUP] for start in range(max(1, len(folded) - _GROUP + 1))}
    return tuple(sorted(_hash(group) for group in groups)[:own]) or None


@dataclass
class Fingerprints:
    """The sketches of the lines that are not to be copied."""

    sketches: list[Sketch]
    _by_hash: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        """Index the sketches by each of their hashes."""
        for place, each in enumerate(self.sketches):
            for value in each:
                self._by_hash[value].append(place)

    def is_near(self, text: str) -> bool:
        """Tell whether a text is nearly one of the lines."""
        own = sketch(text)
        if own is None:
            return False
        candidates = {place for value in own for place in self._by_hash.get(value, ())}
        return any(_resemblance(own, self.sketches[place]) >= _NEAR for place in candidates)

    def save(self, path: Path) -> None:
        """Write a line for each sketch: its hashes, eight hexadecimal digits each."""
        lines = sorted("".join(f"{value:08x}" for value in each) for each in self.sketches)
        path.write_text("\n".join(lines) + "\n", encoding="ascii")

    @classmethod
    def load(cls, path: Path) -> Fingerprints:
        """Read what `save` wrote."""
        lines = path.read_text(encoding="ascii").split()
        return cls([tuple(int(line[at : at + 8], 16) for at in range(0, len(line), 8)) for line in lines])

    @classmethod
    def of(cls, texts: Iterable[str]) -> Fingerprints:
        """Take the fingerprints of lines."""
        return cls([each for each in map(sketch, texts) if each is not None])


def _resemblance(one: Sketch, other: Sketch) -> float:
    """Estimate the share of letter groups that two lines have in common (Jaccard)."""
    smallest = _smallest(one, other)
    return len(set(one) & set(other) & set(smallest)) / len(smallest)


def _smallest(one: Sequence[int], other: Sequence[int]) -> list[int]:
    return sorted({*one, *other})[: max(len(one), len(other))]


def _hash(group: str) -> int:
    return int.from_bytes(blake2b(group.encode(), digest_size=4).digest(), "big")


def _is_chinese(folded: str) -> bool:
    return sum("\u3400" <= letter <= "\u9fff" for letter in folded) >= 6
