from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.case.models import Case
from backoffice.case.queries import consents_of
from backoffice.client.schemas import ConsentGiven
from backoffice.consent.models import Consent
from backoffice.consent.service import record_given
from backoffice.household.service import household_of
from backoffice.person.details import Restricted
from backoffice.person.models import Person, PersonMerge
from backoffice.person.service import read_details, read_restricted
from backoffice.staff.models import Staff
from backoffice.staff.roles import Role
from tests.backoffice.case.cases import create_case, create_person
from tests.backoffice.databases import SERVICE_TOKEN, FrozenClock
from tests.backoffice.factories import NOW, create_conversation, create_staff, sign_in

SERVICE = {"Authorization": f"Bearer {SERVICE_TOKEN}"}


@dataclass
class Desk:
    http: httpx.AsyncClient
    session: Session
    staff: Staff
    person: Person
    headers: dict[str, str] = field(default_factory=dict)

    async def see(self, path: str, status: int = 200) -> str:
        return await self._ask("GET", path, status)

    async def post(self, path: str, data: dict[str, Any], status: int = 303) -> str:
        return await self._ask("POST", path, status, data=data)

    async def _ask(self, method: str, path: str, status: int, **how: Any) -> str:
        self.session.rollback()  # a test that has read would keep the writer out
        self.session.expire_all()
        page = await self.http.request(method, f"/persons{path}", headers=self.headers, **how)
        assert page.status_code == status, page.text
        return page.text


def shows(page: str, words: str) -> bool:
    return words in html.unescape(page)


def inputs(page: str) -> dict[str, str]:
    """Return name and value of the inputs of a page's last form."""
    form = page.rpartition("<form")[2]
    found = re.findall(r'<input [^>]*?name="(\w+)"[^>]*?value="([^"]*)"', form)
    return {name: html.unescape(value) for name, value in found}


@pytest.fixture
def desk(http: httpx.AsyncClient, session: Session) -> Desk:
    staff = create_staff(session, roles=frozenset({Role.CASEWORKER}))
    case = create_case(session, conversation=create_conversation(session))
    headers = {**sign_in(session, staff), "Accept": "text/html"}
    session.commit()
    return Desk(http, session, staff, session.get_one(Person, case.person_id), headers)


async def typed(desk: Desk, **changed: Any) -> dict[str, Any]:
    filled = inputs(await desk.see(f"/{desk.person.id}/edit"))
    return {name: filled[name] for name in ("version", "before", "name", "phone")} | changed


async def test_what_is_typed_on_the_form_is_kept(desk: Desk) -> None:
    await desk.post(
        f"/{desk.person.id}/edit",
        await typed(
            desk,
            own_script_name="Олена",
            birth_year="1985",
            citizenships=["UA", ""],
            language_code=["uk", "", "it"],
            language_level=["native", "", "little"],
            scripts=["Cyrl", "Latn"],
            needs_interpreter="no",
            contact_never_call="true",
            codice_fiscale="rss mra 85t10 a562s",
            permit_expires_on="2027-03-01",
        ),
    )
    details, version = read_details(desk.session, desk.person.id)
    assert version == 1
    assert (details.own_script_name, details.birth_year, details.citizenships) == ("Олена", 1985, ["UA"])
    assert [(each.code, each.level) for each in details.languages] == [("uk", "native"), ("it", "little")]
    assert (details.needs_interpreter, details.contact.never_call) == (False, True)
    assert details.codice_fiscale == "RSSMRA85T10A562S"
    shown = await desk.see(f"/{desk.person.id}")
    assert "01.03.2027" in shown
    assert "Non telefonare mai." in shown


async def test_a_fault_keeps_what_was_typed_and_saves_nothing(desk: Desk) -> None:
    wrong = await typed(
        desk, name="Elena", codice_fiscale="RSSMRA85T10A562T", domicile="via <Roma>", email="elena"
    )
    page = await desk.post(f"/{desk.person.id}/edit", wrong, 422)
    assert "ricontrolla ogni carattere" in page
    assert 'aria-describedby="codice_fiscale-fault"' in page
    assert 'value="RSSMRA85T10A562T"' in page
    assert inputs(page)["domicile"] == "via <Roma>"
    assert "<Roma>" not in page
    assert "chiocciola" in page
    assert desk.session.get_one(Person, desk.person.id).name != "Elena"
    two_years = await typed(desk, born_on="1985-01-01", birth_year="1986")
    assert "non coincidono" in await desk.post(f"/{desk.person.id}/edit", two_years, 422)


