"""What a person sees, and what becomes of the messages, when a part of the service is gone for a while."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from backoffice.client.schemas import Mode
from tests.browser.chat_service import ChatService
from tests.browser.conftest import OpenChat
from tests.browser.memory_backoffice import OFFICE
from tests.browser.person import Person

pytestmark = pytest.mark.browser

BACK_WITHIN_MS = 20_000
NOTHING_WAITS = "() => JSON.parse(localStorage['sportello.outbox']).length === 0"


def test_with_the_backoffice_stopped_the_page_keeps_the_message_and_says_so(
    service: ChatService, person: Person
) -> None:
    person.begin("Ciao")
    service.backoffice_goes()
    person.write("Ho bisogno di aiuto")
    person.is_told("unavailable")
    expect(person.own("Ho bisogno di aiuto")).to_contain_text(person.says("state_waiting"))
    expect(person.status.get_by_role("link", name="112")).to_have_attribute("href", "tel:112")
    assert OFFICE.phone is not None
    office = person.status.get_by_role("link", name=OFFICE.phone)
    expect(office).to_have_attribute("href", f"tel:{OFFICE.phone.replace(' ', '')}")
    service.backoffice_returns()
    expect(person.own("Ho bisogno di aiuto").locator(".tick.sent")).to_be_visible(timeout=BACK_WITHIN_MS)
    person.hears_nothing()


def test_a_first_message_without_the_backoffice_is_kept_and_sent_later(
    service: ChatService, person: Person
) -> None:
    service.backoffice_goes()
    person.write("Ciao")
    person.is_told("unavailable")
    person.page.reload()
    person.sees("Ciao")
    service.backoffice_returns()
    expect(person.own("Ciao").locator(".tick.sent")).to_be_visible(timeout=BACK_WITHIN_MS)
    assert service.conversation.from_the_person == ["Ciao"]


def test_after_a_lost_connection_the_conversation_goes_on_without_loss_or_doubling(
    service: ChatService, person: Person
) -> None:
    person.begin("Ciao")
    service.say("prima")
    person.sees("Ciao", "prima")
    service.stop()
    person.is_told("offline")
    service.say("durante")
    service.start()
    expect(person.bubbles).to_have_text(["Ciao", "prima", "durante"], timeout=BACK_WITHIN_MS)
    service.say("dopo")
    person.sees("Ciao", "prima", "durante", "dopo")
    person.hears_nothing()


def test_a_connection_that_comes_back_at_once_is_not_worth_a_word(
    service: ChatService, person: Person
) -> None:
    person.begin("Ciao")
    person.page.evaluate(
        "window.said = []; new MutationObserver(() => window.said.push(document.querySelector('#status')"
        ".textContent)).observe(document.querySelector('#status'), { childList: true })"
    )
    with person.page.expect_response("**/chat/events", timeout=BACK_WITHIN_MS):
        person.page.title()  # Playwright listens from its next call on, and what follows is none
        service.stop()
        service.start()
    service.say("dopo")
    person.sees("Ciao", "dopo")
    assert person.page.evaluate("window.said") == []


def test_a_message_whose_answer_was_lost_is_stored_once(service: ChatService, person: Person) -> None:
    person.begin("Ciao")
    let_answer = service.keep_answers_back()
    person.write("una volta sola")
    expect(person.own("una volta sola").locator(".tick.sent")).to_be_visible()
    service.stop()
    let_answer()
    service.start()
    person.page.wait_for_function(NOTHING_WAITS, timeout=BACK_WITHIN_MS)
    person.sees("Ciao", "una volta sola")
    assert service.conversation.from_the_person == ["Ciao", "una volta sola"]


def test_a_deleted_conversation_begins_anew_when_the_person_writes(
    service: ChatService, person: Person
) -> None:
    person.begin("Ciao")
    service.delete_conversation()
    service.stop()
    service.start()
    notice = person.page.locator(".message.system")
    expect(notice).to_contain_text(person.says("new_conversation"), timeout=BACK_WITHIN_MS)
    assert service.backoffice.opened == 1
    person.write("Sono ancora qui")
    expect(person.own("Sono ancora qui").locator(".tick.sent")).to_be_visible()
    service.say("Bene")
    expect(person.bubbles.last).to_have_text("Bene")
    assert service.backoffice.opened == 2
    assert service.conversation.from_the_person == ["Sono ancora qui"]


def test_what_waits_goes_to_the_new_conversation_and_a_pressed_button_as_its_words(
    service: ChatService, person: Person
) -> None:
    person.begin("Cerco casa")
    service.say("Dove?", "Crema")
    expect(person.page.get_by_role("button", name="Crema", exact=True)).to_be_visible()
    service.backoffice_goes()
    person.press("Crema")
    person.write("oppure Offanengo")
    person.is_told("unavailable")
    service.delete_conversation()
    service.stop()
    service.backoffice_returns()
    service.start()
    expect(person.page.locator(".tick.sent")).to_have_count(2, timeout=BACK_WITHIN_MS)
    assert service.conversation.from_the_person == ["Crema", "oppure Offanengo"]


def test_two_tabs_send_what_waits_once(service: ChatService, person: Person) -> None:
    person.begin("Ciao")
    service.backoffice_goes()
    person.write("uno")
    person.write("due")
    other = person.page.context.new_page()
    other.goto(service.url)
    expect(other.locator(".tick.waiting")).to_have_count(2)
    service.backoffice_returns()
    expect(other.locator(".tick.sent")).to_have_count(3, timeout=BACK_WITHIN_MS)
    person.sees("Ciao", "uno", "due")
    assert service.conversation.from_the_person == ["Ciao", "uno", "due"]


def test_the_line_says_who_is_there(service: ChatService, open_chat: OpenChat) -> None:
    person = open_chat("uk")
    person.begin("Добрий день")
    person.hears_nothing()
    for mode in (Mode.WAITING, Mode.MEDIATOR, Mode.CLOSED):
        service.change(mode=mode)
        person.is_told(f"mode_{mode}")
    service.change(mode=Mode.ASSISTANT)
    person.hears_nothing()
