"""Charts: what is drawn, what is said, and that nothing hidden looks like a number."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from markupsafe import Markup

from backoffice.chart.bars import Bar, bars
from backoffice.chart.columns import Column, Key, columns
from backoffice.chart.intervals import Estimate, intervals
from backoffice.chart.lettering import lines, width
from backoffice.chart.places_map import MapKey, Spot, places_map, ranges_of
from backoffice.chart.scale import class_of, classes, ticks
from backoffice.chart.stacked import Whole, stacked
from backoffice.chart.svg import About, element
from backoffice.town_points import POINTS

ABOUT = About("chart-x", "Affitto <per comune>", "Tre valori, uno nascosto.")
SVG = "{http://www.w3.org/2000/svg}"
PERCENT = [f"{tenth}0%" for tenth in range(11)]


def drawn() -> dict[str, Markup]:
    """Return one of each chart, each with a hidden number and words in two directions."""
    return {
        "bars": bars([Bar("Crema", 40, "40"), Bar("كريما", None, "nascosto"), Bar("Izano", 0, "0")], ABOUT),
        "columns": columns(
            [Column("gen", 12, "12", earlier=9), Column("feb", None, "nascosto"), Column("mar", 0, "0")],
            ABOUT,
            key=Key(hidden="nascosto", earlier="un anno prima"),
            number=str,
        ),
        "stacked": stacked(
            ["sì", "no"],
            [Whole("arabo", 20, (15, 5), "20"), Whole("cinese", None, (None, None), "nascosto")],
            ABOUT,
            hidden="nascosto",
        ),
        "intervals": intervals(
            [
                Estimate("arabo", "30%", 0.3, 0.2, 0.42, is_alarm=True),
                Estimate("ucraino", "5%", 0.05, 0.02, 0.09),
                Estimate("cinese", "nascosto", is_hidden=True),
                Estimate("urdu", "meno di 30"),
            ],
            ABOUT,
            percent=PERCENT,
        ),
        "map": places_map(
            [
                Spot("Crema", 45.363, 9.687, 40),
                Spot("Izano", 45.355, 9.750, None),
                Spot("Gombito", 45.262, 9.728, 0),
            ],
            ABOUT,
            key=MapKey(hidden="nascosto", nought="nessuno", ranges=["40"]),
        ),
    }


@pytest.mark.parametrize("kind", ["bars", "columns", "stacked", "intervals", "map"])
def test_a_chart_says_what_it_is_and_stands_on_a_page_without_inline_style(kind: str) -> None:
    markup = drawn()[kind]
    root = ElementTree.fromstring(markup)
    assert root.get("role") == "img"
    named = [root.find(f".//*[@id='{name}']") for name in str(root.get("aria-labelledby")).split()]
    assert [each.text for each in named if each is not None] == [ABOUT.title, ABOUT.description]
    assert "style=" not in markup
    assert "<style" not in markup
    assert root.get("direction") == "ltr"


@pytest.mark.parametrize("kind", ["bars", "columns", "stacked", "intervals", "map"])
def test_what_is_hidden_is_hatched_and_said_in_words(kind: str) -> None:
    markup = drawn()[kind]
    assert 'fill="url(#chart-x-hidden)"' in markup
    assert "nascosto" in markup
    assert 'id="chart-x-hidden"' in markup


@pytest.mark.parametrize("kind", ["bars", "columns", "stacked", "intervals"])
def test_the_hatching_of_a_hidden_number_is_as_large_whatever_the_others_are(kind: str) -> None:
    root = ElementTree.fromstring(drawn()[kind])
    hatched = [
        (float(str(each.get("width"))), float(str(each.get("height"))))
        for each in root.iter(f"{SVG}rect")
        if each.get("fill") == "url(#chart-x-hidden)"
    ]
    assert hatched
    assert all(wide > 5 and high > 5 for wide, high in hatched)


def test_words_are_escaped_and_keep_their_own_direction() -> None:
    markup = bars([Bar("<script>", 1, "1")], ABOUT)
    assert "<script>" not in markup
    assert "&lt;script&gt;" in markup
    assert 'unicode-bidi="isolate"' in markup
    assert element("text", "a & b", x=1.26) == '<text x="1.3">a &amp; b</text>'


def test_a_bar_is_as_long_as_its_number() -> None:
    root = ElementTree.fromstring(bars([Bar("a", 40, "40"), Bar("b", 10, "10")], ABOUT))
    wide = [
        float(str(each.get("width"))) for each in root.iter(f"{SVG}rect") if each.get("fill") == "#0066cc"
    ]
    assert wide == [340.0, 85.0]


def test_numbers_stand_over_columns_only_where_they_fit() -> None:
    def shown(count: int) -> list[str]:
        rows = [Column("m", count, str(count))] * 12
        markup = columns(rows, ABOUT, key=Key(), number=str)
        return re.findall(rf">{count}<", markup)

    assert len(shown(37)) == 12
    assert shown(12_345) == []


def test_parts_that_are_hidden_leave_the_rest_of_the_whole_hatched() -> None:
    whole = Whole("arabo", 20, (15, None), "20")
    root = ElementTree.fromstring(stacked(["a", "b"], [whole], ABOUT, hidden="nascosto"))
    bar = [each for each in root.findall(f"{SVG}rect") if each.get("height") in ("13", "12")]
    assert [(each.get("fill"), each.get("width")) for each in bar] == [
        ("url(#chart-x-hidden)", "339"),
        ("#003366", "255"),
    ]


def test_an_alarm_is_a_triangle_and_all_else_a_dot() -> None:
    root = ElementTree.fromstring(drawn()["intervals"])
    assert len(root.findall(f"{SVG}circle")) == 1
    assert [each.get("fill") for each in root.findall(f"{SVG}path")] == ["#b3152b"]


def test_no_two_circles_of_the_district_cover_each_other() -> None:
    spots = [Spot(name, *point, count=7 * place) for place, (name, point) in enumerate(POINTS.items())]
    ranges = [str(low) for low, _ in ranges_of(spots)]
    key = MapKey(hidden="nascosto", nought="nessuno", ranges=ranges)
    root = ElementTree.fromstring(places_map(spots, ABOUT, key=key))
    circles = [
        tuple(float(str(each.get(name))) for name in ("cx", "cy", "r")) for each in root.iter(f"{SVG}circle")
    ]
    towns = circles[: len(spots)]
    for place, (x, y, r) in enumerate(towns):
        for x2, y2, r2 in towns[:place]:
            assert ((x - x2) ** 2 + (y - y2) ** 2) ** 0.5 > r + r2 - 0.5


def test_scales_are_round_and_classes_have_about_as_many() -> None:
    assert ticks(0) == [0, 1]
    assert ticks(3) == [0, 1, 2, 3]
    assert ticks(2154) == [0, 1000, 2000, 3000]
    assert classes([]) == []
    assert classes([7, 7, 7]) == [(7, 7)]
    ranges = classes([0, 5, 6, 7, 8, 20, 30, 40, 900])
    assert ranges == [(5, 6), (7, 8), (20, 30), (40, 900)]
    assert [class_of(count, ranges) for count in (0, 5, 8, 30, 900)] == [0, 1, 2, 3, 4]


def test_long_words_are_broken_and_at_last_cut() -> None:
    broken = lines("Cooperativa Ponte Largo di Crema", 13, 120)
    assert len(broken) == 2
    assert all(width(each, 13) <= 120 for each in broken)
    cut = lines("Donaudampfschifffahrtsgesellschaft", 13, 60)
    assert len(cut) == 1
    assert cut[0].endswith("…")
    assert width(cut[0], 13) <= 60
    assert width("李", 10) == 10
