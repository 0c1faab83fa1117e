"""The page in the person's language and direction, whatever the others write in."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.chat_service import ChatService
from tests.browser.conftest import OpenChat
from tests.browser.person import Person
from translations.catalog import text as words
from translations.languages import LANGUAGES, SUPPORTED

pytestmark = pytest.mark.browser


def direction_of(element: Locator) -> str:
    return str(element.evaluate("(element) => getComputedStyle(element).direction"))


def test_the_first_visit_offers_every_language_in_its_own_name(open_chat: OpenChat) -> None:
    person = open_chat(None)
    expect(person.dialog.get_by_role("button")).to_have_text([LANGUAGES[code].own_name for code in SUPPORTED])


@pytest.mark.parametrize(("locale", "language"), [("uk-UA", "uk"), ("ar-EG", "ar"), ("de-DE", "it")])
def test_the_browsers_language_is_proposed_and_italian_where_it_is_not_spoken(
    open_chat: OpenChat, locale: str, language: str
) -> None:
    person = open_chat(None, locale=locale)
    chosen = person.dialog.locator("button[aria-current=true]")
    expect(chosen).to_have_text(LANGUAGES[language].own_name)
    expect(chosen).to_be_focused()


def test_the_chosen_language_is_kept_and_not_asked_for_again(open_chat: OpenChat) -> None:
    person = open_chat("uk")
    person.page.reload()
    expect(person.page.locator("html")).to_have_attribute("lang", "uk")
    expect(person.dialog).to_be_hidden()


def test_arabic_turns_the_page_and_what_is_already_written_on_it(
    service: ChatService, open_chat: OpenChat
) -> None:
    person = open_chat("it")
    person.begin("Ciao")
    service.say("Dove cerchi casa?")
    person.sees("Ciao", "Dove cerchi casa?")
    person.change_language("ar")
    expect(person.page.locator("html")).to_have_attribute("dir", "rtl")
    expect(person.field).to_have_attribute("placeholder", words("web.write_here", "ar"))
    expect(person.own("Ciao")).to_contain_text(words("web.state_sent", "ar"))
    expect(person.own("Ciao")).to_contain_text(words("web.from_citizen", "ar"))
    assert service.conversation.language == "ar"


def test_each_message_has_the_direction_of_its_own_language(
    service: ChatService, open_chat: OpenChat
) -> None:
    person = open_chat("ar")
    person.begin("مرحبا")
    person.write("Ciao, come stai?")
    expect(person.own("Ciao, come stai?").locator(".tick.sent")).to_be_visible()
    service.say("Dove cerchi casa?", language="it")
    service.say("Questura: أين تبحث عن سكن؟", "Crema", language="ar")
    expect(person.bubbles).to_have_count(4)
    directions = [direction_of(bubble) for bubble in person.bubbles.all()]
    assert directions == ["rtl", "ltr", "ltr", "rtl"]
    assert direction_of(person.field) == "rtl"
    person.field.fill("Crema")
    assert direction_of(person.field) == "ltr"


def test_the_page_follows_the_language_of_the_conversation(service: ChatService, open_chat: OpenChat) -> None:
    person = open_chat("it")
    person.begin("Добрий день")
    service.change(language="uk")
    expect(person.page.locator("#language-chip")).to_have_text("Українська")
    expect(person.page.locator("#quick-exit")).to_have_text(words("web.quick_exit", "uk"))


def test_a_language_chosen_without_connection_is_told_when_it_is_back(
    service: ChatService, open_chat: OpenChat
) -> None:
    person = open_chat("it")
    person.begin("Ciao")
    service.stop()
    person.is_told("offline")
    person.page.locator("#language-chip").click()
    person.dialog.locator("button[lang=uk]").click()
    service.start()
    person.language = "uk"
    expect(person.status).to_be_empty(timeout=20_000)
    service.say("Готово", language="uk")
    expect(person.bubbles.last).to_have_text("Готово")
    expect(person.page.locator("html")).to_have_attribute("lang", "uk")
    assert service.conversation.language == "uk"


def test_the_first_answer_is_already_in_the_chosen_language(
    service: ChatService, open_chat: OpenChat
) -> None:
    person = open_chat("ar", locale="it-IT")
    person.begin("Crema")
    assert service.conversation.language == "ar"


def test_the_translation_of_a_message_shows_its_original_when_asked(
    service: ChatService, person: Person
) -> None:
    person.begin("Ciao")
    service.say_translated("Buongiorno", original="مرحبا", language="ar")
    expect(person.page.get_by_text("مرحبا")).to_be_hidden()
    person.page.get_by_text(person.says("show_original")).click()
    original = person.page.get_by_text("مرحبا")
    expect(original).to_be_visible()
    assert direction_of(original) == "rtl"


def test_without_scripts_the_page_says_in_every_language_how_to_reach_us(open_chat: OpenChat) -> None:
    person = open_chat(None, java_script_enabled=False)
    shown = person.page.locator("body").inner_text()
    for code in SUPPORTED:
        assert words("web.noscript", code) in shown
    expect(person.field).to_be_hidden()
