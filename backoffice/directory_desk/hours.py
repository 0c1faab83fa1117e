"""Hours as the form writes them, and back: weekly rules, exceptions, and rules that only an import makes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from backoffice.directory.errors import EntryRefused
from backoffice.directory.facts import ScheduleFacts
from backoffice.directory.part_models import DirectorySchedule, Frequency, ScheduleKind
from backoffice.directory.recurrence import WEEKDAYS, read_byday
from backoffice.directory_desk.forms import Field, read_rows, written

EVERY_WEEK = "every"
IN_THE_MONTH = ("1", "2", "3", "4", "-1")
"""Which such day of the month; `-1` is the last one."""

HOURS_FIELDS = (
    Field("days", "days", options=WEEKDAYS),
    Field("which", "choice", options=(EVERY_WEEK, *IN_THE_MONTH)),
    Field("opens_at", "clock"),
    Field("closes_at", "clock"),
    Field("on_holidays", "choice", options=("closed", "open", "unknown")),
    Field("valid_from", "day"),
    Field("valid_to", "day"),
    Field("description", size=1000),
)
EXCEPTION_FIELDS = (
    Field("kind", "choice", options=("closed", "special")),
    Field("valid_from", "day", needed=True),
    Field("valid_to", "day"),
    Field("opens_at", "clock"),
    Field("closes_at", "clock"),
    Field("description", size=1000),
)
REGULAR, EXCEPTION, KEPT = "r", "x", "k"
"""What the names of the fields of each kind begin with."""

_FORM_FIELD = {"byday": "days", "freq": "which"}
"""Where the form calls a column otherwise."""


def kind_of(schedule: DirectorySchedule) -> str:
    """Tell by which part of the form a schedule can be written: `KEPT` by none, it came with an import."""
    plain = schedule.every == 1 and schedule.bymonthday is None
    if not plain or schedule.dtstart is not None or schedule.until is not None:
        return KEPT
    if schedule.kind is ScheduleKind.REGULAR:
        return REGULAR if _is_one_rule(schedule) else KEPT
    is_dated = schedule.valid_from is not None and schedule.byday is None and schedule.freq is None
    return EXCEPTION if is_dated else KEPT


def known_hours(schedule: DirectorySchedule) -> dict[str, Any]:
    """Return hours that come again, as the form writes them."""
    days: list[tuple[int | None, int]] = []
    if schedule.byday:
        days = list(read_byday(schedule.byday))
    elif schedule.opens_at is not None:
        days = [(None, day) for day in range(7)]
    nth = days[0][0] if days else None
    known = {field.name: written(getattr(schedule, field.name, None)) for field in HOURS_FIELDS}
    which = EVERY_WEEK if nth is None else str(nth)
    return {**known, "which": which, "days": [WEEKDAYS[day] for _, day in days]}


def known_exception(schedule: DirectorySchedule) -> dict[str, Any]:
    """Return an exception as the form writes it."""
    return {field.name: written(getattr(schedule, field.name)) for field in EXCEPTION_FIELDS}


def read_hours(
    regular: Sequence[Mapping[str, Any]], exceptions: Sequence[Mapping[str, Any]]
) -> list[ScheduleFacts]:
    """Read both lists of the form.

    Raises:
        EntryRefused: fields are wrong, those of hours as `r<row>.<field>`, of exceptions as `x<row>.<field>`.
    """
    read: list[ScheduleFacts] = []
    wrong = [f"{REGULAR}{row}.{name}" for row, raw in enumerate(regular) for name in _lacking(raw)]
    wrong += [
        f"{EXCEPTION}{row}.{name}" for row, raw in enumerate(exceptions) for name in _lacking_exception(raw)
    ]
    for prefix, rows in (
        (REGULAR, [_hours(raw) for raw in regular]),
        (EXCEPTION, [_exception(raw) for raw in exceptions]),
    ):
        try:
            read += read_rows(ScheduleFacts, rows, prefix=prefix)
        except EntryRefused as refused:
            wrong += [_as_in_form(field) for field in refused.fields]
    if wrong:
        raise EntryRefused(wrong)
    return read


def as_it_is(schedule: DirectorySchedule) -> ScheduleFacts:
    """Return a schedule that the form cannot write, to keep it."""
    return ScheduleFacts(**{name: getattr(schedule, name) for name in ScheduleFacts.model_fields})


def in_order(schedules: Sequence[DirectorySchedule]) -> list[DirectorySchedule]:
    """Return hours by their first day of the week and hour, then exceptions by their day."""
    return sorted(schedules, key=_place)


def _hours(raw: Mapping[str, Any]) -> dict[str, Any]:
    which, days = raw["which"], [day for day in WEEKDAYS if day in raw["days"]]
    is_monthly = which in IN_THE_MONTH
    frequency = Frequency.MONTHLY if is_monthly else Frequency.WEEKLY
    return {
        **{name: value for name, value in raw.items() if name not in ("which", "days")},
        "freq": frequency if days else None,
        "byday": ",".join(f"{which}{day}" if is_monthly else day for day in days),
    }


def _exception(raw: Mapping[str, Any]) -> dict[str, Any]:
    return {**raw, "valid_to": raw["valid_to"] or raw["valid_from"]}


def _lacking(raw: Mapping[str, Any]) -> list[str]:
    if raw["opens_at"] and not raw["days"]:
        return ["days"]
    return [] if raw["opens_at"] or raw["description"] else ["opens_at"]


def _lacking_exception(raw: Mapping[str, Any]) -> list[str]:
    if not raw["valid_from"]:
        return ["valid_from"]
    return ["opens_at"] if raw["kind"] == ScheduleKind.SPECIAL and not raw["opens_at"] else []


def _as_in_form(field: str) -> str:
    row, _, name = field.partition(".")
    return f"{row}.{_FORM_FIELD.get(name, name)}"


def _place(schedule: DirectorySchedule) -> tuple[bool, str, int, str, str]:
    first = min((day for _, day in read_byday(schedule.byday)), default=0) if schedule.byday else 0
    opens = schedule.opens_at.isoformat() if schedule.opens_at else ""
    begins = schedule.valid_from.isoformat() if schedule.valid_from else ""
    is_exception = schedule.kind is not ScheduleKind.REGULAR
    return is_exception, begins if is_exception else "", first, opens, schedule.id


def _is_one_rule(schedule: DirectorySchedule) -> bool:
    if schedule.byday is None:
        return schedule.freq is None
    numbers = {nth for nth, _ in read_byday(schedule.byday)}
    if numbers == {None}:
        return schedule.freq is not Frequency.MONTHLY
    return len(numbers) == 1 and {str(nth) for nth in numbers} <= set(IN_THE_MONTH)
