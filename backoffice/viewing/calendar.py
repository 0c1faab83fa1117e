"""A viewing as a calendar file (RFC 5545): a change of date replaces the old entry, by `SEQUENCE`."""

from __future__ import annotations

from datetime import datetime, timedelta

from icalendar import Calendar, Event

from backoffice.viewing.models import Viewing, ViewingState

LASTS = timedelta(minutes=45)


def calendar_file(viewing: Viewing, *, title: str, words: str, now: datetime) -> bytes:
    """Return the file of a viewing that has a date; one that is cancelled says so."""
    assert viewing.starts_at is not None
    is_off = viewing.state is ViewingState.CANCELLED
    entry = Event()
    entry.add("uid", f"{viewing.id}@sportello")
    entry.add("sequence", viewing.sequence)
    entry.add("dtstamp", now)
    entry.add("dtstart", viewing.starts_at)
    entry.add("dtend", viewing.starts_at + LASTS)
    entry.add("summary", title)
    entry.add("description", words)
    entry.add("status", "CANCELLED" if is_off else "CONFIRMED")
    if viewing.meeting_place:
        entry.add("location", viewing.meeting_place)
    calendar = Calendar()
    calendar.add("prodid", "-//Sportello//IT")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if is_off else "PUBLISH")
    calendar.add_component(entry)
    made: bytes = calendar.to_ical()
    return made
