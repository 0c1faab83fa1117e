"""Equal service: the alarm rings for who is served worse, and not for chance or for a handful."""

from __future__ import annotations

import random

import pytest

from backoffice.planning.equal_service import Share, difference, falling_behind, wilson


def test_the_intervals_are_those_of_the_papers() -> None:
    # Newcombe 1998, method 10, example (a): 56/70 and 48/80
    assert difference(Share(56, 70), Share(48, 80), confidence=0.95) == pytest.approx(
        (0.0524, 0.3339), abs=1e-4
    )
    assert wilson(Share(0, 10), confidence=0.95) == pytest.approx((0, 0.2775), abs=1e-4)


def test_a_language_that_is_understood_worse_is_told_the_worst_first() -> None:
    shares = {"it": Share(40, 900), "uk": Share(120, 400), "pa": Share(90, 200), "ar": Share(30, 500)}
    found = falling_behind(shares)
    assert [each.key for each in found] == ["pa", "uk"]
    assert found[0].others == Share(190, 1800)
    assert 0.05 < found[0].low < 0.45 - 190 / 1800 < found[0].high


def test_nobody_is_told_of_who_is_served_alike() -> None:
    chance = random.Random(3)
    rung = 0
    for _ in range(200):
        shares = {
            code: Share(sum(chance.random() < 0.15 for _ in range(total)), total)
            for code, total in zip("abcdefgh", (30, 40, 60, 80, 120, 200, 300, 500), strict=True)
        }
        rung += len(falling_behind(shares))
    assert rung <= 8  # of 1,600


def test_a_handful_and_what_is_hidden_ring_nothing() -> None:
    assert falling_behind({"bn": Share(20, 20), "it": Share(10, 900)}) == []
    assert falling_behind({"bn": None, "it": Share(10, 900)}) == []
    assert falling_behind({"bn": Share(30, 30), "it": Share(5, 20)}) == []
    assert falling_behind({}) == []
