"""Two dimensions against each other: a table, and where the parts can be told apart, shares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from backoffice.chart.fills import MOST_PARTS
from backoffice.chart.stacked import Whole, stacked
from backoffice.planning.figure import Dimension
from backoffice.planning.panel import Cell, Chosen, Line, Panel, about, number_cell
from backoffice.planning.told import Part

LINES_FIRST = (Dimension.LANGUAGE, Dimension.CHANNEL)
"""What stands in the lines of a crossed table, whatever it is crossed with: the long list."""

Cells = Mapping[tuple[str, str], int | None]


def crossed_panel(chosen: Chosen, one: Dimension, other: Dimension) -> Panel:
    """Return a panel of two dimensions that a table crosses; noughts are left out.

    Raises:
        NotTold: no table crosses them.
    """
    down_by, across_by = sorted((one, other), key=_rank)
    down, across = _there(chosen, down_by), [part.code for part in _there(chosen, across_by)]
    cells = {
        (part.code, code): chosen.count({down_by: part.code, across_by: code})
        for part in down
        for code in across
    }
    wording = chosen.wording
    title = wording.say("crossed", one=chosen.name(across_by), other=chosen.name(down_by).lower())
    names = [wording.name(across_by, code) for code in across]
    lines = [
        Line(
            wording.name(down_by, part.code),
            [
                number_cell(part.count, wording),
                *(
                    _cell(chosen, cells[part.code, code], {down_by: part.code, across_by: code})
                    for code in across
                ),
            ],
        )
        for part in down
    ]
    panel_id = f"{down_by}-{across_by}"
    chart = None
    if down and 1 < len(across) <= MOST_PARTS:
        named = [(wording.name(down_by, part.code), part) for part in down]
        chart = _shares(chosen, panel_id, title, names, named, across, cells)
    heads = [chosen.name(down_by), wording.say("all"), *names]
    hint = wording.say("crossed_measure") if chosen.told.figure.measure else ""
    return Panel(panel_id, title, chart, heads, lines, hint=hint)


def _there(chosen: Chosen, dimension: Dimension) -> list[Part]:
    return [part for part in chosen.by(dimension) if part.count != 0]


def _shares(
    chosen: Chosen,
    panel_id: str,
    title: str,
    names: Sequence[str],
    down: Sequence[tuple[str, Part]],
    across: Sequence[str],
    cells: Cells,
) -> Markup:
    wholes = [
        Whole(
            name,
            part.count,
            tuple(cells[part.code, code] for code in across),
            chosen.wording.number(part.count),
        )
        for name, part in down
    ]
    said = about(panel_id, title, [part.count for _, part in down], chosen.wording)
    return stacked(names, wholes, said, hidden=chosen.wording.planning("hidden"))


def _cell(chosen: Chosen, count: int | None, within: Mapping[Dimension, str]) -> Cell:
    """Return a number, with the median of what was measured where it is told."""
    cell, measure = number_cell(count, chosen.wording), chosen.told.figure.measure
    spread = chosen.spread(within) if measure is not None else None
    if spread is None or measure is None:
        return cell
    return Cell(f"{cell.words} ({chosen.wording.counted(measure.value, spread.median)})")


def _rank(dimension: Dimension) -> int:
    return LINES_FIRST.index(dimension) if dimension in LINES_FIRST else len(LINES_FIRST)
