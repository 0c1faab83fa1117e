from __future__ import annotations

from datetime import date

import pytest
from pydantic import ValidationError

from backoffice.housing_figures.figures import Figure, Standing, all_figures, figure
from translations.catalog import has

FIGURES = list(all_figures().values())


@pytest.mark.parametrize("each", FIGURES, ids=lambda each: each.code)
def test_every_figure_says_where_it_is_from_and_has_its_words(each: Figure) -> None:
    assert (each.value is None) == (each.standing is Standing.UNKNOWN)
    assert each.sources or each.standing in (Standing.UNKNOWN, Standing.BACKGROUND)
    for key in (f"figure.{each.code}", f"figure_standing.{each.standing.value}"):
        assert has(f"backoffice.{key}"), key
    assert each.value is None or has(f"backoffice.figure_unit.{each.unit}")


def test_what_nobody_has_found_has_no_number_to_count_with() -> None:
    with pytest.raises(ValueError, match="agreement_in_crema is not known"):
        _ = figure("agreement_in_crema").number


@pytest.mark.parametrize(
    "values",
    [
        {"standing": "found", "value": 3},
        {"standing": "unknown", "value": 3},
        {"standing": "background"},
    ],
)
def test_a_figure_without_source_or_with_a_value_that_is_not_known_is_no_figure(
    values: dict[str, object],
) -> None:
    with pytest.raises(ValidationError):
        Figure.model_validate({"code": "x", "unit": "euros", **values})


def test_a_figure_that_ended_does_not_hold_later() -> None:
    fund = figure("arrears_fund_isee_eur")
    assert fund.holds_on(date(2025, 12, 31))
    assert not fund.holds_on(date(2026, 1, 1))
