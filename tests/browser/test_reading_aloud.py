"""The browser's voice reads a message where it has one for its language, and stops when it is told to."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.chat_service import ChatService
from tests.browser.conftest import OpenChat

pytestmark = pytest.mark.browser

VOICES = """
window.spoken = [];
window.silenced = 0;
const listeners = [];
let voices = [];
const speechSynthesis = {
  getVoices: () => voices,
  speak: (utterance) => window.spoken.push(utterance),
  cancel: () => { window.silenced += 1; },
  addEventListener: (_, listener) => listeners.push(listener),
};
Object.defineProperty(window, "speechSynthesis", { value: speechSynthesis });
window.SpeechSynthesisUtterance = function (text) { this.text = text; };
window.voicesCome = () => {
  voices = [
    { lang: "it-IT", localService: true, name: "Alice" },
    { lang: "uk-UA", localService: false, name: "far" },
    { lang: "uk_UA", localService: true, name: "near" },
  ];
  listeners.forEach((listener) => listener());
};
"""


def test_a_message_is_read_in_its_language_by_a_voice_of_the_device_and_stops(
    service: ChatService, open_chat: OpenChat
) -> None:
    person = open_chat("uk")
    page = person.page
    page.add_init_script(VOICES)
    page.reload()
    person.begin("Добрий день")
    service.say("Візьміть паспорт. Ціна 30,46 євро.\n☐ 1. Фото\nhttps://example.org/a")
    service.say("مرحبا", language="ar")
    expect(person.bubbles).to_have_count(3)
    buttons = page.locator(".read-aloud")
    expect(buttons.nth(0)).to_be_hidden()
    page.evaluate("voicesCome()")
    expect(buttons.nth(0)).to_be_visible()
    expect(buttons.nth(0)).to_have_text(person.says("read_aloud"))
    expect(buttons.nth(1)).to_be_hidden()  # no voice speaks Arabic here
    assert page.locator(".citizen .read-aloud").count() == 0

    buttons.nth(0).focus()
    page.keyboard.press("Enter")
    expect(buttons.nth(0)).to_have_text(person.says("stop_reading"))
    spoken = page.evaluate("spoken.map((each) => [each.text, each.voice.name])")
    assert spoken == [["Візьміть паспорт.", "near"], ["Ціна 30,46 євро.", "near"], ["1. Фото", "near"]]

    page.evaluate("silenced = 0")
    page.keyboard.press("Enter")
    expect(buttons.nth(0)).to_have_text(person.says("read_aloud"))
    assert page.evaluate("silenced") == 1

    page.keyboard.press("Enter")
    page.evaluate("spoken.at(-1).onend()")
    expect(buttons.nth(0)).to_have_text(person.says("read_aloud"))

    page.keyboard.press("Enter")
    page.evaluate("silenced = 0")
    page.keyboard.press("Escape")
    expect(buttons.nth(0)).to_have_text(person.says("read_aloud"))
    assert page.evaluate("silenced") == 1
