"""What a finished form becomes: person, consent, case and the link to the conversation, all or nothing."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from backoffice.audit.service import SERVICE
from backoffice.care_request.service import lawful, request_of
from backoffice.care_request.wishes import clear_wishes
from backoffice.care_training.errors import AlreadyEnrolled
from backoffice.care_training.models import CourseKind
from backoffice.care_training.seats import wait_for
from backoffice.care_worker.registering import open_worker_of
from backoffice.care_worker.service import worker_of
from backoffice.case.models import Case, CaseSource
from backoffice.case.needs import Need, parse_need
from backoffice.case.queries import cases_of_person
from backoffice.case.service import NewCase, open_case
from backoffice.client.schemas import (
    CareRequestIntake,
    CareWorkIntake,
    CaseType,
    FurtherAnswers,
    HousingIntake,
    HousingOfferIntake,
    IntakeRequest,
    ReceptionRequest,
)
from backoffice.consent.service import record_given
from backoffice.conversation.models import Conversation
from backoffice.conversation.queries import lock_conversation, read_conversation
from backoffice.conversation.words import clean_name
from backoffice.form_course.service import form_sent
from backoffice.home_offer.photos import take_pictures_since
from backoffice.home_offer.service import take_offer
from backoffice.housing_need.service import need_of
from backoffice.intake.care import keep_care, registered_before, tell_more
from backoffice.intake.errors import IntakeIncomplete
from backoffice.person.models import Person
from backoffice.question.answers import keep_what_fits
from backoffice.question.queries import front_door_set

_NEEDS = {
    CaseType.HOUSING: Need.RENT,
    CaseType.CARE_WORK: Need.CARE_WORK,
    CaseType.HOUSING_OFFER: Need.RENT,
    CaseType.CARE_REQUEST: Need.CARE_WORK,
}


def submit_intake(session: Session, request: IntakeRequest, *, now: datetime) -> Case:
    """Write a finished form down: a search for a home, the register of family assistants, a home offered.

    Who is in the register already tells more: their answers come to the case that is there.

    Raises:
        ConversationNotFound: there is no such conversation.
        IntakeIncomplete: not exactly one form was sent.
    """
    case_type, intake = _form(request)
    conversation = lock_conversation(session, request.conversation_id)
    person = _person_of(session, conversation, request.person_name, request.person_phone, now=now)
    record_given(
        session,
        request.consent,
        person_id=person.id,
        conversation_id=conversation.id,
        by=SERVICE,
        now=now,
    )
    form_sent(session, conversation.id, case_type, now=now)
    before = registered_before(session, conversation, person) if request.care_work is not None else None
    if before is not None:
        tell_more(session, before, intake, now=now)
        keep_care(session, conversation, before, request, now=now)
        return before
    towns = intake["municipalities"] if "municipalities" in intake else [intake["municipality"]]
    case = _open(
        session,
        conversation,
        person,
        type=case_type,
        intake=intake,
        needs=(_NEEDS[case_type],),
        municipality=towns[0] if towns else None,
        now=now,
    )
    _begin(session, case, now=now)
    if request.housing_offer is not None:
        _keep_home(session, conversation, case, person, request, now=now)
    keep_care(session, conversation, case, request, now=now)
    if request.further is not None:
        _keep_further(session, case, request.further, now=now)
    return case


def submit_reception(session: Session, request: ReceptionRequest, *, now: datetime) -> Case:
    """Open a case of type `reception` for a need that has no form.

    Raises:
        ConversationNotFound: there is no such conversation.
    """
    conversation = lock_conversation(session, request.conversation_id)
    person = _person_of(session, conversation, None, None, now=now)
    if request.wants_course and (worker := open_worker_of(session, person)) is not None:
        with suppress(AlreadyEnrolled):
            wait_for(session, worker, CourseKind.BASE_160_HOURS, by=SERVICE, now=now)
        return worker
    return _open(
        session,
        conversation,
        person,
        type=CaseType.RECEPTION,
        intake={"note": request.note} if request.note else {},
        needs=(parse_need(request.need),),
        municipality=None,
        now=now,
    )


def own_cases(session: Session, conversation_id: str) -> list[Case]:
    """Return the cases of the person of a conversation, newest first.

    Raises:
        ConversationNotFound: there is no such conversation.
    """
    conversation = read_conversation(session, conversation_id)
    return list(cases_of_person(session, conversation.person_id)) if conversation.person_id else []


def _begin(session: Session, case: Case, *, now: datetime) -> None:
    """Begin what the desk of a case carries on: a search, an entry in the register, a family's request."""
    if case.type is CaseType.HOUSING:
        need_of(session, case, now=now)
    elif case.type is CaseType.CARE_WORK:
        worker_of(session, case, now=now)
    elif case.type is CaseType.CARE_REQUEST:
        request_of(session, case, now=now)
        clear_wishes(session, case, by=SERVICE, now=now)


def _form(request: IntakeRequest) -> tuple[CaseType, dict[str, Any]]:
    forms: dict[CaseType, HousingIntake | CareWorkIntake | HousingOfferIntake | CareRequestIntake | None] = {
        CaseType.HOUSING: request.housing,
        CaseType.CARE_WORK: request.care_work,
        CaseType.HOUSING_OFFER: request.housing_offer,
        CaseType.CARE_REQUEST: request.care_request and lawful(request.care_request),
    }
    sent = [(case_type, form) for case_type, form in forms.items() if form is not None]
    if len(sent) != 1:
        raise IntakeIncomplete
    case_type, form = sent[0]
    if isinstance(form, HousingOfferIntake) and (form.municipality is None or form.rooms is None):
        raise IntakeIncomplete
    return case_type, form.model_dump(mode="json")


def _keep_home(
    session: Session,
    conversation: Conversation,
    case: Case,
    person: Person,
    request: IntakeRequest,
    *,
    now: datetime,
) -> None:
    if request.housing_offer is None:
        return
    home = take_offer(session, case, person, request.housing_offer, request.wishes, now=now)
    if request.began_at is not None:
        take_pictures_since(session, conversation, home, request.began_at, now=now)


def _keep_further(session: Session, case: Case, further: FurtherAnswers, *, now: datetime) -> None:
    """Keep the answers under the version that was asked, also when it was replaced meanwhile."""
    found = front_door_set(session, case.type, further.set_id)
    if found is not None:
        keep_what_fits(session, case_id=case.id, found=found, answers=further.answers, by=SERVICE, now=now)


def _person_of(
    session: Session, conversation: Conversation, name: str | None, phone: str | None, *, now: datetime
) -> Person:
    person = session.get(Person, conversation.person_id) if conversation.person_id else None
    if person is None:
        person = Person(organisation_id=conversation.organisation_id, languages=[], created_at=now)
        session.add(person)
    person.name = clean_name(name or "") or person.name
    person.phone = clean_name(phone or "") or person.phone
    others = [code for code in person.languages or [] if code != conversation.language]
    person.languages = [conversation.language, *others]
    session.flush()
    conversation.person_id = person.id
    return person


def _open(
    session: Session,
    conversation: Conversation,
    person: Person,
    *,
    type: CaseType,
    intake: dict[str, Any],
    needs: tuple[Need, ...],
    municipality: str | None,
    now: datetime,
) -> Case:
    new = NewCase(
        type=type,
        person=person,
        organisation_id=conversation.organisation_id,
        language=conversation.language,
        source=CaseSource(conversation.channel.value),
        intake=intake,
        needs=needs,
        municipality=municipality,
        conversation_id=conversation.id,
    )
    return open_case(session, new, by=SERVICE, now=now)
