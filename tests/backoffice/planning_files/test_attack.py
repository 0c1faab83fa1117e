"""Attack: recover a number under five from the files of two months, in every form, that people have kept."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date
from itertools import product

import pytest

from backoffice.disclosure.axes import ALL, Axis, flat
from backoffice.disclosure.protect import is_small
from backoffice.disclosure.tables import Codes, Node, Tables, View
from backoffice.planning.raw import Raw, with_months_of
from backoffice.planning.told import Told, tell
from tests.backoffice.disclosure.attacker import Attacker
from tests.backoffice.planning_files.reader import figure_with, file_text, read_file

DISTRICTS = 60
FIGURE = figure_with(("language", "door"))
TOWNS = ("Crema", "Fiesco", "Izano", "Trigolo")
PLACES = Axis(
    "place",
    {"Crema": "north", "Izano": "north", "Fiesco": "south", "Trigolo": "south", "north": ALL, "south": ALL},
)
MONTHS = ("2026-01", "2026-02", "2026-03")
QUARTER = Axis("period", {**dict.fromkeys(MONTHS, "2026-q1"), "2026-q1": ALL})
LANGUAGES, DOORS = flat("language", ("ar", "uk", "zh")), flat("door", ("telegram", "web"))
BUSY = (0, 0, 1, 2, 4, 9, 25)


def random_cells(chance: random.Random) -> Raw:
    raw = Raw()
    for month, town in product(MONTHS, TOWNS):
        for _ in range(chance.choice(BUSY)):
            language = chance.choices(LANGUAGES.leaves, (6, 3, 1))[0]
            raw.cells[month, town, language, chance.choice(DOORS.leaves)] += 1
    return raw


def two_releases(seed: int) -> tuple[Told, Told, Tables]:
    """Return what is told at the end of February and of March, and the true tables.

    In March cases of January and February are found to have been wrong, or are brought in late: what was
    told stays, and the difference tells nothing of them.
    """
    chance = random.Random(seed)
    before, corrected = random_cells(chance), random_cells(chance)
    first = tell(FIGURE, before, year=2026, places=PLACES, today=date(2026, 3, 1))
    raw = with_months_of(corrected, before, MONTHS[:2])
    second = tell(FIGURE, raw, year=2026, places=PLACES, today=date(2026, 4, 1), shown_before=first.shown)
    return first, second, true_tables(raw)


def true_tables(raw: Raw) -> Tables:
    """Return the tables of the quarter as they are: the year is not over, and has no number."""
    cells: dict[str, Counter[Codes]] = {"language": Counter(), "door": Counter()}
    for (month, town, language, door), count in raw.cells.items():
        cells["language"][month, town, language] += count
        cells["door"][month, town, door] += count
    return Tables(
        (QUARTER, PLACES),
        {
            "language": View((LANGUAGES,), dict(cells["language"])),
            "door": View((DOORS,), dict(cells["door"])),
        },
        frozenset((ALL, place) for place in PLACES.chains),
    )


@pytest.mark.parametrize("part", range(2))
def test_no_number_under_five_is_recovered_from_the_files_of_two_months(part: int) -> None:
    attacked = 0
    for seed in range(part, DISTRICTS, 2):
        first, second, tables = two_releases(seed)
        kept = [read_file(file_text(first, "csv"), "csv", tables)]
        kept += [read_file(file_text(second, kind), kind, tables) for kind in ("csv", "json")]
        if seed % 10 == part:
            kept.append(read_file(file_text(second, "xlsx"), "xlsx", tables))
        read: dict[Node, int] = {}
        for numbers in kept:
            assert all(read.setdefault(node, count) == count for node, count in numbers.items())
        assert {node: tables.count(node) for node in read} == read
        small = {node for node in tables.nodes() if is_small(tables.count(node))}
        attacked += len(small)
        assert not small & read.keys()
        assert not Attacker(tables, frozenset(), read=read).recovers(small), f"seed {seed}"
    assert attacked > 10 * DISTRICTS / 2


def test_a_file_that_told_one_hidden_number_more_would_give_others_away() -> None:
    given_away = 0
    for seed in range(10):
        _, second, tables = two_releases(seed)
        read = read_file(file_text(second, "csv"), "csv", tables)
        companions = [node for node in second.hidden if tables.count(node) >= 5]
        read |= {node: tables.count(node) for node in companions}
        small = {node for node in tables.nodes() if is_small(tables.count(node))}
        given_away += len(Attacker(tables, frozenset(), read=read).recovers(small))
    assert given_away > 10
