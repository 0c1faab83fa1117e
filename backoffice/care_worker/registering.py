"""Somebody who comes to the desk joins the register: a person, a case, an entry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.care_worker.errors import PartRefused
from backoffice.care_worker.service import worker_of
from backoffice.case.models import Case, CaseSource
from backoffice.case.municipalities import municipality_names
from backoffice.case.needs import Need
from backoffice.case.service import NewCase, open_case
from backoffice.client.schemas import CareWorkIntake, CaseType, Phase
from backoffice.conversation.words import clean_name
from backoffice.home_owner.registering import new_person
from backoffice.person.models import Person
from backoffice.person.standing import ids_of_person
from backoffice.staff.models import Staff
from translations.languages import LANGUAGES


@dataclass(frozen=True)
class Newcomer:
    """Who came to the desk; the rest is asked in the interview."""

    name: str
    phone: str
    language: str
    municipality: str


def read_newcomer(
    name: str, phone: str, language: str, municipality: str, *, person_wanted: bool
) -> Newcomer:
    """Return who came, from what was typed.

    Raises:
        PartRefused: no name, no telephone, a language or a town that we do not know.
    """
    known, number = clean_name(name), clean_name(phone)
    wrong: dict[str, str] = {}
    if person_wanted and not known:
        wrong["name"] = "care_workers.wrong.name"
    if person_wanted and not 6 <= sum(letter.isdigit() for letter in number or "") <= 20:
        wrong["phone"] = "care_workers.wrong.phone"
    if language not in LANGUAGES:
        wrong["language"] = "care_workers.wrong.choice"
    if municipality not in municipality_names():
        wrong["municipality"] = "care_workers.wrong.towns"
    if wrong:
        raise PartRefused(wrong)
    return Newcomer(known or "", number or "", language, municipality)


def open_worker_of(session: Session, person: Person) -> Case | None:
    """Return the open case of the register that a person has already."""
    ids = ids_of_person(session, person.id)
    own = select(Case).where(
        Case.person_id.in_(ids),
        Case.type == CaseType.CARE_WORK,
        Case.phase != Phase.CLOSED,
        Case.organisation_id == person.organisation_id,
    )
    return session.scalars(own.order_by(Case.opened_at.desc()).limit(1)).one_or_none()


def register_at_desk(
    session: Session, staff: Staff, new: Newcomer, *, person: Person | None, now: datetime
) -> Case:
    """Open the case of somebody at the desk; `person` is somebody who is known already."""
    known = person or new_person(session, staff, new.name, new.phone, language=new.language, now=now)
    intake = CareWorkIntake(
        municipalities=[new.municipality],
        years_experience=0,
        skills=[],
        schedules=[],
        languages=[new.language],
    )
    opening = NewCase(
        type=CaseType.CARE_WORK,
        person=known,
        organisation_id=staff.organisation_id,
        language=new.language,
        source=CaseSource.DESK,
        intake=intake.model_dump(mode="json"),
        needs=(Need.CARE_WORK,),
        municipality=new.municipality,
    )
    case = open_case(session, opening, by=staff.id, now=now)
    worker_of(session, case, now=now)
    return case
