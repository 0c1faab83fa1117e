"""Courses: who waits longest has the free seat, hears of it, takes it or not, and gets the certificate."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.care_training.attendance import note_day
from backoffice.care_training.certificates import complete
from backoffice.care_training.errors import (
    AlreadyEnrolled,
    AttendanceRefused,
    CertificateRefused,
    CourseMoveRefused,
    EnrolmentMoveRefused,
    OfferOver,
    SeatsTaken,
)
from backoffice.care_training.facts import CourseFacts, facts_of, read_course
from backoffice.care_training.jobs import look_after_courses
from backoffice.care_training.models import (
    Course,
    CourseKind,
    CourseNews,
    CourseState,
    Enrolment,
    EnrolmentState,
)
from backoffice.care_training.queries import hours_by_day
from backoffice.care_training.seats import accept_seat, drop_out, expire_offers, give_back, wait_for
from backoffice.care_training.service import change_course, move_course
from backoffice.case.models import Case
from backoffice.conversation.models import Button, Conversation, Message
from backoffice.database import Database
from backoffice.own_copy.courses import courses_of
from backoffice.people.merging import merge
from backoffice.person.models import Person
from backoffice.person.service import change_person
from backoffice.retention.erase import erase_person
from backoffice.rights.choices import answer_choice
from tests.backoffice.care import create_worker
from tests.backoffice.case.cases import create_person
from tests.backoffice.courses import COURSE, create_course, create_learner
from tests.backoffice.databases import FrozenClock
from tests.backoffice.databases import backend as backend
from tests.backoffice.document.documents import create_document
from tests.backoffice.factories import NOW, create_staff

BASE = CourseKind.BASE_160_HOURS
STARTED = datetime.fromisoformat("2026-12-14T10:00:00+01:00")


def waits(session: Session, case: Case, course: Course | None = None, *, minutes: int = 0) -> Enrolment:
    return wait_for(session, case, BASE, course=course, by="x", now=NOW + timedelta(minutes=minutes))


def said(session: Session, conversation: Conversation) -> list[str]:
    statement = select(Message.text).where(Message.conversation_id == conversation.id).order_by(Message.seq)
    return list(session.scalars(statement))


def payload(session: Session, conversation: Conversation, what: str) -> str:
    statement = select(Button.payload).where(
        Button.conversation_id == conversation.id, Button.payload.endswith(f":{what}")
    )
    return session.scalars(statement).all()[-1].removeprefix("choice:")


def state_of(enrolment: Enrolment) -> str:
    return enrolment.state.value


def running(session: Session) -> tuple[Course, Enrolment]:
    course = create_course(session)
    enrolment = waits(session, create_worker(session, certificates=[]), course)
    accept_seat(session, enrolment, by="x", now=NOW)
    move_course(session, course, CourseState.RUNNING, by="x", now=STARTED)
    return course, enrolment


def test_seats_go_to_those_who_wait_longest(session: Session) -> None:
    rows = [waits(session, create_worker(session), minutes=minutes) for minutes in (3, 1, 2)]
    course = create_course(session, seats=2)
    assert [row.state.value for row in rows] == ["waiting", "offered", "offered"]
    assert {row.course_id for row in rows[1:]} == {course.id}
    give_back(session, rows[1], by="x", now=NOW)
    assert (rows[0].state, rows[1].state) == (EnrolmentState.OFFERED, EnrolmentState.CANCELLED)


def test_an_offer_that_is_over_goes_to_the_next(session: Session) -> None:
    course = create_course(session, seats=1)
    first, second = (waits(session, create_worker(session), course, minutes=each) for each in (0, 1))
    assert first.offer_until is not None
    with pytest.raises(EnrolmentMoveRefused):
        accept_seat(session, second, by="x", now=NOW)
    assert expire_offers(session, course.id, now=first.offer_until - timedelta(seconds=1)) == 0
    with pytest.raises(OfferOver):
        accept_seat(session, first, by="x", now=first.offer_until)
    assert expire_offers(session, course.id, now=first.offer_until) == 1
    assert (first.state, first.to_tell) == (EnrolmentState.CANCELLED, CourseNews.OFFER_OVER)
    assert second.state is EnrolmentState.OFFERED


def test_who_is_called_has_longer_to_answer_and_no_offer_reaches_into_the_course(session: Session) -> None:
    course = create_course(session, seats=3)
    called = waits(session, create_worker(session), course)
    written = waits(session, create_learner(session)[0], course)
    soon = create_course(session, starts_on=date(2026, 12, 3), kind="first_aid")
    late = wait_for(session, create_worker(session), CourseKind.FIRST_AID, by="x", now=NOW)
    assert late.course_id == soon.id
    untils = [row.offer_until for row in (called, written, late)]
    assert [until.isoformat() for until in untils if until] == [
        "2026-12-09T19:00:00+00:00",
        "2026-12-05T19:00:00+00:00",
        "2026-12-02T19:00:00+00:00",
    ]


def test_nobody_waits_twice_even_with_two_cases(session: Session) -> None:
    person = create_person(session)
    one, other = create_worker(session, person=person), create_worker(session, person=person)
    waits(session, one)
    for case in (one, other):
        with pytest.raises(AlreadyEnrolled):
            waits(session, case)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("it", "14 dicembre 2026"),
        ("uk", "14 грудня 2026"),
        ("ar", "14 ديسمبر 2026"),
        ("zh", "2026年12月14日"),
    ],
)
def test_a_seat_is_offered_and_taken_in_the_persons_language(
    session: Session, database: Database, language: str, words: str
) -> None:
    course = create_course(session)
    case, conversation = create_learner(session, language)
    enrolment = waits(session, case, course)
    session.commit()
    clock = FrozenClock()
    assert look_after_courses(database, clock) == 1
    assert look_after_courses(database, clock) == 0
    session.expire_all()
    assert words in said(session, conversation)[-1]
    answer_choice(session, conversation, payload(session, conversation, "yes"), now=NOW)
    session.commit()
    assert state_of(enrolment) == "enrolled"
    assert "Via Inventata 3" in said(session, conversation)[-1]
    answer_choice(session, conversation, payload(session, conversation, "no"), now=NOW)
    assert state_of(enrolment) == "enrolled"  # the old button says no to nothing else
    answer_choice(session, conversation, payload(session, conversation, "cannot"), now=NOW)
    assert state_of(enrolment) == "cancelled"


def test_nobody_answers_for_somebody_else(session: Session) -> None:
    course = create_course(session)
    case, _conversation = create_learner(session)
    enrolment = waits(session, case, course)
    _other, stranger = create_learner(session)
    answer_choice(session, stranger, f"course:{enrolment.id}:yes", now=NOW)
    assert enrolment.state is EnrolmentState.OFFERED


def test_who_may_not_be_left_messages_is_not_written_to(session: Session, database: Database) -> None:
    case, conversation = create_learner(session)
    change_person(
        session,
        session.get_one(Person, case.person_id),
        {"contact": {"no_messages": True}},
        seen=0,
        key=b"k",
        by="x",
        now=NOW,
    )
    waits(session, case, create_course(session))
    session.commit()
    before = said(session, conversation)
    session.commit()
    assert look_after_courses(database, FrozenClock()) == 0
    session.expire_all()
    assert said(session, conversation) == before


def test_people_are_told_that_a_course_begins_once_and_not_at_night(
    session: Session, database: Database
) -> None:
    case, conversation = create_learner(session)
    enrolment = waits(session, case, create_course(session))
    accept_seat(session, enrolment, by="x", now=NOW, is_told=False)
    session.commit()
    clock = FrozenClock()
    clock.moment = datetime.fromisoformat("2026-12-12T03:00:00+01:00")
    assert look_after_courses(database, clock) == 0
    clock.advance(hours=7)
    assert [look_after_courses(database, clock) for _ in range(2)] == [1, 0]
    session.expire_all()
    assert "comincia presto" in said(session, conversation)[-1]


def test_who_loses_a_cancelled_course_hears_of_it_and_keeps_the_place_on_the_list(
    session: Session, database: Database
) -> None:
    course = create_course(session)
    case, conversation = create_learner(session)
    enrolment = waits(session, case, course)
    accept_seat(session, enrolment, by="x", now=NOW, is_told=False)
    move_course(session, course, CourseState.CANCELLED, by="x", now=NOW + timedelta(hours=1))
    session.commit()
    look_after_courses(database, FrozenClock())
    session.expire_all()
    assert "non si fa più" in said(session, conversation)[-1]
    again = session.scalars(select(Enrolment).where(Enrolment.course_id.is_(None))).one()
    assert (again.case_id, again.waiting_since) == (case.id, NOW)


def test_a_course_moves_by_its_rules(session: Session) -> None:
    course = create_course(session, state=CourseState.PLANNED, place=None)
    with pytest.raises(CourseMoveRefused) as refused:
        move_course(session, course, CourseState.OPEN, by="x", now=NOW)
    assert refused.value.why == "facts"
    course.place = "Via Inventata 3"
    move_course(session, course, CourseState.OPEN, by="x", now=NOW)
    for when, why in ((NOW, "early"), (STARTED, "nobody")):
        with pytest.raises(CourseMoveRefused) as refused:
            move_course(session, course, CourseState.RUNNING, by="x", now=when)
        assert refused.value.why == why
    with pytest.raises(CourseMoveRefused):
        move_course(session, course, CourseState.ENDED, by="x", now=STARTED)


def test_seats_cannot_be_fewer_than_those_given_and_more_are_offered_at_once(session: Session) -> None:
    course = create_course(session, seats=2)
    rows = [waits(session, create_worker(session), course, minutes=each) for each in range(3)]
    fewer = CourseFacts.model_validate({**facts_of(course), "seats": 1})
    with pytest.raises(SeatsTaken):
        change_course(session, course, fewer, seen=course.version, by="x", now=NOW)
    more = CourseFacts.model_validate({**facts_of(course), "seats": 3})
    change_course(session, course, more, seen=course.version, by="x", now=NOW)
    assert rows[2].state is EnrolmentState.OFFERED


def test_who_waits_when_a_course_begins_waits_for_the_next_one(session: Session) -> None:
    course = create_course(session, seats=1)
    first, second = (waits(session, create_worker(session), course, minutes=each) for each in (0, 1))
    accept_seat(session, first, by="x", now=NOW)
    move_course(session, course, CourseState.RUNNING, by="x", now=STARTED)
    assert second.state is EnrolmentState.CANCELLED
    again = session.scalars(select(Enrolment).where(Enrolment.course_id.is_(None))).one()
    assert (again.case_id, again.waiting_since) == (second.case_id, NOW + timedelta(minutes=1))


def test_hours_are_noted_by_day_and_corrected(session: Session) -> None:
    course, enrolment = running(session)
    day = date(2026, 12, 14)
    for hours in (Decimal(4), Decimal("3.5")):
        note_day(session, course, day, {enrolment.id: hours}, by="x", now=STARTED)
    assert hours_by_day(session, [enrolment.id]) == {enrolment.id: {day: Decimal("3.5")}}
    note_day(session, course, day, {enrolment.id: None}, by="x", now=STARTED)
    assert hours_by_day(session, [enrolment.id]) == {}


@pytest.mark.parametrize(
    ("day", "hours", "why"),
    [
        (date(2026, 12, 15), "4", "day"),
        (date(2026, 12, 13), "4", "day"),
        (date(2026, 12, 14), "12.5", "hours"),
        (date(2026, 12, 14), "NaN", "hours"),
    ],
)
def test_impossible_hours_are_refused(session: Session, day: date, hours: str, why: str) -> None:
    course, enrolment = running(session)
    with pytest.raises(AttendanceRefused) as refused:
        note_day(session, course, day, {enrolment.id: Decimal(hours)}, by="x", now=STARTED)
    assert refused.value.why == why


def test_a_certificate_of_160_hours_stands_in_the_profile(session: Session) -> None:
    _course, enrolment = running(session)
    case = session.get_one(Case, enrolment.case_id)
    document = create_document(session, case, create_staff(session))
    complete(session, enrolment, date(2026, 12, 14), document.id, by="x", now=STARTED)
    assert enrolment.state is EnrolmentState.COMPLETED
    assert case.intake["certificates"] == ["course_160_hours"]


@pytest.mark.parametrize(
    ("kind", "hours", "found"), [("base_160_hours", 159, ["shorter_course"]), ("other", 200, [])]
)
def test_other_courses_are_no_course_of_160_hours(
    session: Session, kind: str, hours: int, found: list[str]
) -> None:
    course = create_course(session, kind=kind, hours=hours)
    enrolment = wait_for(
        session, create_worker(session, certificates=[]), course.kind, course=course, by="x", now=NOW
    )
    accept_seat(session, enrolment, by="x", now=NOW)
    move_course(session, course, CourseState.RUNNING, by="x", now=STARTED)
    complete(session, enrolment, date(2026, 12, 14), None, by="x", now=STARTED)
    assert session.get_one(Case, enrolment.case_id).intake["certificates"] == found


def test_a_certificate_needs_a_day_that_has_been_and_a_document_of_the_case(session: Session) -> None:
    _course, enrolment = running(session)
    foreign = create_document(session, create_worker(session), create_staff(session))
    for day, document, why in (
        (date(2026, 12, 15), None, "day"),
        (date(2026, 12, 14), foreign.id, "document"),
    ):
        with pytest.raises(CertificateRefused) as refused:
            complete(session, enrolment, day, document, by="x", now=STARTED)
        assert why in refused.value.message


def test_who_stops_coming_has_dropped_out_and_gives_nothing_back(session: Session) -> None:
    _course, enrolment = running(session)
    with pytest.raises(EnrolmentMoveRefused):
        give_back(session, enrolment, by="x", now=STARTED)
    drop_out(session, enrolment, by="x", now=STARTED)
    assert enrolment.state is EnrolmentState.DROPPED_OUT


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "x"),
        ("title", " "),
        ("hours", "0"),
        ("seats", "x"),
        ("municipality", "Atlantide"),
        ("ends_on", "2026-12-01"),
    ],
)
def test_what_is_wrong_with_a_course_is_said_by_field(field: str, value: str) -> None:
    assert read_course({**COURSE, field: value}).wrong == (field,)


def test_who_is_erased_gives_the_seat_to_the_next_and_is_told_nothing_more(
    session: Session, database: Database
) -> None:
    course = create_course(session, seats=1)
    case, conversation = create_learner(session)
    gone, following = waits(session, case, course), waits(session, create_worker(session), course, minutes=1)
    number = gone.id
    erase_person(session, case.person_id, by="x", now=NOW)
    session.commit()
    look_after_courses(database, FrozenClock())
    session.expire_all()
    assert session.get_one(Enrolment, number).state is EnrolmentState.CANCELLED
    assert session.get_one(Enrolment, number).to_tell is None
    assert following.state is EnrolmentState.OFFERED
    assert not any("posto" in text for text in said(session, conversation))


def test_two_records_that_become_one_person_get_one_seat(session: Session) -> None:
    stays, goes = create_person(session), create_person(session)
    cases = [create_worker(session, person=each) for each in (stays, goes)]
    rows = [waits(session, case, minutes=minutes) for minutes, case in enumerate(cases)]
    merge(session, stays, goes, frozenset(), key=b"k", by="x", now=NOW)
    session.expire_all()
    first, second = create_course(session), create_course(session)
    assert [row.state.value for row in rows] == ["offered", "waiting"]
    assert expire_offers(session, second.id, now=NOW) == 0
    assert (rows[1].state, first.seats) == (EnrolmentState.WAITING, 2)


def test_a_copy_of_ones_data_tells_of_courses(session: Session) -> None:
    course, enrolment = running(session)
    note_day(session, course, date(2026, 12, 14), {enrolment.id: Decimal("3.5")}, by="x", now=STARTED)
    (told,) = courses_of(session, session.get_one(Case, enrolment.case_id))
    assert (told.title, told.state, told.days[0].hours) == ("Corso base, inverno", "enrolled", 3.5)
