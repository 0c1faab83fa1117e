"""A Ukrainian on a phone and an Italian-only caseworker, through the small packages and without any."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.conftest import PHONE
from tests.browser.person import Person
from tests.browser.two_people import PATIENCE_MS, Caseworker, House, running_house
from translations.catalog import text as words

pytestmark = pytest.mark.browser

NewContext = Callable[..., BrowserContext]

FROM_THE_PERSON = {
    "Доброго ранку, я шукаю житло для своєї родини.": "Buongiorno, cerco casa per la mia famiglia.",
    "Нас у родині 4.": "In famiglia siamo in 4.",
    "Ми живемо у друзів у місті Крема.": "Abitiamo da amici a Crema.",
    "Ми можемо платити щонайбільше 500 € на місяць.": "Possiamo pagare al massimo 500 € al mese.",
    "Щиро дякую, до зустрічі.": "Grazie mille, a presto.",
}
FROM_THE_CASEWORKER = {
    "Buongiorno, come posso aiutarla?": "Доброго ранку, чим я можу вам допомогти?",
    "Quante persone siete in famiglia?": "Скільки людей у вашій родині?",
    "Dove abitate adesso?": "Де ви зараз живете?",
    "Quanto potete pagare al mese?": "Скільки ви можете платити на місяць?",
    "La chiamo quando trovo qualcosa.": "Я зателефоную вам, коли щось знайду.",
}
CORRECTED = "Я вам зателефоную, щойно щось знайду."
LATER = "Я вам зателефоную, щойно щось знайду для вас."


def open_both(house: House, new_context: NewContext) -> tuple[Person, Caseworker]:
    phone = new_context(viewport=PHONE, locale="uk-UA", has_touch=True)
    person = Person(phone.new_page(), house.chat)
    person.page.goto(house.chat)
    person.choose_language("uk")
    desk = new_context(viewport={"width": 1280, "height": 900}, locale="it-IT")
    caseworker = Caseworker(desk.new_page(), house)
    caseworker.sign_in()
    return person, caseworker


def test_ten_messages_through_small_packages_with_a_correction_that_both_see(
    tmp_path: Path, new_context: NewContext
) -> None:
    with running_house(tmp_path, packages=True) as house:
        person, caseworker = open_both(house, new_context)
        asked, answered = list(FROM_THE_PERSON.items()), list(FROM_THE_CASEWORKER.items())
        person.begin(asked[0][0])
        caseworker.take()
        for number, ((ukrainian, italian), (reply, expected)) in enumerate(zip(asked, answered, strict=True)):
            if number:
                person.write(ukrainian)
            bubble = caseworker.bubble(ukrainian)
            expect(bubble.locator(".rendering > .words")).to_have_text(italian, timeout=PATIENCE_MS)
            expect(bubble.locator(".rendering > .words")).to_have_attribute("lang", "it")
            expect(bubble).to_contain_text("argos")
            caseworker.translate(reply)
            expect(caseworker.translation).to_have_value(expected)
            expect(caseworker.translation).to_have_attribute("lang", "uk")
            expect(caseworker.back).to_have_text(reply)
            if number == len(asked) - 1:
                caseworker.translation.fill(CORRECTED)
                expected = CORRECTED
            caseworker.send()
            expect(person.bubbles.filter(has_text=expected)).to_be_visible()

        said = person.page.locator(".message.mediator").filter(has_text=answered[0][1])
        expect(said).to_contain_text(words("web.translated_machine", "uk"))
        said.get_by_text(words("web.show_original", "uk")).click()
        expect(said.locator("details p")).to_have_text(answered[0][0])
        expect(said.locator("details p")).to_have_attribute("lang", "it")
        corrected = person.page.locator(".message.mediator").filter(has_text=CORRECTED)
        expect(corrected).to_contain_text(words("web.translated_person", "uk", name="Sara"))
        shown = caseworker.bubble(CORRECTED)
        expect(shown.locator(".rendering > .words")).to_have_text(answered[-1][0])
        expect(shown).to_contain_text("Tradotto da Sara Ferri")

        # The same words again: the correction is used instead of the machine.
        caseworker.translate(answered[-1][0])
        expect(caseworker.translation).to_have_value(CORRECTED)
        expect(caseworker.page.locator("[data-facts]")).to_contain_text("Dal frasario")
        caseworker.text.fill("")

        # A correction after sending reaches the person once, and leads from the old words to the new.
        shown.get_by_text("Correggi il messaggio").click()
        shown.locator(".mend textarea").fill(LATER)
        shown.get_by_role("button", name="Invia la correzione").click()
        newest = person.page.locator(".message.mediator").filter(has_text=LATER)
        expect(newest).to_contain_text(words("web.correction", "uk"))
        expect(corrected.first.get_by_text(words("web.corrected", "uk"))).to_be_visible()
        expect(newest).to_have_count(1)
        expect(caseworker.page.get_by_role("link", name="Correzione di un messaggio")).to_be_visible()
        assert person.faults == []
        assert person.overflow_px() <= 0


def test_without_any_package_everything_arrives_marked(tmp_path: Path, new_context: NewContext) -> None:
    with running_house(tmp_path, packages=False) as house:
        person, caseworker = open_both(house, new_context)
        asked, answered = list(FROM_THE_PERSON), list(FROM_THE_CASEWORKER)
        person.begin(asked[0])
        caseworker.take()
        for number, (ukrainian, reply) in enumerate(zip(asked, answered, strict=True)):
            if number:
                person.write(ukrainian)
            bubble = caseworker.bubble(ukrainian)
            expect(bubble).to_contain_text("Non tradotto", timeout=PATIENCE_MS)
            expect(bubble.locator("code")).to_have_text('make translation-packages LANGUAGES="it uk"')
            caseworker.translate(reply)
            expect(caseworker.page.locator("[data-none]")).to_contain_text("Non c'è una traduzione.")
            caseworker.page.get_by_role("button", name="Invia non tradotto").click()
            expect(caseworker.text).to_have_value("")
            said = person.page.locator(".message.mediator").filter(has_text=reply)
            expect(said).to_contain_text(words("web.not_translated", "uk"))
            expect(said.locator(".bubble")).to_have_attribute("lang", "it")
            expect(caseworker.bubble(reply)).to_contain_text("Non tradotto")
        said = person.page.locator(".message.mediator .bubble, .message.citizen .bubble")
        order = [each for pair in zip(asked, answered, strict=True) for each in pair]
        assert said.all_text_contents() == order
        assert person.faults == []


def test_a_hand_made_translation_helps_where_no_package_is(tmp_path: Path, new_context: NewContext) -> None:
    with running_house(tmp_path, packages=False) as house:
        person, caseworker = open_both(house, new_context)
        person.begin("Доброго ранку")
        caseworker.take()
        caseworker.translate("Buongiorno")
        caseworker.translation.fill("Доброго ранку!")
        caseworker.page.reload()
        expect(caseworker.translation).to_have_value("Доброго ранку!")  # the draft keeps both texts
        caseworker.send()
        said = person.page.locator(".message.mediator").filter(has_text="Доброго ранку!")
        expect(said).to_contain_text(words("web.translated_person", "uk", name="Sara"))
