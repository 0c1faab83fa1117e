"""Days and hours as each language writes them, with the digits 0 to 9; they are Italy's."""

from __future__ import annotations

from datetime import date, datetime

from babel.dates import format_date, format_skeleton

from backoffice.italy import ROME


def moment_in(moment: datetime, language: str) -> str:
    """Return weekday, day and hour: `lunedì 30 novembre 2026, 09:00`."""
    local = moment.astimezone(ROME)
    return f"{format_date(local, format='full', locale=language)}, {local:%H:%M}"


def day_in(day: date, language: str) -> str:
    """Return weekday and day: `lunedì 30 novembre 2026`."""
    return format_date(day, format="full", locale=language)


def short_day_in(day: date, language: str) -> str:
    """Return a day for a button: `lun 30 nov`."""
    return format_skeleton("MMMEd", day, locale=language)


def clock_in(moment: datetime) -> str:
    """Return the hour as Italian offices show it: `09:00`."""
    return f"{moment.astimezone(ROME):%H:%M}"
