"""Who was in a course on which day, for how many hours."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.audit import service as audit
from backoffice.care_training.errors import AttendanceRefused
from backoffice.care_training.models import Attendance, Course, Enrolment
from backoffice.care_training.queries import lock_course
from backoffice.care_training.states import ATTENDS, TAUGHT
from backoffice.italy import day_in_italy

MOST_HOURS = 12
"""A day."""


def note_day(
    session: Session,
    course: Course,
    day: date,
    hours: Mapping[str, Decimal | None],
    *,
    by: str,
    now: datetime,
) -> None:
    """Note how many hours those in a course were there on a day; None takes back what was noted.

    Args:
        session: the transaction.
        course: the course.
        day: a day in Italy.
        hours: from 0 to 12, by the id of an enrolment of the course.
        by: a staff id.
        now: the present moment.

    Raises:
        AttendanceRefused: the course has not begun, the day is not one of it or to come, the hours are none,
            or somebody was not in the course.
    """
    course = lock_course(session, course.id)
    if course.state not in TAUGHT:
        raise AttendanceRefused("state")
    _require_day(course, day, now)
    there = _by_enrolment(session, hours, day)
    theirs = select(Enrolment.id).where(
        Enrolment.course_id == course.id, Enrolment.state.in_(ATTENDS), Enrolment.id.in_(hours)
    )
    if set(session.scalars(theirs)) != set(hours):
        raise AttendanceRefused("state")
    for enrolment_id, count in hours.items():
        if count is not None and not (count.is_finite() and 0 <= count <= MOST_HOURS):
            raise AttendanceRefused("hours")
        row = there.get(enrolment_id)
        if count is None:
            if row is not None:
                session.delete(row)
        elif row is None:
            session.add(Attendance(enrolment_id=enrolment_id, day=day, hours=count, noted_by=by))
        elif row.hours != count:
            row.hours, row.noted_by = count, by
    session.flush()
    audit.record(
        session,
        by=by,
        action="care_course.attendance",
        subject_kind="care_course",
        subject_id=course.id,
        now=now,
    )


def _require_day(course: Course, day: date, now: datetime) -> None:
    is_before = course.starts_on is not None and day < course.starts_on
    is_after = course.ends_on is not None and day > course.ends_on
    if is_before or is_after or day > day_in_italy(now):
        raise AttendanceRefused("day")


def _by_enrolment(session: Session, hours: Mapping[str, Decimal | None], day: date) -> dict[str, Attendance]:
    statement = select(Attendance).where(Attendance.enrolment_id.in_(hours), Attendance.day == day)
    return {row.enrolment_id: row for row in session.scalars(statement.with_for_update())}
