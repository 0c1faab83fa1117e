"""Seats of courses: who waits, to whom a free one is offered, who takes it. Functions flush, never commit.

Seats are never exceeded: every change begins by locking the course. A free seat goes to who has waited
longest; the offer is good until a moment, then the next one has it. Rights have been asked before.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.care_training.errors import AlreadyEnrolled, CourseClosed, EnrolmentMoveRefused, OfferOver
from backoffice.care_training.models import (
    Course,
    CourseKind,
    CourseNews,
    CourseState,
    Enrolment,
    EnrolmentState,
)
from backoffice.care_training.queries import (
    courses_that_are_waited_for,
    courses_with_offers_over,
    live_of_person,
    lock_course,
    lock_enrolment,
    lock_open_courses,
    next_waiting,
    taken_seats,
)
from backoffice.care_training.states import LIVE, TAKES_PEOPLE, TAUGHT
from backoffice.case.history import record_event, require_open
from backoffice.case.models import Case, CaseEventKind
from backoffice.italy import ROME, day_in_italy
from backoffice.person.models import Person

ANSWERS_WITHIN = timedelta(days=3)
"""How long a seat is kept for who reads of it in the chat."""

CALLED_WITHIN = timedelta(days=7)
"""How long it is kept for whom the desk has to call: who gets no messages, or has no chat."""

UNTIL_HOUR = time(20)
"""Offers end in the evening in Italy: the next one is not written to at night."""

SYSTEM = "system"


def wait_for(
    session: Session,
    case: Case,
    kind: CourseKind,
    *,
    course: Course | None = None,
    by: str,
    now: datetime,
    note: str | None = None,
) -> Enrolment:
    """Put a family assistant on the list of a course, or of the next one of a kind.

    Where a seat is free and nobody waits longer, it is offered at once.

    Raises:
        AlreadyEnrolled: they wait for such a course already, or have a seat in one.
        CourseClosed: the course takes nobody any more.
        CaseIsClosed: the case has to be reopened first.
    """
    require_open(case)
    courses = (
        [lock_course(session, course.id)]
        if course
        else lock_open_courses(session, case.organisation_id, kind)
    )
    session.execute(select(Case.id).where(Case.id == case.id).with_for_update())
    if course is not None and (courses[0].state not in TAKES_PEOPLE or courses[0].kind is not kind):
        raise CourseClosed
    if live_of_person(session, case, kind, course.id if course else None):
        raise AlreadyEnrolled
    enrolment = _known(session, case, course) or Enrolment(
        organisation_id=case.organisation_id,
        case_id=case.id,
        course_id=course.id if course else None,
        kind=kind,
        created_by=by,
    )
    before = enrolment.state
    enrolment.state, enrolment.state_since, enrolment.waiting_since = EnrolmentState.WAITING, now, now
    enrolment.offer_until = enrolment.to_tell = None
    enrolment.note = note or enrolment.note
    session.add(enrolment)
    _happened(session, enrolment, before, by=by, now=now)
    for each in courses:
        fill_seats(session, each, by=by, now=now)
    return enrolment


def fill_seats(session: Session, course: Course, *, by: str, now: datetime) -> int:
    """Offer the free seats of a locked course to those who wait longest; return how many were offered."""
    if course.state is not CourseState.OPEN or _has_begun(course, now):
        return 0
    session.flush()
    free = course.seats - taken_seats(session, course.id)
    waiting = next_waiting(session, course, limit=free) if free > 0 else []
    served: set[str] = set()
    for enrolment in waiting:
        person = session.get_one(Case, enrolment.case_id).person_id
        if person in served:
            continue  # two records that became one: each had waited
        served.add(person)
        enrolment.course_id = course.id
        enrolment.offer_until = _offer_until(session, enrolment, course, now)
        _move(session, enrolment, EnrolmentState.OFFERED, by=by, now=now, news=CourseNews.OFFERED)
    return len(served)


def accept_seat(
    session: Session, enrolment: Enrolment, *, by: str, now: datetime, is_told: bool = True
) -> None:
    """Take the seat that is offered; `is_told`: they read of it in the chat, because others took it for them.

    Raises:
        EnrolmentMoveRefused: no seat is offered.
        OfferOver: the time to answer is over.
        CaseIsClosed: the case has to be reopened first.
    """
    enrolment = _locked(session, enrolment)
    require_open(session.get_one(Case, enrolment.case_id))
    if enrolment.state is not EnrolmentState.OFFERED:
        raise EnrolmentMoveRefused
    if enrolment.offer_until is not None and enrolment.offer_until <= now:
        raise OfferOver
    news = CourseNews.TAKEN if is_told else None
    _move(session, enrolment, EnrolmentState.ENROLLED, by=by, now=now, news=news)


def give_back(
    session: Session, enrolment: Enrolment, *, by: str, now: datetime, is_told: bool = True
) -> None:
    """Leave the list, refuse the seat or give it back before the course has begun: the next one has it.

    Raises:
        EnrolmentMoveRefused: it is over already, or the course has begun (then one drops out).
    """
    enrolment = _locked(session, enrolment)
    course = enrolment.course
    begun = course is not None and course.state in TAUGHT
    if enrolment.state not in LIVE or (enrolment.state is EnrolmentState.ENROLLED and begun):
        raise EnrolmentMoveRefused
    news = CourseNews.ENROLMENT_CANCELLED if is_told else None
    _move(session, enrolment, EnrolmentState.CANCELLED, by=by, now=now, news=news)
    if course is not None:
        fill_seats(session, course, by=SYSTEM, now=now)


def drop_out(session: Session, enrolment: Enrolment, *, by: str, now: datetime) -> None:
    """Note that somebody does not come to a course any more that has begun.

    Raises:
        EnrolmentMoveRefused: they have no seat, or the course has not begun.
    """
    enrolment = _locked(session, enrolment)
    course = enrolment.course
    if enrolment.state is not EnrolmentState.ENROLLED or course is None or course.state not in TAUGHT:
        raise EnrolmentMoveRefused
    _move(session, enrolment, EnrolmentState.DROPPED_OUT, by=by, now=now, news=None)


def expire_offers(session: Session, course_id: str, *, now: datetime) -> int:
    """End the offers of a course that are over, and offer the seats to the next; return how many ended."""
    course = lock_course(session, course_id)
    over = select(Enrolment).where(
        Enrolment.course_id == course_id,
        Enrolment.state == EnrolmentState.OFFERED,
        Enrolment.offer_until <= now,
    )
    ended = session.scalars(
        over.order_by(Enrolment.id).with_for_update().execution_options(populate_existing=True)
    ).all()
    for enrolment in ended:
        _move(session, enrolment, EnrolmentState.CANCELLED, by=SYSTEM, now=now, news=CourseNews.OFFER_OVER)
    fill_seats(session, course, by=SYSTEM, now=now)
    return len(ended)


def courses_to_look_at(session: Session, *, now: datetime) -> list[str]:
    """Return the courses with offers that are over, or with a free seat that somebody waits for."""
    over = session.scalars(courses_with_offers_over(now))
    waited_for = session.scalars(courses_that_are_waited_for())
    return sorted({each for each in (*over, *waited_for) if each is not None})


def end_list(
    session: Session,
    course: Course,
    news: CourseNews,
    *,
    keeps: frozenset[EnrolmentState],
    by: str,
    now: datetime,
) -> None:
    """End the enrolments of a locked course but those in some states; who loses a place waits on.

    They keep the moment since when they have waited.
    """
    statement = select(Enrolment).where(Enrolment.course_id == course.id, Enrolment.state.in_(LIVE - keeps))
    rows = session.scalars(statement.order_by(Enrolment.id).with_for_update()).all()
    for enrolment in rows:
        _move(session, enrolment, EnrolmentState.CANCELLED, by=by, now=now, news=news)
        _wait_on(session, enrolment, by=by, now=now)


def _wait_on(session: Session, enrolment: Enrolment, *, by: str, now: datetime) -> None:
    case = session.get_one(Case, enrolment.case_id)
    session.flush()
    if live_of_person(session, case, enrolment.kind, None):
        return
    again = Enrolment(
        organisation_id=enrolment.organisation_id,
        case_id=enrolment.case_id,
        course_id=None,
        kind=enrolment.kind,
        state=EnrolmentState.WAITING,
        state_since=now,
        waiting_since=enrolment.waiting_since,
        note=enrolment.note,
        created_by=by,
    )
    session.add(again)
    _happened(session, again, None, by=by, now=now)


def _known(session: Session, case: Case, course: Course | None) -> Enrolment | None:
    """Return the row of somebody who was on this course's list before."""
    if course is None:
        return None
    statement = select(Enrolment).where(Enrolment.case_id == case.id, Enrolment.course_id == course.id)
    return session.scalars(statement.with_for_update()).one_or_none()


