"""Lying bars: one number for each of some things. The words stand above their bar, so that long ones fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from backoffice.chart import fills
from backoffice.chart.heading import heading
from backoffice.chart.svg import BLUE, LINE, WIDTH, About, drawing, element, rect

THICK = 9.0
_APART = 9.0
_INDENT = 14.0


@dataclass(frozen=True)
class Bar:
    """One thing. `count` None: hidden; `shown` are the words of the number, or what stands in its place."""

    label: str
    count: int | None
    shown: str
    depth: int = 0


def bars(rows: Sequence[Bar], about: About) -> Markup:
    """Draw bars, the longest as wide as the drawing."""
    most = max((row.count or 0 for row in rows), default=0) or 1
    parts, y = [element("defs", fills.hatch(about.id))], 0.0
    for row in rows:
        drawn, y = _bar(row, about.id, most, y)
        parts += drawn
    return drawing(about, parts, height=max(y, 1.0), kind="bars")


def _bar(row: Bar, chart_id: str, most: int, y: float) -> tuple[list[Markup], float]:
    left = _INDENT * row.depth
    weight = None if row.count is None else "600"
    drawn, y = heading(row.label, row.shown, y, left=left, shown_weight=weight)
    whole = WIDTH - left
    if row.count is None:
        drawn.append(rect(left + 0.5, y + 0.5, whole - 1, THICK - 1, **fills.hidden(chart_id)))
    else:
        drawn.append(rect(left, y, whole, THICK, fill=LINE, fill_opacity=0.5))
        drawn.append(
            rect(left, y, max(whole * row.count / most, 1.5 if row.count else 0.0), THICK, fill=BLUE)
        )
    return drawn, y + THICK + _APART
