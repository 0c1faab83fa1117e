"""What a figure tells, as the document that JSON has."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from backoffice.disclosure.protect import LEAST
from backoffice.planning.figure import Figure
from backoffice.planning.told import Told
from backoffice.planning_files.numbers import Choice, Number, numbers_of
from backoffice.planning_files.schemas import (
    FORMAT,
    LICENCE,
    DimensionOut,
    FigureDocument,
    FigureOut,
    NumberOut,
    SpreadOut,
    Word,
)
from backoffice.planning_files.wording import Wording


def document_of(
    told: Told, wording: Wording, *, released_on: date, choice: Choice | None = None
) -> FigureDocument:
    """Return the document of a figure's year, or of what was chosen of it."""
    return FigureDocument(
        format=FORMAT,
        figure=figure_out(told.figure, wording),
        year=told.year,
        language=wording.language,
        released_on=released_on,
        periods=[Word(code=code, name=wording.period(code, told.year)) for code in told.periods],
        hidden_means=wording.planning("hidden_hint", most=str(LEAST - 1)),
        absent_means=wording.say("absent"),
        licence=LICENCE,
        numbers=list(_numbers(numbers_of(told, choice), wording)),
    )


def figure_out(figure: Figure, wording: Wording) -> FigureOut:
    """Return a figure with its words."""
    return FigureOut(
        code=figure.code,
        title=wording.title(figure),
        definition=wording.definition(figure),
        unit=figure.unit,
        unit_name=wording.planning(f"unit.{figure.unit}"),
        measure=figure.measure,
        dimensions=[
            DimensionOut(code=dimension, name=wording.planning(f"dimension.{dimension}"), table=table)
            for table, dimensions in figure.views.items()
            for dimension in dimensions
        ],
    )


def _numbers(numbers: Iterable[Number], wording: Wording) -> Iterable[NumberOut]:
    places: dict[str, Word] = {}
    for number in numbers:
        place = number.place
        if place is not None and place not in places:
            places[place] = Word(code=place, name=wording.place(place))
        yield NumberOut(
            table=number.table,
            period=number.period,
            place=places[place] if place is not None else None,
            codes={
                dimension: Word(code=wording.code(dimension, code), name=wording.name(dimension, code))
                for dimension, code in number.codes.items()
            },
            count=number.count,
            status="hidden" if number.count is None else "shown",
            spread=_spread(number),
        )


def _spread(number: Number) -> SpreadOut | None:
    if number.spread is None:
        return None
    return SpreadOut(low=number.spread.low, median=number.spread.median, high=number.spread.high)
