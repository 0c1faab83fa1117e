"""Standing columns: one number for each month, and beside it that of the year before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from backoffice.chart import fills
from backoffice.chart.lettering import lines, width
from backoffice.chart.scale import ticks
from backoffice.chart.svg import (
    BLUE,
    INK,
    PAPER,
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

_HIGH, _LOW = 140.0, 44.0
"""How high the plot is, of a large chart and of a small one."""
_TOP = 18.0
_KEY = 17.0


@dataclass(frozen=True)
class Column:
    """One month. None: hidden. `earlier`: the same month of the year before, where it is told."""

    label: str
    count: int | None
    shown: str
    earlier: int | None = None


@dataclass(frozen=True)
class Key:
    """The words of the legend; those that are empty are left out."""

    hidden: str = ""
    earlier: str = ""


def columns(
    rows: Sequence[Column], about: About, *, key: Key, number: Callable[[int], str], small: bool = False
) -> Markup:
    """Draw columns over a scale from nought on.

    Args:
        rows: in the order of time.
        about: what is said of it.
        key: the words of the legend.
        number: writes the numbers of the scale.
        small: for a card: without scale, and with the first and last label alone.
    """
    most = max((max(row.count or 0, row.earlier or 0) for row in rows), default=0)
    plot = _Plot(about.id, ticks(most), len(rows), number, small=small)
    parts = [element("defs", fills.hatch(about.id))]
    if not small:
        parts += plot.scale()
    is_tight = any(width(row.shown, SMALL_SIZE) > plot.slot - 2 for row in rows if row.count is not None)
    for place, row in enumerate(rows):
        parts += plot.column(place, row, with_number=not (small or is_tight))
    parts += plot.base()
    legend, height = _legend(about.id, rows, key, plot.bottom + 22)
    return drawing(about, [*parts, *legend], height=height, kind="columns-small" if small else "columns")


class _Plot:
    def __init__(
        self, chart_id: str, scale: list[int], number: int, write: Callable[[int], str], *, small: bool
    ) -> None:
        self.chart_id, self.ticks, self.write, self.small = chart_id, scale, write, small
        self.number = number
        self.left = 0.0 if small else max(width(write(each), SMALL_SIZE) for each in scale) + 6
        self.top = 4.0 if small else _TOP
        self.bottom = self.top + (_LOW if small else _HIGH)
        self.slot = (WIDTH - self.left) / max(number, 4)

    def y(self, count: int) -> float:
        return self.bottom - (self.bottom - self.top) * count / self.ticks[-1]

    def scale(self) -> list[Markup]:
        drawn = []
        for each in self.ticks:
            drawn.append(line(self.left, self.y(each), WIDTH, self.y(each)))
            at = self.y(each) + 4
            drawn.append(
                words(self.write(each), self.left - 6, at, size=SMALL_SIZE, anchor="end", fill=QUIET)
            )
        return drawn

    def base(self) -> list[Markup]:
        return [line(self.left, self.bottom, WIDTH, self.bottom, stroke=QUIET)]

    def column(self, place: int, row: Column, *, with_number: bool) -> list[Markup]:
        thick = min(self.slot * 0.66, 34.0)
        x = self.left + self.slot * place + (self.slot - thick) / 2
        middle = x + thick / 2
        drawn = []
        if row.count is None:
            high = self.bottom - self.top
            drawn.append(rect(x + 0.5, self.top + 0.5, thick - 1, high - 1, **fills.hidden(self.chart_id)))
        else:
            y = self.y(row.count)
            drawn.append(rect(x, y, thick, self.bottom - y, fill=BLUE))
            if with_number:
                drawn.append(words(row.shown, middle, y - 5, size=SMALL_SIZE, anchor="middle"))
        if row.earlier is not None and not self.small:
            drawn.append(_diamond(middle, self.y(row.earlier)))
        if not self.small or place in (0, self.number - 1):
            drawn.append(words(row.label, middle, self.bottom + 15, size=SMALL_SIZE, anchor="middle"))
        return drawn


def _diamond(x: float, y: float) -> Markup:
    path = f"M{x:.1f} {y - 4.5:.1f} L{x + 4.5:.1f} {y:.1f} L{x:.1f} {y + 4.5:.1f} L{x - 4.5:.1f} {y:.1f} Z"
    return element("path", d=path, fill=PAPER, stroke=INK, stroke_width=1.4)


def _legend(chart_id: str, rows: Sequence[Column], key: Key, y: float) -> tuple[list[Markup], float]:
    drawn = []
    wanted = [(key.hidden, "hidden", any(row.count is None for row in rows))]
    wanted.append((key.earlier, "earlier", any(row.earlier is not None for row in rows)))
    for said, kind, is_there in wanted:
        if not said or not is_there:
            continue
        y += 6
        mark = rect(1.0, y + 1, 11.0, 10.0, **fills.hidden(chart_id)) if kind == "hidden" else None
        drawn.append(mark or _diamond(6.5, y + 6))
        for each in lines(said, SMALL_SIZE, WIDTH - 20, most=3):
            drawn.append(words(each, 18.0, y + 10, size=SMALL_SIZE, fill=QUIET))
            y += _KEY - 3
    return drawn, y + 2
