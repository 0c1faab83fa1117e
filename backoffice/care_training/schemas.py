"""Courses and enrolments on the wire. Days are days in Italy, sums are euros."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from backoffice.care_training.acts import EnrolmentAct
from backoffice.care_training.facts import CourseFacts
from backoffice.care_training.models import Course, CourseKind, CourseState, Enrolment, EnrolmentState

Id = Annotated[str, Field(max_length=36)]


class CourseOut(CourseFacts):
    """A course. `taken`: seats offered or given; `waiting`: who waits for this one."""

    id: str
    state: CourseState
    version: int
    taken: int
    waiting: int
    created_at: datetime


class CourseList(BaseModel):
    """One page of courses, the newest first."""

    items: list[CourseOut]
    next: str | None


class CourseChange(CourseFacts):
    """A course as it shall be; `version` is the one that was seen."""

    version: Annotated[int, Field(ge=1, le=1_000_000)]


class Body(BaseModel):
    """What a caller sends; nothing else."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class CourseMove(Body):
    """Where a course goes."""

    to: CourseState


class EnrolmentIn(Body):
    """Who is put on the list of a course."""

    case: Id


class WishIn(EnrolmentIn):
    """Who waits for the next course of a kind."""

    kind: CourseKind


class ActIn(Body):
    """What is done with an enrolment."""

    act: EnrolmentAct


class CertificateIn(Body):
    """The day of a certificate, and the document of the case that shows it."""

    on: date
    document: Id | None = None


class HoursIn(Body):
    """How many hours somebody was there; null takes back what was noted."""

    enrolment: Id
    hours: Annotated[Decimal, Field(ge=0, le=12, max_digits=4, decimal_places=2)] | None


class AttendanceIn(Body):
    """Who was there on a day."""

    day: date
    hours: Annotated[list[HoursIn], Field(max_length=500)]


class EnrolmentOut(BaseModel):
    """One person in one course; `course` null: waits for the next one of the kind."""

    id: str
    case: str
    course: str | None
    kind: CourseKind
    state: EnrolmentState
    waiting_since: datetime
    offer_until: datetime | None
    certificate_on: date | None
    certificate: str | None
    version: int


class EnrolmentList(BaseModel):
    """The enrolments of a course, in the order of its list."""

    items: list[EnrolmentOut]
    next: None = None


class DayOut(BaseModel):
    """The hours of somebody on a day."""

    enrolment: str
    day: date
    hours: Decimal


class AttendanceList(BaseModel):
    """Who was in a course on which day, by day."""

    items: list[DayOut]
    next: None = None


def course_out(course: Course, counts: Mapping[EnrolmentState, int]) -> CourseOut:
    """Return a course as it is told."""
    return CourseOut.model_construct(
        **{name: getattr(course, name) for name in CourseFacts.model_fields},
        id=course.id,
        state=course.state,
        version=course.version,
        taken=counts.get(EnrolmentState.OFFERED, 0) + counts.get(EnrolmentState.ENROLLED, 0),
        waiting=counts.get(EnrolmentState.WAITING, 0),
        created_at=course.created_at,
    )


def enrolment_out(row: Enrolment) -> EnrolmentOut:
    """Return an enrolment as it is told."""
    return EnrolmentOut(
        id=row.id,
        case=row.case_id,
        course=row.course_id,
        kind=row.kind,
        state=row.state,
        waiting_since=row.waiting_since,
        offer_until=row.offer_until,
        certificate_on=row.certificate_on,
        certificate=row.certificate_id,
        version=row.version,
    )


def attendance_out(hours: Mapping[str, Mapping[date, Decimal]]) -> AttendanceList:
    """Return attendance as it is told."""
    rows: Iterable[DayOut] = (
        DayOut(enrolment=enrolment_id, day=day, hours=count)
        for enrolment_id, by_day in hours.items()
        for day, count in by_day.items()
    )
    return AttendanceList(items=sorted(rows, key=lambda row: (row.day, row.enrolment)))
