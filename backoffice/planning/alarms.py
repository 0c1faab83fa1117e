"""What planners are told without asking: sudden rises, and who is served worse. Of numbers shown alone.

An alarm about a hidden number would tell that it is large, and so help to find a small one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from backoffice.disclosure.axes import ALL
from backoffice.planning.equal_service import Behind, Share, falling_behind
from backoffice.planning.figure import Dimension
from backoffice.planning.periods import months_of
from backoffice.planning.registry import figure_of
from backoffice.planning.rises import MONTHS_BEFORE, Rise, rises
from backoffice.planning.told import NotTold, Told


class Pair(NamedTuple):
    """A code in a place, such as a need in a town."""

    code: str
    place: str


@dataclass(frozen=True)
class Watch:
    """One question of equal service: of which figure, and which code of which dimension is going wrong."""

    figure: str
    dimension: Dimension
    wrong: str


WATCHES = (
    Watch("understanding", Dimension.UNDERSTOOD, "no"),
    Watch("forms", Dimension.SENT, "no"),
    Watch("waits", Dimension.HUMAN, "did_not_come"),
    Watch("translations", Dimension.TRANSLATED, "no"),
    Watch("deliveries", Dimension.DELIVERED, "no"),
    Watch("mediation_requests", Dimension.MEDIATION, "no_mediator"),
)
"""What is looked at by language; where the figure crosses it, by channel too."""

RISING = (("needs", Dimension.NEED), ("asked", Dimension.WHAT), ("guide_gaps", Dimension.TOPIC))
"""Figures that are looked at for sudden rises, and by what; where they have places, in each of them."""


def rises_by(
    years: Sequence[Told], dimension: Dimension, *, month: str, places: Iterable[str] = (ALL,)
) -> list[Rise[Pair]]:
    """Return the sudden rises of a month by a dimension and place, the least likely ones first.

    Args:
        years: one figure, the year of the month and, where it is told, the year before it.
        dimension: such as the need.
        month: its code; it is over.
        places: towns, sub-districts, or `ALL` for the district.

    Raises:
        NotTold: the month is not over, or no table has the dimension.
    """
    by_year = {told.year: told for told in years}
    year = int(month[:4])
    if year not in by_year:
        raise NotTold(month)
    months = [each for told in sorted(by_year) for each in months_of(told) if each <= month]
    codes = sorted(frozenset().union(*(told.codes_of(dimension) for told in years)))
    series = {
        Pair(code, place): [
            _count(by_year[int(each[:4])], dimension, code, each, place)
            for each in months[-MONTHS_BEFORE - 1 :]
        ]
        for code in codes
        for place in places
    }
    return rises(series)


def rises_under(tolds: Sequence[Told], dimension: Dimension, *, month: str, place: str) -> list[Rise[Pair]]:
    """Return the sudden rises of a month in a place and under it, the least likely ones first.

    All places are looked at together whatever is asked for: what is told as no chance must not depend on it.

    Args:
        tolds: one figure, the year of the month and, where it is told, the year before it.
        dimension: such as the need.
        month: its code. Of one that is not over there are none.
        place: a town, a sub-district, or `ALL`.
    """
    found = _in_all_places(tolds, dimension, month)
    return [rise for rise in found if _is_under(tolds[0], rise.key.place, place)]


def splits(watch: Watch) -> Iterator[Dimension]:
    """Yield by what a question is asked: always by language, by channel where its figure crosses it."""
    by_both = (Dimension.LANGUAGE, Dimension.CHANNEL)
    return (by for by in by_both if figure_of(watch.figure).view_of(watch.dimension, by))


def behind(told: Told, watch: Watch, by: Dimension, *, period: str = ALL) -> list[Behind[str]]:
    """Return the languages, or channels, that a service is worse for in a period, the worst first.

    Raises:
        NotTold: the period is not over, or no table crosses the two.
    """
    return falling_behind(shares_of(told, watch, by, period=period))


def shares_of(told: Told, watch: Watch, by: Dimension, *, period: str = ALL) -> dict[str, Share | None]:
    """Return for how many of each language, or channel, something went wrong; None where it is hidden.

    Raises:
        NotTold: the period is not over, or no table crosses the two.
    """
    came = watch.wrong in told.codes_of(watch.dimension)
    shares: dict[str, Share | None] = {}
    for part in told.by(by, period=period):
        wrong = told.count({by: part.code, watch.dimension: watch.wrong}, period=period) if came else 0
        is_known = part.count is not None and wrong is not None
        shares[part.code] = Share(wrong or 0, part.count or 0) if is_known else None
    return shares


def _in_all_places(tolds: Sequence[Told], dimension: Dimension, month: str) -> list[Rise[Pair]]:
    """Return the rises of a month in all places; they are worked out once in a process."""
    this = tolds[0]
    key = (dimension, month, *(tuple(told.periods) for told in tolds[1:]))
    if key not in this.worked_out:
        places = tuple(this.places.chains) if this.figure.has_place else (ALL,)
        try:
            found = rises_by(_with_same_places(tolds, places), dimension, month=month, places=places)
        except NotTold:
            found = []
        this.worked_out[key] = found
    known: list[Rise[Pair]] = this.worked_out[key]
    return known


def _with_same_places(tolds: Sequence[Told], places: Sequence[str]) -> Sequence[Told]:
    """Return the years that know all places: a district that was divided anew is another one."""
    this, *before = tolds
    return [
        this,
        *(each for each in before if not this.figure.has_place or set(places) <= set(each.places.chains)),
    ]


def _is_under(told: Told, place: str, chosen: str) -> bool:
    return place == chosen or (told.figure.has_place and chosen in told.places.chains.get(place, (place,)))


def _count(told: Told, dimension: Dimension, code: str, month: str, place: str) -> int | None:
    """Return a number; what a year does not know at all came not once in it."""
    if code not in told.codes_of(dimension):
        return 0
    return told.count({dimension: code}, period=month, place=place)
