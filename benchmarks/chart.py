"""A chart of all lines that have a target: how far each is from it, drawn here as SVG."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape
from typing import Final

from benchmarks.lines import Line, Verdict

_ROW: Final = 26
_TOP: Final = 56
_LABELS: Final = 430
_WIDTH: Final = 960
_LEAST, _MOST = 0.1, 10.0
_GREY: Final = "#455a64"
_COLOURS: Final = {Verdict.MET: "#1f6f43", Verdict.SHORT: "#b3261e"}


def chart(rows: Sequence[tuple[str, Line]]) -> str:
    """Return the SVG.

    Args:
        rows: name and line; those without a target or a figure are left out.
    """
    drawn = [(name, line, part) for name, line in rows if (part := part_of_target(line)) is not None]
    height = _TOP + _ROW * len(drawn) + 16
    title = "Benchmarks: what each line takes, in parts of what its target allows"
    body = [_bar(place, name, line, part) for place, (name, line, part) in enumerate(drawn)]
    ticks = [_tick(value, height) for value in (0.1, 0.2, 0.5, 1, 2, 5, 10)]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img"'
            ' aria-labelledby="t d" font-family="sans-serif" font-size="13">',
            f'<title id="t">{title}</title>',
            f'<desc id="d">{escape(_described(drawn))}</desc>',
            f'<rect width="{_WIDTH}" height="{height}" fill="#ffffff"/>',
            f'<text x="8" y="20" font-weight="bold" fill="#17324d">{title}</text>',
            f'<text x="8" y="38" fill="{_GREY}">Up to 1 is met (green), beyond it is short (hatched)</text>',
            '<defs><pattern id="h" width="6" height="6" patternUnits="userSpaceOnUse"'
            ' patternTransform="rotate(45)"><rect width="6" height="6" fill="#b3261e"/>'
            '<rect width="2" height="6" fill="#ffffff"/></pattern></defs>',
            *ticks,
            *body,
            "</svg>",
            "",
        ]
    )


def part_of_target(line: Line) -> float | None:
    """Return what a line takes in parts of what its target allows: 1 just meets it, 2 is twice too much."""
    if line.target is None or line.verdict is Verdict.NONE:
        return None
    value = line.ratio if line.target.of == "ratio" else line.ours
    assert value is not None
    if line.target.bound == "at most":
        return value / line.target.limit if line.target.limit else (0.0 if value == 0 else math.inf)
    return line.target.limit / value if value else math.inf


def _described(drawn: Sequence[tuple[str, Line, float]]) -> str:
    return "; ".join(f"{name}: {part:.2f} of what is allowed, {line.verdict}" for name, line, part in drawn)


def _place(part: float) -> float:
    share = math.log(min(max(part, _LEAST), _MOST) / _LEAST) / math.log(_MOST / _LEAST)
    return _LABELS + share * (_WIDTH - _LABELS - 70)


def _bar(place: int, name: str, line: Line, part: float) -> str:
    y = _TOP + place * _ROW
    end = _place(part)
    colour = _COLOURS[line.verdict]
    fill = "url(#h)" if line.verdict is Verdict.SHORT else colour
    width = max(end - _LABELS, 2)
    return (
        f'<text x="{_LABELS - 8}" y="{y + 15}" text-anchor="end" fill="#17324d">{escape(name)}</text>'
        f'<rect x="{_LABELS}" y="{y + 3}" width="{width:.1f}" height="{_ROW - 9}"'
        f' fill="{fill}" stroke="{colour}"/>'
        f'<text x="{end + 6:.1f}" y="{y + 15}" fill="{colour}">{part:.2f} {line.verdict}</text>'
    )


def _tick(value: float, height: int) -> str:
    x = _place(value)
    colour, width = ("#17324d", 2) if value == 1 else ("#cfd8dc", 1)
    return (
        f'<line x1="{x:.1f}" y1="{_TOP - 4}" x2="{x:.1f}" y2="{height - 14}" stroke="{colour}"'
        f' stroke-width="{width}"/>'
        f'<text x="{x:.1f}" y="{height - 2}" text-anchor="middle" font-size="10" fill="{_GREY}">'
        f"{value:g}</text>"
    )
