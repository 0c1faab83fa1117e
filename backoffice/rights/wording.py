"""Lists and days as the person's language writes them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from babel.dates import format_date, format_datetime

from backoffice.italy import ROME


def bullets(lines: Iterable[str]) -> str:
    """Return lines, each after a bullet."""
    return "\n".join(f"• {line}" for line in lines)


def day_of(moment: datetime, language: str) -> str:
    """Return the day of a moment in Rome."""
    return format_date(moment.astimezone(ROME).date(), "long", locale=language)


def last_day_of(end: datetime, language: str) -> str:
    """Return the last day of what ends at a moment: at midnight in Rome it was the day before."""
    return day_of(end - timedelta(seconds=1), language)


def hour_of(moment: datetime, language: str) -> str:
    """Return day and hour of a moment in Rome."""
    return format_datetime(moment.astimezone(ROME), "d MMMM, HH:mm", locale=language)
