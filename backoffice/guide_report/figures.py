"""Counts of messages by month and language as they may be shown: small ones hidden, with companions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from backoffice.small_cells import Shown, shown


@dataclass(frozen=True)
class MonthLine:
    """One month: how many in all, and in each language."""

    month: str
    counts: Shown[str]


@dataclass(frozen=True)
class Figure:
    """One thing that is counted, by month and language. `code` names its title and its definition."""

    code: str
    total: int | None
    months: list[MonthLine]
    languages: list[str]


def by_month(code: str, cells: Mapping[tuple[str, str], int]) -> Figure:
    """Return the figure of counts by month (`2026-12`) and language; None is hidden.

    A hidden month could be worked out from the sum of all, so that a second month is hidden with it; where a
    month is hidden, one of its languages is too. No sums by language are given: they would tell the rest.
    """
    months = sorted({month for month, _ in cells}, reverse=True)
    languages = sorted({language for _, language in cells})
    sums = {month: sum(count for (each, _), count in cells.items() if each == month) for month in months}
    whole = shown(sum(sums.values()), list(sums.items()), is_sum=True)
    lines = [
        MonthLine(
            month,
            shown(
                sums[month],
                [(language, cells.get((month, language), 0)) for language in languages],
                is_sum=True,
                hides_total=count is None,
            ),
        )
        for month, count in whole.parts
    ]
    return Figure(code, whole.total, lines, languages)


def by_topic(topics: Counter[str]) -> Shown[str]:
    """Return how many messages the guide does not answer, by topic."""
    parts = sorted(topics.items(), key=lambda part: (-part[1], part[0]))
    return shown(sum(topics.values()), parts, is_sum=True)
