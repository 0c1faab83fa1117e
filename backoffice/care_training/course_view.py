"""What the page of a course shows: who is in it, who waits, who was there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.care_training.models import Course, CourseState, Enrolment, EnrolmentState
from backoffice.care_training.permissions import readable_enrolments
from backoffice.care_training.queries import counts_of, hours_by_day, taken_seats
from backoffice.care_training.states import ATTENDS, MOVES, TAKES_PEOPLE, TAUGHT, missing_for
from backoffice.care_training.telling import can_be_told
from backoffice.document.models import CaseDocument
from backoffice.staff.models import Staff

S = EnrolmentState


@dataclass(frozen=True)
class CourseView:
    """A course as its page tells it. Who the reader may not know of is counted, not named."""

    course: Course
    moves: list[tuple[CourseState, list[str]]]
    taken: int
    unnamed: int
    participants: list[Enrolment]
    waiting: list[Enrolment]
    gone: list[Enrolment]
    to_call: frozenset[str]
    hours: dict[str, dict[date, Decimal]]
    days: list[date]
    documents: dict[str, list[CaseDocument]]
    is_taught: bool
    takes_people: bool

    def total(self, enrolment_id: str) -> Decimal:
        """How many hours somebody was there."""
        return sum(self.hours.get(enrolment_id, {}).values(), Decimal(0))

    def there(self, day: date) -> int:
        """How many were there on a day."""
        return sum(1 for by_day in self.hours.values() if by_day.get(day))


def view_course(session: Session, staff: Staff, course: Course, *, now: datetime) -> CourseView:
    """Return what the reader may see of a course."""
    rows = _enrolments(session, staff, course)
    attends = [row for row in rows if row.state in ATTENDS]
    hours = hours_by_day(session, (row.id for row in attends))
    before_start = (S.OFFERED, S.ENROLLED) if course.state in TAKES_PEOPLE else (S.OFFERED,)
    named = [row for row in rows if row.state in before_start]
    counts = counts_of(session, [course.id]).get(course.id, {})
    return CourseView(
        course=course,
        moves=[(to, missing_for(course, to)) for to in MOVES[course.state]],
        taken=taken_seats(session, course.id),
        unnamed=sum(counts.values()) - len(rows),
        participants=[*(row for row in rows if row.state is S.OFFERED), *attends],
        waiting=[row for row in rows if row.state is S.WAITING],
        gone=[row for row in rows if row.state is S.CANCELLED],
        to_call=frozenset(row.id for row in named if not can_be_told(session, row.case, now=now)),
        hours=hours,
        days=sorted({day for by_day in hours.values() for day in by_day}),
        documents=_documents(session, [row.case_id for row in attends]),
        is_taught=course.state in TAUGHT,
        takes_people=course.state in TAKES_PEOPLE,
    )


def _enrolments(session: Session, staff: Staff, course: Course) -> Sequence[Enrolment]:
    statement = readable_enrolments(staff).where(Enrolment.course_id == course.id)
    return session.scalars(statement.order_by(Enrolment.waiting_since, Enrolment.id)).all()


def _documents(session: Session, case_ids: list[str]) -> dict[str, list[CaseDocument]]:
    statement = select(CaseDocument).where(CaseDocument.case_id.in_(case_ids))
    found: dict[str, list[CaseDocument]] = {case_id: [] for case_id in case_ids}
    for document in session.scalars(statement.order_by(CaseDocument.added_at.desc())):
        found[document.case_id].append(document)
    return found
