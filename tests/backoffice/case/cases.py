"""People and cases for tests: every argument has a default."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from backoffice.case.models import Case, CaseSource
from backoffice.case.phases import ORDER
from backoffice.case.planning import (
    ActionWords,
    Agreement,
    add_action,
    add_goal,
    agree_plan,
    change_action,
)
from backoffice.case.progress import set_ground, set_interviewed
from backoffice.case.service import NewCase, assign_case, move_case, open_case
from backoffice.client.schemas import CaseType, Phase
from backoffice.conversation.models import Conversation
from backoffice.person.models import Person
from backoffice.plan.models import ActionState, AgreementForm, ChargeGround
from backoffice.plan.queries import actions_of
from backoffice.staff.models import Organisation, Staff
from tests.backoffice.factories import NOW, create_front_door


def create_person(
    session: Session,
    *,
    name: str | None = "Олена Коваленко",
    phone: str | None = "+393330000001",
    organisation: Organisation | None = None,
) -> Person:
    """Make a person."""
    owner = organisation or create_front_door(session)
    made = Person(organisation_id=owner.id, name=name, phone=phone, languages=["uk"], created_at=NOW)
    session.add(made)
    session.flush()
    return made


def move_through(session: Session, case: Case, staff: Staff, to: Phase, *, now: datetime = NOW) -> None:
    """Move a case from reception to a phase, as a caseworker would: with what each phase needs."""
    for phase in ORDER[1 : ORDER.index(to) + 1]:
        make_ready(session, case, staff, phase, now=now)
        move_case(session, case, phase, by=staff.id, now=now)


def make_ready(session: Session, case: Case, staff: Staff, phase: Phase, *, now: datetime = NOW) -> None:
    """Write down what a phase needs; the case is not moved."""
    if phase is Phase.TAKING_CHARGE:
        words = "Mandato del servizio sociale."
        set_ground(session, case, ChargeGround.PUBLIC_TASK, words, by=staff.id, now=now)
    elif phase is Phase.PLANNING:
        assign_case(session, case, staff, by=staff.id, now=now)
        set_interviewed(session, case, now.date(), by=staff.id, now=now)
        goal = add_goal(session, case, "Una casa", measure=None, by=staff.id, now=now)
        add_action(session, case, goal.id, ActionWords("Visita"), by=staff.id, now=now)
    elif phase is Phase.DELIVERY:
        said = Agreement(now.date(), "uk", AgreementForm.ORAL, mediator_present=True)
        agree_plan(session, case, said, by=staff.id, now=now)
    else:
        for action in actions_of(session, case.id):
            finish(session, case, action.id, staff, now=now)


def finish(session: Session, case: Case, action_id: str, staff: Staff, *, now: datetime = NOW) -> None:
    """Do an action."""
    change_action(
        session,
        case,
        action_id,
        state=ActionState.DONE,
        outcome=None,
        due_on=None,
        by=staff.id,
        now=now,
    )


def create_case(
    session: Session,
    *,
    type: CaseType = CaseType.HOUSING,
    person: Person | None = None,
    organisation: Organisation | None = None,
    conversation: Conversation | None = None,
    municipality: str | None = "Crema",
    language: str = "uk",
    intake: dict[str, Any] | None = None,
    assignee_id: str | None = None,
    now: datetime = NOW,
) -> Case:
    """Open a case, of the front door unless told otherwise."""
    new = NewCase(
        type=type,
        person=person or create_person(session, organisation=organisation),
        organisation_id=(organisation or create_front_door(session)).id,
        language=language,
        source=CaseSource.WEB,
        intake=intake or {},
        municipality=municipality,
        conversation_id=conversation.id if conversation else None,
        assignee_id=assignee_id,
    )
    return open_case(session, new, by="service", now=now)
