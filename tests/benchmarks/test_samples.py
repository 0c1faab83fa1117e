"""Raw samples are all kept, and the table is made of them."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from benchmarks.lines import ratio_at_most
from benchmarks.samples import OURS, PEER, Samples, percentile


@pytest.mark.parametrize(
    ("share", "expected"), [(0.5, 50.5), (0.95, 95.0), (0.99, 99.0), (1.0, 100.0), (0.01, 1.0)]
)
def test_a_percentile_is_a_sample_below_which_so_many_lie(share: float, expected: float) -> None:
    assert percentile([float(value) for value in range(100, 0, -1)], share) == expected


def test_of_no_samples_there_is_no_percentile() -> None:
    assert math.isnan(percentile([], 0.95))


def test_the_ratio_spreads_over_the_rounds_in_which_both_sides_ran(tmp_path: Path) -> None:
    samples = Samples(tmp_path / "turns.jsonl")
    for number, ours in enumerate((5.0, 8.0, 6.0)):
        samples.add("turn", OURS, ours, number=number)
        samples.add("turn", PEER, 10.0, number=number)
    samples.add("turn", OURS, 99.0, number=3)
    line = samples.line("turn", "turn, p50", "ms", peer_name="peer", target=ratio_at_most(0.7))
    assert (line.ours, line.peer, line.spread) == (7.0, 10.0, (0.5, 0.8))


def test_every_sample_is_kept_in_a_file(tmp_path: Path) -> None:
    samples = Samples(tmp_path / "deeper" / "turns.jsonl")
    samples.add("turn", OURS, 1.5, number=2)
    samples.add("turn", PEER, 2.5)
    samples.close()
    kept = [json.loads(line) for line in (tmp_path / "deeper" / "turns.jsonl").read_text().splitlines()]
    assert kept == [
        {"step": "turn", "side": "ours", "round": 2, "value": 1.5},
        {"step": "turn", "side": "peer", "round": 0, "value": 2.5},
    ]
