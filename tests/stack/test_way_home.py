"""From "I look for a home" in Bengali to a registered contract: chat, owner's mail and desk."""

from __future__ import annotations

import email
import re
import uuid
from collections.abc import Iterator
from datetime import timedelta
from email import policy
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page
from sqlalchemy import select

from backoffice.clock import utc_now
from backoffice.database import Database
from backoffice.italy import ROME
from backoffice.settings import Settings
from backoffice.tables import load_tables
from backoffice.viewing.models import Viewing
from tests.backoffice.homes import create_listing, create_owner
from tests.browser.conftest import PHONE
from tests.browser.conftest import base_url as base_url
from tests.browser.conftest import browser_type_launch_args as browser_type_launch_args
from tests.stack.dialogue import Dialogue
from tests.stack.forms import HOUSING_END, number_in
from tests.stack.people import Message, StaffMember, WebCitizen
from tests.stack.processes import Stack, wait_for
from tests.stack.test_homes import ANSWERS
from tests.stack.test_two_bodies import PATIENCE_MS, Desk, NewContext
from translations.catalog import text

pytestmark = pytest.mark.stack

OWNER_MAIL = "rosa@example.org"
PROTECTING = ("owner_title", "contract_explained", "money_written")
"""The steps without which nothing is signed (domain, housing.md 8)."""


@pytest.fixture
def database(stack: Stack) -> Iterator[Database]:
    load_tables()
    settings = Settings(_env_file=None, data_dir=stack.data_dir)
    opened = Database(settings.url, secret=settings.secret, data_dir=settings.data_dir)
    yield opened
    opened.close()


@pytest.fixture
def home_code(database: Database) -> str:
    """A home whose owner can be written to."""
    with database.transaction() as session:
        owner = create_owner(session, email=OWNER_MAIL, contact_agreed_on=utc_now().date())
        return create_listing(session, owner=owner, rent_eur_month=500).code


@pytest.fixture
def desk(new_context: NewContext, stack: Stack) -> Desk:
    return Desk(new_context, stack, "housing")


def test_a_family_comes_from_the_chat_to_a_registered_contract(
    stack: Stack,
    database: Database,
    home_code: str,
    desk: Desk,
    caseworker: StaffMember,
    new_context: NewContext,
) -> None:
    citizen = WebCitizen(stack.bot_url, "bn")
    case = _asks_to_see(citizen, caseworker, home_code)

    desk.page.goto(f"{desk.address}/viewings?state=asked")
    desk.page.locator(f"a.row-link:has-text('{home_code}')").click()
    desk.press("Chiedi le date al proprietario")
    desk.sees("Mail inviata al proprietario.")
    owner = _owner_opens(_link_in_mail(stack.data_dir / "mail"), new_context)
    _owner_offers_a_date(owner)

    dates = _hears(citizen, text("system.button.viewing_none", "bn"))
    citizen.press(dates["buttons"][0]["label"])
    fixed = _hears(citizen, text("system.button.viewing_cannot", "bn"))
    assert "Via Inventata 12" in fixed["text"]
    _let_the_hour_come(database, case["id"])
    desk.page.reload()
    desk.page.locator("summary", has_text="Visita fatta").click()
    desk.press("Salva")
    desk.sees("Visita salvata.")

    _hears(citizen, text("system.button.viewing_want", "bn"))
    citizen.press(text("system.button.viewing_want", "bn"))
    _says(citizen, text("system.viewing_said_want", "bn", code=home_code))
    owner.reload()
    owner.get_by_role("button", name="Sì, affitto a questa famiglia").click()
    owner.get_by_text("Ha detto sì").first.wait_for()
    _says(citizen, text("system.viewing_owner_yes", "bn", code=home_code))

    _desk_makes_the_contract(desk, case["id"])
    events = caseworker.get(f"/cases/{case['id']}/events")["items"]
    kinds = {event["kind"] for event in events}
    assert {"match_changed", "viewing_changed", "checklist_changed", "tenancy_changed"} <= kinds
    assert "registered" in {event["after"] for event in events if event["kind"] == "search_moved"}


