"""What others write stays words: no markup, no scripts, no false links (reliability, 32, 35 and 37)."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from backoffice.client.schemas import Author, Button
from tests.browser.chat_service import ChatService
from tests.browser.person import Person

pytestmark = pytest.mark.browser

ATTACKS = [
    "<script>window.attacked = 1</script>",
    "<img src=x onerror='window.attacked = 1'>",
    "<svg onload=window.attacked=1>",
    "&lt;script&gt;window.attacked = 1&lt;/script&gt;",
    "<a href='javascript:window.attacked=1'>112</a>",
    "\"><iframe srcdoc='<script>parent.attacked=1</script>'>",
    "{name} ${window.attacked = 1} {{constructor.constructor('window.attacked=1')()}}",
]


TAPPED: list[tuple[str, list[str]]] = [
    ("In pericolo chiama il 112: è gratuito.", ["tel:112"]),
    ("Chiama 1522 o 112, anche il 114.", ["tel:1522", "tel:112", "tel:114"]),
    ("Numero verde 800 290 290 (gratuito)", ["tel:800290290"]),
    ("800290290", ["tel:800290290"]),
    ("UNAR 800 90 10 10", ["tel:800901010"]),
    (
        "Ufficio: 0373 398400, 06 164164, 02 2327 2327",
        ["tel:0373398400", "tel:06164164", "tel:0223272327"],
    ),
    ("Cellulare 351 137 6335 o +39 333 1234567.", ["tel:3511376335", "tel:+393331234567"]),
    ("نتصل بالرقم 112، أو \u2068800 290 290\u2069.", ["tel:112", "tel:800290290"]),
    (
        "Vedi https://www.1522.eu. E (https://www.inps.it/a_(b))",
        ["https://www.1522.eu/", "https://www.inps.it/a_(b)"],
    ),
    ("La tua pratica è K7M2-9QXD-4, l'altra 1122-1140-2", []),
    ("Costa 112 euro, € 112, 112 €, 112,50 o 1.112", []),
    ("Budget 350 400 500, da 800 1000 euro", []),
    ("Il 01/02/2026, il 2026-03-02, alle 11:12, 05 2026", []),
    ("via Roma 26013, codice ABC112 e 112X", []),
    ("javascript:alert(1) data:text/html,x tg://resolve?domain=x", []),
    ("https://www.inps.it@falso.example/ entra", []),
]


def test_words_are_never_markup(service: ChatService, person: Person) -> None:
    person.begin("Ciao")
    for attack in ATTACKS:
        person.write(attack)
        expect(person.page.locator(".tick.sent").last).to_be_visible()
        service.say(attack)
        service.say(attack, author=Author.SYSTEM)
        service.say_translated(attack, original=attack, language="ar", staff_name=attack[:40])
        expect(person.bubbles.last).to_have_text(attack)
        person.page.locator("summary").last.click()
    for attack in ATTACKS:
        expect(person.bubbles.get_by_text(attack, exact=True)).to_have_count(4)
    made = person.page.locator("#transcript").locator("script, img, svg, iframe, a[href^='javascript']")
    expect(made).to_have_count(0)
    assert person.page.evaluate("window.attacked") is None


def test_the_label_of_a_button_is_never_markup(service: ChatService, person: Person) -> None:
    person.begin("Ciao")
    service.say("Quale?", *ATTACKS)
    person.page.locator(".answers button").first.click()
    expect(person.own(ATTACKS[0])).to_be_visible()
    expect(person.page.locator(".answers button")).to_have_text(ATTACKS)
    assert person.page.evaluate("window.attacked") is None


def test_a_button_is_sent_as_it_came_whatever_its_token_looks_like(
    service: ChatService, person: Person
) -> None:
    person.begin("Ciao")
    service.say_with("Quale?", buttons=[Button(label="Questa", token='"]\\<b>')])
    person.press("Questa")
    expect(person.own("Questa").locator(".tick.sent")).to_be_visible()
    assert service.backoffice.requests[-1].button == '"]\\<b>'


def test_only_telephone_numbers_and_web_addresses_can_be_tapped(service: ChatService, person: Person) -> None:
    person.begin("Ciao")
    for text, _ in TAPPED:
        service.say(text)
    person.sees("Ciao", *(text for text, _ in TAPPED))
    for bubble, (_, links) in zip(person.bubbles.all()[1:], TAPPED, strict=True):
        assert bubble.locator("a").evaluate_all("(all) => all.map((a) => a.href)") == links


def test_a_look_alike_address_is_shown_as_it_really_is(service: ChatService, person: Person) -> None:
    person.begin("Ciao")
    service.say("Vai su https://www.inрs.it/ e entra")  # the p is Cyrillic
    link = person.bubbles.last.get_by_role("link")
    expect(link).to_contain_text("https://www.xn--")
    expect(link).to_have_attribute("rel", "noopener noreferrer")


def test_a_case_number_is_never_broken_or_turned_round(service: ChatService, person: Person) -> None:
    person.begin("Ciao")
    service.say("رقم ملفك هو K7M2-9QXD-4.", language="ar")
    number = person.bubbles.last.get_by_text("K7M2-9QXD-4", exact=True)
    expect(number).to_have_css("white-space", "nowrap")
    expect(number).to_have_css("direction", "ltr")
