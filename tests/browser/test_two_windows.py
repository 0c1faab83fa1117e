"""A person and a mediator in two windows, with every process real."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.person import Person
from tests.stack.processes import Stack
from translations.catalog import text as words

pytestmark = [pytest.mark.browser, pytest.mark.stack]

WITHIN_MS = 20_000


class Mediator:
    """A mediator at the staff pages, in Italian."""

    def __init__(self, page: Page, address: str, account: str) -> None:
        self.page = page
        self.address = address
        page.goto(f"{address}/sign-in")
        page.get_by_label(words("backoffice.sign_in.email", "it")).fill(f"{account}@demo.sportello")
        page.get_by_label(words("backoffice.sign_in.password", "it")).fill("sportello-demo")
        page.get_by_role("button", name=words("backoffice.sign_in.submit", "it"), exact=True).click()
        expect(page).not_to_have_url(f"{address}/sign-in")

    def open_conversation_with(self, last_words: str) -> None:
        """Find the conversation in the queue by what was said last."""
        self.page.goto(f"{self.address}/conversations")
        row = self.page.locator(".row-card").filter(has_text=last_words)
        row.get_by_role("link").click()
        expect(self.message(last_words)).to_be_visible()

    def claim(self) -> None:
        self.press("backoffice.thread.claim")
        expect(self.reply_field).to_be_visible()

    def reply(self, text: str) -> None:
        self.reply_field.fill(text)
        self.press("backoffice.thread.send")
        expect(self.message(text)).to_be_visible()

    def hand_back(self, summary: str) -> None:
        self.press("backoffice.thread.hand_back")
        self.page.get_by_label(words("backoffice.thread.hand_back_summary", "it")).fill(summary)
        self.press("backoffice.thread.hand_back_confirm")
        expect(self.reply_field).to_be_hidden()

    def press(self, key: str) -> None:
        self.page.get_by_role("button", name=words(key, "it"), exact=True).click()

    @property
    def reply_field(self) -> Locator:
        return self.page.locator("#reply-text")

    def message(self, text: str) -> Locator:
        return self.page.locator("#messages .words").filter(has_text=text)


def test_a_person_and_a_mediator_talk_and_the_assistant_is_silent_until_the_hand_back(
    stack: Stack,
    new_context: Callable[..., BrowserContext],
) -> None:
    person = Person(new_context(locale="uk-UA").new_page(), stack.bot_url)
    person.page.goto(stack.bot_url)
    person.choose_language("uk")
    person.write(person.says("topic_human"))
    expect(person.status).to_have_text(person.says("mode_waiting"), timeout=WITHIN_MS)
    first = f"Мені потрібна допомога {uuid.uuid4().hex[:6]}"
    person.write(first)
    expect(person.own(first).locator(".tick.sent, .tick.delivered")).to_be_visible()

    mediator = Mediator(new_context(locale="it-IT").new_page(), stack.backoffice_url, "mediator.uk")
    mediator.open_conversation_with(first)
    mediator.claim()
    expect(person.status).to_have_text(person.says("mode_mediator"))
    assistant = person.page.locator(".message.assistant")
    said_before = assistant.count()

    mediator.reply("Добрий день, чим можу допомогти?")
    from_mediator = person.page.locator(".message.mediator .bubble")
    expect(from_mediator).to_have_text(["Добрий день, чим можу допомогти?"])
    for text in ("/restart", "/start", "Шукаю житло"):
        person.write(text)
        expect(mediator.message(text)).to_be_visible()
    mediator.reply("Зрозуміло.")
    expect(from_mediator).to_have_text(["Добрий день, чим можу допомогти?", "Зрозуміло."])
    expect(person.own("Шукаю житло").locator(".tick.delivered")).to_be_visible()
    assert assistant.count() == said_before

    mediator.hand_back("Шукає житло.")
    person.hears_nothing()
    person.write("Добрий день")
    expect(assistant).not_to_have_count(said_before, timeout=WITHIN_MS)
    person.page.reload()
    expect(from_mediator).to_have_text(["Добрий день, чим можу допомогти?", "Зрозуміло."])
    assert person.faults == []