async def test_who_was_slower_sees_both_values_and_overwrites_only_what_they_changed(desk: Desk) -> None:
    slow = await typed(desk, domicile="via Milano 1", name="Elena K.")
    await desk.post(f"/{desk.person.id}/edit", await typed(desk, name="Olena K.", gender="donna"))
    page = await desk.post(f"/{desk.person.id}/edit", slow, 409)
    assert "Olena K." in page
    assert 'value="Elena K."' in page
    again = {**slow, **{name: inputs(page)[name] for name in ("version", "before", "gender")}}
    await desk.post(f"/{desk.person.id}/edit", again)
    details, _ = read_details(desk.session, desk.person.id)
    assert desk.session.get_one(Person, desk.person.id).name == "Elena K."
    assert (details.gender, details.domicile) == ("donna", "via Milano 1")


async def test_what_is_restricted_is_seen_for_half_an_hour_and_only_by_who_opened_it(
    desk: Desk, clock: FrozenClock
) -> None:
    path = f"/{desk.person.id}/restricted"
    assert "Apri per 30 minuti" in await desk.see(path)
    missing = await desk.post(f"{path}/open", {"reason": "safety", "words": " "}, 422)
    assert "spiegalo con parole tue" in missing
    await desk.post(f"{path}/open", {"reason": "safety", "words": "Colloquio"})
    opened = await desk.http.get(f"/persons{path}", headers=desk.headers)
    assert opened.headers["refresh"].startswith("1801; ")
    await desk.post(path, {"version": 0, "violence": "segreto"})
    assert "segreto" in await desk.see(path)
    assert "segreto" not in await desk.see(f"/{desk.person.id}")
    late = await desk.post(path, {"version": 0, "violence": "altro"}, 409)
    assert "segreto" in late
    assert "altro" in late
    other = create_staff(desk.session, roles=frozenset({Role.CASEWORKER}))
    headers = {**sign_in(desk.session, other), "Accept": "text/html"}
    desk.session.commit()
    assert "segreto" not in (await desk.http.get(f"/persons{path}", headers=headers)).text
    clock.advance(minutes=31)
    assert "segreto" not in await desk.see(path)
    over = await desk.post(path, {"version": 1, "health": "appena scritto"}, 403)
    assert "appena scritto" in over
    await desk.post(f"{path}/open", {"reason": "other", "words": "Ancora"})
    kept, _ = read_restricted(desk.session, desk.person, staff_id=desk.staff.id, now=clock())
    assert kept == Restricted(violence="segreto")


async def test_a_household_is_written_on_its_page(desk: Desk) -> None:
    wife = create_person(desk.session, name="Amal Hasan")
    create_case(desk.session, person=wife)
    desk.session.commit()
    path = f"/{desk.person.id}/household"
    assert f"add={wife.id}" in await desk.see(f"{path}?q=amal")
    assert f'value="{wife.id}" selected' in await desk.see(f"{path}?add={wife.id}")
    data = {
        "version": 0,
        "isee_eur": "8.200",
        "isee_on": "2026-02-01",
        "income_source": "work",
        "person": [desk.person.id, wife.id, "", ""],
        "name": ["", "", "نور", ""],
        "relation": ["self", "partner", "child", ""],
        "minor": ["2"],
        "dependant": ["1", "2"],
    }
    await desk.post(path, data)
    found = household_of(desk.session, desk.person.id)
    assert found is not None
    assert found.facts == {"isee_eur": 8200, "isee_on": "2026-02-01", "income_source": "work"}
    assert [(each.name, each.traits["minor"], each.traits["dependant"]) for each in found.members] == [
        (None, False, False),
        (None, False, True),
        ("نور", True, True),
    ]
    assert "نور" in await desk.see(f"/{desk.person.id}")
    late = await desk.post(path, {**data, "isee_eur": "9000"}, 409)
    assert "8200" in late
    assert 'value="9000"' in late
    nobody = await desk.post(path, {**data, "version": 1, "relation": ["self", "", "", ""]}, 422)
    assert 'value="نور"' in nobody


