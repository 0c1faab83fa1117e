"""Each figure is one grouped statement that both databases understand."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from backoffice.planning.figure import Figure
from backoffice.planning.registry import FIGURES

YEAR = 2026
SEALED = 3
"""How many dimensions stand sealed, where some do."""


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.code)
def test_a_figure_is_counted_by_one_statement_with_a_column_for_each_dimension(
    session: Session, figure: Figure
) -> None:
    found = session.execute(figure.statement(YEAR))
    place = ["place"] if figure.has_place else []
    measure = [figure.measure.value] if figure.measure else []
    sealed = SEALED if figure.sealed else 0
    dimensions = [each.value for each in figure.dimensions][: len(figure.dimensions) - sealed]
    assert list(found.keys())[:-1] == ["period", *place, *dimensions, *measure]
    assert found.all() == []
