"""The pages of courses: the list, one course with its people, who waits for the next one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from backoffice.attempt import Refused, attempt
from backoffice.audit import service as audit
from backoffice.care_training.attendance import note_day
from backoffice.care_training.course_view import view_course
from backoffice.care_training.facts import facts_of, require_course
from backoffice.care_training.forms import HOURS_OF, attendance_of, known_code, raw_course
from backoffice.care_training.models import Course, CourseKind, CourseState, Enrolment, EnrolmentState
from backoffice.care_training.permissions import (
    get_course,
    get_enrolment,
    learner_of_number,
    readable_courses,
    readable_enrolments,
)
from backoffice.care_training.queries import counts_of, waiting_by_kind
from backoffice.care_training.seats import wait_for
from backoffice.care_training.service import add_course, can_be_changed, change_course, move_course
from backoffice.care_worker.permissions import require_care
from backoffice.case.municipalities import municipality_names
from backoffice.clock import ClockDep
from backoffice.database import DbSession, ReadSession
from backoffice.italy import day_in_italy
from backoffice.paging import InvalidCursor, newest_first
from backoffice.posted import day_typed, one, version_read
from backoffice.question.forms import PostedFields
from backoffice.staff.models import Staff
from backoffice.staff.sign_in import SignedIn
from backoffice.templating import redirect, render

router = APIRouter(prefix="/care", include_in_schema=False)

PAGE = 25
MOST_WAITING = 200

Short = Annotated[str, Query(max_length=200)]


@router.get("/courses")
def list_page(
    request: Request,
    session: ReadSession,
    staff: SignedIn,
    state: Short = "",
    kind: Short = "",
    cursor: Short = "",
) -> Response:
    """Show the courses of the reader's body, the newest first, and how many wait for the next one."""
    statement = readable_courses(staff)
    if (chosen := known_code(CourseState, state)) is not None:
        statement = statement.where(Course.state == chosen)
    if (of := known_code(CourseKind, kind)) is not None:
        statement = statement.where(Course.kind == of)
    try:
        rows, following = newest_first(
            session, statement, Course.created_at, Course.id, limit=PAGE, cursor=cursor
        )
    except InvalidCursor:
        rows, following = newest_first(
            session, statement, Course.created_at, Course.id, limit=PAGE, cursor=None
        )
    return render(
        request,
        "care_training/list.html",
        staff=staff,
        courses=rows,
        next=following,
        counts=counts_of(session, (each.id for each in rows)),
        waiting=waiting_by_kind(session, staff.organisation_id),
        states=list(CourseState),
        kinds=list(CourseKind),
        state=chosen.value if chosen else "",
        kind=of.value if of else "",
        is_further=bool(cursor),
    )


@router.get("/waiting")
def waiting_page(
    request: Request, session: DbSession, staff: SignedIn, clock: ClockDep, kind: Short = ""
) -> Response:
    """Show who waits for the next course of a kind, in the order in which seats are offered."""
    of = known_code(CourseKind, kind) or CourseKind.BASE_160_HOURS
    statement = readable_enrolments(staff).where(
        Enrolment.kind == of,
        Enrolment.course_id.is_(None),
        Enrolment.state == EnrolmentState.WAITING,
    )
    ordered = statement.order_by(Enrolment.waiting_since, Enrolment.id).limit(MOST_WAITING + 1)
    rows = session.scalars(ordered).all()
    _note(session, staff, "organisation", staff.organisation_id, "care_course.waiting_read", clock())
    return render(
        request,
        "care_training/waiting.html",
        staff=staff,
        kind=of,
        kinds=list(CourseKind),
        waiting=rows[:MOST_WAITING],
        is_more=len(rows) > MOST_WAITING,
    )


@router.get("/courses/new")
def new_page(request: Request, staff: SignedIn) -> Response:
    """Show the empty form."""
    require_care(staff)
    return _show_form(request, staff, {}, None)


@router.post("/courses/new")
def submit_new(
    request: Request, session: DbSession, staff: SignedIn, clock: ClockDep, fields: PostedFields
) -> Response:
    """Write a course down; what is wrong comes back beside its field."""
    require_care(staff)
    made: list[Course] = []

    def act() -> None:
        facts = require_course(raw_course(fields))
        made.append(add_course(session, staff.organisation_id, facts, by=staff.id, now=clock()))

    refused = attempt(session, act)
    if refused is not None:
        return _show_form(request, staff, raw_course(fields), None, refused=refused)
    return redirect(f"/care/courses/{made[0].id}", notice="course_added")


@router.get("/courses/{course_id}")
def course_page(
    request: Request, course_id: str, session: DbSession, staff: SignedIn, clock: ClockDep, day: Short = ""
) -> Response:
    """Show one course with its people; who reads is noted in the audit trail."""
    course = get_course(session, staff, course_id)
    return _show(request, session, staff, course, clock(), day=day)


