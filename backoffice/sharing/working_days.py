"""Days on which offices work: Monday to Friday; holidays are not known here."""

from __future__ import annotations

from datetime import datetime, timedelta

ANSWER_WITHIN_WORKING_DAYS = 5
"""After so many working days an offer that nobody has answered is an alarm."""

_SATURDAY = 5


def working_days_after(moment: datetime, days: int) -> datetime:
    """Return the same time of day a number of working days later."""
    while days:
        moment += timedelta(days=1)
        if moment.weekday() < _SATURDAY:
            days -= 1
    return moment
