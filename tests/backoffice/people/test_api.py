from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.audit.models import AuditEntry
from backoffice.case.models import Case
from backoffice.conversation.models import Conversation
from backoffice.handoff.models import Callback, DayPart
from backoffice.home_owner.models import HomeOwner
from backoffice.home_owner.service import OwnerFacts, register_owner
from backoffice.staff.roles import Role
from tests.backoffice.case.cases import create_case, create_person
from tests.backoffice.databases import SERVICE_TOKEN, FrozenClock
from tests.backoffice.factories import NOW, create_conversation, create_staff, sign_in

SERVICE = {"Authorization": f"Bearer {SERVICE_TOKEN}"}


@dataclass
class Desk:
    http: httpx.AsyncClient
    case: Case
    person: str
    headers: dict[str, str]

    async def call(self, method: str, path: str, body: Any = None, *, status: int = 200) -> Any:
        answer = await self.http.request(method, f"/api/v1/persons/{path}", json=body, headers=self.headers)
        assert answer.status_code == status, answer.text
        return answer.json()

    async def service(self, conversation: str, path: str, body: Any = None) -> httpx.Response:
        return await self.http.post(
            f"/api/v1/service/conversations/{conversation}/{path}", json=body, headers=SERVICE
        )


@pytest.fixture
def desk(http: httpx.AsyncClient, session: Session) -> Desk:
    staff = create_staff(session, roles=frozenset({Role.CASEWORKER}))
    case = create_case(session, conversation=create_conversation(session))
    found = Desk(http, case, case.person_id, sign_in(session, staff))
    session.commit()
    return found


async def test_what_is_known_is_written_down_and_read(desk: Desk, session: Session) -> None:
    details = {
        "given_name": "Олена",
        "birth_year": 1985,
        "citizenships": ["UA", "MD"],
        "contact": {"never_call": True},
        "codice_fiscale": "rssmra85t10a562s",
    }
    saved = await desk.call("PATCH", desk.person, {"version": 0, "details": details})
    assert saved["version"] == 1
    read = await desk.call("GET", desk.person)
    assert read["details"]["codice_fiscale"] == "RSSMRA85T10A562S"
    assert read["details"]["contact"]["never_call"] is True
    later = await desk.call("PATCH", desk.person, {"version": 1, "details": {"birth_year": None}})
    assert later["details"]["birth_year"] is None
    assert later["details"]["given_name"] == "Олена"
    actions = set(session.scalars(select(AuditEntry.action).where(AuditEntry.subject_id == desk.person)))
    assert {"person.read", "person.changed"} <= actions


async def test_who_was_slower_gets_both_values(desk: Desk) -> None:
    await desk.call("PATCH", desk.person, {"version": 0, "name": "Olena K."})
    told = await desk.call("PATCH", desk.person, {"version": 0, "name": "Elena K."}, status=409)
    assert told["differences"] == {"name": {"now": "Olena K.", "wanted": "Elena K."}}
    assert told["version"] == 1


@pytest.mark.parametrize(
    "details",
    [
        {"codice_fiscale": "RSSMRA85T10A562T"},
        {"citizenships": ["XX"]},
        {"born_on": "1985-01-01", "birth_year": 1986},
        {"vulnerability": "x"},
    ],
)
async def test_what_does_not_fit_is_refused(desk: Desk, details: dict[str, Any]) -> None:
    await desk.call("PATCH", desk.person, {"version": 0, "details": details}, status=422)


