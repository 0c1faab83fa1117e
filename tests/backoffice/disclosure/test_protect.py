"""Which numbers are hidden, on tables that can be worked out by hand."""

from __future__ import annotations

import pytest

from backoffice.disclosure.axes import ALL, Axis, flat
from backoffice.disclosure.protect import NothingLeftToHide, hidden
from backoffice.disclosure.tables import BASE, Codes, Node, Tables, View

TOWNS = flat("place", ("Crema", "Fiesco", "Izano"))
LANGUAGES = flat("language", ("ar", "uk"))


def split(counts: dict[Codes, int]) -> Tables:
    return Tables((TOWNS,), {"language": View((LANGUAGES,), counts)})


def test_where_nothing_is_small_everything_is_shown() -> None:
    tables = split({("Crema", "ar"): 9, ("Crema", "uk"): 5, ("Izano", "ar"): 0})
    assert hidden(tables) == frozenset()


def test_a_small_number_takes_three_others_with_it_so_that_every_sum_can_stay() -> None:
    tables = split(
        {
            ("Crema", "ar"): 2,
            ("Crema", "uk"): 8,
            ("Fiesco", "ar"): 30,
            ("Fiesco", "uk"): 40,
            ("Izano", "ar"): 6,
            ("Izano", "uk"): 7,
        }
    )
    cells = {("Crema", "ar"), ("Crema", "uk"), ("Izano", "ar"), ("Izano", "uk")}
    assert hidden(tables) == {Node("language", codes) for codes in cells}


def test_a_small_town_is_hidden_in_every_table_of_the_same_people() -> None:
    doors = flat("door", ("telegram", "web"))
    tables = Tables(
        (TOWNS,),
        {
            "language": View((LANGUAGES,), {("Crema", "ar"): 20, ("Izano", "ar"): 3, ("Fiesco", "uk"): 9}),
            "door": View((doors,), {("Crema", "web"): 20, ("Izano", "web"): 3, ("Fiesco", "web"): 9}),
        },
    )
    kept_back = hidden(tables)
    assert {
        Node(BASE, ("Izano",)),
        Node("door", ("Izano", "web")),
        Node("language", ("Izano", "ar")),
    } <= kept_back
    assert kept_back & {Node(BASE, ("Crema",)), Node(BASE, ("Fiesco",))}


def test_a_number_that_no_table_has_is_not_hidden() -> None:
    tables = Tables((TOWNS,), {"all": View((), {("Crema",): 2, ("Izano",): 9})}, frozenset({(ALL,)}))
    assert hidden(tables) == {Node(BASE, ("Crema",))}


def test_what_was_shown_before_stays_shown_or_the_release_is_refused() -> None:
    tables = Tables((TOWNS,), {"all": View((), {("Crema",): 2, ("Izano",): 9, ("Fiesco",): 30})})
    shown = frozenset({Node(BASE, ("Izano",))})
    assert hidden(tables, shown_before=shown) == {Node(BASE, ("Crema",)), Node(BASE, ("Fiesco",))}
    with pytest.raises(NothingLeftToHide):
        hidden(tables, shown_before=frozenset(tables.nodes()))


def test_views_of_other_people_are_refused() -> None:
    views = {"one": View((LANGUAGES,), {("Crema", "ar"): 5}), "other": View((), {("Crema",): 6})}
    with pytest.raises(ValueError, match="does not count the same"):
        hidden(Tables((TOWNS,), views))


def test_an_axis_that_goes_round_in_a_circle_is_refused() -> None:
    with pytest.raises(ValueError, match="above itself"):
        _ = Axis("place", {"Crema": "Izano", "Izano": "Crema"}).chains
