"""Attack: recover a number under five from all that is published (planning pages, design 7).

The attacker of `attacker.py` has every table of a thing: every quarter and the year, every town, sub-district
and the district, each split by language and by door, and whatever can be added or subtracted of them. Of the
thousand districts it reads the files that everybody gets, and nothing else.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from itertools import product

import numpy as np
import pytest
from numpy.typing import NDArray

from backoffice.disclosure.axes import ALL, Axis, flat
from backoffice.disclosure.protect import hidden, is_small
from backoffice.disclosure.tables import Codes, Node, Tables, View
from tests.backoffice.disclosure.attacker import Attacker
from tests.backoffice.planning_files.reader import file_text, read_file, told_as

TABLES = 1000
YEAR = ("2026-1", "2026-2", "2026-3")
PLACE = Axis("place", {"Crema": "north", "Izano": "north", "Fiesco": "south", "Trigolo": "south"})
PLACES = Axis("place", {**PLACE.parents, "north": ALL, "south": ALL})
LANGUAGES = flat("language", ("ar", "uk", "zh"))
DOORS = flat("door", ("telegram", "web"))
BUSY = (0, 0, 1, 2, 4, 9, 25)
"""How many people come from a town in a quarter: from nobody to many."""


def random_tables(seed: int, *, quarters: int = 2, has_doors: bool = False) -> Tables:
    """Return invented people of a year, most towns with few of them."""
    chance = random.Random(seed)
    periods = flat("period", YEAR[:quarters])
    by_language: Counter[Codes] = Counter()
    by_door: Counter[Codes] = Counter()
    for period, town in product(periods.leaves, PLACE.leaves):
        for _ in range(chance.choice(BUSY)):
            by_language[period, town, chance.choices(LANGUAGES.leaves, (6, 3, 1))[0]] += 1
            by_door[period, town, chance.choice(DOORS.leaves)] += 1
    views = {"language": View((LANGUAGES,), dict(by_language))}
    if has_doors:
        views["door"] = View((DOORS,), dict(by_door))
    return Tables((periods, PLACES), views)


def small_numbers(tables: Tables) -> set[Node]:
    return {node for node in tables.nodes() if is_small(tables.count(node))}


@pytest.mark.parametrize("part", range(4))
def test_no_number_under_five_is_recovered_from_a_thousand_districts(part: int) -> None:
    attacked = 0
    for seed in range(part, TABLES, 4):
        tables = random_tables(seed, has_doors=seed % 10 == part)
        attacked += len(small := small_numbers(tables))
        read = read_file(file_text(told_as(tables, hidden(tables)), "csv"), "csv", tables)
        assert not Attacker(tables, frozenset(), read=read).recovers(small), f"seed {seed}"
    assert attacked > 10 * TABLES / 4


def test_without_companions_the_same_attacker_recovers_most_of_them() -> None:
    small = recovered = 0
    for seed in range(40):
        tables = random_tables(seed, has_doors=seed % 4 == 0)
        alone = hidden(tables, with_companions=False)
        small += len(alone)
        recovered += len(Attacker(tables, alone).recovers(alone))
    assert recovered > 0.8 * small > 0


@pytest.mark.parametrize("seed", range(20))
def test_what_was_shown_quarter_by_quarter_is_not_given_away_by_the_year(seed: int) -> None:
    shown: frozenset[Node] = frozenset()
    whole = random_tables(seed, quarters=3, has_doors=seed % 2 == 0)
    for ended in range(1, 4):
        # a quarter that is not over, and the year before its end, have no number
        untold = {(code, place) for code in YEAR[ended:] for place in PLACES.chains}
        untold |= {(ALL, place) for place in PLACES.chains} if ended < 3 else set()
        tables = Tables(whole.base, whole.views, frozenset(untold))
        kept_back = hidden(tables, shown_before=shown)
        assert not kept_back & shown
        assert not Attacker(tables, kept_back).recovers(small_numbers(tables))
        shown |= {node for node in tables.nodes() if node not in kept_back}


@pytest.mark.parametrize("seed", range(20))
def test_even_who_tries_every_possible_table_finds_two_that_differ_in_each_small_number(seed: int) -> None:
    chance = random.Random(seed)
    towns = flat("place", ("Crema", "Fiesco", "Izano"))
    cells: dict[Codes, int] = {
        (town, language): chance.choice((0, 1, 2, 3, 6)) for town in towns.leaves for language in ("ar", "uk")
    }
    tables = Tables((towns,), {"language": View((flat("language", ("ar", "uk")),), cells)})
    kept_back = hidden(tables)
    every = np.array(list(product(range(8), repeat=len(cells))), dtype=np.float64)
    for node in tables.nodes():
        if node not in kept_back:
            every = every[every @ _within(tables, node, cells) == tables.count(node)]
    for node in small_numbers(tables):
        assert len(set((every @ _within(tables, node, cells)).tolist())) > 1, node


def _within(tables: Tables, node: Node, cells: Mapping[Codes, int]) -> NDArray[np.float64]:
    codes = (*node.codes, ALL)[:2]
    axes = tables.axes("language")
    return np.array(
        [
            all(leaf in axis.leaves_under[code] for axis, code, leaf in zip(axes, codes, cell, strict=True))
            for cell in cells
        ],
        dtype=np.float64,
    )


@pytest.mark.parametrize("seed", range(20))
def test_hidden_parts_of_a_sum_that_is_shown_are_five_or_more_together(seed: int) -> None:
    tables = random_tables(seed)
    kept_back = hidden(tables)
    for node in tables.nodes():
        if node in kept_back:
            continue
        for place, axis in enumerate(tables.axes(node.view)):
            under = axis.children.get(node.codes[place], ())
            parts = [
                tables.node("language", (*codes[:place], each, *codes[place + 1 :]))
                for each in under
                for codes in [node.codes if len(node.codes) == 3 else (*node.codes, ALL)]
            ]
            rest = sum(tables.count(part) for part in parts if part in kept_back)
            assert not is_small(rest), node
