from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backoffice.case.models import Case
from backoffice.client.schemas import CaseType, Mode
from backoffice.conversation.models import Conversation, Delivery, DeliveryState
from backoffice.office.models import Office
from backoffice.question.models import CaseAnswers
from backoffice.question.queries import front_door_set, questions_of
from backoffice.question.questions import faults_of
from backoffice.seed import seed
from backoffice.seed_district import PASSWORD
from backoffice.staff.models import Organisation, Staff
from tests.backoffice.factories import NOW
from tests.backoffice.pages.browser import Browser

ACCOUNTS = "admin coordinator caseworker mediator.ar mediator.uk housing care planner partner"
OF_MEDIATION = "hospital mediator.ur mediator.ur2"
"""Of `demo_mediation.yml`, with a body that asks for mediators."""


@pytest.fixture
def seeded(session: Session, tmp_path: Path) -> Session:
    assert seed(session, data_dir=tmp_path / "data", secret="secret key of the tests", now=NOW)
    session.commit()
    return session


def test_the_accounts_and_bodies_of_the_contract_are_there(seeded: Session) -> None:
    emails = set(seeded.scalars(select(Staff.email)))
    assert emails == {f"{name}@demo.sportello" for name in (ACCOUNTS + " " + OF_MEDIATION).split()}
    front_door = seeded.scalars(select(Organisation).where(Organisation.is_front_door)).one()
    assert front_door.name == "Comunità Sociale Cremasca"
    assert seeded.scalar(select(func.count()).select_from(Organisation)) == 4
    assert seeded.scalars(select(Office)).one().is_demo


def test_a_second_seeding_changes_nothing(seeded: Session, tmp_path: Path) -> None:
    before = seeded.scalar(select(func.count()).select_from(Case))
    assert not seed(seeded, data_dir=tmp_path, now=NOW)
    assert seeded.scalar(select(func.count()).select_from(Case)) == before


def test_further_questions_are_published_in_twelve_languages_and_the_chat_asks_none_of_them(
    seeded: Session,
) -> None:
    found = front_door_set(seeded, CaseType.HOUSING, None)
    assert found is not None
    assert faults_of(questions_of(found)) == []
    assert not any(question.in_chat for question in questions_of(found))
    assert seeded.scalar(select(func.count()).select_from(CaseAnswers)) == 2


def test_three_scripts_wait_at_once_and_nothing_is_ever_sent(seeded: Session) -> None:
    waiting = seeded.scalars(select(Conversation.language).where(Conversation.mode == Mode.WAITING)).all()
    assert {"ar", "uk", "pa"} <= set(waiting)
    states = set(seeded.scalars(select(Delivery.state)))
    assert states == {DeliveryState.SENT}


@pytest.mark.parametrize("account", ACCOUNTS.split())
async def test_every_account_signs_in_and_reads_its_pages(
    http: httpx.AsyncClient, seeded: Session, account: str
) -> None:
    staff = seeded.scalars(select(Staff).where(Staff.email == f"{account}@demo.sportello")).one()
    seeded.commit()
    browser = Browser(http)
    assert (await browser.sign_in(staff, PASSWORD)).status_code == 303
    sees_nothing = account in ("admin", "planner")
    assert ("Con il tuo ruolo non vedi" in await browser.read("/")) is sees_nothing
    cases = await browser.get("/cases")
    assert cases.status_code == (404 if sees_nothing else 200)


async def test_every_case_and_thread_of_the_demo_can_be_shown_in_both_languages(
    http: httpx.AsyncClient, seeded: Session
) -> None:
    staff = seeded.scalars(select(Staff).where(Staff.email == "coordinator@demo.sportello")).one()
    own = Case.organisation_id == staff.organisation_id
    paths = [f"/cases/{each}" for each in seeded.scalars(select(Case.id).where(own))]
    paths += [f"/conversations/{each}" for each in seeded.scalars(select(Conversation.id))]
    seeded.commit()
    browser = Browser(http)
    await browser.sign_in(staff, PASSWORD)
    for language in ("it", "en"):
        await browser.post("/interface-language", page="/", language=language)
        for path in paths:
            await browser.read(path)


async def test_the_demo_s_partner_has_a_shared_case_and_an_offer(
    window: Browser, seeded: Session, http: httpx.AsyncClient
) -> None:
    partner = seeded.scalars(select(Staff).where(Staff.email == "partner@demo.sportello")).one()
    seeded.commit()
    await window.sign_in(partner, PASSWORD)
    received = (await http.get("/api/v1/shares")).json()["items"]
    assert [each["state"] for each in received] == ["offered", "accepted"]
    shown = await window.read(f"/cases/{received[1]['case']['id']}")
    assert "Pratica di Comunità Sociale Cremasca" in shown
