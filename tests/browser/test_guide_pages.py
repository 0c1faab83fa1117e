"""The guide that is read while the service does not answer, in a real browser and with its real words."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from backoffice.guide.answers import copy_guide
from backoffice.guide.words import CatalogueWords
from tests.browser.chat_service import ChatService
from tests.browser.conftest import SMALLEST, OpenChat
from tests.browser.test_accessibility import faults
from translations.catalog import text

pytestmark = pytest.mark.browser


def test_from_a_chat_that_is_not_answered_the_guide_is_read_in_ones_own_language(
    service: ChatService, open_chat: OpenChat
) -> None:
    service.guide.keep(copy_guide(words=CatalogueWords(), language="ar", now=datetime.now(UTC)))
    person = open_chat("ar", viewport=SMALLEST, bypass_csp=True)
    service.backoffice_goes()
    person.write("مرحبا")
    person.is_told("unavailable")
    with person.page.expect_popup() as opened:
        person.status.get_by_role("link", name=text("web.guide_meanwhile", "ar")).click()
    guide = opened.value

    guide.get_by_role("link", name=text("bot.button.intent_ask_asylum", "ar")).click()

    number = guide.get_by_role("link", name="800 905 570").first
    expect(number).to_have_attribute("href", "tel:800905570")
    guide.locator("summary").first.click()
    expect(guide.locator("details[open] h3").first).to_be_visible()
    assert guide.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    person.page = guide
    assert faults(person) == []
