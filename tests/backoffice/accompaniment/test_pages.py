from __future__ import annotations

import re
from datetime import date

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.accompaniment.checklist import Milestone
from backoffice.accompaniment.queries import tenancy_of
from backoffice.accompaniment.service import record_day
from backoffice.audit.models import AuditEntry
from backoffice.case.models import Case
from backoffice.client.schemas import CaseType
from backoffice.housing_need.models import HousingNeed, SearchState
from backoffice.staff.roles import Role
from tests.backoffice.accompaniment.households import TODAY, Household, agreed, signed
from tests.backoffice.case.cases import create_case
from tests.backoffice.databases import FrozenClock
from tests.backoffice.document.documents import create_document
from tests.backoffice.factories import NOW, create_staff, sign_in
from tests.backoffice.homes import create_household

PAGE = {"accept": "text/html"}


@pytest.fixture
def backend() -> str:
    return "sqlite"


def enter(session: Session, home: Household) -> dict[str, str]:
    headers = sign_in(session, home.desk)
    session.commit()
    return {**headers, **PAGE}


def reader(session: Session) -> dict[str, str]:
    headers = sign_in(session, create_staff(session, roles=frozenset({Role.CASEWORKER})))
    session.commit()
    return {**headers, **PAGE}


def needs(**changed: object) -> dict[str, object]:
    return {"municipalities": ["Crema"], "budget_eur_month": "700", "people": "5", "minors": "3", **changed}


async def test_the_desk_goes_through_the_checklist_to_registered(
    http: httpx.AsyncClient, session: Session
) -> None:
    home = agreed(session)
    document = create_document(session, home.case, home.desk)
    me, root = enter(session, home), f"/cases/{home.case.id}/accompaniment"
    page = (await http.get(root, headers=me)).text
    assert page.count('id="step-') == 33
    facts = {
        "contract_type": "free",
        "flat_tax": "no",
        "rent_eur_month": "550",
        "deposit_eur": "1100",
        "starts_on": "2026-12-10",
    }
    assert (await http.post(f"{root}/tenancy", data=facts, headers=me)).status_code == 303
    early = await http.post(f"{root}/days", data={"milestone": "signed", "on": "2026-12-02"}, headers=me)
    assert early.status_code == 409
    assert "sono aperti i passi 11, 13, 14" in early.text
    for code in ("owner_title", "contract_explained", "money_written"):
        done = {"state": "done", "document": document.id, "note": "visto"}
        assert (await http.post(f"{root}/steps/{code}", data=done, headers=me)).status_code == 303
    for day in ("signed", "keys", "hospitality", "registered"):
        made = await http.post(f"{root}/days", data={"milestone": day, "on": "2026-12-02"}, headers=me)
        assert made.status_code == 303, made.text
    session.expire_all()
    assert session.get_one(HousingNeed, home.case.id).state is SearchState.KEYS_GIVEN
    session.commit()
    shown = (await http.get(root, headers=me)).text
    assert f"/cases/{home.case.id}/documents/{document.id}" in shown
    audit = select(AuditEntry.action).where(AuditEntry.subject_id == home.case.id)
    assert {"case.accompaniment.read", "case.tenancy_changed"} <= set(session.scalars(audit))


async def test_a_deposit_beyond_the_law_says_so_and_nothing_typed_is_lost(
    http: httpx.AsyncClient, session: Session
) -> None:
    home = agreed(session)
    me = enter(session, home)
    typed = {
        "rent_eur_month": "550",
        "deposit_eur": "5000",
        "note": "il figlio studia",
        "starts_on": "2026-12-20",
    }
    root = f"/cases/{home.case.id}/accompaniment"
    page = await http.post(f"{root}/tenancy", data=typed, headers=me)
    assert page.status_code == 422
    assert "al massimo 1650 euro" in page.text
    for value in ('value="5000"', "il figlio studia", 'value="2026-12-20"'):
        assert value in page.text
    session.expire_all()
    assert tenancy_of(session, home.match.id) is None


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("rent_eur_month", "cinquecento", "da 1 a 20000"),
        ("rent_eur_month", "0", "da 1 a 20000"),
        ("deposit_eur", "-3", "da 0 a 60000"),
        ("starts_on", "32.13.2026", "un giorno che si possa leggere"),
        ("starts_on", "2099-01-01", "più di due anni"),
    ],
)
async def test_what_no_contract_has_gets_its_sentence(
    http: httpx.AsyncClient, session: Session, field: str, value: str, sentence: str
) -> None:
    home = agreed(session)
    me, root = enter(session, home), f"/cases/{home.case.id}/accompaniment"
    page = await http.post(f"{root}/tenancy", data={field: value}, headers=me)
    assert page.status_code == 422
    assert sentence in page.text
    assert f'value="{value}"' in page.text


