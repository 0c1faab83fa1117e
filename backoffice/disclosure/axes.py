"""By what tables are split: each axis is a tree of codes, such as town, sub-district, district."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

ALL = "all"
"""The root of every axis: not split by it."""


@dataclass(frozen=True)
class Axis:
    """A tree of codes: `parents` has the code above each one; those without are directly under `ALL`."""

    name: str
    parents: Mapping[str, str]

    @cached_property
    def chains(self) -> dict[str, tuple[str, ...]]:
        """Each code with those above it, itself first, `ALL` last.

        Raises:
            ValueError: the codes go round in a circle.
        """
        chains: dict[str, tuple[str, ...]] = {ALL: (ALL,)}
        for code in self.parents:
            chain = [code]
            while chain[-1] != ALL:
                chain.append(self.parents.get(chain[-1], ALL))
                if len(chain) > len(self.parents) + 1:
                    raise ValueError(f"{self.name}: {code} is above itself")
            chains[code] = tuple(chain)
        return chains

    def between(self, code: str, other: str) -> tuple[str, ...]:
        """Return the codes that have exactly one of two leaves under them: what one person's move changes."""
        if (found := self._between.get((code, other))) is None:
            one, two = self.chains[code], self.chains[other]
            found = tuple(each for each in one if each not in two) + tuple(
                each for each in two if each not in one
            )
            self._between[code, other] = found
        return found

    @cached_property
    def _between(self) -> dict[tuple[str, str], tuple[str, ...]]:
        """What `between` found: it is asked a million times about few pairs."""
        return {}

    @cached_property
    def leaves(self) -> tuple[str, ...]:
        """The codes that nothing is under, in order."""
        above = set(self.parents.values())
        return tuple(sorted(code for code in self.parents if code not in above))

    @cached_property
    def leaves_under(self) -> dict[str, frozenset[str]]:
        """The leaves under each code; a leaf is under itself."""
        found: dict[str, set[str]] = {code: set() for code in self.chains}
        for leaf in self.leaves:
            for code in self.chains[leaf]:
                found[code].add(leaf)
        return {code: frozenset(leaves) for code, leaves in found.items()}

    @cached_property
    def children(self) -> dict[str, tuple[str, ...]]:
        """The codes directly under each code."""
        found: dict[str, list[str]] = {}
        for code in sorted(self.parents):
            found.setdefault(self.parents[code], []).append(code)
        return {code: tuple(under) for code, under in found.items()}


def flat(name: str, codes: Iterable[str]) -> Axis:
    """Return an axis without levels: languages, channels, reasons."""
    return Axis(name, dict.fromkeys(codes, ALL))
