"""Where: a map of the towns and a table of all places."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from backoffice.chart.places_map import MapKey, Spot, places_map, ranges_of
from backoffice.disclosure.axes import ALL
from backoffice.planning.choice import Choice
from backoffice.planning.panel import Chosen, Line, Panel, about, number_cell, share_cell
from backoffice.planning.places import ELSEWHERE, NOWHERE
from backoffice.planning.told import Part, Told
from backoffice.planning.wording import Wording
from backoffice.town_points import POINTS


def place_panel(chosen: Chosen) -> Panel | None:
    """Return the places under the one that is chosen; None for a town, and where nothing tells of towns."""
    told, choice, wording = chosen.told, chosen.choice, chosen.wording
    if not told.figure.has_place or choice.place not in (ALL, *told.places.children):
        return None
    total = chosen.count()
    lines = [
        Line(
            wording.place(part.code),
            (number_cell(part.count, wording), share_cell(part.count, total, wording)),
            depth,
        )
        for part, depth in _with_towns(told, choice)
    ]
    title, spots = wording.say("places"), _spots(told, choice)
    said = about("places", title, [spot.count for spot in spots if not spot.is_faint], wording)
    heads = [wording.say("place"), chosen.unit, wording.say("share")]
    chart = places_map(spots, said, key=_key(spots, wording))
    return Panel("places", title, chart, heads, lines, note=wording.say("map_note"), is_wide=True)


def _key(spots: Sequence[Spot], wording: Wording) -> MapKey:
    ranges = [(wording.number(low), wording.number(high)) for low, high in ranges_of(spots)]
    return MapKey(
        hidden=wording.say("key_hidden"),
        nought=wording.say("key_nought"),
        ranges=[low if low == high else wording.say("range", low=low, high=high) for low, high in ranges],
    )


def _with_towns(told: Told, choice: Choice) -> Iterator[tuple[Part, int]]:
    """Yield sub-districts with their towns, then towns without one, then what is no place of the district."""
    parts = told.by_place(choice.within, period=choice.period, under=choice.place)
    for part in sorted(parts, key=partial(_rank, told)):
        yield part, 0
        towns = told.by_place(choice.within, period=choice.period, under=part.code)
        yield from ((town, 1) for town in towns)


def _spots(told: Told, choice: Choice) -> list[Spot]:
    chains = told.places.chains
    return [
        Spot(
            town,
            *point,
            count=told.count(choice.within, period=choice.period, place=town),
            is_faint=choice.place not in chains[town],
        )
        for town, point in POINTS.items()
        if town in chains
    ]


def _rank(told: Told, part: Part) -> tuple[bool, bool]:
    return part.code in (NOWHERE, ELSEWHERE), part.code not in told.places.children
