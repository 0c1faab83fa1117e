"""Sudden rises: told when they are there, and seldom when they are not."""

from __future__ import annotations

import random
from math import exp

import pytest

from backoffice.planning.rises import FALSE_SHARE, chance_of, rises


def poisson(chance: random.Random, mean: float) -> int:
    limit, product, count = exp(-mean), chance.random(), 0
    while product > limit:
        product *= chance.random()
        count += 1
    return count


def months(chance: random.Random, mean: float, last: float | None = None) -> list[int]:
    return [*(poisson(chance, mean) for _ in range(12)), poisson(chance, last or mean)]


def test_the_chance_is_that_of_a_coin_thrown_for_each_request() -> None:
    assert chance_of(1, 0, 1) == pytest.approx(0.5)
    assert chance_of(2, 1, 1) == pytest.approx(0.5)  # 2 or 3 heads of 3
    assert chance_of(0, 7, 12) == 1.0
    assert chance_of(900, 12_000, 12) < chance_of(1000, 12_000, 12) * 1e9


def test_a_month_three_times_as_busy_is_told_among_hundreds_of_quiet_ones() -> None:
    chance = random.Random(1)
    series = {("rent", town): months(chance, 4) for town in range(300)}
    series["rent", 300] = [4, 3, 5, 4, 6, 2, 4, 5, 3, 4, 5, 4, 17]
    found = rises(series)
    assert found[0].key == ("rent", 300)
    assert (found[0].count, round(found[0].usual)) == (17, 4)


@pytest.mark.parametrize("mean", [0.5, 3, 20])
def test_where_nothing_rises_few_lists_tell_anything(mean: float) -> None:
    chance = random.Random(int(mean * 10))
    lists = [rises({town: months(chance, mean) for town in range(50)}) for _ in range(100)]
    assert sum(map(bool, lists)) <= 100 * FALSE_SHARE + 5


def test_of_real_rises_most_are_told_and_of_those_told_few_are_none() -> None:
    chance = random.Random(7)
    told = false = missed = 0
    for _ in range(30):
        series = {town: months(chance, 8, 8 if town < 40 else 26) for town in range(50)}
        found = {rise.key for rise in rises(series)}
        told += len(found)
        false += sum(town < 40 for town in found)
        missed += sum(town not in found for town in range(40, 50))
    assert false <= 2 * FALSE_SHARE * told
    assert missed < 30


def test_hidden_months_are_left_out_and_a_hidden_last_month_is_not_looked_at() -> None:
    before: list[int | None] = [6, None, 5, 7, None, 6, 5, 6, 7, None, 6, 6]
    assert [rise.usual for rise in rises({"a": [*before, 30]})] == [6.0]
    assert rises({"a": [*before, None]}) == []
    assert rises({"a": [None] * 7 + [6, 5, 6, 7, 5, 30]}) == []


def test_fewer_than_five_are_no_rise_and_a_busy_town_has_to_rise_by_half() -> None:
    assert rises({"quiet": [0] * 12 + [4]}) == []
    assert [rise.count for rise in rises({"quiet": [0] * 12 + [5]})] == [5]
    assert rises({"busy": [1000] * 12 + [1300]}) == []
