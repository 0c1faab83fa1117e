"""What rules and obstacles say, in a language of the staff pages and with their exact values."""

from __future__ import annotations

from datetime import date

from babel.lists import format_list

from backoffice.care_match.rules import Value, Verdict
from backoffice.care_match.standing import Obstacle
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
        words = [text(f"backoffice.{code}", language) for code in value]
        return format_list(words, locale=language)
    return str(value)
