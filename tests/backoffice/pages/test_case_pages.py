from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from backoffice.case.models import Case, CaseStatus
from backoffice.client.schemas import CaseType, Phase
from backoffice.staff.models import Staff
from backoffice.staff.roles import Role
from tests.backoffice.case.cases import create_case, create_person
from tests.backoffice.factories import create_staff
from tests.backoffice.pages.browser import HTML, Browser, give_password, reread

INTAKE = {
    "municipalities": ["Crema", "Pandino"],
    "budget_eur_month": 1200,
    "people": 4,
    "move_in_from": "2027-01-07",
    "employment": "fixed_term",
    "needs": "قريب من المدرسة",
}


@pytest.fixture
def case(session: Session, coordinator: Staff) -> Case:
    person = create_person(session, name="فاطمة <b>العلوي</b>")
    made = create_case(session, person=person, intake=INTAKE, language="ar")
    session.commit()
    return made


@pytest.fixture
async def signed_in(window: Browser, coordinator: Staff) -> Browser:
    await window.sign_in(coordinator)
    return window


async def test_the_case_page_shows_the_intake_in_words(signed_in: Browser, case: Case) -> None:
    html = await signed_in.read(f"/cases/{case.id}")
    for words in (
        "Ricerca casa",
        case.number,
        "Crema, Pandino",
        "1.200 €",
        "07.01.2027",
        "Contratto a termine",
    ):
        assert words in html
    assert '<bdi class="quote" lang="ar" dir="auto">قريب من المدرسة</bdi>' in html


async def test_what_people_call_themselves_is_text_and_never_markup(signed_in: Browser, case: Case) -> None:
    for path in (f"/cases/{case.id}", "/cases", "/"):
        html = await signed_in.read(path)
        assert "فاطمة &lt;b&gt;" in html
        assert "<b>العلوي" not in html


async def test_a_case_is_moved_from_its_page(signed_in: Browser, session: Session, case: Case) -> None:
    page = f"/cases/{case.id}"
    refused = await signed_in.post(f"{page}/move", page=page, to="taking_charge")
    assert refused.status_code == 409
    assert f'<a href="{page}#charge">Il consenso della persona' in refused.text
    words = {"ground": "law", "ground_words": "Minore solo"}
    await signed_in.post(f"{page}/charge", page=page, **words)
    answer = await signed_in.post(f"{page}/move", page=page, to="taking_charge")
    assert answer.headers["location"] == f"{page}?notice=case_moved"
    reread(session, case)
    assert case.phase is Phase.TAKING_CHARGE
    html = await signed_in.read(answer.headers["location"])
    assert "La pratica è passata di fase." in html
    assert "Torna a: Accoglienza" in html


async def test_a_step_that_is_refused_says_why_and_how_to_go_on(signed_in: Browser, case: Case) -> None:
    page = f"/cases/{case.id}"
    answer = await signed_in.post(f"{page}/move", page=page, to="delivery")
    assert answer.status_code == 409
    assert "Questo passaggio non è previsto dalla fase attuale." in answer.text
    assert 'href="/"' in answer.text


async def test_a_case_is_closed_with_its_reason_and_shown_so(
    signed_in: Browser, session: Session, case: Case
) -> None:
    page = f"/cases/{case.id}"
    fields = {"to": "closed", "closing_reason": "moved_away", "reason": "a Milano"}
    await signed_in.post(f"{page}/move", page=page, **fields)
    reread(session, case)
    assert case.status is CaseStatus.CLOSED
    html = await signed_in.read(page)
    assert "Chiusa: Trasferimento" in html
    assert "Trasferimento: a Milano" in html
    assert "Riapri la pratica" in html


async def test_a_case_is_assigned_noted_and_described(
    signed_in: Browser, session: Session, coordinator: Staff, case: Case
) -> None:
    page = f"/cases/{case.id}"
    await signed_in.post(f"{page}/assign", page=page, assignee=coordinator.id)
    await signed_in.post(f"{page}/notes", page=page, text="Chiamare dopo le 18", kind="shared")
    await signed_in.post(f"{page}/details", page=page, needs="rent", municipality="Soncino")
    reread(session, case)
    assert (case.assignee_id, case.needs, case.municipality) == (coordinator.id, ["rent"], "Soncino")
    html = await signed_in.read(page)
    assert "Chiamare dopo le 18" in html
    assert "Responsabile: da Nessuno a Carlo Bianchi" in html


@pytest.mark.parametrize("tail", ["move", "assign", "notes", "details"])
async def test_a_form_without_its_token_changes_nothing(signed_in: Browser, case: Case, tail: str) -> None:
    fields = {"to": "taking_charge", "text": "x"}
    answer = await signed_in.http.post(f"/cases/{case.id}/{tail}", data=fields, headers=HTML)
    assert answer.status_code == 403
    assert "Il modulo è scaduto" in answer.text


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.PLANNER, Role.CARE_DESK])
async def test_a_case_that_one_may_not_see_is_a_page_that_does_not_exist(
    window: Browser, session: Session, case: Case, role: Role
) -> None:
    staff = create_staff(session, roles=frozenset({role}))
    give_password(session, staff)
    session.commit()
    await window.sign_in(staff)
    answer = await window.get(f"/cases/{case.id}")
    assert answer.status_code == 404
    assert case.number not in answer.text


async def test_the_list_keeps_its_filters_in_the_address(
    signed_in: Browser, session: Session, case: Case
) -> None:
    other = create_case(session, type=CaseType.CARE_WORK)
    session.commit()
    html = await signed_in.read("/cases?type=care_work&phase=nonsense")
    assert other.number in html
    assert case.number not in html
    assert '<option value="care_work" selected>' in html
    assert 'data-live="/cases/list?type=care_work' in html


async def test_the_list_says_when_nothing_fits_and_when_there_is_nothing(
    signed_in: Browser, session: Session
) -> None:
    assert "Nessuna pratica con questi filtri" in await signed_in.read("/cases?q=zzz")
    assert "Le richieste concluse in chat diventano pratiche" in await signed_in.read("/cases")


async def test_a_long_list_goes_on_from_page_to_page(signed_in: Browser, session: Session) -> None:
    for _ in range(31):
        create_case(session)
    session.commit()
    first = await signed_in.read("/cases")
    after = first.split("cursor=")[1].split('"')[0]
    assert first.count('class="row-link"') == 30
    assert (await signed_in.read(f"/cases?cursor={after}")).count('class="row-link"') == 1


async def test_the_pages_speak_english_once_that_is_chosen(signed_in: Browser, case: Case) -> None:
    answer = await signed_in.post("/interface-language", page="/", language="en", back="/cases")
    assert answer.headers["location"] == "/cases"
    html = await signed_in.read(f"/cases/{case.id}")
    assert '<html lang="en"' in html
    assert "Housing search" in html
