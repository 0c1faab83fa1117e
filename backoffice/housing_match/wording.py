"""What rules and obstacles say, in a language of the staff pages and with their exact values."""

from __future__ import annotations

from datetime import date

from babel.lists import format_list

from backoffice.housing_match.rules import Value, Verdict
from backoffice.housing_match.standing import Obstacle
from backoffice.templating import as_day
from translations.catalog import text


def in_words(verdict: Verdict, language: str) -> str:
    """Return what a rule says of a pair."""
    values = {name: _shown(value, language) for name, value in verdict.values.items()}
    return text(f"backoffice.{verdict.sentence}", language, **values)


def obstacle_in_words(obstacle: Obstacle, language: str) -> str:
    """Return what stands in the way of a pair."""
    values = {name: _shown(value, language) for name, value in obstacle.values.items()}
    return text(f"backoffice.{obstacle.sentence}", language, **values)


def _shown(value: Value, language: str) -> str:
    if isinstance(value, date):
        return as_day(value)
    if isinstance(value, tuple):
        return format_list(list(value), "or", locale=language)
    return str(value)
