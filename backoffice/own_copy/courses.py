"""What a copy tells of courses: on which lists the person was, when they were there, the certificates."""

from __future__ import annotations

from sqlalchemy.orm import Session

from backoffice.care_training.models import Course
from backoffice.care_training.queries import enrolments_of_case, hours_by_day
from backoffice.case.models import Case
from backoffice.own_copy.care_shape import CourseEntry, DayThere


def courses_of(session: Session, case: Case) -> list[CourseEntry]:
    """Return the courses of a case, the oldest first."""
    rows = list(reversed(enrolments_of_case(session, case.id)))
    hours = hours_by_day(session, (row.id for row in rows))
    entries = []
    for row in rows:
        course = session.get_one(Course, row.course_id) if row.course_id else None
        entries.append(
            CourseEntry(
                kind=row.kind,
                title=course.title if course else None,
                provider=course.provider if course else None,
                starts_on=course.starts_on if course else None,
                state=row.state,
                since=row.state_since,
                waiting_since=row.waiting_since,
                certificate_on=row.certificate_on,
                note=row.note,
                days=[DayThere(day=day, hours=float(count)) for day, count in hours.get(row.id, {}).items()],
            )
        )
    return entries
