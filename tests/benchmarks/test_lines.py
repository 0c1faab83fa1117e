"""What a line says of its figures."""

from __future__ import annotations

import pytest

from benchmarks.lines import (
    Line,
    Outcome,
    Target,
    Verdict,
    at_least,
    at_most,
    ratio_at_least,
    ratio_at_most,
)


@pytest.mark.parametrize(
    ("ours", "peer", "target", "verdict"),
    [
        (7.0, 10.0, ratio_at_most(0.7), Verdict.MET),
        (7.1, 10.0, ratio_at_most(0.7), Verdict.SHORT),
        (20.0, 10.0, ratio_at_least(2.0), Verdict.MET),
        (19.0, 10.0, ratio_at_least(2.0), Verdict.SHORT),
        (0.0, 3.0, at_most(0), Verdict.MET),
        (1.0, 3.0, at_most(0), Verdict.SHORT),
        (3000.0, None, at_least(3000), Verdict.MET),
        (None, 10.0, at_most(5), Verdict.NONE),
        (5.0, None, ratio_at_most(0.7), Verdict.NONE),
        (5.0, 10.0, None, Verdict.NONE),
    ],
)
def test_a_line_is_held_against_its_target(
    ours: float | None, peer: float | None, target: Target | None, verdict: Verdict
) -> None:
    assert Line("turn", "ms", ours, "peer", peer, target).verdict is verdict


def test_an_outcome_is_read_again_as_it_was_kept() -> None:
    line = Line("turn", "ms", 7.0, "peer", 10.0, ratio_at_most(0.7), (0.6, 0.8))
    outcome = Outcome([line, Line("start", "s", None)], ["all heard"], ["one lost"], ["a note"])
    assert Outcome.from_json(outcome.as_json()) == outcome
