"""Two bodies, a case of the first, and people of both; on SQLite and PostgreSQL."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from sqlalchemy.orm import Session

from backoffice.case.models import Case, NoteKind
from backoffice.case.service import add_note
from backoffice.client.schemas import CaseType
from backoffice.staff.models import Organisation, Staff
from backoffice.staff.roles import Role
from tests.backoffice.case.cases import create_case, create_person
from tests.backoffice.databases import backend as backend
from tests.backoffice.factories import NOW, create_organisation, create_staff, sign_in


@dataclass
class Bodies:
    """The owner's people and case, the partner's people, and their headers."""

    case: Case
    partner: Organisation
    stranger: Organisation
    owner: Staff
    worker: Staff
    outsider: Staff
    by_owner: dict[str, str]
    by_worker: dict[str, str]
    by_outsider: dict[str, str]


NAME, PHONE, TOWN = "Олена Коваленко", "+393330000001", "Soncino"
INNER, OPEN = "nota interna del comune", "nota condivisa del comune"


@pytest.fixture
def bodies(session: Session) -> Bodies:
    partner = create_organisation(session, name="Cooperativa Ponte")
    stranger = create_organisation(session, name="Associazione Altra")
    owner = create_staff(session, name="Olga Owner", roles=frozenset({Role.COORDINATOR}))
    worker = create_staff(
        session, name="Paolo Partner", roles=frozenset({Role.CASEWORKER}), organisation=partner
    )
    outsider = create_staff(
        session, name="Sara Altra", roles=frozenset({Role.CASEWORKER}), organisation=stranger
    )
    person = create_person(session, name=NAME, phone=PHONE)
    case = create_case(
        session, type=CaseType.HOUSING, person=person, municipality="Crema", intake={"municipalities": [TOWN]}
    )
    case.needs = ["rent"]
    for kind, text in ((NoteKind.INTERNAL, INNER), (NoteKind.SHARED, OPEN)):
        add_note(session, case, author_id=owner.id, kind=kind, text=text, now=NOW)
    for staff in (owner, worker, outsider):
        staff.asks_at = NOW
    found = Bodies(
        case,
        partner,
        stranger,
        owner,
        worker,
        outsider,
        sign_in(session, owner),
        sign_in(session, worker),
        sign_in(session, outsider),
    )
    session.commit()
    return found
