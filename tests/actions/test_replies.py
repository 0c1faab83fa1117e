from __future__ import annotations

from datetime import UTC, datetime

import pytest

from actions.replies import Replies

EVENING = datetime(2026, 11, 29, 23, 30, tzinfo=UTC)
"""Half past midnight in Crema, on the day after."""


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("it", "lunedì 30 novembre 2026, 00:30"),
        ("es", "lunes, 30 de noviembre de 2026, 00:30"),
        ("ar", "الاثنين، 30 نوفمبر 2026, 00:30"),
        ("zh", "2026年11月30日星期一, 00:30"),
    ],
)
def test_a_moment_is_told_in_the_order_of_the_language(language: str, written: str) -> None:
    assert Replies(language).time(EVENING) == written
