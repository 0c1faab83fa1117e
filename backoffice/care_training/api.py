"""The JSON API of courses, enrolments and attendance."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, TypeVar

from fastapi import APIRouter, Query
from pydantic import BaseModel
from sqlalchemy.orm import Session

from backoffice.audit import service as audit
from backoffice.care_training.acts import act_on
from backoffice.care_training.attendance import note_day
from backoffice.care_training.certificates import complete
from backoffice.care_training.facts import CourseFacts, require_course
from backoffice.care_training.models import Course, CourseKind, CourseState, Enrolment
from backoffice.care_training.permissions import (
    get_course,
    get_enrolment,
    readable_courses,
    readable_enrolments,
)
from backoffice.care_training.queries import counts_of, hours_by_day
from backoffice.care_training.schemas import (
    ActIn,
    AttendanceIn,
    AttendanceList,
    CertificateIn,
    CourseChange,
    CourseList,
    CourseMove,
    CourseOut,
    EnrolmentIn,
    EnrolmentList,
    EnrolmentOut,
    WishIn,
    attendance_out,
    course_out,
    enrolment_out,
)
from backoffice.care_training.seats import wait_for
from backoffice.care_training.service import add_course, change_course, move_course
from backoffice.care_worker.permissions import get_worker_case, require_care
from backoffice.case.errors import CursorInvalid
from backoffice.clock import ClockDep
from backoffice.database import DbSession, ReadSession
from backoffice.idempotency.headers import KeyHeader
from backoffice.idempotency.service import once
from backoffice.paging import InvalidCursor, newest_first
from backoffice.staff.models import Staff
from backoffice.staff.sign_in import SignedIn

router = APIRouter(prefix="/api/v1", tags=["care"])

Made = TypeVar("Made", bound=BaseModel)


@router.get("/care-courses")
def list_courses(
    session: ReadSession,
    staff: SignedIn,
    state: CourseState | None = None,
    kind: CourseKind | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> CourseList:
    """List the courses of the caller's body."""
    statement = readable_courses(staff)
    if state is not None:
        statement = statement.where(Course.state == state)
    if kind is not None:
        statement = statement.where(Course.kind == kind)
    try:
        rows, following = newest_first(
            session, statement, Course.created_at, Course.id, limit=limit, cursor=cursor
        )
    except InvalidCursor as wrong:
        raise CursorInvalid from wrong
    counts = counts_of(session, (row.id for row in rows))
    return CourseList(items=[course_out(row, counts.get(row.id, {})) for row in rows], next=following)


@router.post("/care-courses", status_code=201)
def create_course(
    new: CourseFacts, session: DbSession, staff: SignedIn, clock: ClockDep, key: KeyHeader = None
) -> CourseOut:
    """Write a course down; nobody is offered a seat before it is opened."""
    require_care(staff)
    now = clock()

    def act() -> CourseOut:
        facts = require_course(new.model_dump())
        return course_out(add_course(session, staff.organisation_id, facts, by=staff.id, now=now), {})

    return _once(session, staff, act, CourseOut, "care_course.create", key, new, now)


@router.get("/care-courses/{course_id}")
def read_course(course_id: str, session: ReadSession, staff: SignedIn) -> CourseOut:
    """Return one course."""
    return _out(session, get_course(session, staff, course_id))


@router.put("/care-courses/{course_id}")
def put_course(
    course_id: str, change: CourseChange, session: DbSession, staff: SignedIn, clock: ClockDep
) -> CourseOut:
    """Change a course; 409 where somebody was faster."""
    course = get_course(session, staff, course_id)
    facts = require_course(change.model_dump(exclude={"version"}))
    change_course(session, course, facts, seen=change.version, by=staff.id, now=clock())
    return _out(session, course)


@router.post("/care-courses/{course_id}/moves")
def create_move(
    course_id: str, move: CourseMove, session: DbSession, staff: SignedIn, clock: ClockDep
) -> CourseOut:
    """Move a course to another state."""
    course = get_course(session, staff, course_id)
    move_course(session, course, move.to, by=staff.id, now=clock())
    return _out(session, course)


@router.get("/care-courses/{course_id}/enrolments")
def list_enrolments(course_id: str, session: DbSession, staff: SignedIn, clock: ClockDep) -> EnrolmentList:
    """List who is in a course or on its list; who reads is noted in the audit trail."""
    course = get_course(session, staff, course_id)
    _note_read(session, staff, course, clock())
    rows = _enrolments(session, staff, course)
    return EnrolmentList(items=[enrolment_out(row) for row in rows])


