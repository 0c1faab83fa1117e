"""A link with a code that joins this chat with another one."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.chat_service import ChatService
from tests.browser.conftest import SMALLEST, OpenChat

pytestmark = pytest.mark.browser


def test_the_code_leaves_the_address_and_is_sent_only_after_a_yes(
    service: ChatService, open_chat: OpenChat
) -> None:
    person = open_chat("it", viewport=SMALLEST)
    person.page.goto(f"{service.url}/?code=AB2C-D3EF&language=it")
    expect(person.page).to_have_url(f"{service.url}/?language=it")
    expect(person.page.get_by_text("Hai aperto un collegamento con un codice")).to_be_visible()
    assert service.backoffice.conversations == {}
    person.page.get_by_role("button", name="Usa il codice").click()
    expect(person.own("AB2C-D3EF")).to_be_visible()
    expect(person.page.get_by_role("button", name="Usa il codice")).to_have_count(0)
    person.page.reload()
    expect(person.own("AB2C-D3EF")).to_have_count(1)


def test_what_is_no_code_is_taken_away_and_not_offered(service: ChatService, open_chat: OpenChat) -> None:
    person = open_chat("it")
    person.page.goto(f"{service.url}/?code=%3Cb%3Eciao")
    expect(person.page).to_have_url(f"{service.url}/")
    expect(person.page.get_by_role("button", name="Usa il codice")).to_have_count(0)
