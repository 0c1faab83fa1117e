"""Twenty at the same moment: seats are never exceeded, and nobody gets two."""

from __future__ import annotations

import itertools
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backoffice.care_training.errors import AlreadyEnrolled, EnrolmentMoveRefused, OfferOver
from backoffice.care_training.models import Course, CourseKind, Enrolment, EnrolmentState
from backoffice.care_training.queries import taken_seats
from backoffice.care_training.seats import accept_seat, expire_offers, give_back, wait_for
from backoffice.care_training.states import LIVE, WITH_A_SEAT
from backoffice.case.models import Case
from backoffice.database import Database
from tests.backoffice.care import create_worker
from tests.backoffice.courses import create_course
from tests.backoffice.databases import backend as backend
from tests.backoffice.factories import NOW

PEOPLE = 20
SEATS = 5
ACTS = 120
KIND = CourseKind.BASE_160_HOURS


def act(
    database: Database, number: int, course_id: str, cases: list[str], minutes: itertools.count[int]
) -> str:
    """Ask for a course, take or give back a seat, or end offers, in a transaction of its own."""
    now = NOW + timedelta(minutes=next(minutes))
    with database.transaction() as session:
        course = session.get_one(Course, course_id)
        case = session.get_one(Case, cases[number % PEOPLE])
        mine = select(Enrolment).where(Enrolment.case_id == case.id).order_by(Enrolment.state_since.desc())
        found = session.scalars(mine.limit(1)).one_or_none()
        try:
            if found is None or found.state not in LIVE:
                wait_for(session, case, KIND, course=course if number % 2 else None, by="x", now=now)
                said = "asked"
            elif number % 7 == 3:
                give_back(session, found, by="x", now=now)
                said = "gave back"
            elif number % 11 == 5:
                expire_offers(session, course_id, now=now + timedelta(days=8))
                said = "looked"
            else:
                accept_seat(session, found, by="x", now=now)
                said = "took"
        except (AlreadyEnrolled, EnrolmentMoveRefused, OfferOver) as refused:
            said = type(refused).__name__
        session.flush()
        assert taken_seats(session, course_id) <= SEATS
        return said


@pytest.mark.timeout(120)
def test_twenty_at_once_never_exceed_the_seats_and_nobody_has_two(
    session: Session, database: Database
) -> None:
    courses = [create_course(session, seats=SEATS) for _ in range(2)]
    cases = [create_worker(session, certificates=[]).id for _ in range(PEOPLE)]
    session.commit()
    minutes = itertools.count(1)
    with ThreadPoolExecutor(PEOPLE) as people:
        said = Counter(
            people.map(
                lambda number: act(database, number, courses[number % 2].id, cases, minutes), range(ACTS)
            )
        )
    assert sum(said.values()) == ACTS
    assert said["asked"] >= PEOPLE
    with database.read() as reading:
        for course in courses:
            assert taken_seats(reading, course.id) <= SEATS
        seats = (
            select(Enrolment.case_id, func.count())
            .where(Enrolment.state.in_(WITH_A_SEAT | {EnrolmentState.WAITING}))
            .group_by(Enrolment.case_id)
        )
        assert {count for _, count in reading.execute(seats)} == {1}