@router.post("/care-courses/{course_id}/enrolments", status_code=201)
def create_enrolment(
    course_id: str,
    new: EnrolmentIn,
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
    key: KeyHeader = None,
) -> EnrolmentOut:
    """Put a family assistant on the list of a course; where a seat is free it is offered at once."""
    course, now = get_course(session, staff, course_id), clock()
    case = get_worker_case(session, staff, new.case)

    def act() -> EnrolmentOut:
        return enrolment_out(wait_for(session, case, course.kind, course=course, by=staff.id, now=now))

    return _once(session, staff, act, EnrolmentOut, f"care_course.list.{course.id}", key, new, now)


@router.get("/care-courses/{course_id}/attendance")
def list_attendance(course_id: str, session: DbSession, staff: SignedIn, clock: ClockDep) -> AttendanceList:
    """List who was in a course on which day; who reads is noted in the audit trail."""
    course = get_course(session, staff, course_id)
    _note_read(session, staff, course, clock())
    return _attendance(session, staff, course)


@router.put("/care-courses/{course_id}/attendance")
def put_attendance(
    course_id: str, given: AttendanceIn, session: DbSession, staff: SignedIn, clock: ClockDep
) -> AttendanceList:
    """Note who was there on a day; who is not named stays as noted."""
    course = get_course(session, staff, course_id)
    for each in given.hours:
        get_enrolment(session, staff, each.enrolment)
    hours = {each.enrolment: each.hours for each in given.hours}
    note_day(session, course, given.day, hours, by=staff.id, now=clock())
    return _attendance(session, staff, course)


@router.post("/care-enrolments", status_code=201)
def create_wish(
    new: WishIn, session: DbSession, staff: SignedIn, clock: ClockDep, key: KeyHeader = None
) -> EnrolmentOut:
    """Put a family assistant on the list of the next course of a kind."""
    case, now = get_worker_case(session, staff, new.case), clock()

    def act() -> EnrolmentOut:
        return enrolment_out(wait_for(session, case, new.kind, by=staff.id, now=now))

    return _once(session, staff, act, EnrolmentOut, "care_course.wish", key, new, now)


@router.post("/care-enrolments/{enrolment_id}/acts")
def create_act(
    enrolment_id: str, given: ActIn, session: DbSession, staff: SignedIn, clock: ClockDep
) -> EnrolmentOut:
    """Take the seat for somebody, give it back, or note that they dropped out."""
    enrolment = get_enrolment(session, staff, enrolment_id)
    act_on(session, enrolment, given.act, by=staff.id, now=clock())
    return enrolment_out(enrolment)


@router.put("/care-enrolments/{enrolment_id}/certificate")
def put_certificate(
    enrolment_id: str, given: CertificateIn, session: DbSession, staff: SignedIn, clock: ClockDep
) -> EnrolmentOut:
    """Note the certificate of a course; the profile of the family assistant has it from then on."""
    enrolment = get_enrolment(session, staff, enrolment_id)
    complete(session, enrolment, given.on, given.document, by=staff.id, now=clock())
    return enrolment_out(enrolment)


def _out(session: Session, course: Course) -> CourseOut:
    return course_out(course, counts_of(session, [course.id]).get(course.id, {}))


def _enrolments(session: Session, staff: Staff, course: Course) -> list[Enrolment]:
    statement = readable_enrolments(staff).where(Enrolment.course_id == course.id)
    return list(session.scalars(statement.order_by(Enrolment.waiting_since, Enrolment.id)))


def _attendance(session: Session, staff: Staff, course: Course) -> AttendanceList:
    return attendance_out(hours_by_day(session, (row.id for row in _enrolments(session, staff, course))))


def _note_read(session: Session, staff: Staff, course: Course, now: datetime) -> None:
    audit.record(
        session,
        by=staff.id,
        action="care_course.read",
        subject_kind="care_course",
        subject_id=course.id,
        now=now,
    )


def _once(
    session: Session,
    staff: Staff,
    act: Callable[[], Made],
    kind: type[Made],
    operation: str,
    key: str | None,
    request: object,
    now: datetime,
) -> Made:
    return once(
        session,
        act,
        result_type=kind,
        principal=f"staff:{staff.id}",
        operation=operation,
        key=key,
        request=request,
        now=now,
    )
