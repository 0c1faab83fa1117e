"""A map of places as circles where they lie: larger and darker for more, hatched where hidden."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import cos, hypot, radians

from markupsafe import Markup

from backoffice.chart import fills
from backoffice.chart.lettering import lines, width
from backoffice.chart.scale import class_of, classes
from backoffice.chart.svg import DEEP, INK, PAPER, QUIET, SMALL_SIZE, About, drawing, element, rect, words

MAP_WIDTH = 640.0
_MARGIN = 26.0
_RADIUS = (5.0, 7.0, 9.0, 11.0, 13.0)
_FILL = (PAPER, "#d9e8fa", "#8fbdec", "#3385d6", DEEP)
_HIDDEN = 8.0
_GAP = 1.5
_ROUNDS = 60

Position = tuple[float, float]


@dataclass(frozen=True)
class Spot:
    """One place. `count` None: hidden. `is_faint`: not of those that are asked for."""

    name: str
    latitude: float
    longitude: float
    count: int | None
    is_faint: bool = False


@dataclass(frozen=True)
class MapKey:
    """The words of the legend. `ranges`: writes "from, to"."""

    hidden: str
    nought: str
    ranges: Sequence[str]


def ranges_of(spots: Sequence[Spot]) -> list[tuple[int, int]]:
    """Return the classes of a map, the lowest first."""
    return classes(spot.count for spot in spots if spot.count is not None and not spot.is_faint)


def places_map(spots: Sequence[Spot], about: About, *, key: MapKey) -> Markup:
    """Draw the map, north at the top. Circles that would cover each other are moved a little apart."""
    ranges = ranges_of(spots)
    radii = {spot.name: _radius(spot, ranges) for spot in spots}
    at, height = _positions(spots, radii)
    parts = [element("defs", fills.hatch(about.id))]
    parts += [_circle(spot, about.id, ranges, at[spot.name], radii[spot.name]) for spot in spots]
    parts += _names(spots, at, radii, height)
    legend, height = _legend(about.id, key, len(ranges), height)
    return drawing(about, [*parts, *legend], height=height, width=MAP_WIDTH, kind="map")


def _radius(spot: Spot, ranges: list[tuple[int, int]]) -> float:
    if spot.is_faint:
        return _RADIUS[0] - 1
    return _HIDDEN if spot.count is None else _RADIUS[class_of(spot.count, ranges)]


def _positions(spots: Sequence[Spot], radii: Mapping[str, float]) -> tuple[dict[str, Position], float]:
    """Return where the circles are, and how high the map is."""
    north = max(spot.latitude for spot in spots)
    west = min(spot.longitude for spot in spots)
    flat = cos(radians(north))
    scale = (MAP_WIDTH - 2 * _MARGIN) / ((max(spot.longitude for spot in spots) - west) * flat or 1)
    at = {
        spot.name: (
            _MARGIN + (spot.longitude - west) * flat * scale,
            _MARGIN + (north - spot.latitude) * scale,
        )
        for spot in spots
    }
    for _ in range(_ROUNDS):
        _push_apart(at, radii)
    return at, max(y for _, y in at.values()) + _MARGIN


def _push_apart(at: dict[str, Position], radii: Mapping[str, float]) -> None:
    names = list(at)
    for place, one in enumerate(names):
        for other in names[:place]:
            (x, y), (x2, y2) = at[one], at[other]
            apart, wanted = hypot(x - x2, y - y2) or 0.1, radii[one] + radii[other] + _GAP
            if apart < wanted:
                push = (wanted - apart) / 2 / apart
                right, down = (x - x2) * push, (y - y2) * push
                at[one], at[other] = (x + right, y + down), (x2 - right, y2 - down)


def _circle(spot: Spot, chart_id: str, ranges: list[tuple[int, int]], at: Position, r: float) -> Markup:
    looks: dict[str, object] = {"fill": PAPER, "stroke": INK, "stroke_width": 1.0}
    if spot.is_faint:
        looks = {"fill": PAPER, "stroke": QUIET, "stroke_width": 0.8}
    elif spot.count is None:
        looks = fills.hidden(chart_id)
    else:
        looks["fill"] = _FILL[class_of(spot.count, ranges)]
    return element("circle", cx=at[0], cy=at[1], r=r, **looks)


def _names(
    spots: Sequence[Spot], at: Mapping[str, Position], radii: Mapping[str, float], height: float
) -> list[Markup]:
    """Return names that cover neither a circle nor each other, those with most first; others are left out."""
    taken = [
        (x - radii[name], y - radii[name], x + radii[name], y + radii[name]) for name, (x, y) in at.items()
    ]
    drawn = []
    for spot in sorted(spots, key=lambda each: (each.is_faint, -(each.count or 0), each.name)):
        wide, (x, y), r = width(spot.name, SMALL_SIZE), at[spot.name], radii[spot.name]
        choices = (
            (x + r + 4, y - 5, "start"),
            (x - r - 4 - wide, y - 5, "start"),
            (x - wide / 2, y + r + 5, "start"),
            (x - wide / 2, y - r - 16, "start"),
        )
        for left, top, anchor in choices:
            box = (left - 2, top - 4, left + wide + 2, top + 15)
            inside = box[0] >= 0 and box[2] <= MAP_WIDTH and box[1] >= 0 and box[3] <= height
            if inside and not any(_cross(box, other) for other in taken):
                taken.append(box)
                drawn.append(words(spot.name, left, top + 9, size=SMALL_SIZE, anchor=anchor))
                break
    return drawn


def _cross(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _legend(chart_id: str, key: MapKey, number: int, y: float) -> tuple[list[Markup], float]:
    marks: list[tuple[str, float, dict[str, object]]] = [
        (key.nought, _RADIUS[0], {"fill": PAPER, "stroke": INK, "stroke_width": 1.0})
    ]
    marks += [
        (
            key.ranges[place],
            _RADIUS[place + 1],
            {"fill": _FILL[place + 1], "stroke": INK, "stroke_width": 1.0},
        )
        for place in range(number)
    ]
    marks.append((key.hidden, _HIDDEN, fills.hidden(chart_id)))
    drawn, x, y = [rect(0.0, y, MAP_WIDTH, 0.8, fill=QUIET)], 4.0, y + 22
    for said, r, looks in marks:
        shown = lines(said, SMALL_SIZE, MAP_WIDTH - 40, most=1)[0]
        wide = 34 + width(shown, SMALL_SIZE) + 14
        if x > 4 and x + wide > MAP_WIDTH:
            x, y = 4.0, y + 30
        drawn.append(element("circle", cx=x + 14, cy=y, r=r, **looks))
        drawn.append(words(shown, x + 32, y + 4, size=SMALL_SIZE))
        x += wide
    return drawn, y + 20
