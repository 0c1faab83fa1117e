"""Courses: written down, changed, opened, begun, ended, cancelled. Functions flush, never commit.

Rights have been asked before.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.audit import service as audit
from backoffice.care_training.errors import CourseChangedMeanwhile, CourseMoveRefused, SeatsTaken
from backoffice.care_training.facts import CourseFacts
from backoffice.care_training.models import Course, CourseNews, CourseState, Enrolment, EnrolmentState
from backoffice.care_training.queries import lock_course, taken_seats
from backoffice.care_training.seats import end_list, fill_seats
from backoffice.care_training.states import MOVES, TAKES_PEOPLE, missing_for
from backoffice.italy import day_in_italy

TOLD_OF = ("starts_on", "place", "municipality", "timetable")
"""Who has a seat is told when one of these changes."""


def add_course(
    session: Session, organisation_id: str, facts: CourseFacts, *, by: str, now: datetime
) -> Course:
    """Write a course down; nobody is offered a seat before it is opened."""
    course = Course(
        organisation_id=organisation_id,
        state=CourseState.PLANNED,
        created_by=by,
        created_at=now,
        **facts.model_dump(),
    )
    session.add(course)
    _note(session, course, "care_course.added", by=by, now=now)
    return course


def change_course(
    session: Session, course: Course, facts: CourseFacts, *, seen: int, by: str, now: datetime
) -> None:
    """Change what is known of a course; more seats are offered at once.

    Raises:
        CourseChangedMeanwhile: somebody else changed it after the version that was seen.
        CourseMoveRefused: it is open, and would lack what one has to know to be offered a seat.
        SeatsTaken: fewer seats than are given or offered, or another kind with people on its list.
    """
    course = lock_course(session, course.id)
    if course.version != seen:
        raise CourseChangedMeanwhile
    taken = taken_seats(session, course.id)
    listed = select(Enrolment.id).where(Enrolment.course_id == course.id).limit(1)
    kind_is_kept = facts.kind is course.kind or session.scalar(listed) is None
    if not kind_is_kept or (course.state is not CourseState.ENDED and facts.seats < taken):
        raise SeatsTaken(taken)
    before = {name: getattr(course, name) for name in TOLD_OF}
    for name, value in facts.model_dump().items():
        setattr(course, name, value)
    if course.state is CourseState.OPEN and missing_for(course, CourseState.OPEN):
        raise CourseMoveRefused("facts")
    if course.state in (CourseState.OPEN, CourseState.RUNNING) and before != {
        name: getattr(course, name) for name in TOLD_OF
    }:
        _tell_of_change(session, course)
    course.version += 1
    _note(session, course, "care_course.changed", by=by, now=now)
    fill_seats(session, course, by=by, now=now)


def move_course(session: Session, course: Course, to: CourseState, *, by: str, now: datetime) -> None:
    """Move a course to another state; the one that it has already changes nothing.

    Who waits when it begins waits on for the next one; so does everybody when it is cancelled.

    Raises:
        CourseMoveRefused: no rule leads there, something is missing, it is not its day, or nobody is in it.
    """
    course = lock_course(session, course.id)
    if course.state is to:
        return
    if to not in MOVES[course.state]:
        raise CourseMoveRefused
    if missing_for(course, to):
        raise CourseMoveRefused("facts")
    _require_its_time(session, course, to, now)
    course.state = to
    course.version += 1
    _note(session, course, f"care_course.{to.value}", by=by, now=now)
    if to is CourseState.OPEN:
        fill_seats(session, course, by=by, now=now)
    elif to is CourseState.RUNNING:
        kept = frozenset({EnrolmentState.ENROLLED})
        end_list(session, course, CourseNews.OFFER_OVER, keeps=kept, by=by, now=now)
    elif to is CourseState.CANCELLED:
        end_list(session, course, CourseNews.COURSE_CANCELLED, keeps=frozenset(), by=by, now=now)


def can_be_changed(course: Course) -> bool:
    """Tell whether what is known of a course may still be changed."""
    return course.state in TAKES_PEOPLE or course.state is CourseState.RUNNING


def _require_its_time(session: Session, course: Course, to: CourseState, now: datetime) -> None:
    today = day_in_italy(now)
    if to is CourseState.OPEN and course.starts_on is not None and course.starts_on <= today:
        raise CourseMoveRefused("late")
    if to is CourseState.RUNNING and course.state is CourseState.OPEN:
        if course.starts_on is None or course.starts_on > today:
            raise CourseMoveRefused("early")
        enrolled = select(Enrolment.id).where(
            Enrolment.course_id == course.id, Enrolment.state == EnrolmentState.ENROLLED
        )
        if session.scalar(enrolled.limit(1)) is None:
            raise CourseMoveRefused("nobody")
    if to is CourseState.ENDED and course.ends_on is not None and course.ends_on > today:
        raise CourseMoveRefused("early")


def _tell_of_change(session: Session, course: Course) -> None:
    enrolled = select(Enrolment).where(
        Enrolment.course_id == course.id, Enrolment.state == EnrolmentState.ENROLLED
    )
    for enrolment in session.scalars(enrolled.order_by(Enrolment.id).with_for_update()):
        enrolment.to_tell = CourseNews.CHANGED


def _note(session: Session, course: Course, action: str, *, by: str, now: datetime) -> None:
    session.flush()
    audit.record(session, by=by, action=action, subject_kind="care_course", subject_id=course.id, now=now)
