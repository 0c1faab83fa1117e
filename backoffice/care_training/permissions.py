"""Who may see courses and enrolments: the care-work desk of the body that holds them."""

from __future__ import annotations

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from backoffice.care_training.errors import LearnerUnknown
from backoffice.care_training.models import Course, Enrolment
from backoffice.care_worker.permissions import get_worker_case, require_care
from backoffice.case.models import Case
from backoffice.case.number import parse_number
from backoffice.case.permissions import is_own_readable
from backoffice.errors import NotFound
from backoffice.sharing.errors import AccessEnded
from backoffice.staff.models import Staff

WITH_PERSON = (joinedload(Enrolment.case).joinedload(Case.person), joinedload(Enrolment.course))


def readable_courses(staff: Staff) -> Select[Course]:
    """Return the statement of every course of the person's body.

    Raises:
        NotFound: the person does not work at the care-work desk.
    """
    require_care(staff)
    return select(Course).where(Course.organisation_id == staff.organisation_id)


def get_course(session: Session, staff: Staff, course_id: str) -> Course:
    """Return one course.

    Raises:
        NotFound: there is none, or this person may not know of it.
    """
    course = session.scalars(readable_courses(staff).where(Course.id == course_id)).one_or_none()
    if course is None:
        raise NotFound
    return course


def readable_enrolments(staff: Staff) -> Select[Enrolment]:
    """Return the statement of the enrolments of people whose case this person may read, with their names.

    Raises:
        NotFound: the person does not work at the care-work desk.
    """
    require_care(staff)
    return (
        select(Enrolment)
        .join(Case, Case.id == Enrolment.case_id)
        .where(Enrolment.organisation_id == staff.organisation_id, is_own_readable(staff))
        .options(*WITH_PERSON)
    )


def get_enrolment(session: Session, staff: Staff, enrolment_id: str) -> Enrolment:
    """Return one enrolment with its person and course.

    Raises:
        NotFound: there is none, or this person may not know of it.
    """
    found = session.scalars(readable_enrolments(staff).where(Enrolment.id == enrolment_id)).one_or_none()
    if found is None:
        raise NotFound
    return found


def learner_of_number(session: Session, staff: Staff, number: str) -> Case:
    """Return the case of a family assistant by its number.

    Raises:
        LearnerUnknown: there is none, or this person may not change it.
    """
    require_care(staff)
    known = parse_number(number)
    found = session.scalar(select(Case.id).where(Case.number == known)) if known else None
    if found is None:
        raise LearnerUnknown
    try:
        return get_worker_case(session, staff, found)
    except (NotFound, AccessEnded) as error:
        raise LearnerUnknown from error
