"""A figure as JSON: what the files, the API and open data give out (`docs/planning-figures.schema.json`)."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from backoffice.planning.figure import Dimension, Measure, Unit

FORMAT = "sportello.planning-figure/1"
LICENCE = "https://creativecommons.org/licenses/by/4.0/"

Status = Literal["shown", "hidden"]


class Document(BaseModel):
    """Base of what is written."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Word(Document):
    """A code and what it means."""

    code: str
    name: str


class DimensionOut(Document):
    """By what a table is split. Tables of two and more have their dimensions crossed."""

    code: Dimension
    name: str
    table: str


class FigureOut(Document):
    """A figure and what it counts."""

    code: str
    title: str
    definition: str
    unit: Unit
    unit_name: str
    measure: Measure | None
    dimensions: list[DimensionOut]


class SpreadOut(Document):
    """Quartiles of what was measured, in the figure's measure: a half took no longer than `median`."""

    low: int
    median: int
    high: int


class NumberOut(Document):
    """One number. `count` is null where it is hidden; `codes` by dimension, empty for a total."""

    table: str
    period: str
    place: Word | None
    codes: dict[Dimension, Word]
    count: int | None = Field(ge=0)
    status: Status
    spread: SpreadOut | None


class FigureDocument(Document):
    """A figure of a year as one document.

    Attributes:
        format: changes when a reader has to change.
        figure: what it counts.
        year: of Italy's calendar.
        language: of the words.
        released_on: the day on which these numbers were decided; they are never told otherwise.
        periods: those that are over: `all` is the year.
        hidden_means: why a number is hidden.
        absent_means: what it says that a line is not there.
        licence: under which the numbers may be used.
        numbers: sums before what they are split into.
    """

    format: Literal["sportello.planning-figure/1"]
    figure: FigureOut
    year: int
    language: str
    released_on: date
    periods: list[Word]
    hidden_means: str
    absent_means: str
    licence: str
    numbers: list[NumberOut]


class EditionOut(Document):
    """A year that is told of a figure."""

    year: int
    released_on: date


class FigureEntry(Document):
    """A figure with the years that are told of it."""

    figure: FigureOut
    years: list[EditionOut]


class FigureList(Document):
    """Every figure."""

    items: list[FigureEntry]
    next: str | None = None
