"""People and cases for tests: every argument has a default."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from backoffice.case.models import Case, CaseSource
from backoffice.case.service import NewCase, open_case
from backoffice.client.schemas import CaseType
from backoffice.conversation.models import Conversation
from backoffice.person.models import Person
from backoffice.staff.models import Organisation
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
