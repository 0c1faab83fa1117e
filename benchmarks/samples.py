"""Raw samples: each with its side and round, in memory for the table and as JSON lines for who doubts it."""

from __future__ import annotations

import json
import math
import statistics
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from benchmarks.lines import Line, Target

OURS = "ours"
PEER = "peer"


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which a share of the samples lies (nearest rank); NaN of none."""
    if not values:
        return math.nan
    if share == 0.5:
        return statistics.median(values)
    ordered = sorted(values)
    return ordered[min(math.ceil(len(ordered) * share), len(ordered)) - 1]


class Samples:
    """The samples of one benchmark, by step and side and round."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("w", encoding="utf-8")
        self._kept: defaultdict[tuple[str, str], dict[int, list[float]]] = defaultdict(dict)

    def add(self, step: str, side: str, value: float, *, number: int = 0) -> None:
        """Keep one sample of a round."""
        self._kept[step, side].setdefault(number, []).append(value)
        row = {"step": step, "side": side, "round": number, "value": round(value, 4)}
        self._file.write(json.dumps(row) + "\n")

    def all(self, step: str, side: str) -> list[float]:
        """Return the samples of all rounds."""
        return [value for values in self._kept[step, side].values() for value in values]

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def line(
        self,
        step: str,
        what: str,
        unit: str,
        *,
        share: float = 0.5,
        peer_name: str = "",
        target: Target | None = None,
    ) -> Line:
        """Return a percentile of both sides, and how their ratio spread over the rounds."""
        ours, peer = self.all(step, OURS), self.all(step, PEER)
        return Line(
            what,
            unit,
            percentile(ours, share) if ours else None,
            peer_name,
            percentile(peer, share) if peer else None,
            target,
            self._spread(step, share),
        )

    def _spread(self, step: str, share: float) -> tuple[float, float] | None:
        ours, peer = self._kept[step, OURS], self._kept[step, PEER]
        rounds = ours.keys() & peer.keys()
        if len(rounds) < 2:
            return None
        ratios = [percentile(ours[each], share) / percentile(peer[each], share) for each in rounds]
        return min(ratios), max(ratios)
