"""What becomes of what a person writes and presses."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from backoffice.client.errors import InvalidRequest
from tests.browser.chat_service import ChatService
from tests.browser.conftest import OpenChat
from tests.browser.person import Person

pytestmark = pytest.mark.browser


def test_a_message_is_waiting_then_sent_then_received(service: ChatService, person: Person) -> None:
    let_answer = service.keep_answers_back()
    person.write("Cerco casa")
    tick = person.own("Cerco casa").locator(".tick")
    expect(tick).to_contain_text(person.says("state_waiting"))
    let_answer()
    expect(tick).to_contain_text(person.says("state_sent"))
    service.change(received_up_to=1)
    expect(tick).to_contain_text(person.says("state_delivered"))


def test_no_conversation_is_opened_before_the_person_writes(service: ChatService, person: Person) -> None:
    assert service.backoffice.opened == 0
    person.begin()
    assert service.backoffice.opened == 1


def test_a_message_that_the_stream_brings_before_the_answer_is_shown_once(
    service: ChatService, person: Person
) -> None:
    person.begin("Ciao")
    let_answer = service.keep_answers_back()
    person.write("Ho una domanda")
    expect(person.own("Ho una domanda").locator(".tick.sent")).to_be_visible()
    service.say("Dimmi")
    person.sees("Ciao", "Ho una domanda", "Dimmi")
    assert "Ho una domanda" in person.kept_on_the_device()["sportello.outbox"]
    let_answer()
    person.page.wait_for_function("() => JSON.parse(localStorage['sportello.outbox']).length === 0")
    person.sees("Ciao", "Ho una domanda", "Dimmi")
    expect(person.page.locator("#typing")).to_be_hidden()


def test_messages_written_without_connection_arrive_once_and_in_their_order(
    service: ChatService, person: Person
) -> None:
    person.begin("Ciao")
    service.stop()
    for text in ("uno", "due", "tre"):
        person.write(text)
    person.is_told("offline")
    person.sees("Ciao", "uno", "due", "tre")
    service.start()
    expect(person.page.locator(".tick.sent")).to_have_count(4, timeout=20_000)
    assert service.conversation.from_the_person == ["Ciao", "uno", "due", "tre"]
    person.sees("Ciao", "uno", "due", "tre")
    person.hears_nothing()


def test_unsent_messages_and_the_draft_survive_a_reload(service: ChatService, person: Person) -> None:
    person.begin("Ciao")
    service.backoffice_goes()
    person.write("Siamo in quattro")
    person.field.fill("Cerchiamo a Cr")
    person.page.reload()
    expect(person.own("Siamo in quattro").locator(".tick.waiting")).to_be_visible()
    expect(person.field).to_have_value("Cerchiamo a Cr")
    service.backoffice_returns()
    expect(person.own("Siamo in quattro").locator(".tick.sent")).to_be_visible(timeout=20_000)
    assert service.conversation.from_the_person == ["Ciao", "Siamo in quattro"]
    person.sees("Ciao", "Siamo in quattro")


def test_a_reload_shows_the_whole_conversation_without_reading_it_out(
    service: ChatService, person: Person
) -> None:
    person.begin("Ciao")
    service.say("Dove cerchi casa?")
    person.sees("Ciao", "Dove cerchi casa?")
    person.page.add_init_script(READ_OUT)
    person.page.reload()
    person.sees("Ciao", "Dove cerchi casa?")
    expect(person.page.locator("#log")).to_have_attribute("aria-live", "polite")
    service.say("Sei ancora qui?")
    person.sees("Ciao", "Dove cerchi casa?", "Sei ancora qui?")
    assert person.page.evaluate("window.readOut") == ["Sei ancora qui?"]
    expect(person.page.locator(".welcome")).to_have_count(0)
    expect(person.dialog).to_be_hidden()


def test_an_answer_pressed_twice_is_sent_once(service: ChatService, person: Person) -> None:
    person.begin("Cerco casa")
    service.say("Dove?", "Crema", "Cremona")
    person.page.get_by_role("button", name="Cremona").dblclick()
    expect(person.own("Cremona").locator(".tick.sent")).to_be_visible()
    service.say("Quanti siete?")
    person.sees("Cerco casa", "Dove?", "Cremona", "Quanti siete?")
    assert len([request for request in service.backoffice.requests if request.button]) == 1


def test_another_answer_can_be_pressed_after_the_reply(service: ChatService, person: Person) -> None:
    person.begin("Menu")
    service.say("Di che cosa hai bisogno?", "Casa", "Lavoro")
    person.press("Casa")
    expect(person.page.get_by_role("button", name="Lavoro")).to_have_attribute("aria-disabled", "true")
    expect(person.own("Casa").locator(".tick.sent")).to_be_visible()
    service.say("Ecco la casa.")
    expect(person.page.get_by_role("button", name="Lavoro")).not_to_have_attribute("aria-disabled", "true")
    person.press("Lavoro")
    person.sees("Menu", "Di che cosa hai bisogno?", "Casa", "Ecco la casa.", "Lavoro")


def test_a_topic_of_the_welcome_is_sent_as_the_persons_words(service: ChatService, person: Person) -> None:
    person.press(person.says("topic_housing"))
    expect(person.own(person.says("topic_housing")).locator(".tick.sent")).to_be_visible()
    assert service.conversation.from_the_person == [person.says("topic_housing")]
    expect(person.page.locator(".welcome")).to_have_count(0)


def test_a_text_longer_than_a_message_goes_as_several_without_loss(
    service: ChatService, person: Person
) -> None:
    long = " ".join(f"parola{number}" for number in range(1000))
    person.write(long)
    expect(person.page.locator(".tick.sent")).to_have_count(3)
    assert " ".join(service.conversation.from_the_person) == long


def test_enter_sends_and_shift_enter_begins_a_line(service: ChatService, person: Person) -> None:
    person.field.press_sequentially("prima")
    person.field.press("Shift+Enter")
    person.field.press_sequentially("seconda")
    person.field.press("Enter")
    expect(person.page.locator(".tick.sent")).to_be_visible()
    assert service.conversation.from_the_person == ["prima\nseconda"]


def test_a_refused_message_can_be_sent_again_or_deleted(service: ChatService, person: Person) -> None:
    person.begin("Ciao")
    service.backoffice.refusal = InvalidRequest(422, "Unprocessable")
    for text in ("uno", "due"):
        person.write(text)
        expect(person.own(text)).to_contain_text(person.says("state_failed"))
    service.backoffice.refusal = None
    person.own("uno").get_by_role("button", name=person.says("discard")).click()
    person.own("due").get_by_role("button", name=person.says("try_again")).click()
    expect(person.own("due").locator(".tick.sent")).to_be_visible()
    person.sees("Ciao", "due")
    assert service.conversation.from_the_person == ["Ciao", "due"]


def test_too_many_messages_wait_and_go_by_themselves(service: ChatService, person: Person) -> None:
    person.begin("Ciao")
    service.backoffice.over_budget_seconds = 1
    person.write("ancora")
    person.is_told("too_many")
    service.backoffice.over_budget_seconds = 0
    expect(person.own("ancora").locator(".tick.sent")).to_be_visible()
    person.hears_nothing()


def test_a_photo_is_sent_and_shown_when_it_is_tapped(service: ChatService, person: Person) -> None:
    person.attach("f.png", "image/png", PIXEL)
    photo = person.page.get_by_role("button", name=person.says("attachment_photo"), exact=True)
    expect(photo).to_be_visible()
    photo.click()
    expect(person.page.get_by_role("img", name=person.says("attachment_photo"))).to_be_visible()
    person.hears_nothing()


def test_a_document_is_saved_under_a_name_that_opens(service: ChatService, person: Person) -> None:
    person.attach("x.pdf", "application/pdf", b"%PDF-1.4 a")
    with person.page.expect_download() as saved:
        person.page.get_by_role("button", name=person.says("attachment_document"), exact=True).click()
    assert saved.value.suggested_filename == f"{person.says('attachment_document')}.pdf"


def test_a_file_that_did_not_leave_is_the_same_message_when_it_is_sent_again(
    service: ChatService, person: Person
) -> None:
    person.begin("Ciao")
    service.backoffice_goes()
    with person.page.expect_request("**/chat/attachments") as first:
        person.attach("f.png", "image/png", PIXEL)
    person.is_told("file_not_sent")
    assert first.value.method == "POST"
    service.backoffice_returns()
    person.attach("f.png", "image/png", PIXEL)
    expect(person.page.locator(".file")).to_have_count(1)
    person.hears_nothing()


def test_a_file_that_is_too_large_is_not_sent(person: Person, tmp_path: Path) -> None:
    large = tmp_path / "large.pdf"
    with large.open("wb") as file:
        file.truncate(10 * 2**20 + 1)
    person.page.set_input_files("#attachment", large)
    person.is_told("file_too_large")


def test_without_storage_the_page_works_until_it_is_closed(service: ChatService, open_chat: OpenChat) -> None:
    person = open_chat(None)
    person.page.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('off'); } })"
    )
    person.page.reload()
    person.choose_language("it")
    person.begin("Ciao")
    service.say("Dimmi")
    person.sees("Ciao", "Dimmi")


READ_OUT = """
window.readOut = [];
new MutationObserver((records) => {
  for (const node of records.flatMap((record) => [...record.addedNodes])) {
    const isMessage = node.nodeType === 1 && node.matches(".message");
    if (isMessage && node.closest("[aria-live]").getAttribute("aria-live") === "polite") {
      window.readOut.push(node.querySelector(".bubble").textContent);
    }
  }
}).observe(document, { childList: true, subtree: true });
"""
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c63606060f80f00010401005f1d6c500000000049454e44ae426082"
)