@router.get("/courses/{course_id}/edit")
def edit_page(request: Request, course_id: str, session: ReadSession, staff: SignedIn) -> Response:
    """Show the form with what is known."""
    course = get_course(session, staff, course_id)
    return _show_form(request, staff, facts_of(course), course)


@router.post("/courses/{course_id}/edit")
def submit_edit(
    request: Request,
    course_id: str,
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
    fields: PostedFields,
) -> Response:
    """Change a course; what is wrong comes back beside its field."""
    course = get_course(session, staff, course_id)

    def act() -> None:
        facts = require_course(raw_course(fields))
        change_course(session, course, facts, seen=version_read(fields) or 0, by=staff.id, now=clock())

    refused = attempt(session, act)
    if refused is not None:
        return _show_form(request, staff, raw_course(fields), course, refused=refused)
    return redirect(f"/care/courses/{course_id}", notice="course_saved")


@router.post("/courses/{course_id}/move")
def submit_move(
    request: Request,
    course_id: str,
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
    to: Annotated[CourseState, Form()],
) -> Response:
    """Move a course to another state."""
    course, now = get_course(session, staff, course_id), clock()
    refused = attempt(session, lambda: move_course(session, course, to, by=staff.id, now=now))
    if refused is not None:
        return _show(request, session, staff, course, now, refused=refused, place="state")
    return redirect(f"/care/courses/{course_id}", notice="course_moved")


@router.post("/courses/{course_id}/enrolments")
def submit_enrolment(
    request: Request,
    course_id: str,
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
    fields: PostedFields,
) -> Response:
    """Put somebody on the list of a course, by the number of their case."""
    course, now = get_course(session, staff, course_id), clock()

    def act() -> None:
        case = learner_of_number(session, staff, one(fields, "number"))
        wait_for(session, case, course.kind, course=course, by=staff.id, now=now)

    refused = attempt(session, act)
    if refused is not None:
        return _show(request, session, staff, course, now, refused=refused, place="waiting", fields=fields)
    return redirect(f"/care/courses/{course_id}#waiting", notice="course_listed")


@router.post("/courses/{course_id}/attendance")
def submit_attendance(
    request: Request,
    course_id: str,
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
    fields: PostedFields,
) -> Response:
    """Note who was there on a day."""
    course, now = get_course(session, staff, course_id), clock()

    def act() -> None:
        day, hours = attendance_of(fields)
        for enrolment_id in hours:
            get_enrolment(session, staff, enrolment_id)
        note_day(session, course, day, hours, by=staff.id, now=now)

    refused = attempt(session, act)
    if refused is not None:
        return _show(request, session, staff, course, now, refused=refused, place="attendance", fields=fields)
    to = f"/care/courses/{course_id}?day={one(fields, 'day')}#attendance"
    return redirect(to, notice="course_attendance")


def _show(
    request: Request,
    session: Session,
    staff: Staff,
    course: Course,
    now: datetime,
    *,
    day: str = "",
    refused: Refused | None = None,
    place: str = "",
    fields: Mapping[str, list[str]] | None = None,
) -> Response:
    _note(session, staff, "care_course", course.id, "care_course.read", now)
    today, typed = day_in_italy(now), fields or {}
    chosen = day_typed(one(typed, "day") or day)
    if chosen is None:
        last = min(today, course.ends_on or today)
        chosen = max(last, course.starts_on or last)
    return render(
        request,
        "care_training/course.html",
        staff=staff,
        status=refused.status if refused else 200,
        view=view_course(session, staff, course, now=now),
        course=course,
        day=chosen,
        today=today,
        can_change=can_be_changed(course),
        refused=refused,
        place=place,
        number=one(typed, "number"),
        typed_hours={
            name.removeprefix(HOURS_OF): one(typed, name) for name in typed if name.startswith(HOURS_OF)
        },
    )


def _show_form(
    request: Request,
    staff: Staff,
    known: Mapping[str, Any],
    course: Course | None,
    *,
    refused: Refused | None = None,
) -> Response:
    return render(
        request,
        "care_training/edit.html",
        staff=staff,
        status=refused.status if refused else 200,
        known={name: "" if value is None else str(value) for name, value in known.items()},
        course=course,
        refused=refused,
        wrong={each["field"]: each["message"] for each in refused.errors} if refused else {},
        kinds=list(CourseKind),
        towns=municipality_names(),
    )


def _note(
    session: Session, staff: Staff, subject_kind: str, subject_id: str, action: str, now: datetime
) -> None:
    audit.record(
        session, by=staff.id, action=action, subject_kind=subject_kind, subject_id=subject_id, now=now
    )
