"""Shares of wholes: of each thing one bar, as wide as the others, split into its parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from backoffice.chart import fills
from backoffice.chart.heading import heading
from backoffice.chart.lettering import lines, width
from backoffice.chart.svg import (
    INK,
    PAPER,
    QUIET,
    SMALL_SIZE,
    WIDTH,
    About,
    drawing,
    element,
    rect,
    words,
)

THICK = 13.0
_APART = 8.0


@dataclass(frozen=True)
class Whole:
    """One thing. None: hidden. What is left of the total beside the parts that are shown is hatched."""

    label: str
    total: int | None
    parts: tuple[int | None, ...]
    shown: str


def stacked(names: Sequence[str], wholes: Sequence[Whole], about: About, *, hidden: str) -> Markup:
    """Draw shares, with their legend above.

    Args:
        names: of the parts; `fills.MOST_PARTS` at most.
        wholes: each with a number, or None, for every part.
        about: what is said of it.
        hidden: the words for what is hidden.
    """
    drawn, y = _legend(names, about.id, hidden)
    parts = [element("defs", fills.hatch(about.id), *fills.parts(about.id)), *drawn]
    for whole in wholes:
        named, y = heading(whole.label, whole.shown, y, shown_fill=QUIET)
        parts += named
        parts += _bar(whole, about.id, y)
        y += THICK + _APART
    return drawing(about, parts, height=y, kind="stacked")


def _bar(whole: Whole, chart_id: str, y: float) -> list[Markup]:
    frame = rect(0.5, y + 0.5, WIDTH - 1, THICK - 1, **fills.hidden(chart_id))
    if not whole.total:
        empty = rect(0.5, y + 0.5, WIDTH - 1, THICK - 1, fill=PAPER, stroke=QUIET, stroke_width=0.8)
        return [frame if whole.total is None else empty]
    drawn, x = [frame], 0.0
    for place, part in enumerate(whole.parts):
        if part:
            wide = WIDTH * part / whole.total
            looks = {"fill": fills.part(chart_id, place), "stroke": INK, "stroke_width": 0.6}
            drawn.append(rect(x, y, wide, THICK, **looks))
            x += wide
    return drawn


def _legend(names: Sequence[str], chart_id: str, hidden: str) -> tuple[list[Markup], float]:
    """Return the legend, as many names in a line as fit."""
    drawn, x, y = [], 0.0, 0.0
    looks: list[dict[str, object]] = [
        {"fill": fills.part(chart_id, place), "stroke": INK, "stroke_width": 0.6}
        for place in range(len(names))
    ]
    for name, look in zip([*names, hidden], [*looks, fills.hidden(chart_id)], strict=True):
        said = lines(name, SMALL_SIZE, WIDTH - 20, most=1)[0]
        wide = 18 + width(said, SMALL_SIZE) + 12
        if x and x + wide > WIDTH:
            x, y = 0.0, y + 17
        drawn.append(rect(x + 0.5, y + 2.5, 12.0, 10.0, **look))
        drawn.append(words(said, x + 18, y + 12, size=SMALL_SIZE))
        x += wide
    return drawn, y + 24