def _asks_to_see(citizen: WebCitizen, caseworker: StaffMember, home_code: str) -> Any:
    said = Dialogue(citizen, "bn", ANSWERS).play("পরিবারের জন্য একটা বাসা ভাড়া চাই", until=HOUSING_END)
    case = caseworker.case_numbered(number_in(said))
    citizen.press(text("homes.button.show", "bn"))
    wanted = text("homes.button.want", "bn")
    card = wait_for(
        "the card of the home",
        lambda: next((m for m in citizen.messages() if home_code in m["text"] and _offers(m, wanted)), None),
        context=citizen.transcript,
    )
    token = next(button["token"] for button in card["buttons"] if button["label"] == wanted)
    pressed = citizen.http.post("/chat/messages", json={"id": str(uuid.uuid4()), "button": token})
    assert pressed.status_code == 202, pressed.text
    _says(citizen, text("homes.asked", "bn", code=home_code).split("\n")[0])
    return case


def _link_in_mail(folder: Path) -> str:
    def found() -> str | None:
        for path in folder.glob("*") if folder.exists() else ():
            letter = email.message_from_bytes(path.read_bytes(), policy=policy.default)
            if letter["To"] == OWNER_MAIL:
                part = letter.get_body()
                link = re.search(r"http\S+/owner/\S+", part.get_content() if part else "")
                if link:
                    return link.group(0)
        return None

    return wait_for("the mail to the owner", found)


def _owner_opens(link: str, new_context: NewContext) -> Page:
    context = new_context(viewport=PHONE, locale="it-IT")
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.goto(link)
    page.get_by_text("Una famiglia vuole vederla").wait_for()
    return page


def _owner_offers_a_date(owner: Page) -> None:
    day = (utc_now().astimezone(ROME) + timedelta(days=2)).strftime("%Y-%m-%d")
    owner.locator("input[name=moment]").first.fill(f"{day}T10:30")
    owner.get_by_role("button", name="Invia le date").click()
    owner.get_by_text("Le date sono arrivate alla famiglia").wait_for()


def _let_the_hour_come(database: Database, case_id: str) -> None:
    """The viewing was an hour ago: nobody waits two days."""
    with database.transaction() as session:
        viewing = session.scalars(select(Viewing).where(Viewing.case_id == case_id)).one()
        viewing.starts_at = utc_now() - timedelta(hours=1)


def _desk_makes_the_contract(desk: Desk, case_id: str) -> None:
    page = desk.page
    page.goto(f"{desk.address}/cases/{case_id}/accompaniment")
    for code in PROTECTING:
        step = page.locator(f"#step-{code}")
        step.locator("summary").click()
        step.get_by_role("button", name="Salva").click()
        page.wait_for_load_state()
    contract = page.locator("#contract")
    contract.locator("select[name=contract_type]").select_option("free")
    contract.locator("input[name=deposit_eur]").fill("1000")
    contract.locator("input[name=starts_on]").fill(utc_now().astimezone(ROME).strftime("%Y-%m-%d"))
    contract.locator("button").click()
    page.wait_for_load_state()
    for milestone in ("signed", "registered"):
        row = page.locator(f"#days li:has(input[value={milestone}])")
        row.locator("summary").click()
        row.locator("button").click()
        page.wait_for_load_state()
    page.goto(f"{desk.address}/cases/{case_id}")
    desk.sees("Registrata")


def _offers(message: Message, label: str) -> bool:
    return any(button["label"] == label for button in message["buttons"])


def _hears(citizen: WebCitizen, label: str) -> Message:
    return wait_for(
        f"a message with the button {label}",
        lambda: next((m for m in reversed(citizen.messages()) if _offers(m, label)), None),
        context=citizen.transcript,
    )


def _says(citizen: WebCitizen, words: str) -> None:
    plain = words.translate(dict.fromkeys(map(ord, "\u2068\u2069")))
    wait_for(
        "what the person is told",
        lambda: any(plain in m["text"] for m in citizen.messages()) or None,
        context=citizen.transcript,
    )
