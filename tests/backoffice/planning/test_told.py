"""A figure as it is told: from cells to tables, with what is hidden, and as a document that is kept."""

from __future__ import annotations

import json
import random
from collections import Counter
from datetime import date

import pytest

from backoffice.disclosure.axes import ALL
from backoffice.planning.alarms import WATCHES, Pair, behind, rises_by
from backoffice.planning.figure import Dimension, Figure
from backoffice.planning.periods import end_of, first_moment, months_of, not_over, periods_of
from backoffice.planning.places import ELSEWHERE, NOWHERE, SUB_DISTRICT, place_code, places_of
from backoffice.planning.raw import UNKNOWN, cells_document, raw_of, sorted_into_cells, with_months_of
from backoffice.planning.registry import FIGURES, FigureUnknown, figure_of
from backoffice.planning.release import ReleaseUnreadable, document_of, told_of
from backoffice.planning.spreads import Spread, spread_of
from backoffice.planning.told import NotTold, Part, Told, tell

PLACES = places_of({"Crema": ["Crema", "Izano"], "Soncino": ["Soncino", "Crema"], "Lodi": ["Lodi"]})
AFTERWARDS = date(2027, 1, 1)


def needs_of(*, seed: int = 1, year: int = 2026, today: date = AFTERWARDS) -> Told:
    """Return invented needs: many of rent in Crema, few elsewhere."""
    chance = random.Random(seed)
    rows: list[tuple[object, ...]] = []
    for month in months_of(year):
        rows.append((month, "Crema", "rent", "ar", "web", 20))
        for town in ("Izano", "Soncino", None, "Milano"):
            rows.extend(
                (month, town, need, chance.choice(("ar", "uk")), "desk", 1)
                for need in ("rent", "school")
                for _ in range(chance.randrange(4))
            )
    raw = sorted_into_cells(figure_of("needs"), rows)
    return tell(figure_of("needs"), raw, year=year, places=PLACES, today=today)


def test_periods_are_whole_and_end_with_their_last_day_in_italy() -> None:
    assert periods_of(2026).chains["2026-08"] == ("2026-08", "2026-q3", ALL)
    assert first_moment("2026-07").isoformat() == "2026-07-01T00:00:00+02:00"
    ends = [end_of(2026, code) for code in ("2026-01", "2026-q3", "2026-q4", "2026-12", ALL)]
    assert ends == [date(2026, 2, 1), date(2026, 10, 1), *[date(2027, 1, 1)] * 3]
    assert not_over(2026, date(2026, 11, 1)) == {"2026-11", "2026-12", "2026-q4", ALL}
    assert not_over(2026, date(2027, 1, 1)) == set()


def test_a_town_is_in_the_first_sub_district_that_names_it_and_others_are_told_apart() -> None:
    chains = PLACES.chains
    assert chains["Crema"] == ("Crema", SUB_DISTRICT + "Crema", ALL)
    assert chains["Soncino"] == ("Soncino", SUB_DISTRICT + "Soncino", ALL)
    assert chains["Offanengo"] == ("Offanengo", ALL)
    assert SUB_DISTRICT + "Lodi" not in chains
    assert [place_code(town) for town in ("Crema", "Milano", "", None)] == [
        "Crema",
        ELSEWHERE,
        NOWHERE,
        NOWHERE,
    ]


def test_every_dimension_of_a_figure_is_in_one_view_and_every_code_is_one_figure() -> None:
    assert len({figure.code for figure in FIGURES}) == len(FIGURES)
    for figure in FIGURES:
        assert len(set(figure.dimensions)) == len(figure.dimensions)
    for watch in WATCHES:
        assert figure_of(watch.figure).view_of(watch.dimension, Dimension.LANGUAGE)
    with pytest.raises(FigureUnknown):
        figure_of("gossip")


def test_large_numbers_are_told_small_ones_are_hidden_and_sums_add_up() -> None:
    told = needs_of()
    assert told.count({Dimension.DOOR: "web"}) == 240
    assert told.count(place="Crema", period="2026-03") == 20
    shown = told.by(Dimension.NEED)
    assert [part.code for part in shown] == ["rent", "school"]
    total = told.count()
    assert total is not None
    assert total == sum(part.count or 0 for part in shown)
    for part in told.by_place(period="2026-q1", under=SUB_DISTRICT + "Crema"):
        assert part.count is None or part.count == 0 or part.count >= 5
    months = [month.count for month in told.by_period(place="Izano")]
    assert None in months
    assert all(count is None or count == 0 or count >= 5 for count in months)


def test_nothing_is_told_of_a_period_that_is_not_over_nor_of_what_is_not_crossed() -> None:
    told = needs_of(today=date(2026, 8, 15))
    assert [part.code for part in told.by_period()] == months_of(2026)[:7]
    assert [part.code for part in told.by_period(months=False)] == ["2026-q1", "2026-q2"]
    for period in ("2026-08", "2026-q3", ALL, "2025-12"):
        with pytest.raises(NotTold):
            told.count(period=period)
    with pytest.raises(NotTold):
        told.count({Dimension.NEED: "rent", Dimension.LANGUAGE: "ar"}, period="2026-01")
    with pytest.raises(NotTold):
        told.by(Dimension.TOPIC, period="2026-01")
    with pytest.raises(NotTold):
        told.count(period="2026-01", place="Lodi")
    with pytest.raises(NotTold):
        told.spread(period="2026-01")


