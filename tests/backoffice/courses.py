"""Courses and people on their lists for tests: every argument has a default."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from backoffice.care_training.facts import CourseFacts
from backoffice.care_training.models import Course, CourseState, Enrolment
from backoffice.care_training.seats import wait_for
from backoffice.care_training.service import add_course, move_course
from backoffice.case.models import Case
from backoffice.conversation.models import Conversation
from backoffice.staff.models import Organisation
from tests.backoffice.care import create_worker
from tests.backoffice.case.cases import create_person
from tests.backoffice.factories import NOW, create_conversation, create_front_door, send

COURSE: dict[str, Any] = {
    "kind": "base_160_hours",
    "title": "Corso base, inverno",
    "provider": "Scuola Inventata",
    "hours": 160,
    "seats": 2,
    "municipality": "Crema",
    "place": "Via Inventata 3",
    "timetable": "lunedì e giovedì, 9-13",
    "starts_on": date(2026, 12, 14),
    "ends_on": date(2027, 3, 31),
    "cost_eur": 0,
}


def create_course(
    session: Session,
    *,
    state: CourseState = CourseState.OPEN,
    organisation: Organisation | None = None,
    **facts: Any,
) -> Course:
    """Make a course, opened as the desk would unless told otherwise."""
    body = (organisation or create_front_door(session)).id
    known = CourseFacts.model_validate({**COURSE, **facts})
    course = add_course(session, body, known, by="service", now=NOW)
    if state is not CourseState.PLANNED:
        move_course(session, course, state, by="service", now=NOW)
    return course


def create_seat(session: Session, *, organisation: Organisation | None = None) -> Enrolment:
    """Offer a family assistant a seat in a course."""
    course = create_course(session, organisation=organisation)
    case = create_worker(session, organisation=organisation)
    return wait_for(session, case, course.kind, course=course, by="service", now=NOW)


def create_learner(session: Session, language: str = "it", **answers: Any) -> tuple[Case, Conversation]:
    """Make a family assistant who has written in the chat."""
    person = create_person(session)
    conversation = create_conversation(session)
    conversation.language, conversation.person_id = language, person.id
    send(session, conversation, "cerco lavoro")
    answers = {"certificates": [], **answers}
    return create_worker(session, person=person, conversation=conversation, **answers), conversation
