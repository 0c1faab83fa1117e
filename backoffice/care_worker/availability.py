"""When a family assistant can work: the usual week, and the days on which not.

Functions flush, never commit; rights have been asked before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from backoffice.care_worker.errors import PartRefused
from backoffice.care_worker.models import Absence, AvailableTime
from backoffice.care_worker.parts import note_of, part_changed, row_of
from backoffice.case.models import Case

DAY_MINUTES = 1440
MOST_A_DAY = 4
LONGEST_ABSENCE_DAYS = 366


@dataclass(frozen=True, order=True)
class Span:
    """A time of a weekday (Monday 0), in minutes of the day in Italy; 1440 is midnight at its end."""

    weekday: int
    from_minute: int
    to_minute: int


def set_week(session: Session, case: Case, spans: Sequence[Span], *, by: str, now: datetime) -> None:
    """Write down the usual week anew; the same week changes nothing.

    Raises:
        PartRefused: a time that is none, that overlaps another, or too many of a day.
        CaseIsClosed: the case has to be reopened first.
    """
    wanted = sorted(set(spans))
    if wrong := _faults(wanted):
        raise PartRefused(wrong)
    rows = session.scalars(select(AvailableTime).where(AvailableTime.case_id == case.id)).all()
    known = sorted(Span(row.weekday, row.from_minute, row.to_minute) for row in rows)
    if known == wanted:
        return
    session.execute(delete(AvailableTime).where(AvailableTime.case_id == case.id))
    session.add_all(
        AvailableTime(
            case_id=case.id, weekday=span.weekday, from_minute=span.from_minute, to_minute=span.to_minute
        )
        for span in wanted
    )
    part_changed(session, case, "availability", by=by, now=now)


def add_absence(
    session: Session,
    case: Case,
    from_on: date,
    until_on: date,
    note: str | None,
    *,
    by: str,
    now: datetime,
) -> Absence:
    """Write down days on which somebody cannot work; both belong to them.

    Raises:
        PartRefused: it ends before it begins, or lasts longer than a year.
        CaseIsClosed: the case has to be reopened first.
    """
    if until_on < from_on:
        raise PartRefused({"until_on": "care_workers.wrong.ends_before"})
    if (until_on - from_on).days > LONGEST_ABSENCE_DAYS:
        raise PartRefused({"until_on": "care_workers.wrong.too_long"})
    row = Absence(case_id=case.id, from_on=from_on, until_on=until_on, note=note_of(note))
    session.add(row)
    part_changed(session, case, "absence_added", by=by, now=now)
    return row


def remove_absence(session: Session, case: Case, absence_id: str, *, by: str, now: datetime) -> None:
    """Take an absence away again.

    Raises:
        NotFound: the profile has no such absence.
        CaseIsClosed: the case has to be reopened first.
    """
    session.delete(row_of(session, case, Absence, absence_id))
    part_changed(session, case, "absence_removed", by=by, now=now)


def _faults(spans: Sequence[Span]) -> dict[str, str]:
    for span in spans:
        if not (0 <= span.weekday <= 6 and 0 <= span.from_minute < span.to_minute <= DAY_MINUTES):
            return {f"day_{span.weekday}": "care_workers.wrong.time"}
    for one, next_one in pairwise(spans):
        if one.weekday == next_one.weekday and next_one.from_minute < one.to_minute:
            return {f"day_{one.weekday}": "care_workers.wrong.overlap"}
    for weekday in range(7):
        if sum(span.weekday == weekday for span in spans) > MOST_A_DAY:
            return {f"day_{weekday}": "care_workers.wrong.too_many"}
    return {}
