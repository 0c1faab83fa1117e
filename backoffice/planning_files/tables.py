"""A document of a figure as a table: one line a number, its heads the same in every language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from backoffice.case_export.files import csv_pieces
from backoffice.planning_files.schemas import FigureDocument, NumberOut

Cell = str | int | None


def heads(document: FigureDocument) -> list[str]:
    """Return the heads of the columns: codes, so that a program finds them in any language."""
    dimensions = [each.code.value for each in document.figure.dimensions]
    return [
        "figure",
        "year",
        "table",
        "period",
        "place",
        "place_name",
        *(head for dimension in dimensions for head in (dimension, f"{dimension}_name")),
        "count",
        "status",
        "unit",
        *(("measure", "quartile_1", "median", "quartile_3") if document.figure.measure else ()),
    ]


def lines(document: FigureDocument) -> Iterator[list[Cell]]:
    """Yield the numbers as lines; what is not told, or not split by, is None."""
    figure = document.figure
    for number in document.numbers:
        yield [
            figure.code,
            document.year,
            number.table,
            number.period,
            number.place.code if number.place else None,
            number.place.name if number.place else None,
            *_codes(document, number),
            number.count,
            number.status,
            figure.unit.value,
            *(_measured(document, number) if figure.measure else ()),
        ]


def csv_of(document: FigureDocument) -> Iterator[bytes]:
    """Return the table as pieces of a CSV file (RFC 4180, UTF-8 with its mark).

    Definition and day of release stand in each line: a file of one table has no other place for them.
    """
    own = [document.figure.definition, document.released_on.isoformat()]

    def rows() -> Iterator[Sequence[str]]:
        yield [*heads(document), "definition", "released_on"]
        for line in lines(document):
            yield [*("" if cell is None else str(cell) for cell in line), *own]

    return csv_pieces(rows(), delimiter=",")


def _codes(document: FigureDocument, number: NumberOut) -> Iterator[Cell]:
    for dimension in document.figure.dimensions:
        word = number.codes.get(dimension.code)
        yield word.code if word else None
        yield word.name if word else None


def _measured(document: FigureDocument, number: NumberOut) -> list[Cell]:
    measure, spread = document.figure.measure, number.spread
    assert measure is not None
    if spread is None:
        return [measure.value, None, None, None]
    return [measure.value, spread.low, spread.median, spread.high]
