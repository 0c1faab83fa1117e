"""What stands above a mark: the name of a thing, and at the other side its number in words."""

from __future__ import annotations

from markupsafe import Markup

from backoffice.chart.lettering import lines, width
from backoffice.chart.svg import INK, TEXT_SIZE, WIDTH, words

LEADING = 16.0
"""From one line of a name to the next."""


def heading(
    label: str,
    shown: str,
    y: float,
    *,
    left: float = 0.0,
    weight: str | None = None,
    shown_weight: str | None = None,
    shown_fill: str = INK,
) -> tuple[list[Markup], float]:
    """Draw a name in as many lines as it needs, with the number in the first; return also where they end."""
    drawn = []
    room = WIDTH - left - width(shown, TEXT_SIZE) - 10
    for number, each in enumerate(lines(label, TEXT_SIZE, room)):
        y += LEADING
        drawn.append(words(each, left, y - 4, weight=weight))
        if number == 0:
            drawn.append(words(shown, WIDTH, y - 4, anchor="end", weight=shown_weight, fill=shown_fill))
    return drawn, y
