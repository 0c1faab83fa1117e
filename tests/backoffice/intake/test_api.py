from __future__ import annotations

from typing import Any

import httpx
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backoffice.case.models import Case
from backoffice.client.client import BackofficeClient
from backoffice.client.errors import Conflict, InvalidRequest, NotFound
from backoffice.client.schemas import (
    CareWorkIntake,
    CaseType,
    Channel,
    ConsentGiven,
    HousingIntake,
    IntakeRequest,
    ReceptionRequest,
)
from backoffice.consent.models import Consent
from backoffice.conversation.models import Conversation
from backoffice.person.models import Person
from backoffice.staff.roles import Role
from tests.backoffice.factories import create_conversation, create_staff, sign_in

HOUSING = HousingIntake(municipalities=["Crema"], budget_eur_month=600, people=4, rooms=2)
CARE = CareWorkIntake(municipalities=[], years_experience=5, skills=["dementia"], schedules=["live_in"])
CONSENT = ConsentGiven(purpose="case", text_version="1", text="Я погоджуюся", language="uk")


@pytest.fixture
def conversation(session: Session) -> Conversation:
    made = create_conversation(session, channel=Channel.TELEGRAM, language="uk")
    session.commit()
    return made


def form(conversation: Conversation, **changes: Any) -> IntakeRequest:
    values: dict[str, Any] = {
        "conversation_id": conversation.id,
        "turn_id": "turn-1",
        "person_name": "Олена",
        "person_phone": "+393330000001",
        "housing": HOUSING,
        "consent": CONSENT,
    }
    return IntakeRequest(**{**values, **changes})


async def test_a_finished_form_becomes_person_consent_and_case(
    client: BackofficeClient, session: Session, conversation: Conversation
) -> None:
    registered = await client.submit_intake(form(conversation), idempotency_key="turn-1:submit")
    case = session.get_one(Case, registered.id)
    assert (registered.type, registered.number) == (CaseType.HOUSING, case.number)
    assert case.intake["municipalities"] == ["Crema"]
    assert (case.intake["people"], case.intake["rooms"], case.intake["budget_eur_month"]) == (4, 2, 600)
    assert (case.source, case.language, case.municipality, case.needs) == (
        "telegram",
        "uk",
        "Crema",
        ["rent"],
    )
    session.refresh(conversation)
    assert case.conversation_id == conversation.id
    assert case.person_id == conversation.person_id
    person = session.get_one(Person, case.person_id)
    assert (person.name, person.phone, person.languages) == ("Олена", "+393330000001", ["uk"])
    consent = session.scalars(select(Consent)).one()
    assert (consent.person_id, consent.text, consent.language) == (person.id, "Я погоджуюся", "uk")


async def test_the_same_key_again_makes_no_second_case(
    client: BackofficeClient, session: Session, conversation: Conversation
) -> None:
    first = await client.submit_intake(form(conversation), idempotency_key="turn-1:submit")
    assert await client.submit_intake(form(conversation), idempotency_key="turn-1:submit") == first
    for table in (Case, Consent, Person):
        assert session.scalar(select(func.count()).select_from(table)) == 1


async def test_the_same_key_with_other_answers_is_refused(
    client: BackofficeClient, conversation: Conversation
) -> None:
    await client.submit_intake(form(conversation), idempotency_key="turn-1:submit")
    with pytest.raises(Conflict):
        await client.submit_intake(form(conversation, person_name="Ірина"), idempotency_key="turn-1:submit")


async def test_a_second_form_is_a_second_case_of_the_same_person(
    client: BackofficeClient, session: Session, conversation: Conversation
) -> None:
    await client.submit_intake(form(conversation), idempotency_key="turn-1:submit")
    second = form(conversation, person_name=None, person_phone=None, housing=None, care_work=CARE)
    registered = await client.submit_intake(second, idempotency_key="turn-2:submit")
    case = session.get_one(Case, registered.id)
    assert (case.type, case.intake["skills"], case.municipality) == (CaseType.CARE_WORK, ["dementia"], None)
    assert session.scalars(select(Person.name)).all() == ["Олена"]


@pytest.mark.parametrize("forms", [{"housing": None}, {"care_work": CARE}])
async def test_exactly_one_form_belongs_into_a_submission(
    client: BackofficeClient, session: Session, conversation: Conversation, forms: dict[str, Any]
) -> None:
    with pytest.raises(InvalidRequest):
        await client.submit_intake(form(conversation, **forms), idempotency_key="turn-1:submit")
    assert session.scalar(select(func.count()).select_from(Case)) == 0


async def test_a_conversation_that_is_not_there_takes_no_form(
    client: BackofficeClient, conversation: Conversation
) -> None:
    with pytest.raises(NotFound):
        await client.submit_intake(
            form(conversation, conversation_id="nothing"), idempotency_key="turn-1:submit"
        )


async def test_a_need_without_a_form_becomes_a_reception_case(
    client: BackofficeClient, session: Session, conversation: Conversation
) -> None:
    request = ReceptionRequest(conversation_id=conversation.id, need="appointment", note="lunedì")
    registered = await client.submit_reception(request, idempotency_key="turn-3:reception")
    case = session.get_one(Case, registered.id)
    assert (case.type, case.needs, case.intake) == (CaseType.RECEPTION, ["appointment"], {"note": "lunedì"})


async def test_a_person_hears_of_their_own_cases_only(
    client: BackofficeClient, session: Session, conversation: Conversation
) -> None:
    other = create_conversation(session)
    session.commit()
    registered = await client.submit_intake(form(conversation), idempotency_key="turn-1:submit")
    own = await client.read_own_cases(conversation.id)
    assert [(case.number, case.phase) for case in own.cases] == [(registered.number, registered.phase)]
    assert (await client.read_own_cases(other.id)).cases == []


async def test_an_earlier_case_is_found_by_the_name_that_came_later(
    client: BackofficeClient, http: httpx.AsyncClient, session: Session, conversation: Conversation
) -> None:
    await client.submit_reception(
        ReceptionRequest(conversation_id=conversation.id, need="other"), idempotency_key="a"
    )
    await client.submit_intake(form(conversation), idempotency_key="b")
    headers = sign_in(session, create_staff(session, roles=frozenset({Role.COORDINATOR})))
    session.commit()
    found = await http.get("/api/v1/cases", params={"q": "олена"}, headers=headers)
    assert len(found.json()["items"]) == 2


async def test_the_ledger_shows_the_words_to_those_who_may_see_the_person(
    client: BackofficeClient, http: httpx.AsyncClient, session: Session, conversation: Conversation
) -> None:
    await client.submit_intake(form(conversation), idempotency_key="b")
    headers = sign_in(session, create_staff(session, roles=frozenset({Role.HOUSING_DESK})))
    stranger = sign_in(session, create_staff(session, roles=frozenset({Role.CARE_DESK})))
    session.commit()
    rows = (await http.get("/api/v1/consents", headers=headers)).json()["items"]
    assert [(row["text"], row["answer"]) for row in rows] == [("Я погоджуюся", "given")]
    assert (await http.get("/api/v1/consents", headers=stranger)).json()["items"] == []


async def test_only_our_own_processes_submit_forms(
    http: httpx.AsyncClient, conversation: Conversation
) -> None:
    body = form(conversation).model_dump(mode="json")
    answer = await http.post("/api/v1/service/intake", json=body, headers={"Idempotency-Key": "x"})
    assert answer.status_code == 401
