"""A date as a calendar file (RFC 5545): one that is changed replaces the old entry, by `SEQUENCE`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from icalendar import Calendar, Event


@dataclass(frozen=True)
class Entry:
    """What stands in a calendar; `uid` is the same for the same date, whatever changes about it.

    A calendar is seen by others: `title` and `words` name nobody who did not agree to that.
    """

    uid: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    title: str
    is_off: bool = False
    place: str | None = None
    words: str | None = None


def calendar_file(entry: Entry, *, now: datetime) -> bytes:
    """Return the file of one date; one that is called off says so."""
    event = Event()
    event.add("uid", f"{entry.uid}@sportello")
    event.add("sequence", entry.sequence)
    event.add("dtstamp", now)
    event.add("dtstart", entry.starts_at)
    event.add("dtend", entry.ends_at)
    event.add("summary", entry.title)
    if entry.words is not None:
        event.add("description", entry.words)
    event.add("status", "CANCELLED" if entry.is_off else "CONFIRMED")
    if entry.place:
        event.add("location", entry.place)
    calendar = Calendar()
    calendar.add("prodid", "-//Sportello//IT")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if entry.is_off else "PUBLISH")
    calendar.add_component(event)
    made: bytes = calendar.to_ical()
    return made
