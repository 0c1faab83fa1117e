"""The certificate of a course, and what it makes of the family assistant's profile."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import ValidationError
from sqlalchemy.orm import Session

from backoffice.care_training.errors import CertificateRefused, EnrolmentMoveRefused
from backoffice.care_training.models import Course, CourseKind, Enrolment, EnrolmentState
from backoffice.care_training.queries import lock_course, lock_enrolment
from backoffice.care_training.states import TAUGHT
from backoffice.care_worker.service import change_profile
from backoffice.case.history import record_event, require_open
from backoffice.case.models import Case, CaseEventKind
from backoffice.client.schemas import CareCertificate
from backoffice.document.queries import find_document
from backoffice.italy import day_in_italy

REGISTER_HOURS = 160
"""A course of so many hours counts for the regional register (domain, care_work.md 7)."""

COMPLETABLE = frozenset({EnrolmentState.ENROLLED, EnrolmentState.COMPLETED})


def complete(
    session: Session,
    enrolment: Enrolment,
    on: date,
    document_id: str | None,
    *,
    by: str,
    now: datetime,
) -> None:
    """Note that somebody has the certificate of a course, its day, and the document that shows it.

    The profile of the family assistant has the certificate from then on.

    Raises:
        EnrolmentMoveRefused: they have no seat, or the course has not begun.
        CertificateRefused: the day is to come or before the course, there is no such document of the case, or
            the profile is not complete enough to be changed.
        CaseIsClosed: the case has to be reopened first.
    """
    assert enrolment.course_id is not None
    course, enrolment = lock_course(session, enrolment.course_id), lock_enrolment(session, enrolment.id)
    case = session.get_one(Case, enrolment.case_id)
    require_open(case)
    if enrolment.state not in COMPLETABLE or course.state not in TAUGHT:
        raise EnrolmentMoveRefused
    if on > day_in_italy(now) or (course.starts_on is not None and on < course.starts_on):
        raise CertificateRefused("day")
    if document_id is not None and find_document(session, case.id, document_id) is None:
        raise CertificateRefused("document")
    before = enrolment.state
    if before is EnrolmentState.ENROLLED:
        enrolment.state, enrolment.state_since = EnrolmentState.COMPLETED, now
    enrolment.certificate_on, enrolment.certificate_id = on, document_id
    enrolment.version += 1
    kind = CaseEventKind.TRAINING_CHANGED
    record_event(session, case, kind, by=by, now=now, before=before, after=enrolment.state)
    _add_to_profile(session, case, certificate_of(course), by=by, now=now)


def certificate_of(course: Course) -> CareCertificate | None:
    """Return what a course counts as in a profile; None: nothing that the register knows."""
    if course.kind is CourseKind.BASE_160_HOURS:
        is_whole = course.hours >= REGISTER_HOURS
        return CareCertificate.COURSE_160_HOURS if is_whole else CareCertificate.SHORTER_COURSE
    return {
        CourseKind.FIRST_AID: CareCertificate.FIRST_AID,
        CourseKind.UNI_11766: CareCertificate.UNI_11766,
    }.get(course.kind)


def _add_to_profile(
    session: Session, case: Case, certificate: CareCertificate | None, *, by: str, now: datetime
) -> None:
    known = list(case.intake.get("certificates") or [])
    if certificate is None or certificate.value in known:
        return
    try:
        change_profile(session, case, {"certificates": [*known, certificate.value]}, by=by, now=now)
    except ValidationError as error:
        raise CertificateRefused("profile") from error