async def test_duplicates_are_compared_merged_and_taken_apart_on_pages(desk: Desk) -> None:
    session = desk.session
    twin = create_person(session, name="Olena Kovalenko", phone=None)
    case = create_case(session, person=twin)
    session.commit()
    first, second = desk.person.id, twin.id
    assert f"/persons/{first}/duplicates/{second}" in await desk.see("/duplicates")
    compared = await desk.see(f"/{first}/duplicates/{second}")
    assert shows(compared, "il nome suona uguale")
    assert shows(compared, "Olena Kovalenko")
    await desk.post(f"/{first}/household", household_with(first, name="Anna", version=0))
    await desk.post(f"/{second}/household", household_with(second, name="Petro", version=0))
    await desk.post(f"/{first}/duplicates/{second}/merge", {"name": "second", "phone": "first"})
    assert session.get_one(Person, first).name == "Olena Kovalenko"
    assert session.get_one(Case, case.id).person_id == first
    left = household_of(session, first)
    assert left is not None
    assert [each.name for each in left.members] == [None, "Anna"]
    listed = await desk.see("/duplicates")
    assert shows(listed, "consensi compresi")
    assert f"/persons/{first}/duplicates/{second}" not in listed
    merge = session.scalars(select(PersonMerge)).one().id
    await desk.post(f"/{first}/merges/{merge}/undo", {})
    assert session.get_one(Case, case.id).person_id == second
    again = household_of(session, second)
    assert again is not None
    assert [each.name for each in again.members] == [None, "Petro"]
    await desk.post(f"/{first}/duplicates/{second}/not-same", {})
    assert f"/persons/{first}/duplicates/{second}" not in await desk.see("/duplicates")


async def test_a_merge_leaves_the_ledger_and_the_reader_sees_all_of_it(desk: Desk) -> None:
    session = desk.session
    twin = create_person(session, name="Olena Kovalenko")
    session.flush()
    given = ConsentGiven(purpose="help", text_version="1", text="Va bene?", language="it")
    row = record_given(session, given, person_id=twin.id, conversation_id=None, by="service", now=NOW)
    consent, first, second = row.id, desk.person.id, twin.id
    session.commit()
    await desk.post(f"/{first}/duplicates/{second}/merge", {})
    assert session.get_one(Consent, consent).person_id == second
    assert [each.id for each in consents_of(session, first)] == [consent]
    session.rollback()
    listed = await desk.http.get("/api/v1/consents", params={"person": first}, headers=desk.headers)
    assert [each["id"] for each in listed.json()["items"]] == [consent]


async def test_what_is_restricted_of_a_merged_record_is_read_with_the_other(desk: Desk) -> None:
    twin = create_person(desk.session, name="Olena Kovalenko")
    desk.session.commit()
    first, second = desk.person.id, twin.id
    opening = {"reason": "safety", "words": "Colloquio"}
    await desk.post(f"/{second}/restricted/open", opening)
    await desk.post(f"/{second}/restricted", {"version": 0, "health": "segreto"})
    await desk.post(f"/{first}/duplicates/{second}/merge", {})
    assert "segreto" not in await desk.see(f"/{first}/restricted")
    await desk.post(f"/{first}/restricted/open", opening)
    assert "segreto" in await desk.see(f"/{first}/restricted")


async def test_a_household_goes_with_who_is_merged_and_comes_back(desk: Desk) -> None:
    session = desk.session
    twin = create_person(session, name="Olena Kovalenko")
    session.commit()
    first, second = desk.person.id, twin.id
    await desk.post(f"/{second}/household", household_with(second, name="Petro", version=0))
    await desk.post(f"/{first}/duplicates/{second}/merge", {})
    moved = household_of(session, first)
    assert moved is not None
    assert [(each.person_id, each.name) for each in moved.members] == [(first, None), (None, "Petro")]
    merge = session.scalars(select(PersonMerge)).one().id
    await desk.post(f"/{first}/merges/{merge}/undo", {})
    assert household_of(session, first) is None
    assert household_of(session, second) is not None


def household_with(person: str, *, name: str, version: int) -> dict[str, Any]:
    return {
        "version": version,
        "person": [person, ""],
        "name": ["", name],
        "relation": ["self", "child"],
    }


async def test_a_link_code_is_shown_once_with_words_and_an_image(desk: Desk) -> None:
    path = f"/{desk.person.id}/link-code"
    assert 'class="link-code"' not in await desk.see(path)
    page = await desk.post(path, {}, 200)
    code = re.search(r'<bdi dir="ltr">([2-9A-Z]{4})-([2-9A-Z]{4})</bdi>', page)
    assert code is not None
    assert " ".join(code[1] + code[2]) in page
    assert 'src="data:image/svg+xml' in page
    elsewhere = create_conversation(desk.session).id
    desk.session.commit()
    used = await desk.http.post(
        f"/api/v1/service/conversations/{elsewhere}/link", json={"code": code[1] + code[2]}, headers=SERVICE
    )
    assert used.json() == {"linked": True}
