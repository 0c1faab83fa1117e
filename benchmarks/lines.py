"""What a benchmark comes to: lines with our figure, the peer's, their ratio, the target and the verdict."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Literal


class Verdict(StrEnum):
    """Whether a target was met. `NONE`: the line has no target, or nothing was measured."""

    MET = "met"
    SHORT = "short"
    NONE = "-"


@dataclass(frozen=True)
class Target:
    """A bound on our figure, or on its ratio to the peer's."""

    of: Literal["ratio", "figure"]
    bound: Literal["at most", "at least"]
    limit: float

    def verdict(self, ours: float | None, ratio: float | None) -> Verdict:
        """Hold a line's figures against the target."""
        value = ratio if self.of == "ratio" else ours
        if value is None:
            return Verdict.NONE
        held = value <= self.limit if self.bound == "at most" else value >= self.limit
        return Verdict.MET if held else Verdict.SHORT

    def __str__(self) -> str:
        sign = "≤" if self.bound == "at most" else "≥"
        return f"{sign} {self.limit:,.5g}{'x' if self.of == 'ratio' else ''}"


def ratio_at_most(limit: float) -> Target:
    """Return the target that ours is at most so many times the peer's."""
    return Target("ratio", "at most", limit)


def ratio_at_least(limit: float) -> Target:
    """Return the target that ours is at least so many times the peer's."""
    return Target("ratio", "at least", limit)


def at_most(limit: float) -> Target:
    """Return the target that our figure is at most so much, in the line's unit."""
    return Target("figure", "at most", limit)


def at_least(limit: float) -> Target:
    """Return the target that our figure is at least so much, in the line's unit."""
    return Target("figure", "at least", limit)


@dataclass(frozen=True)
class Line:
    """One row of the table. `spread`: the least and the greatest ratio of the rounds, if there are some."""

    what: str
    unit: str
    ours: float | None
    peer_name: str = ""
    peer: float | None = None
    target: Target | None = None
    spread: tuple[float, float] | None = None

    @property
    def ratio(self) -> float | None:
        """Return ours in parts of the peer's."""
        return None if self.ours is None or not self.peer else self.ours / self.peer

    @property
    def verdict(self) -> Verdict:
        """Hold it against its target."""
        return self.target.verdict(self.ours, self.ratio) if self.target else Verdict.NONE


@dataclass
class Outcome:
    """A benchmark's lines, what was checked meanwhile, and what was found wrong: then it scores nothing."""

    lines: list[Line] = field(default_factory=list)
    checked: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Return it as it is kept."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Outcome:
        """Read it again."""
        return cls(
            [_line(each) for each in kept["lines"]], kept["checked"], kept["wrong"], kept.get("notes", [])
        )


def _line(kept: dict[str, Any]) -> Line:
    target, spread = kept["target"], kept["spread"]
    return Line(
        **{
            **kept,
            "target": Target(**target) if target else None,
            "spread": (spread[0], spread[1]) if spread else None,
        }
    )
