"""Three hundred hostile texts, from the citizen to the mediator's page and from the mediator to the chat."""

from __future__ import annotations

import json
import unicodedata
import uuid
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from playwright.sync_api import Page, expect

from backoffice.app import create_app
from backoffice.client.client import BackofficeClient
from tests.backoffice.databases import SERVICE_TOKEN
from tests.backoffice.pages.office import StaffOffice
from tests.backoffice.pages.test_in_chromium import Open, open_thread
from tests.backoffice.pages.test_in_chromium import chromium as chromium
from tests.backoffice.pages.test_in_chromium import office as office
from tests.backoffice.pages.test_in_chromium import open_as as open_as
from tests.browser.chat_service import ChatService
from tests.hostile_texts import hostile_texts

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

A_PAGE = 100
TEXTS = hostile_texts()
BATCHES = [TEXTS[start : start + A_PAGE] for start in range(0, len(TEXTS), A_PAGE)]
MADE = (
    "script, img, svg, iframe, form, style, base, meta, link, input, a[href^='javascript'], a[href^='data']"
)


class ChatBeforeTheOffice(ChatService):
    """The bot's web application before the real backoffice."""

    office_url = ""

    @classmethod
    async def _new_backoffice(cls) -> Any:
        return BackofficeClient(cls.office_url, SERVICE_TOKEN)


@pytest.fixture
def chat(office: StaffOffice) -> Iterator[ChatService]:
    ChatBeforeTheOffice.office_url = office.url
    running = ChatBeforeTheOffice()
    yield running
    running.close()


@pytest.fixture
def app(settings: Any, clock: Any) -> Iterator[FastAPI]:
    application = create_app(
        settings.model_copy(update={"messages_per_minute": 10_000}), clock=clock, jobs=False
    )
    yield application
    application.state.broker.close()
    application.state.database.close()


def stored(text: str) -> str:
    """Return a text as it is kept: composed, and otherwise as it was written."""
    return unicodedata.normalize("NFC", text)


def test_there_are_three_hundred_different_ones() -> None:
    assert len(TEXTS) == len({stored(text) for text in TEXTS}) == 300
    assert sum(len(text) > 4000 for text in TEXTS) >= 6


@pytest.mark.parametrize("texts", BATCHES, ids=["first hundred", "second", "third"])
def test_hostile_texts_pass_both_ways_and_nothing_executes(
    office: StaffOffice, chat: ChatService, open_as: Open, texts: list[str]
) -> None:
    page = open_as("mediator.uk")
    harms: list[str] = []
    page.on("dialog", lambda dialog: harms.append(dialog.message))
    citizen = httpx.Client(base_url=chat.url, timeout=20)
    session = citizen.post("/chat/sessions", json={"language": "it"}).json()
    citizen.headers["Authorization"] = f"Bearer {session['token']}"
    conversation = session["conversation_id"]

    for text in texts:
        answer = citizen.post("/chat/messages", json={"id": str(uuid.uuid4()), "text": text})
        assert answer.status_code == 202, (text, answer.text)
    assert of(citizen, "citizen") == list(map(stored, texts))
    open_thread(page, office, conversation)
    assert seen(page, ".bubble-citizen .words") == list(map(stored, texts))
    assert harmless(page, "#messages")

    staff = signed_in(office, "mediator.uk")
    epoch = staff.get(f"/conversations/{conversation}").json()["epoch"]
    epoch = staff.post(f"/conversations/{conversation}/claim", json={"epoch": epoch}).json()["epoch"]
    replies = [text for text in texts if text.strip()]
    for text in replies:
        said = staff.post(f"/conversations/{conversation}/reply", json={"epoch": epoch, "text": text})
        assert said.status_code == 201, (text, said.text)
        assert said.json()["text"] == stored(text)
    assert of(citizen, "mediator") == list(map(stored, replies))
    person = page.context.browser.new_context(locale="it-IT").new_page()  # type: ignore[union-attr]
    person.on("dialog", lambda dialog: harms.append(dialog.message))
    person.on("console", lambda said: harms.append(said.text) if said.type == "error" else None)
    person.add_init_script(
        f"localStorage.setItem('sportello.session', {json.dumps(json.dumps(session))});"
        "localStorage.setItem('sportello.language', JSON.stringify('it'));"
    )
    person.goto(chat.url)
    expect(person.locator(".message.mediator .bubble")).to_have_count(len(replies), timeout=30_000)
    assert seen(person, ".message.mediator .bubble") == list(map(stored, replies))
    assert seen(person, ".message.citizen .bubble") == list(map(stored, texts))
    assert harmless(person, "#transcript")
    person.context.close()
    assert harms == []


def of(citizen: httpx.Client, author: str) -> list[str]:
    """Return the texts of one kind of author, as the API tells them."""
    found: list[str] = []
    after = 0
    while page := citizen.get("/chat/messages", params={"after": after}).json()["messages"]:
        found += [message["text"] for message in page if message["from"] == author]
        after = page[-1]["seq"]
    return found


def seen(page: Page, selector: str) -> list[str]:
    """Return what stands in these elements, letter for letter."""
    texts: list[str] = page.locator(selector).evaluate_all("(all) => all.map((one) => one.textContent)")
    return texts


def harmless(page: Page, selector: str) -> bool:
    """Tell that nothing was made of the texts but text, and that nothing ran."""
    expect(page.locator(selector).locator(MADE)).to_have_count(0)
    return page.evaluate("window.attacked") is None


def signed_in(office: StaffOffice, account: str) -> httpx.Client:
    """Return somebody with the API."""
    staff = httpx.Client(base_url=f"{office.url}/api/v1", timeout=20)
    form = {"username": f"{account}@demo.sportello", "password": "sportello-demo"}
    token = staff.post("/auth/token", data=form).json()["access_token"]
    staff.headers["Authorization"] = f"Bearer {token}"
    return staff