def _locked(session: Session, enrolment: Enrolment) -> Enrolment:
    """Lock the course, then the enrolment, and read both anew.

    Who waits for no course in particular may be offered one between: then it is locked too.
    """
    while True:
        course_id = enrolment.course_id
        course = lock_course(session, course_id) if course_id else None
        found = lock_enrolment(session, enrolment.id)
        if found.course_id == course_id:
            found.course = course
            return found


def _offer_until(session: Session, enrolment: Enrolment, course: Course, now: datetime) -> datetime:
    case = session.get_one(Case, enrolment.case_id)
    person = session.get_one(Person, case.person_id)
    is_called = case.conversation_id is None or person.contact.no_messages
    day = day_in_italy(now + (CALLED_WITHIN if is_called else ANSWERS_WITHIN))
    if course.starts_on is not None:
        day = max(min(day, course.starts_on - timedelta(days=1)), day_in_italy(now))
    until = datetime.combine(day, UNTIL_HOUR, ROME).astimezone(UTC)
    return until if until > now else now + timedelta(hours=12)


def _has_begun(course: Course, now: datetime) -> bool:
    return course.starts_on is not None and course.starts_on <= day_in_italy(now)


def _move(
    session: Session,
    enrolment: Enrolment,
    to: EnrolmentState,
    *,
    by: str,
    now: datetime,
    news: CourseNews | None,
) -> None:
    before, enrolment.state, enrolment.state_since = enrolment.state, to, now
    if to is not EnrolmentState.OFFERED:
        enrolment.offer_until = None
    enrolment.to_tell = news
    _happened(session, enrolment, before, by=by, now=now)


def _happened(
    session: Session, enrolment: Enrolment, before: EnrolmentState | None, *, by: str, now: datetime
) -> None:
    enrolment.version = (enrolment.version or 0) + 1
    session.flush()
    case = session.get_one(Case, enrolment.case_id)
    kind = CaseEventKind.TRAINING_CHANGED
    record_event(session, case, kind, by=by, now=now, before=before, after=enrolment.state)
