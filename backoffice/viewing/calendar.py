"""A viewing as a calendar file."""

from __future__ import annotations

from datetime import datetime, timedelta

from backoffice import calendar_entry
from backoffice.viewing.models import Viewing, ViewingState

LASTS = timedelta(minutes=45)


def calendar_file(viewing: Viewing, *, title: str, words: str, now: datetime) -> bytes:
    """Return the file of a viewing that has a date; one that is cancelled says so."""
    assert viewing.starts_at is not None
    entry = calendar_entry.Entry(
        uid=viewing.id,
        sequence=viewing.sequence,
        starts_at=viewing.starts_at,
        ends_at=viewing.starts_at + LASTS,
        title=title,
        is_off=viewing.state is ViewingState.CANCELLED,
        place=viewing.meeting_place,
        words=words,
    )
    return calendar_entry.calendar_file(entry, now=now)