async def test_the_search_moves_by_button_but_signed_only_by_the_contract(
    http: httpx.AsyncClient, session: Session
) -> None:
    home = agreed(session)
    me, root = enter(session, home), f"/cases/{home.case.id}/search"
    fragment = (await http.get(root, headers=me)).text
    assert 'value="contract_drafted"' in fragment
    moved = await http.post(f"{root}/move", data={"to": "contract_drafted"}, headers=me)
    assert moved.status_code == 303
    fragment = (await http.get(root, headers=me)).text
    assert 'value="signed"' not in fragment
    assert f"/cases/{home.case.id}/accompaniment#days" in fragment
    by_hand = await http.post(f"{root}/move", data={"to": "signed"}, headers=me)
    assert by_hand.status_code == 409
    case_page = (await http.get(f"/cases/{home.case.id}", headers=me)).text
    assert f'data-live="/cases/{home.case.id}/search"' in case_page


async def test_answers_are_changed_and_wrong_ones_come_back_as_they_were_typed(
    http: httpx.AsyncClient, session: Session
) -> None:
    case = create_household(session)
    me, root = reader(session), f"/cases/{case.id}/search/needs"
    wrong = needs(
        budget_eur_month="0",
        people="40",
        minors="7",
        move_in_from="2020-01-01",
        needs="piano terra, per favore",
    )
    page = await http.post(root, data=wrong, headers=me)
    assert page.status_code == 422
    for shown in ('value="0"', 'value="40"', 'value="2020-01-01"', "piano terra, per favore"):
        assert shown in page.text
    assert "Un numero di persone da 1 a 30." in page.text
    assert "da 1 a 20000 al mese" in page.text
    past = await http.post(root, data=needs(move_in_from="2020-01-01"), headers=me)
    assert "Questo giorno è già passato." in past.text
    minors = await http.post(root, data=needs(minors="5"), headers=me)
    assert "più piccolo di quello delle persone" in minors.text
    away = await http.post(root, data=needs(municipalities=["Milano"]), headers=me)
    assert "Ambito cremasco" in away.text
    assert re.search(r'value="Milano" checked', away.text)
    fine = needs(near=["bus", "school"], step_free="yes", budget_eur_month="650")
    assert (await http.post(root, data=fine, headers=me)).status_code == 303
    session.expire_all()
    intake = session.get_one(Case, case.id).intake
    assert (intake["budget_eur_month"], intake["near"], intake["step_free"]) == (650, ["bus", "school"], True)


async def test_what_is_due_stands_on_the_first_page_and_on_the_case(
    http: httpx.AsyncClient, session: Session, clock: FrozenClock
) -> None:
    home = signed(session)
    me = enter(session, home)
    assert "step-hospitality_notice" not in (await http.get("/", headers=me)).text
    clock.advance(days=4)
    me = {**sign_in(session, home.desk, now=clock()), **PAGE}
    session.commit()
    assert "Entro il 12.12.2026" in (await http.get("/", headers=me)).text
    clock.advance(days=8)
    me = {**sign_in(session, home.desk, now=clock()), **PAGE}
    session.commit()
    assert "era da fare entro il 12.12.2026" in (await http.get("/", headers=me)).text
    fragment = (await http.get(f"/cases/{home.case.id}/search", headers=me)).text
    assert "era da fare entro il 12.12.2026" in fragment


async def test_a_case_that_is_no_search_and_staff_of_other_desks_get_nothing(
    http: httpx.AsyncClient, session: Session
) -> None:
    home = agreed(session)
    other = create_case(session, type=CaseType.CARE_WORK)
    me = enter(session, home)
    care = sign_in(session, create_staff(session, roles=frozenset({Role.CARE_DESK})))
    session.commit()
    assert (await http.get(f"/cases/{other.id}/accompaniment", headers=reader(session))).status_code == 404
    for path in ("accompaniment", "search", "search/needs", "accompaniment/papers/summary"):
        assert (await http.get(f"/cases/{home.case.id}/{path}", headers=care)).status_code == 404
    assert (await http.get("/housing-figures", headers=care)).status_code == 404
    unknown = await http.post(
        f"/cases/{home.case.id}/accompaniment/steps/nothing", data={"state": "done"}, headers=me
    )
    assert unknown.status_code == 404