def test_a_release_is_kept_as_a_document_that_holds_no_hidden_number() -> None:
    told = needs_of()
    document = json.loads(json.dumps(document_of(told)))
    again = told_of(document)
    assert again == told
    assert again.by(Dimension.LANGUAGE, place="Izano") == told.by(Dimension.LANGUAGE, place="Izano")
    assert all(row[-1] >= 5 for row in document["counts"])
    assert not {tuple(row[:-1]) for row in document["counts"]} & set(map(tuple, document["hidden"]))
    with pytest.raises(ReleaseUnreadable):
        told_of({**document, "version": 0})


def test_what_the_release_of_spring_showed_the_one_of_the_year_still_shows() -> None:
    raw = sorted_into_cells(
        figure_of("needs"),
        [
            (month, town, "rent", "ar", "web", count)
            for month, town, count in (
                ("2026-01", "Crema", 9),
                ("2026-11", "Izano", 2),
                ("2026-12", "Crema", 8),
            )
        ],
    )
    first = tell(figure_of("needs"), raw, year=2026, places=PLACES, today=date(2026, 7, 1))
    last = tell(figure_of("needs"), raw, year=2026, places=PLACES, today=AFTERWARDS, shown_before=first.shown)
    assert first.count(period="2026-01", place="Crema") == last.count(period="2026-01", place="Crema") == 9
    assert last.count(period="2026-11", place="Izano") is None


def test_cells_are_kept_as_a_document_and_months_that_were_told_stay_as_they_were() -> None:
    figure = figure_of("waits")
    before = sorted_into_cells(
        figure, [("2026-01", "came", "uk", "web", 3, 2), ("2026-02", "came", "uk", "web", 4, 1)]
    )
    now = sorted_into_cells(
        figure, [("2026-01", "came", "ar", "web", 9, 1), ("2026-02", "came", "uk", "web", 5, 6)]
    )
    again = raw_of(json.loads(json.dumps(cells_document(before))))
    assert again == before
    kept = with_months_of(now, again, ["2026-01"])
    assert kept.cells == {("2026-01", "came", "uk", "web"): 2, ("2026-02", "came", "uk", "web"): 6}
    assert kept.measured == {
        ("2026-01", "came", "uk", "web"): {3: 2},
        ("2026-02", "came", "uk", "web"): {5: 6},
    }


def measured(figure: Figure, values: list[int]) -> Told:
    rows = [
        ("2026-02", "yes" if figure.measure is None else "came", "uk", "web", value, 1) for value in values
    ]
    return tell(figure, sorted_into_cells(figure, rows), year=2026, places=PLACES, today=AFTERWARDS)


def test_what_is_measured_is_told_as_quartiles_of_ten_or_more() -> None:
    figure = figure_of("waits")
    within = {Dimension.HUMAN: "came", Dimension.LANGUAGE: "uk"}
    assert measured(figure, list(range(1, 13))).spread(within) == Spread(3, 6, 9)
    assert measured(figure, list(range(9))).spread(within) is None
    assert spread_of(Counter({4: 9, 100: 1})) == Spread(4, 4, 4)


NOT_SAID = (UNKNOWN, UNKNOWN, UNKNOWN)
"""Age band, household, permit."""


def test_homes_that_were_not_found_are_told_under_the_searches_for_homes() -> None:
    figure = figure_of("asked")
    rows = [
        ("2026-05", "Crema", f"housing/{end}", "ar", "web", "body", *NOT_SAID, count)
        for end, count in (("found", 6), ("not_found", 9))
    ]
    rows.append(("2026-05", "Crema", "reception", "ar", "web", "body", *NOT_SAID, 7))
    told = tell(figure, sorted_into_cells(figure, rows), year=2026, places=PLACES, today=AFTERWARDS)
    assert told.by(Dimension.WHAT) == [Part("housing", 15), Part("reception", 7)]
    assert told.by(Dimension.WHAT, {Dimension.WHAT: "housing"}, place="Crema") == [
        Part("housing/not_found", 9),
        Part("housing/found", 6),
    ]
    assert told.count({Dimension.WHAT: "housing/not_found", Dimension.LANGUAGE: "ar"}) == 9


def test_a_sudden_rise_is_told_over_the_turn_of_the_year() -> None:
    figure = figure_of("needs")

    def year_of(year: int, counts: dict[int, int]) -> Told:
        rows = [
            (f"{year}-{month:02}", "Crema", need, "ar", "web", 20 if need == "rent" else counts[month])
            for month in counts
            for need in ("rent", "eviction")
        ]
        return tell(figure, sorted_into_cells(figure, rows), year=year, places=PLACES, today=date(2028, 1, 1))

    before = year_of(2026, dict.fromkeys(range(1, 13), 6))
    now = year_of(2027, {1: 6, 2: 25})
    found = rises_by([now, before], Dimension.NEED, month="2027-02", places=(ALL, "Crema"))
    assert {rise.key for rise in found} == {Pair("eviction", ALL), Pair("eviction", "Crema")}
    assert (found[0].count, found[0].usual) == (25, 6.0)
    assert rises_by([now, before], Dimension.NEED, month="2027-01") == []
    with pytest.raises(NotTold):
        rises_by([now, before], Dimension.NEED, month="2028-01")


def test_a_language_that_is_understood_worse_rings() -> None:
    figure = figure_of("understanding")
    rows = [
        ("2026-05", understood, language, "telegram", count)
        for language, right, wrong in (("it", 300, 20), ("pa", 60, 40), ("uk", 200, 14), ("bn", 5, 9))
        for understood, count in (("yes", right), ("no", wrong))
    ]
    told = tell(figure, sorted_into_cells(figure, rows), year=2026, places=PLACES, today=AFTERWARDS)
    watch = next(each for each in WATCHES if each.figure == "understanding")
    assert [each.key for each in behind(told, watch, Dimension.LANGUAGE, period="2026-q2")] == ["pa"]
    assert behind(told, watch, Dimension.CHANNEL) == []
