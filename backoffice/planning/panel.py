"""A chart with its table: what the pages of planning are made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from backoffice.chart.svg import About
from backoffice.planning.choice import Choice
from backoffice.planning.figure import Dimension
from backoffice.planning.spreads import FEWEST, Spread
from backoffice.planning.told import Part, Told
from backoffice.planning.wording import Wording


@dataclass(frozen=True)
class Chosen:
    """A figure with what is shown of it. Its numbers are those of the period, the place and the body."""

    told: Told
    choice: Choice
    wording: Wording

    def count(self, within: Mapping[Dimension, str] | None = None) -> int | None:
        """Return a number; None where it is hidden.

        Raises:
            NotTold: no table crosses what is asked for.
        """
        codes = {**self.choice.within, **(within or {})}
        return self.told.count(codes, period=self.choice.period, place=self.choice.place)

    def by(self, dimension: Dimension, within: Mapping[Dimension, str] | None = None) -> list[Part]:
        """Return a table by one dimension, as `Told.by` does.

        Raises:
            NotTold: no table crosses what is asked for.
        """
        codes = {**self.choice.within, **(within or {})}
        return self.told.by(dimension, codes, period=self.choice.period, place=self.choice.place)

    def spread(self, within: Mapping[Dimension, str] | None = None) -> Spread | None:
        """Return median and quartiles, where they are told.

        Raises:
            NotTold: nothing is measured, or no table crosses what is asked for.
        """
        codes = {**self.choice.within, **(within or {})}
        return self.told.spread(codes, period=self.choice.period, place=self.choice.place)

    def name(self, dimension: Dimension) -> str:
        """Return what a dimension is called."""
        return self.wording.planning(f"dimension.{dimension}")

    @property
    def unit(self) -> str:
        """What is counted, as the head of a column."""
        return self.wording.planning(f"unit.{self.told.figure.unit}").capitalize()


@dataclass(frozen=True)
class Cell:
    """What stands in a table. `is_quiet`: words in place of a number that is not told."""

    words: str
    is_quiet: bool = False
    is_alarm: bool = False


@dataclass(frozen=True)
class Line:
    """A line of a table; one of depth 1 is a part of the one above."""

    head: str
    cells: Sequence[Cell]
    depth: int = 0


@dataclass(frozen=True)
class Panel:
    """One question answered: a drawing, or None where a table alone is clearer, and the table.

    Attributes:
        id: its own on the page.
        title: what is shown.
        chart: the drawing.
        heads: of the table's columns, that of the lines first.
        lines: of the table.
        hint: how it is to be read; may be empty.
        note: what stands under the drawing; may be empty.
        is_wide: whether the drawing needs the whole width.
    """

    id: str
    title: str
    chart: Markup | None
    heads: Sequence[str]
    lines: Sequence[Line]
    hint: str = ""
    note: str = ""
    is_wide: bool = False


NOTHING = Cell("–", is_quiet=True)


def number_cell(count: int | None, wording: Wording) -> Cell:
    """Return a number as a cell; a hidden one says so."""
    return Cell(wording.number(count), is_quiet=count is None)


def share_cell(count: int | None, total: int | None, wording: Wording) -> Cell:
    """Return what share a number has; nothing where one of both is hidden."""
    return NOTHING if count is None or not total else Cell(wording.percent(count / total))


def about(panel_id: str, title: str, counts: Sequence[int | None], wording: Wording) -> About:
    """Return what is said of a drawing to those who do not see it."""
    said = wording.counted("drawn", len(counts))
    missing = sum(count is None for count in counts)
    if missing:
        said = f"{said} {wording.counted('drawn_hidden', missing)}"
    return About(f"chart-{panel_id}", title, said)


def spread_words(spread: Spread | None, told: Told, wording: Wording) -> str:
    """Return median and quartiles as a sentence."""
    measure = told.figure.measure
    if spread is None or measure is None:
        return wording.planning("spread_hidden", least=str(FEWEST))
    low, median, high = (
        wording.counted(measure.value, value) for value in (spread.low, spread.median, spread.high)
    )
    return wording.planning("spread", low=low, median=median, high=high)
