"""What areas are filled with: never a colour alone, so that they are told apart in grey and by everybody."""

from __future__ import annotations

from markupsafe import Markup

from backoffice.chart.svg import BLUE, DEEP, INK, PAPER, QUIET, element, rect

MOST_PARTS = 6
"""So many parts can be told apart."""

_LIGHT = "#9cc7f0"
_WARM = "#ffc266"


def hatch(chart_id: str) -> Markup:
    """Return the definition of what a hidden number is filled with."""
    return _pattern(
        f"{chart_id}-hidden",
        PAPER,
        element("path", d="M0 6 L6 0 M-1.5 1.5 L1.5 -1.5 M4.5 7.5 L7.5 4.5", stroke=QUIET, stroke_width=0.9),
    )


def hidden(chart_id: str) -> dict[str, object]:
    """Return the looks of a hidden number's area."""
    return {
        "fill": f"url(#{chart_id}-hidden)",
        "stroke": QUIET,
        "stroke_width": 0.8,
        "stroke_dasharray": "3 2",
    }


def parts(chart_id: str) -> list[Markup]:
    """Return the definitions of what the parts of a whole are filled with."""
    stripes = element("path", d="M2 0 V6", stroke=PAPER, stroke_width=1.6)
    dots = element("circle", cx=3.0, cy=3.0, r=1.3, fill=DEEP)
    beams = element("path", d="M0 3 H6", stroke=INK, stroke_width=1.3)
    cross = element("path", d="M0 3 H6 M3 0 V6", stroke=PAPER, stroke_width=1.0)
    return [
        _pattern(f"{chart_id}-part-1", BLUE, stripes),
        _pattern(f"{chart_id}-part-3", PAPER, dots),
        _pattern(f"{chart_id}-part-4", _WARM, beams),
        _pattern(f"{chart_id}-part-5", QUIET, cross),
    ]


def part(chart_id: str, place: int) -> str:
    """Return what the part at a place, 0 for the first, is filled with."""
    plain = {0: DEEP, 2: _LIGHT}
    return plain.get(place) or f"url(#{chart_id}-part-{place})"


def _pattern(name: str, ground: str, drawn: Markup) -> Markup:
    return element(
        "pattern",
        rect(0.0, 0.0, 6.0, 6.0, fill=ground),
        drawn,
        id=name,
        width=6,
        height=6,
        patternUnits="userSpaceOnUse",
    )
