"""Sets up desks: facts, hours of the week, days with other hours. Functions flush, never commit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import pairwise

from sqlalchemy.orm import Session

from backoffice.appointment.errors import DeskChanged, HoursUnreadable
from backoffice.appointment.models import AppointmentDesk, DeskException, DeskHours
from backoffice.appointment.slots import Stretch
from backoffice.audit import service as audit
from backoffice.errors import NotFound

WEEKDAYS = range(7)


@dataclass(frozen=True)
class DeskFacts:
    """What is known of a desk, besides its hours."""

    name: str
    address: str
    municipality: str | None = None
    phone: str | None = None
    languages: Sequence[str] = ()
    topics: Sequence[str] = ()
    slot_minutes: int = 30
    places: int = 1
    step_free: bool | None = None
    is_open: bool = True
    source: str | None = None
    verified_on: date | None = None


Week = Mapping[int, Sequence[Stretch]]
"""The stretches of each weekday (0 is Monday)."""


def add_desk(
    session: Session, organisation_id: str, facts: DeskFacts, week: Week, *, by: str, now: datetime
) -> AppointmentDesk:
    """Set up a desk."""
    desk = AppointmentDesk(
        organisation_id=organisation_id, created_by=by, created_at=now, hours=[], exceptions=[]
    )
    _write(desk, facts, week)
    session.add(desk)
    session.flush()
    _note(session, desk, "appointment_desk.added", by=by, now=now)
    return desk


def change_desk(
    session: Session,
    desk: AppointmentDesk,
    facts: DeskFacts,
    week: Week,
    *,
    version: int,
    by: str,
    now: datetime,
) -> None:
    """Replace facts and hours of the week; who has an appointment keeps it.

    Raises:
        DeskChanged: somebody else has changed it since `version`.
    """
    if desk.version != version:
        raise DeskChanged
    _write(desk, facts, week)
    desk.version += 1
    session.flush()
    _note(session, desk, "appointment_desk.changed", by=by, now=now)


def set_day(
    session: Session,
    desk: AppointmentDesk,
    day: date,
    stretches: Sequence[Stretch],
    reason: str | None,
    *,
    by: str,
    now: datetime,
) -> None:
    """Give a day other hours, or none: closed. What was set for it before is gone."""
    desk.exceptions = [each for each in desk.exceptions if each.day != day]
    session.flush()
    if stretches:
        desk.exceptions += [
            DeskException(day=day, opens=each.opens, closes=each.closes, reason=reason) for each in stretches
        ]
    else:
        desk.exceptions.append(DeskException(day=day, reason=reason))
    desk.version += 1
    session.flush()
    _note(session, desk, "appointment_desk.day_set", by=by, now=now)


def unset_day(session: Session, desk: AppointmentDesk, exception_id: str, *, by: str, now: datetime) -> None:
    """Let the hours of the week hold again on the day of an exception.

    Raises:
        NotFound: the desk has no such exception.
    """
    found = next((each for each in desk.exceptions if each.id == exception_id), None)
    if found is None:
        raise NotFound
    desk.exceptions = [each for each in desk.exceptions if each.day != found.day]
    desk.version += 1
    session.flush()
    _note(session, desk, "appointment_desk.day_unset", by=by, now=now)


def read_stretches(typed: str) -> list[Stretch]:
    """Return the stretches of `09:00-12:30, 14:00-17:00`; nothing typed: none.

    Raises:
        HoursUnreadable: it is no such list, or they overlap.
    """
    found = [_stretch(part) for part in typed.split(",") if part.strip()]
    found.sort(key=lambda each: each.opens)
    if any(a.closes > b.opens for a, b in pairwise(found)):
        raise HoursUnreadable(typed)
    return found


def _stretch(typed: str) -> Stretch:
    opens, dash, closes = typed.replace("–", "-").partition("-")
    try:
        stretch = Stretch(time.fromisoformat(opens.strip()), time.fromisoformat(closes.strip()))
    except ValueError:
        raise HoursUnreadable(typed.strip()) from None
    if not dash or stretch.opens >= stretch.closes or stretch.opens.tzinfo or stretch.closes.tzinfo:
        raise HoursUnreadable(typed.strip())
    return stretch


def _write(desk: AppointmentDesk, facts: DeskFacts, week: Week) -> None:
    desk.name, desk.address, desk.municipality = facts.name, facts.address, facts.municipality
    desk.phone, desk.step_free, desk.is_open = facts.phone, facts.step_free, facts.is_open
    desk.languages, desk.topics = list(facts.languages), list(facts.topics)
    desk.slot_minutes, desk.places = facts.slot_minutes, facts.places
    desk.source, desk.verified_on = facts.source, facts.verified_on
    desk.hours = [
        DeskHours(weekday=day, opens=each.opens, closes=each.closes)
        for day in WEEKDAYS
        for each in week.get(day, ())
    ]


def _note(session: Session, desk: AppointmentDesk, action: str, *, by: str, now: datetime) -> None:
    audit.record(
        session,
        by=by,
        action=action,
        subject_kind="organisation",
        subject_id=desk.organisation_id,
        now=now,
    )
