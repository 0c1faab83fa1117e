"""How far the towns of the Ambito Cremasco are from each other: as the crow flies, in kilometres."""

from __future__ import annotations

from backoffice.town_points import POINTS, kilometres_between

TOWNS: tuple[str, ...] = tuple(POINTS)
"""Every town, in alphabetical order."""

TOWN_NUMBER = {name: number for number, name in enumerate(TOWNS)}


def kilometres(one: str, other: str) -> float:
    """Return how far two towns are from each other.

    Raises:
        KeyError: one of them is not of the district.
    """
    return _DISTANCES[TOWN_NUMBER[one]][TOWN_NUMBER[other]]


def distances() -> tuple[tuple[float, ...], ...]:
    """Return the distance of every town from every other, in the order of `TOWNS`."""
    return _DISTANCES


_DISTANCES = tuple(
    tuple(
        0.0 if one == other else round(kilometres_between(POINTS[one], POINTS[other]), 1) for other in TOWNS
    )
    for one in TOWNS
)