async def test_what_is_restricted_opens_for_a_reason_and_closes_by_itself(
    desk: Desk, clock: FrozenClock, session: Session
) -> None:
    path = f"{desk.person}/restricted"
    await desk.call("GET", path, status=403)
    await desk.call("POST", f"{path}/open", {"reason": "safety", "words": " "}, status=422)
    await desk.call("POST", f"{path}/open", {"reason": "safety", "words": "Colloquio"}, status=201)
    written = {"version": 0, "restricted": {"violence": "segreto"}}
    await desk.call("PUT", path, written)
    assert (await desk.call("GET", path))["restricted"]["violence"] == "segreto"
    assert "segreto" not in str(await desk.call("GET", desk.person))
    other = create_staff(session, roles=frozenset({Role.CASEWORKER}))
    headers = sign_in(session, other)
    session.commit()
    assert (await desk.http.get(f"/api/v1/persons/{path}", headers=headers)).status_code == 403
    clock.advance(minutes=31)
    await desk.call("GET", path, status=403)
    actions = set(session.scalars(select(AuditEntry.action)))
    assert {"person.restricted_opened", "person.restricted_read", "person.restricted_changed"} <= actions


async def test_a_person_is_in_one_household_at_a_time(desk: Desk, session: Session) -> None:
    wife, alone = create_person(session, name="Amal"), create_person(session, name="Hiba")
    session.commit()
    members = [
        {"person": wife.id, "relation": "partner"},
        {"name": "نور", "relation": "child", "minor": True, "dependant": True},
    ]
    body = {"version": 0, "facts": {"isee_eur": 8200, "isee_on": "2026-02-01"}, "members": members}
    saved = await desk.call("PUT", f"{desk.person}/household", body)
    assert [member["relation"] for member in saved["members"]] == ["self", "partner", "child"]
    assert (await desk.call("GET", f"{wife.id}/household"))["facts"]["isee_eur"] == 8200
    again = await desk.call("PUT", f"{desk.person}/household", {**saved, "members": saved["members"]})
    assert again["version"] == 2
    stolen = {"version": 0, "members": [{"person": wife.id, "relation": "sibling"}]}
    await desk.call("PUT", f"{alone.id}/household", stolen, status=409)


async def test_duplicates_are_proposed_merged_by_hand_and_taken_apart(desk: Desk, session: Session) -> None:
    other = create_case(session, person=create_person(session, name="Olena Kovalenko", phone=None))
    twin, second = other.person_id, other.id
    session.commit()
    await desk.call("PATCH", desk.person, {"version": 0, "details": {"birth_year": 1985}})
    await desk.call("PATCH", twin, {"version": 0, "details": {"birth_year": 1985, "gender": "donna"}})
    found = await desk.call("GET", f"{desk.person}/duplicates")
    assert found["items"] == [{"person": twin, "alike": ["name_sound", "name_sound_year"]}]
    merged = await desk.call("POST", f"{desk.person}/merge", {"other": twin, "take": ["name", "gender"]})
    await desk.call("GET", twin, status=404)
    one = await desk.call("GET", desk.person)
    assert (one["name"], one["details"]["gender"]) == ("Olena Kovalenko", "donna")
    session.expire_all()
    assert session.get_one(Case, second).person_id == desk.person
    after = create_case(session, person=None)
    after.person_id = desk.person
    session.commit()
    late = {"version": one["version"], "details": {"gender": "altro"}}
    await desk.call("PATCH", desk.person, late)
    await desk.call("POST", f"{desk.person}/merges/{merged['id']}/undo")
    await desk.call("POST", f"{desk.person}/merges/{merged['id']}/undo", status=409)
    session.expire_all()
    assert session.get_one(Case, second).person_id == twin
    assert session.get_one(Case, after.id).person_id == desk.person
    session.commit()
    back = await desk.call("GET", desk.person)
    assert (back["name"], back["details"]["gender"]) == ("Олена Коваленко", "altro")


async def test_that_two_are_not_the_same_is_remembered(desk: Desk, session: Session) -> None:
    twin = create_person(session, name="Olena Kovalenko", phone=None)
    session.commit()
    for person in (desk.person, twin.id):
        await desk.call("PATCH", person, {"version": 0, "details": {"birth_year": 1985}})
    left = await desk.call("POST", f"{twin.id}/not-same", {"other": desk.person})
    assert left["items"] == []
    assert (await desk.call("GET", f"{desk.person}/duplicates"))["items"] == []


