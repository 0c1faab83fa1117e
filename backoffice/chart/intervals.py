"""Shares with the interval that they lie in: a mark on a line, for each of some things."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from markupsafe import Markup

from backoffice.chart import fills
from backoffice.chart.heading import heading
from backoffice.chart.svg import (
    BLUE,
    INK,
    LINE,
    QUIET,
    SMALL_SIZE,
    WIDTH,
    About,
    drawing,
    element,
    line,
    rect,
    words,
)

_BAND = 16.0
_APART = 8.0
_ALARM = "#b3152b"


@dataclass(frozen=True)
class Estimate:
    """One thing: its share and between what it lies, from 0 to 1; None where no share is told."""

    label: str
    shown: str
    share: float | None = None
    low: float = 0.0
    high: float = 0.0
    is_alarm: bool = False
    is_hidden: bool = False


def intervals(rows: Sequence[Estimate], about: About, *, percent: Sequence[str]) -> Markup:
    """Draw shares over a scale from nought on.

    Args:
        rows: an alarm is a triangle, all others a dot.
        about: what is said of it.
        percent: the words of 0, 10, 20 per cent and so on to 100.
    """
    tenths = min(max((ceil(row.high * 10) for row in rows if row.share is not None), default=1), 10) or 1
    scale, y = WIDTH - 24, 0.0
    estimates: list[Markup] = []
    for row in rows:
        drawn, y = _row(row, about.id, 12.0, scale * 10 / tenths, y)
        estimates += drawn
    step = 1 if tenths <= 5 else 2
    marks: list[Markup] = []
    for tenth in range(0, tenths + 1, step):
        x = 12 + scale * tenth / tenths
        marks.append(line(x, 2.0, x, y))
        marks.append(
            words(percent[tenth], x, y + 13, size=SMALL_SIZE, anchor=_anchor(tenth, tenths), fill=QUIET)
        )
    return drawing(
        about, [element("defs", fills.hatch(about.id)), *marks, *estimates], height=y + 20, kind="intervals"
    )


def _anchor(tenth: int, tenths: int) -> str:
    return "end" if tenth == tenths else "middle"


def _row(row: Estimate, chart_id: str, left: float, scale: float, y: float) -> tuple[list[Markup], float]:
    weight, above = "600" if row.is_alarm else None, y
    named, y = heading(row.label, row.shown, y, weight=weight, shown_weight=weight)
    ground = rect(0.0, above + 1, WIDTH, y - above, fill="#ffffff", fill_opacity=0.85)
    drawn = [ground, *named]
    middle = y + _BAND / 2
    if row.share is None:
        looks = fills.hidden(chart_id) if row.is_hidden else {"fill": LINE, "fill_opacity": 0.5}
        drawn.append(rect(left + 0.5, middle - 4, WIDTH - 24, 8.0, **looks))
        return drawn, y + _BAND + _APART
    low, share, high = (left + scale * each for each in (row.low, row.share, row.high))
    colour = _ALARM if row.is_alarm else BLUE
    drawn.append(line(low, middle, high, middle, stroke=colour, stroke_width=2))
    drawn += [line(x, middle - 4, x, middle + 4, stroke=colour, stroke_width=2) for x in (low, high)]
    if row.is_alarm:
        drawn.append(_triangle(share, middle, colour))
    else:
        drawn.append(element("circle", cx=share, cy=middle, r=5.0, fill=colour))
    return drawn, y + _BAND + _APART


def _triangle(x: float, y: float, colour: str) -> Markup:
    path = f"M{x:.1f} {y - 7:.1f} L{x + 7:.1f} {y + 6:.1f} L{x - 7:.1f} {y + 6:.1f} Z"
    return element("path", d=path, fill=colour, stroke=INK, stroke_width=0.8)
