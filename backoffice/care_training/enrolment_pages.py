"""What is done with one enrolment, and the courses of one family assistant on their page."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from backoffice.attempt import Refused, attempt
from backoffice.audit import service as audit
from backoffice.care_training.acts import EnrolmentAct, act_on
from backoffice.care_training.certificates import complete
from backoffice.care_training.errors import CourseNotChosen
from backoffice.care_training.forms import certificate_day, known_code
from backoffice.care_training.models import Course, CourseKind, CourseState
from backoffice.care_training.permissions import get_course, get_enrolment, readable_courses
from backoffice.care_training.queries import enrolments_of_case
from backoffice.care_training.seats import wait_for
from backoffice.care_training.states import TAKES_PEOPLE
from backoffice.care_worker.permissions import get_worker_case
from backoffice.case.models import Case
from backoffice.client.schemas import Phase
from backoffice.clock import ClockDep
from backoffice.database import DbSession
from backoffice.posted import one
from backoffice.question.forms import PostedFields
from backoffice.staff.models import Staff
from backoffice.staff.sign_in import SignedIn
from backoffice.templating import redirect, render

router = APIRouter(prefix="/care", include_in_schema=False)

COURSE, KIND = "course:", "kind:"


@router.post("/enrolments/{enrolment_id}")
def submit_act(
    request: Request,
    enrolment_id: str,
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
    act: Annotated[EnrolmentAct, Form()],
) -> Response:
    """Take a seat for somebody, give it back, or note that they dropped out."""
    enrolment, now = get_enrolment(session, staff, enrolment_id), clock()
    back = _back(enrolment.course_id, enrolment.case_id)
    refused = attempt(session, lambda: act_on(session, enrolment, act, by=staff.id, now=now))
    if refused is not None:
        return _show_refused(request, staff, refused, back)
    return redirect(back, notice=f"course_{act.value}")


@router.post("/enrolments/{enrolment_id}/certificate")
def submit_certificate(
    request: Request,
    enrolment_id: str,
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
    fields: PostedFields,
) -> Response:
    """Note the certificate of a course."""
    enrolment, now = get_enrolment(session, staff, enrolment_id), clock()
    back = _back(enrolment.course_id, enrolment.case_id)

    def act() -> None:
        day, document = certificate_day(fields), one(fields, "document") or None
        complete(session, enrolment, day, document, by=staff.id, now=now)

    refused = attempt(session, act)
    if refused is not None:
        return _show_refused(request, staff, refused, back)
    return redirect(back, notice="course_certificate")


@router.get("/workers/{worker_id}/courses")
def courses_of_worker(
    request: Request, worker_id: str, session: DbSession, staff: SignedIn, clock: ClockDep
) -> Response:
    """Show the courses of a family assistant, a part of their page."""
    case = get_worker_case(session, staff, worker_id)
    return _show(request, session, staff, case, clock())


@router.post("/workers/{worker_id}/courses")
def submit_wish(
    request: Request,
    worker_id: str,
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
    fields: PostedFields,
) -> Response:
    """Put a family assistant on the list of a course, or of the next one of a kind."""
    case, now = get_worker_case(session, staff, worker_id), clock()
    wanted = one(fields, "what")
    course = get_course(session, staff, wanted.removeprefix(COURSE)) if wanted.startswith(COURSE) else None
    kind = course.kind if course else known_code(CourseKind, wanted.removeprefix(KIND))

    def act() -> None:
        if kind is None:
            raise CourseNotChosen
        wait_for(session, case, kind, course=course, by=staff.id, now=now)

    back = f"/care/workers/{case.id}"
    refused = attempt(session, act)
    if refused is not None:
        return _show_refused(request, staff, refused, back)
    return redirect(f"{back}#courses", notice="course_listed")


def _show(request: Request, session: Session, staff: Staff, case: Case, now: datetime) -> Response:
    audit.record(session, by=staff.id, action="case.read", subject_kind="case", subject_id=case.id, now=now)
    open_ones = readable_courses(staff).where(Course.state.in_(TAKES_PEOPLE))
    rows = enrolments_of_case(session, case.id)
    ids = {row.course_id for row in rows if row.course_id}
    known = session.scalars(readable_courses(staff).where(Course.id.in_(ids)))
    return render(
        request,
        "care/training_of_worker.html",
        staff=staff,
        case=case,
        enrolments=rows,
        courses={course.id: course for course in known},
        to_choose=session.scalars(open_ones.order_by(Course.starts_on, Course.id).limit(100)).all(),
        kinds=list(CourseKind),
        planned=CourseState.PLANNED,
        is_open=case.phase is not Phase.CLOSED,
    )


def _show_refused(request: Request, staff: Staff, refused: Refused, back: str) -> Response:
    return render(
        request,
        "care_training/refused.html",
        staff=staff,
        status=refused.status,
        refused=refused,
        back=back,
    )


def _back(course_id: str | None, case_id: str) -> str:
    return f"/care/courses/{course_id}" if course_id else f"/care/workers/{case_id}"
