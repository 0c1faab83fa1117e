"""Who asks for a course in the chat: on the list, if they are in the register; else a case for the desk."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.care_training.models import CourseKind, Enrolment
from backoffice.client.schemas import CaseType, ReceptionRequest
from backoffice.intake.service import submit_reception
from tests.backoffice.care import create_worker
from tests.backoffice.case.cases import create_person
from tests.backoffice.databases import backend as backend
from tests.backoffice.factories import NOW, create_conversation


def test_a_family_assistant_is_put_on_the_list_once(session: Session) -> None:
    person = create_person(session)
    conversation = create_conversation(session)
    conversation.person_id = person.id
    worker = create_worker(session, person=person, conversation=conversation)
    wish = ReceptionRequest(conversation_id=conversation.id, need="care_work", note="x", wants_course=True)
    for _ in range(2):
        assert submit_reception(session, wish, now=NOW) is worker
    (waits,) = session.scalars(select(Enrolment)).all()
    assert (waits.case_id, waits.kind) == (worker.id, CourseKind.BASE_160_HOURS)


def test_who_is_not_in_the_register_gets_a_case(session: Session) -> None:
    conversation = create_conversation(session)
    wish = ReceptionRequest(conversation_id=conversation.id, need="care_work", note="x", wants_course=True)
    assert submit_reception(session, wish, now=NOW).type is CaseType.RECEPTION
    assert session.scalars(select(Enrolment)).all() == []