async def test_a_code_takes_a_person_into_another_chat(desk: Desk, session: Session) -> None:
    elsewhere = create_conversation(session)
    session.commit()
    asked = (await desk.call("POST", f"{desk.person}/link-codes", status=201))["code"]
    answer = await desk.service(elsewhere.id, "link", {"code": f" {asked[:4].lower()}-{asked[4:]} "})
    assert answer.json() == {"linked": True}
    session.refresh(elsewhere)
    assert elsewhere.person_id == desk.person


async def test_a_shared_telephone_goes_on_without_the_other_one_s_cases(desk: Desk, session: Session) -> None:
    shared = create_conversation(session)
    shared.person_id = desk.person
    session.commit()
    assert (await desk.service(shared.id, "somebody-else")).status_code == 204
    session.refresh(shared)
    assert shared.person_id not in (None, desk.person)
    state = await desk.http.get(f"/api/v1/service/conversations/{shared.id}", headers=SERVICE)
    assert (state.json()["person_name"], state.json()["person_phone"]) == (None, None)


async def test_who_could_contact_a_person_is_warned_first(desk: Desk, session: Session) -> None:
    contact = {"never_call": True, "no_messages": True, "hours": "9-12 <b>", "safe_word": "Girasole"}
    await desk.call("PATCH", desk.person, {"version": 0, "details": {"contact": contact}})
    conversation = session.get_one(Case, desk.case.id).conversation_id
    owner = session.get_one(Conversation, conversation)
    owner.person_id = desk.person
    session.add(Callback(conversation_id=owner.id, day_part=DayPart.ANY, asked_at=NOW, due_at=NOW))
    session.commit()
    for path in (f"/cases/{desk.case.id}", f"/conversations/{conversation}", "/callbacks"):
        page = await desk.http.get(path, headers={**desk.headers, "Accept": "text/html"})
        assert page.status_code == 200
        assert "Non telefonare mai." in page.text
        assert "9-12 &lt;b&gt;" in page.text
        assert "Girasole" not in page.text


async def test_the_pages_show_who_is_known_and_nothing_restricted(desk: Desk) -> None:
    details = {"citizenships": ["UA"], "own_script_name": "Олена <i>", "contact": {"safe_word": "Girasole"}}
    await desk.call("PATCH", desk.person, {"version": 0, "details": details})
    await desk.call("POST", f"{desk.person}/restricted/open", {"reason": "safety", "words": "x"}, status=201)
    await desk.call("PUT", f"{desk.person}/restricted", {"version": 0, "restricted": {"health": "segreto"}})
    await desk.call("PUT", f"{desk.person}/household", {"version": 0, "facts": {"isee_eur": 8200}})
    headers = {**desk.headers, "Accept": "text/html"}
    page = (await desk.http.get(f"/persons/{desk.person}", headers=headers)).text
    for words in ("Ucraina", "Олена &lt;i&gt;", "Girasole", "8.200 €", desk.case.number):
        assert words in page
    assert "segreto" not in page
    found = (await desk.http.get("/persons", params={"q": "олена"}, headers=headers)).text
    assert f"/persons/{desk.person}" in found
    nobody = (await desk.http.get("/persons", params={"q": "zzz"}, headers=headers)).text
    assert "Nessuna persona" in nobody
    assert "segreto" not in found


async def test_an_owner_of_homes_goes_along_and_two_owners_are_left_as_they_are(
    desk: Desk, session: Session
) -> None:
    twin = create_person(session, name="Olena Kovalenko", phone=None)
    owner = register_owner(session, twin, OwnerFacts(), by="service", now=NOW)
    third = create_person(session, name="Olena Kovalenko", phone=None)
    register_owner(session, third, OwnerFacts(), by="service", now=NOW)
    first, second, owner_id = twin.id, third.id, owner.id
    session.commit()
    await desk.call("POST", f"{desk.person}/merge", {"other": first, "take": []})
    session.expire_all()
    assert session.get_one(HomeOwner, owner_id).person_id == desk.person
    session.commit()
    await desk.call("POST", f"{desk.person}/merge", {"other": second, "take": []}, status=409)
