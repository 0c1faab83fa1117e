"""When the desk answers, and how to reach the office without this service."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time, get_day_names
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from backoffice.client.schemas import OfficeContact
from backoffice.office.models import Office, OpeningHours
from translations.catalog import text

USUAL_HOURS = tuple((weekday, time(9), time(17)) for weekday in range(5))
"""Monday to Friday, nine to five: until the office says its own hours."""

USUAL_ZONE = "Europe/Rome"

_Stretch = tuple[int, time, time]


@dataclass(frozen=True)
class Opening:
    """Whether the desk answers now, and when it does next (UTC) where it does not."""

    is_open: bool
    opens_at: datetime | None


def find_office(session: Session, organisation_id: str) -> Office | None:
    """Return an organisation's office with its hours."""
    statement = (
        select(Office)
        .where(Office.organisation_id == organisation_id)
        .options(selectinload(Office.opening_hours))
    )
    return session.scalar(statement)


def default_hours() -> list[OpeningHours]:
    """Return the usual hours as rows, for a new office."""
    return [
        OpeningHours(weekday=weekday, opens=opens, closes=closes) for weekday, opens, closes in USUAL_HOURS
    ]


def read_opening(office: Office | None, *, now: datetime) -> Opening:
    """Tell whether the desk is open, by the office's own time; without an office, the usual hours."""
    zone = ZoneInfo(office.time_zone if office else USUAL_ZONE)
    local = now.astimezone(zone)
    stretches = _stretches(office)
    for days in range(8):
        day = local.date() + timedelta(days=days)
        for weekday, opens, closes in stretches:
            if weekday != day.weekday():
                continue
            begin, end = datetime.combine(day, opens, zone), datetime.combine(day, closes, zone)
            if begin <= local < end:
                return Opening(is_open=True, opens_at=None)
            if begin > local:
                return Opening(is_open=False, opens_at=begin.astimezone(UTC))
    return Opening(is_open=False, opens_at=None)


def next_open_between(office: Office | None, *, start: time, end: time, now: datetime) -> datetime | None:
    """Return the first moment after now at which the desk is open between two times of day, in UTC.

    None where it never is. Both times are by the office's own clock, within one day.
    """
    zone = ZoneInfo(office.time_zone if office else USUAL_ZONE)
    today = now.astimezone(zone).date()
    for days in range(8):
        day = today + timedelta(days=days)
        for weekday, opens, closes in _stretches(office):
            begin = datetime.combine(day, max(opens, start), zone)
            is_open = weekday == day.weekday() and begin < datetime.combine(day, min(closes, end), zone)
            if is_open and begin > now:
                return begin.astimezone(UTC)
    return None


def say_when(office: Office | None, moment: datetime, language: str) -> str:
    """Return a moment as people say it, such as "lunedì 23 novembre 2026, 09:00", by the office's clock."""
    local = moment.astimezone(ZoneInfo(office.time_zone if office else USUAL_ZONE))
    return f"{format_date(local, format='full', locale=language)}, {local:%H:%M}"


def describe_contact(office: Office, language: str) -> OfficeContact:
    """Return the contact, its hours as words of a language."""
    return OfficeContact(
        name=office.name,
        address=office.address,
        phone=office.phone,
        hours=describe_hours(_stretches(office), language),
        source=office.source,
        verified_on=office.verified_on,
        is_demo=office.is_demo,
    )


def contact_sentence(session: Session, organisation_id: str, language: str) -> str | None:
    """Return name, address, telephone and hours in one sentence, or None where there is no office."""
    office = find_office(session, organisation_id)
    if office is None:
        return None
    key = "system.office_contact" if office.phone else "system.office_contact_no_phone"
    values = {"name": office.name, "address": office.address, "phone": office.phone or ""}
    hours = describe_hours(_stretches(office), language)
    return text(key, language, hours=hours, **values)


def describe_hours(stretches: Iterable[_Stretch], language: str) -> str:
    """Return opening hours in words: days with the same hours one after the other are put together."""
    runs: list[tuple[int, int, tuple[tuple[time, time], ...]]] = []
    for weekday, hours in _by_day(stretches):
        if runs and runs[-1][1] == weekday - 1 and runs[-1][2] == hours:
            runs[-1] = (runs[-1][0], weekday, hours)
        else:
            runs.append((weekday, weekday, hours))
    return "; ".join(_describe_run(first, last, hours, language) for first, last, hours in runs)


def _describe_run(first: int, last: int, hours: Iterable[tuple[time, time]], language: str) -> str:
    names = get_day_names("wide", locale=language)
    clock = ", ".join(
        f"{format_time(opens, 'HH:mm', locale=language)}-{format_time(closes, 'HH:mm', locale=language)}"
        for opens, closes in hours
    )
    if first == last:
        return text("system.hours_of_a_day", language, day=names[first], hours=clock)
    return text("system.hours_of_days", language, first=names[first], last=names[last], hours=clock)


def _by_day(stretches: Iterable[_Stretch]) -> list[tuple[int, tuple[tuple[time, time], ...]]]:
    days: dict[int, list[tuple[time, time]]] = {}
    for weekday, opens, closes in sorted(stretches):
        days.setdefault(weekday, []).append((opens, closes))
    return [(weekday, tuple(hours)) for weekday, hours in sorted(days.items())]


def _stretches(office: Office | None) -> list[_Stretch]:
    if office is None:
        return list(USUAL_HOURS)
    return [(each.weekday, each.opens, each.closes) for each in office.opening_hours]
