"""Statements about courses: seats, who waits, who was there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, aliased

from backoffice.care_training.models import (
    Attendance,
    Course,
    CourseKind,
    CourseState,
    Enrolment,
    EnrolmentState,
)
from backoffice.care_training.states import LIVE, WITH_A_SEAT
from backoffice.case.models import Case
from backoffice.client.schemas import Phase
from backoffice.wall import beyond_the_wall


def lock_course(session: Session, course_id: str) -> Course:
    """Return a course, read anew, that nobody else changes meanwhile: what touches its seats begins here."""
    statement = select(Course).where(Course.id == course_id).with_for_update()
    return session.scalars(statement.execution_options(populate_existing=True)).one()


def lock_open_courses(session: Session, organisation_id: str, kind: CourseKind) -> Sequence[Course]:
    """Return the open courses of a kind, locked in the order of their ids; the soonest comes first."""
    statement = select(Course).where(
        Course.organisation_id == organisation_id, Course.kind == kind, Course.state == CourseState.OPEN
    )
    locked = statement.order_by(Course.id).with_for_update().execution_options(populate_existing=True)
    return sorted(session.scalars(locked), key=lambda course: (course.starts_on or date.max, course.id))


def lock_enrolment(session: Session, enrolment_id: str) -> Enrolment:
    """Return an enrolment, read anew; its course was locked before."""
    statement = select(Enrolment).where(Enrolment.id == enrolment_id).with_for_update()
    return session.scalars(statement.execution_options(populate_existing=True)).one()


def taken_seats(session: Session, course_id: str) -> int:
    """Return how many seats of a course are offered or given."""
    statement = select(func.count()).where(Enrolment.course_id == course_id, Enrolment.state.in_(WITH_A_SEAT))
    return session.scalar(statement) or 0


def next_waiting(session: Session, course: Course, *, limit: int) -> Sequence[Enrolment]:
    """Return, locked, who is next on the list of a course; who was in it once is not offered it again.

    A person whose case is closed waits on, but is not offered anything; nor is one who has a seat by another
    case of theirs.
    """
    in_it = select(Enrolment.case_id).where(Enrolment.course_id == course.id)
    of_course = Enrolment.course_id == course.id
    of_kind = (
        Enrolment.course_id.is_(None) & (Enrolment.kind == course.kind) & Enrolment.case_id.not_in(in_it)
    )
    statement = (
        select(Enrolment)
        .join(Case, Case.id == Enrolment.case_id)
        .where(
            Enrolment.organisation_id == course.organisation_id,
            Enrolment.state == EnrolmentState.WAITING,
            or_(of_course, of_kind),
            Case.phase != Phase.CLOSED,
            Case.person_id.not_in(_with_a_seat(course)),
        )
        .order_by(Enrolment.waiting_since, Enrolment.id)
        .limit(limit)
    )
    return session.scalars(
        statement.with_for_update(of=Enrolment).execution_options(populate_existing=True)
    ).all()


def _with_a_seat(course: Course) -> Select[str]:
    """Return the statement of the people who have a seat in such a course, by whichever of their cases."""
    other = aliased(Enrolment)
    statement = (
        select(Case.person_id)
        .join(other, other.case_id == Case.id)
        .where(other.kind == course.kind, other.state.in_(WITH_A_SEAT))
    )
    if course.kind is CourseKind.OTHER:
        statement = statement.where(other.course_id == course.id)
    return statement.correlate(None)


def live_of_person(session: Session, case: Case, kind: CourseKind, course_id: str | None) -> bool:
    """Tell whether a person waits for such a course or has a seat, by whichever of their cases.

    Of courses that are neither of the known kinds one may take several.
    """
    cases = select(Case.id).where(Case.person_id == case.person_id)
    statement = select(Enrolment.id).where(
        Enrolment.case_id.in_(cases), Enrolment.kind == kind, Enrolment.state.in_(LIVE)
    )
    if kind is CourseKind.OTHER:
        statement = statement.where(
            Enrolment.course_id.is_(None) if course_id is None else Enrolment.course_id == course_id
        )
    with beyond_the_wall(session):  # nobody learns which body's case it is
        return session.scalar(statement.limit(1)) is not None


def enrolments_of_case(session: Session, case_id: str) -> Sequence[Enrolment]:
    """Return the enrolments of a case, the newest first."""
    statement = select(Enrolment).where(Enrolment.case_id == case_id)
    return session.scalars(statement.order_by(Enrolment.waiting_since.desc(), Enrolment.id.desc())).all()


def counts_of(session: Session, course_ids: Iterable[str]) -> dict[str, dict[EnrolmentState, int]]:
    """Return how many enrolments of each state some courses have."""
    statement = (
        select(Enrolment.course_id, Enrolment.state, func.count())
        .where(Enrolment.course_id.in_(list(course_ids)))
        .group_by(Enrolment.course_id, Enrolment.state)
    )
    found: dict[str | None, dict[EnrolmentState, int]] = defaultdict(dict)
    for course_id, state, count in session.execute(statement):
        found[course_id][state] = count
    return {course_id: counts for course_id, counts in found.items() if course_id is not None}


def waiting_by_kind(session: Session, organisation_id: str) -> dict[CourseKind, int]:
    """Return how many wait for the next course of each kind."""
    statement = (
        select(Enrolment.kind, func.count())
        .where(
            Enrolment.organisation_id == organisation_id,
            Enrolment.course_id.is_(None),
            Enrolment.state == EnrolmentState.WAITING,
        )
        .group_by(Enrolment.kind)
    )
    found: dict[CourseKind, int] = {}
    for kind, count in session.execute(statement):
        found[kind] = count
    return found


def hours_by_day(session: Session, enrolment_ids: Iterable[str]) -> dict[str, dict[date, Decimal]]:
    """Return the hours of some enrolments, by day."""
    statement = select(Attendance.enrolment_id, Attendance.day, Attendance.hours).where(
        Attendance.enrolment_id.in_(list(enrolment_ids))
    )
    found: dict[str, dict[date, Decimal]] = defaultdict(dict)
    for enrolment_id, day, hours in session.execute(statement.order_by(Attendance.day)):
        found[enrolment_id][day] = hours
    return found


def courses_with_offers_over(now: datetime) -> Select[str | None]:
    """Return the statement of the ids of courses with an offer whose time is over."""
    return (
        select(Enrolment.course_id)
        .where(Enrolment.state == EnrolmentState.OFFERED, Enrolment.offer_until <= now)
        .distinct()
    )


def courses_that_are_waited_for() -> Select[str]:
    """Return the statement of the ids of open courses with a free seat that somebody waits for."""
    taken = (
        select(func.count())
        .where(Enrolment.course_id == Course.id, Enrolment.state.in_(WITH_A_SEAT))
        .correlate(Course)
        .scalar_subquery()
    )
    waits = select(Enrolment.id).where(
        Enrolment.organisation_id == Course.organisation_id,
        Enrolment.state == EnrolmentState.WAITING,
        or_(
            Enrolment.course_id == Course.id,
            Enrolment.course_id.is_(None) & (Enrolment.kind == Course.kind),
        ),
    )
    return select(Course.id).where(
        Course.state == CourseState.OPEN, taken < Course.seats, waits.correlate(Course).exists()
    )