async def test_a_contract_that_does_not_come_about_is_told_with_its_reason(
    http: httpx.AsyncClient, session: Session
) -> None:
    home = signed(session)
    me, root = enter(session, home), f"/cases/{home.case.id}/accompaniment"
    half = await http.post(f"{root}/end", data={"side": "owner", "reason": "too_dear"}, headers=me)
    assert half.status_code == 422
    over = await http.post(f"{root}/end", data={"side": "owner", "reason": "other"}, headers=me)
    assert over.status_code == 303
    page = (await http.get(root, headers=me)).text
    assert f"Casa di prima: {home.listing.code}" in page


async def test_the_calculator_shows_sums_sources_and_what_is_not_known(
    http: httpx.AsyncClient, session: Session
) -> None:
    me = reader(session)
    typed = {"rent": "550", "expenses": "60", "deposit": "1100", "income": "1700"}
    page = (await http.get("/housing-figures", params=typed, headers=me)).text
    for shown in (
        "1.792,00 €",
        "L. 392/1978, art. 11",
        "35,9 %",
        "Non trovato, da chiedere",
        "non è stata verificata",
    ):
        assert shown in page
    wrong = await http.get("/housing-figures", params={"rent": "niente", "income": "1700"}, headers=me)
    assert (wrong.status_code, 'value="niente"' in wrong.text) == (422, True)


async def test_the_api_has_the_same(http: httpx.AsyncClient, session: Session) -> None:
    home = agreed(session)
    me, root = enter(session, home), f"/api/v1/cases/{home.case.id}"
    state = (await http.get(f"{root}/search", headers=me)).json()
    assert (state["state"], state["moves"][0]) == ("offer", "contract_drafted")
    changed = await http.patch(f"{root}/search/needs", json={"answers": {"people": 6}}, headers=me)
    assert changed.json()["answers"]["people"] == 6
    wrong = await http.patch(f"{root}/search/needs", json={"answers": {"people": 0, "stars": 5}}, headers=me)
    assert wrong.status_code == 422
    assert {each["field"] for each in wrong.json()["errors"]} == {"people", "stars"}
    facts = {"contract_type": "free", "rent_eur_month": 550, "deposit_eur": 9999, "starts_on": "2026-12-10"}
    high = await http.put(f"{root}/accompaniment/tenancy", json=facts, headers=me)
    assert high.json()["errors"][0]["field"] == "deposit_eur"
    facts["deposit_eur"] = 1650
    assert (await http.put(f"{root}/accompaniment/tenancy", json=facts, headers=me)).status_code == 200
    early = await http.put(f"{root}/accompaniment/days/signed", json={"on": "2026-12-02"}, headers=me)
    assert [each["field"] for each in early.json()["errors"]] == [
        "owner_title",
        "contract_explained",
        "money_written",
    ]
    for code in ("owner_title", "contract_explained", "money_written"):
        await http.put(f"{root}/accompaniment/steps/{code}", json={"state": "done"}, headers=me)
    made = await http.put(f"{root}/accompaniment/days/signed", json={"on": "2026-12-02"}, headers=me)
    assert made.json()["signed_on"] == "2026-12-02"
    whole = (await http.get(f"{root}/accompaniment", headers=me)).json()
    assert (whole["homes"][0]["register_by"], whole["homes"][0]["before_signing"]) == ("2027-01-01", [])
    ended = await http.post(
        f"{root}/accompaniment/end", json={"side": "seeker", "reason": "other"}, headers=me
    )
    assert ended.json()["homes"][0]["state"] == "refused"
    figures = (await http.get("/api/v1/housing-figures", headers=me)).json()["items"]
    assert {"deposit_months", "agreement_in_crema"} <= {each["code"] for each in figures}
    costs = (await http.get("/api/v1/housing-figures/costs?rent_eur_month=550", headers=me)).json()
    assert costs["deposit_limit_eur"] == "1650.00"


async def test_the_day_of_the_keys_may_be_corrected_on_the_page(
    http: httpx.AsyncClient, session: Session
) -> None:
    home = signed(session)
    record_day(session, home.case, Milestone.KEYS, TODAY, by=home.desk.id, now=NOW)
    me, root = enter(session, home), f"/cases/{home.case.id}/accompaniment"
    await http.post(f"{root}/days", data={"milestone": "keys", "on": "2026-12-01"}, headers=me)
    session.expire_all()
    tenancy = tenancy_of(session, home.match.id)
    assert tenancy is not None
    assert tenancy.keys_on == date(2026, 12, 1)
