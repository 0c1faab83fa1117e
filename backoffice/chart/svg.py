"""SVG as safe markup: elements, and the drawing that every chart stands in.

Pages allow no inline style, so that all looks are presentation attributes; a drawing is as it should be
without any stylesheet too. Directions are said outright: `text-anchor` means another side in a page that is
read from right to left.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup, escape

INK = "#17324d"
QUIET = "#455b71"
LINE = "#d6dce3"
BLUE = "#0066cc"
DEEP = "#003366"
PAPER = "#ffffff"

TEXT_SIZE = 13.0
SMALL_SIZE = 11.0

WIDTH = 340.0
"""Of a drawing, in its own units: on a phone of 320 px a letter is then hardly smaller than beside it."""


@dataclass(frozen=True)
class About:
    """What is said of a drawing to those who do not see it.

    Attributes:
        id: a name of its own on the page; ids of its parts begin with it.
        title: what it shows.
        description: what there is to see, in a sentence. The numbers are in the table beside it.
    """

    id: str
    title: str
    description: str


def element(name: str, *children: str, **attributes: object) -> Markup:
    """Return an element. `text_anchor` becomes `text-anchor`, `class_` becomes `class`; None is left out."""
    shown = Markup("").join(
        Markup(' {}="{}"').format(_name(key), _value(value))
        for key, value in attributes.items()
        if value is not None
    )
    inside = Markup("").join(map(escape, children))
    return Markup("<{0}{1}>{2}</{0}>").format(name, shown, inside)


def drawing(about: About, parts: Iterable[str], *, height: float, kind: str, width: float = WIDTH) -> Markup:
    """Return a whole drawing, with what a screen reader says of it."""
    title, description = f"{about.id}-title", f"{about.id}-desc"
    return element(
        "svg",
        element("title", about.title, id=title),
        element("desc", about.description, id=description),
        *parts,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {_value(width)} {_value(height)}",
        role="img",
        aria_labelledby=f"{title} {description}",
        class_=f"chart chart-{kind}",
        direction="ltr",
    )


def words(
    text: str,
    x: float,
    y: float,
    *,
    size: float = TEXT_SIZE,
    anchor: str = "start",
    fill: str = INK,
    weight: str | None = None,
) -> Markup:
    """Return a line of text; a name in another script keeps its own direction and moves nothing else."""
    inside = element("tspan", text, unicode_bidi="isolate")
    return element(
        "text",
        inside,
        x=x,
        y=y,
        font_size=size,
        text_anchor=None if anchor == "start" else anchor,
        fill=fill,
        font_weight=weight,
    )


def rect(x: float, y: float, width: float, height: float, **attributes: object) -> Markup:
    """Return a rectangle."""
    return element("rect", x=x, y=y, width=width, height=height, **attributes)


def line(x1: float, y1: float, x2: float, y2: float, *, stroke: str = LINE, **attributes: object) -> Markup:
    """Return a line."""
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=stroke, **attributes)


def _name(key: str) -> str:
    return key.rstrip("_").replace("_", "-")


def _value(value: object) -> str:
    """Return an attribute's value; lengths have a tenth at most."""
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else str(value)
