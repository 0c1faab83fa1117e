"""For every eye, hand and ear: axe-core's rules, 320 px, keyboard, size of what is pressed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from backoffice.client.schemas import Author, Mode
from tests.browser.chat_service import ChatService
from tests.browser.conftest import SMALLEST, OpenChat
from tests.browser.person import Person

pytestmark = pytest.mark.browser

AXE = Path(__file__).parent / "vendor" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LONGEST_WORD = "precipitevolissimevolmente" * 8
TARGET_PX = 44


def faults(person: Person) -> list[str]:
    """What axe-core finds, as lines."""
    if not person.page.evaluate("Boolean(window.axe)"):
        person.page.add_script_tag(path=AXE)
    found: dict[str, Any] = person.page.evaluate(
        "(tags) => axe.run(document, { runOnly: { type: 'tag', values: tags } })", RULES
    )
    return [
        f"{violation['id']}: {node['html'][:160]} {node['failureSummary']}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


def a_full_conversation(service: ChatService, person: Person) -> None:
    """Everything that the page can show, at once."""
    language = person.language
    person.begin("Ciao")
    service.change(received_up_to=1)
    service.say("Prima domanda?", "Sì", "No", language=language)
    person.write(LONGEST_WORD)
    service.say(
        "112, 800 290 290, https://www.poliziadistato.it/articolo/39243 K7M2-9QXD-4",
        "Crema",
        LONGEST_WORD[:90],
    )
    service.say("Una persona legge.", author=Author.SYSTEM)
    service.say_translated("Buongiorno", original=LONGEST_WORD, language="ar", staff_name="Olena")
    service.change(mode=Mode.MEDIATOR)
    person.attach("x.pdf", "application/pdf", b"%PDF-")
    person.page.locator("summary").click()
    expect(person.page.locator(".file")).to_be_visible()
    expect(person.bubbles).to_have_count(7)


@pytest.mark.parametrize("language", ["it", "ar"])
def test_axe_finds_nothing(service: ChatService, open_chat: OpenChat, language: str) -> None:
    person = open_chat(None, viewport=SMALLEST, bypass_csp=True)
    assert faults(person) == []
    person.choose_language(language)
    assert faults(person) == []
    a_full_conversation(service, person)
    assert faults(person) == []
    person.page.set_viewport_size({"width": 1280, "height": 800})
    assert faults(person) == []
    service.backoffice_goes()
    person.write("Aiuto")
    person.is_told("unavailable")
    assert faults(person) == []


@pytest.mark.parametrize("language", ["it", "uk", "ar"])
def test_nothing_is_wider_than_the_smallest_phone(
    service: ChatService, open_chat: OpenChat, language: str
) -> None:
    person = open_chat(language, viewport=SMALLEST)
    assert person.overflow_px() <= 0
    a_full_conversation(service, person)
    assert person.overflow_px() <= 0
    service.backoffice_goes()
    person.write("Aiuto")
    person.is_told("unavailable")
    assert person.overflow_px() <= 0
    person.page.set_viewport_size({"width": 280, "height": 500})
    assert person.overflow_px() <= 0


@pytest.mark.parametrize("language", ["it", "en", "uk", "ar"])
def test_the_quick_exit_is_in_sight_on_the_smallest_phone(open_chat: OpenChat, language: str) -> None:
    person = open_chat(language, viewport=SMALLEST)
    for element in (person.page.locator("#quick-exit"), person.page.locator("#language-chip"), person.field):
        expect(element).to_be_in_viewport(ratio=1)


def test_everything_to_press_is_large_enough_for_a_thumb(service: ChatService, open_chat: OpenChat) -> None:
    person = open_chat("it", viewport=SMALLEST)
    a_full_conversation(service, person)
    small: list[str] = person.page.locator("button, summary, label.attach, textarea").evaluate_all(
        """(all, least) => all.filter((each) => each.checkVisibility())
          .map((each) => [each.outerHTML.slice(0, 80), each.getBoundingClientRect()])
          .filter(([, { width, height }]) => width < least || height < least).map(([html]) => html)""",
        TARGET_PX,
    )
    assert small == []


def test_a_person_with_a_keyboard_only_gets_from_the_language_to_the_exit(
    service: ChatService, open_chat: OpenChat
) -> None:
    person = open_chat(None)
    keys = person.page.keyboard
    focused = person.page.locator(":focus")
    expect(focused).to_have_text("Italiano")
    keys.press("Tab")
    expect(focused).to_have_text("English")
    keys.press("Enter")
    person.language = "en"
    expect(person.page.locator("html")).to_have_attribute("lang", "en")
    tab_to(person, "#text")
    keys.type("Hello")
    keys.press("Enter")
    expect(person.own("Hello").locator(".tick.sent")).to_be_visible()
    expect(person.field).to_be_focused()
    service.say("Where?", "Crema", "Cremona", language="en")
    expect(person.page.get_by_role("button", name="Cremona")).to_be_visible()
    tab_to(person, ".answers li:nth-child(2) button", backwards=True)
    keys.press("Enter")
    expect(person.own("Cremona").locator(".tick.sent")).to_be_visible()
    expect(person.page.get_by_role("button", name="Cremona")).to_be_focused()
    person.page.context.route("https://www.meteoam.it/**", lambda route: route.fulfill(body="sole"))
    tab_to(person, "#quick-exit", backwards=True)
    keys.press("Enter")
    expect(person.page).to_have_url("https://www.meteoam.it/")


def test_the_focus_is_seen_on_everything_that_the_keyboard_reaches(
    service: ChatService, open_chat: OpenChat
) -> None:
    person = open_chat("it")
    person.begin("Ciao")
    service.say("Dove?", "Crema")
    expect(person.page.get_by_role("button", name="Crema")).to_be_visible()
    person.page.locator("#language-chip").focus()
    seen = set()
    for _ in range(7):
        shown: list[str] = person.page.evaluate(
            """() => { const at = document.activeElement;
              const ring = getComputedStyle(at.id === "attachment" ? at.nextElementSibling : at);
              return [at.id || at.className || at.tagName, ring.outlineStyle, ring.boxShadow] }"""
        )
        assert shown[1] == "solid", shown
        seen.add(shown[0])
        person.page.keyboard.press("Tab")
    assert {"language-chip", "quick-exit", "log", "attachment", "text", "send"} <= seen


def test_a_message_that_arrives_does_not_pull_a_reader_away(service: ChatService, person: Person) -> None:
    person.begin("Ciao")
    for number in range(30):
        service.say(f"messaggio {number}")
    expect(person.bubbles).to_have_count(31)
    expect(person.bubbles.last).to_be_in_viewport()
    person.page.locator("#log").evaluate("(log) => { log.scrollTop = 0 }")
    expect(person.bubbles.first).to_be_in_viewport()
    service.say("il più nuovo")
    expect(person.bubbles).to_have_count(32)
    expect(person.bubbles.first).to_be_in_viewport()


def test_who_speaks_is_said_and_not_only_coloured(service: ChatService, person: Person) -> None:
    person.begin("Ciao")
    service.say("Buongiorno", author=Author.MEDIATOR, staff_name="Olena")
    speaker = person.page.locator(".mediator .speaker")
    expect(speaker).to_have_text(person.says("from_mediator", name="Olena"))
    expect(speaker).to_be_visible()
    expect(person.own("Ciao").locator(".speaker")).to_have_text(person.says("from_citizen"))


def tab_to(person: Person, selector: str, *, backwards: bool = False) -> None:
    """Press Tab until an element has the focus."""
    for _ in range(30):
        if person.page.evaluate("(wanted) => document.activeElement.matches(wanted)", selector):
            return
        person.page.keyboard.press("Shift+Tab" if backwards else "Tab")
    raise AssertionError(f"the keyboard does not reach {selector}")
