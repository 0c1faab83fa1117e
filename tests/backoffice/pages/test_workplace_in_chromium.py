"""A mediator's day in a real Chromium: queues, notes, ready answers, keys, notices, a wire that is cut."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.backoffice.pages.office import StaffOffice, Visitor, sign_in
from tests.backoffice.pages.test_in_chromium import Open, _faults, open_thread
from tests.backoffice.pages.test_in_chromium import chromium as chromium
from tests.backoffice.pages.test_in_chromium import office as office
from tests.backoffice.pages.test_in_chromium import open_as as open_as
from tests.backoffice.pages.wire import State, Wire

pytestmark = pytest.mark.browser

LONG_WORD = "precipitevolissimevolmente" * 12
HOSTILE = "‮txt.exe‬ <script>document.title='x'</script> أهلاً " + LONG_WORD


def take(page: Page, office: StaffOffice, words: str = "vorrei parlare con qualcuno") -> Visitor:
    """Open a thread that waits, and take it."""
    visitor = office.somebody_waits(words)
    open_thread(page, office, visitor.conversation_id)
    page.get_by_role("button", name="Prendi la conversazione").click()
    expect(page.get_by_label("La tua risposta")).to_be_visible()
    return visitor


def bubbles(page: Page) -> list[str]:
    """What persons wrote, as the thread shows it."""
    return page.locator("#messages .bubble-citizen .words").all_inner_texts()


# --- A connection that is lost ------------------------------------------------------------------


@pytest.fixture
def wire(office: StaffOffice) -> Iterator[Wire]:
    laid = Wire(office.url)
    yield laid
    laid.close()


@pytest.fixture
def over_the_wire(wire: Wire, office: StaffOffice, chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(locale="it-IT")
    context.set_default_timeout(20_000)
    yield sign_in(context.new_page(), wire.url, "mediator.uk")
    context.close()


@pytest.mark.parametrize("trouble", [State.CUT, State.BAD_GATEWAY])
def test_what_is_written_while_the_line_is_down_appears_in_order_and_once(
    office: StaffOffice, wire: Wire, over_the_wire: Page, trouble: State
) -> None:
    page = over_the_wire
    visitor = office.somebody_waits("zero")
    with page.expect_response("**/live/events"):
        page.goto(f"{wire.url}/conversations/{visitor.conversation_id}")
    visitor.write("uno")
    expect(page.get_by_text("uno", exact=True)).to_be_visible()
    wire.become(trouble)
    expect(page.locator("#connection")).to_contain_text("Collegamento interrotto")
    for number in range(2, 7):
        visitor.write(f"messaggio {number}")
    wire.become(State.WHOLE)
    expect(page.get_by_text("messaggio 6", exact=True)).to_be_visible()
    visitor.write("ultimo")
    expect(page.get_by_text("ultimo", exact=True)).to_be_visible()
    assert bubbles(page) == ["zero", "uno", *(f"messaggio {number}" for number in range(2, 7)), "ultimo"]
    expect(page.locator("#connection")).to_be_hidden()


def test_a_message_that_comes_before_the_stream_stands_is_not_missed(
    office: StaffOffice, open_as: Open
) -> None:
    page = open_as("mediator.uk")
    visitor = office.somebody_waits("zero")

    def write_first(route: Any) -> None:
        visitor.write("nella fessura")
        route.continue_()

    page.route("**/live/events", write_first, times=1)
    open_thread(page, office, visitor.conversation_id)
    expect(page.locator("#messages").get_by_text("nella fessura")).to_be_visible()
    assert bubbles(page) == ["zero", "nella fessura"]


# --- The list -----------------------------------------------------------------------------------


def test_a_list_that_renews_itself_keeps_the_place_of_who_reads(office: StaffOffice, open_as: Open) -> None:
    page = open_as("mediator.uk", viewport={"width": 1280, "height": 500}, reduced_motion="reduce")
    with page.expect_response("**/live/events"):
        page.goto(f"{office.url}/conversations")
    last = page.locator("#conversation-list a.row-link").last
    last.focus()
    expect(last).to_be_in_viewport()
    href, top = last.get_attribute("href"), page.evaluate("scrollY")
    assert top > 0
    office.somebody_waits("una riga nuova")
    expect(page.get_by_text("una riga nuova")).to_have_count(1)
    assert page.evaluate("document.activeElement.getAttribute('href')") == href
    assert page.evaluate("scrollY") >= top


def test_beside_a_thread_stands_the_list_it_was_opened_from(office: StaffOffice, open_as: Open) -> None:
    page = open_as("mediator.ar")
    page.goto(f"{office.url}/conversations?language=ar")
    page.locator("a.row-link").first.click()
    rows = page.locator(".workplace-list a.row-link")
    expect(rows).to_have_count(2)
    expect(page.locator(".workplace-list [aria-current=true]")).to_have_count(1)
    rows.last.click()
    expect(page.locator(".workplace-list a.row-link").last).to_have_attribute("aria-current", "true")


def test_on_a_phone_one_thing_stands_at_a_time_with_a_way_back(office: StaffOffice, open_as: Open) -> None:
    page = open_as("mediator.ar", viewport={"width": 360, "height": 740})
    page.goto(f"{office.url}/conversations?holder=me")
    page.locator("a.row-link").first.click()
    expect(page.locator("#messages")).to_be_visible()
    expect(page.locator("#facts")).to_be_hidden()
    expect(page.locator(".workplace-list")).to_be_hidden()
    page.get_by_role("button", name="Dati e pratiche").click()
    expect(page.locator("#facts")).to_be_visible()
    expect(page.locator("#messages")).to_be_hidden()
    expect(page.locator(".mini-case")).not_to_have_count(0)
    page.get_by_role("button", name="Torna ai messaggi").click()
    expect(page.locator("#messages")).to_be_visible()
    page.get_by_label("Percorso").get_by_role("link", name="Conversazioni").click()
    expect(page).to_have_url(f"{office.url}/conversations?holder=me")


def test_a_thread_in_sight_is_read_and_one_out_of_sight_is_counted_in_the_title(
    office: StaffOffice, open_as: Open
) -> None:
    page = open_as("mediator.uk")
    visitor = take(page, office)
    with page.expect_response(f"**/{visitor.conversation_id}/read"):
        page.title()  # Playwright listens from its next call on, and what follows is none
        visitor.write("letto subito")
    with page.expect_response("**/live/events"):
        page.goto(f"{office.url}/conversations?holder=me")
    row = page.locator(f"[data-row='{visitor.conversation_id}']")
    expect(row.locator(".unread")).to_have_count(0)
    visitor.write("da leggere")
    expect(row.locator(".unread")).to_contain_text("1")
    expect(page).to_have_title("(2) Conversazioni · Sportello")  # one of the demo's too


def test_what_comes_while_nobody_looks_stands_below_a_line(office: StaffOffice, open_as: Open) -> None:
    page = open_as("mediator.uk")
    visitor = take(page, office)
    page.evaluate("Object.defineProperty(document, 'hidden', { get: () => true })")
    visitor.write("mentre non guardavi")
    expect(page.locator("#new-line")).to_have_text("Messaggi nuovi")
    expect(page.locator("#new-line + .bubble .words")).to_have_text("mentre non guardavi")


# --- Notes, labels, days ------------------------------------------------------------------------


def test_a_note_is_written_beside_a_reply_and_neither_disturbs_the_other(
    office: StaffOffice, open_as: Open
) -> None:
    oksana, amina = open_as("mediator.uk"), open_as("mediator.ar")
    visitor = take(oksana, office)
    open_thread(amina, office, visitor.conversation_id)
    oksana.get_by_label("La tua risposta").fill("una risposta a metà")
    oksana.get_by_text("Scrivi una nota per i colleghi").click()
    oksana.get_by_label("Nota culturale").check()
    oksana.get_by_label("Testo della nota").fill("Il 7 gennaio è Natale")
    oksana.get_by_role("button", name="Salva la nota").click()
    expect(oksana.locator(".bubble-note-cultural .words")).to_have_text("Il 7 gennaio è Natale")
    expect(oksana.get_by_text("Nota salvata. Non è stata inviata.")).to_be_visible()
    expect(oksana.get_by_label("Testo della nota")).to_have_value("")
    expect(oksana.get_by_label("La tua risposta")).to_have_value("una risposta a metà")
    expect(amina.locator(".bubble-note-cultural")).to_contain_text("mai inviata")


def test_a_draft_of_a_note_is_kept(office: StaffOffice, open_as: Open) -> None:
    page = open_as("mediator.uk")
    take(page, office)
    page.keyboard.press("Escape")
    page.get_by_text("Scrivi una nota per i colleghi").click()
    page.get_by_label("Testo della nota").fill("non ancora salvata")
    page.reload()
    expect(page.get_by_label("Testo della nota")).to_have_value("non ancora salvata")


def test_labels_and_a_day_are_kept_without_leaving_the_thread(office: StaffOffice, open_as: Open) -> None:
    page = open_as("mediator.uk")
    visitor = take(page, office)
    page.get_by_label("La tua risposta").fill("resta qui")
    field = page.get_by_label("Nuova etichetta")
    field.fill("mensa")
    field.press("Enter")
    expect(page.locator("#about .tag-label")).to_have_text("mensa")
    expect(page.get_by_label("Nuova etichetta")).to_be_focused()
    page.get_by_label("Nuova etichetta").fill("sto ancora scriv")
    visitor.write("un messaggio nel mezzo")
    expect(page.locator("#messages").get_by_text("un messaggio nel mezzo")).to_be_visible()
    expect(page.get_by_label("Nuova etichetta")).to_have_value("sto ancora scriv")
    page.get_by_label("Nuova etichetta").fill("")
    page.get_by_role("button", name="Togli l'etichetta mensa").click()
    expect(page.locator("#about .tag-label")).to_have_count(0)
    page.get_by_label("Da rivedere").fill("2026-12-24")
    page.locator("#about").get_by_role("button", name="Salva").click()
    expect(page.locator("#conversation-list .row-open")).to_contain_text("da rivedere il 24.12.2026")
    expect(page.get_by_label("La tua risposta")).to_have_value("resta qui")


# --- Ready answers ------------------------------------------------------------------------------


def test_a_code_and_tab_become_the_answer_in_the_language_of_the_reply(
    office: StaffOffice, open_as: Open
) -> None:
    page = open_as("mediator.uk")
    take(page, office)
    reply = page.locator("#reply-text")
    reply.fill("Un attimo. ")
    reply.press("End")
    page.keyboard.type("/attesa")
    page.keyboard.press("Tab")
    expect(reply).to_have_value(
        "Un attimo. Devo chiedere a un collega. "
        "Le rispondo qui appena so qualcosa: non serve scrivere di nuovo."
    )
    expect(reply).to_be_focused()
    page.locator("#reply-language").select_option("uk")
    reply.fill("/ciao")
    reply.press("Tab")
    expect(reply).to_have_value(
        "Добрий день! Мене звати Oksana, Sportello di Comunità Sociale Cremasca (demo). "
        "Ваше повідомлення отримано, зараз відповім."
    )
    reply.fill("/nessuna")
    reply.press("Tab")
    expect(reply).not_to_be_focused()


def test_an_answer_is_found_in_the_list_by_keyboard_alone(office: StaffOffice, open_as: Open) -> None:
    page = open_as("mediator.uk")
    take(page, office)
    page.get_by_role("button", name="Risposte pronte").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Cerca per codice o parole")).to_be_focused()
    page.keyboard.type("gli angoli")
    expect(page.locator("#canned-options li")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#reply-text")).to_have_value(
        "Può mandare qui una foto del documento? Si devono leggere bene tutti e quattro gli angoli."
    )
    expect(page.locator("#reply-text")).to_be_focused()


# --- Keys ---------------------------------------------------------------------------------------


def test_the_list_is_walked_and_opened_with_keys(office: StaffOffice, open_as: Open) -> None:
    page = open_as("mediator.uk")
    page.goto(f"{office.url}/conversations")
    rows = page.locator("#conversation-list a.row-link")
    for key, at in (("j", 0), ("j", 1), ("j", 2), ("k", 1)):
        page.keyboard.press(key)
        expect(rows.nth(at)).to_be_focused()
    wanted = rows.nth(1).get_attribute("href")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{office.url}{wanted}")
    page.wait_for_load_state()  # the address is there before the script that hears the keys
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("jkn?")
    expect(page.locator("#q")).to_have_value("jkn?")


def test_keys_reach_reply_note_and_help_and_escape_leaves(office: StaffOffice, open_as: Open) -> None:
    page = open_as("mediator.uk")
    take(page, office)
    page.locator("#messages").focus()
    page.keyboard.press("r")
    expect(page.locator("#reply-text")).to_be_focused()
    page.keyboard.type("rn?")
    expect(page.locator("#reply-text")).to_have_value("rn?")
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    expect(page.locator("#note-text")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#note-text")).to_be_hidden()
    page.keyboard.press("?")
    overlay = page.get_by_role("dialog", name="Scorciatoie da tastiera")
    expect(overlay).to_contain_text("conversazione successiva")
    page.keyboard.press("Escape")
    expect(overlay).to_be_hidden()


def test_keys_can_be_switched_off_and_stay_off(office: StaffOffice, open_as: Open) -> None:
    page = open_as("mediator.uk")
    take(page, office)
    page.get_by_role("button", name="Scorciatoie da tastiera").click()
    page.get_by_label("Usa le scorciatoie di una sola lettera").uncheck()
    page.keyboard.press("Escape")
    page.reload()
    page.locator("#messages").focus()
    page.keyboard.press("r")
    page.keyboard.press("?")
    expect(page.locator("#messages")).to_be_focused()
    expect(page.get_by_role("dialog", name="Scorciatoie da tastiera")).to_be_hidden()


# --- Notices ------------------------------------------------------------------------------------

_NOTICES = """
window.notices = [];
window.Notification = class {
  static permission = "default";
  static async requestPermission() { return (this.permission = "granted"); }
  constructor(title, about) { window.notices.push([title, about.body ?? "", about.tag]); }
  addEventListener() {}
};
"""


def test_notices_are_off_until_asked_for_and_say_no_word_of_anybody(
    office: StaffOffice, open_as: Open
) -> None:
    page = open_as("mediator.uk", bypass_csp=True)  # Playwright's own waiting needs eval
    page.add_init_script(_NOTICES)
    with page.expect_response("**/live/events"):
        page.goto(f"{office.url}/conversations")
    office.somebody_waits("prima del sì")
    expect(page.get_by_text("prima del sì")).to_be_visible()
    with page.expect_response("**/workplace/calls"):
        page.get_by_role("button", name="Avvisami anche quando guardo altro").click()
    page.wait_for_function("localStorage.getItem('sportello:told') !== null")
    assert page.evaluate("window.notices") == []
    visitor = office.somebody_waits("segretissimo")
    page.wait_for_function("window.notices.length === 1")
    title, body, tag = page.evaluate("window.notices[0]")
    assert (title, body) == ("Sportello: qualcuno attende", "")
    assert tag == f"waiting:{visitor.conversation_id}"
    page.get_by_role("button", name="Non avvisarmi più").click()
    office.somebody_waits("dopo il no")
    expect(page.get_by_text("dopo il no")).to_be_visible()
    assert len(page.evaluate("window.notices")) == 1


# --- For every eye and every phone --------------------------------------------------------------


@pytest.mark.parametrize("language", ["it", "en"])
def test_the_workplace_fits_320_pixels_and_breaks_no_rule_of_axe(
    office: StaffOffice, open_as: Open, language: str
) -> None:
    page = open_as("mediator.ar", viewport={"width": 320, "height": 640}, bypass_csp=True)
    page.locator(f"button.app-language[lang={language}]").click()
    expect(page.locator("html")).to_have_attribute("lang", language)
    visitor = office.somebody_waits(HOSTILE)
    open_thread(page, office, visitor.conversation_id)
    page.locator("form[action$='/claim'] button").click()
    page.locator("#note-box summary").click()
    page.locator("#note-text").fill(HOSTILE)
    page.locator("#note-box button").click()
    expect(page.locator(".bubble-note .words")).to_have_text(HOSTILE)
    _fits(page, "thread")
    page.locator("#facts-toggle").click()
    page.locator("#label-name").fill("precipitevolissimevolmentissimamente")
    page.locator("#label-name").press("Enter")
    expect(page.locator("#about .tag-label")).to_have_count(1)
    _fits(page, "facts")
    page.locator("#facts-toggle").click()
    page.locator("[data-canned-open]").click()
    expect(page.locator("#canned-options li")).not_to_have_count(0)
    _fits(page, "picker")
    page.keyboard.press("Escape")
    page.locator("#messages").focus()
    page.keyboard.press("?")
    _fits(page, "keys")
    page.goto(f"{office.url}/conversations?q=precipite")
    _fits(page, "found words")
    page.goto(f"{office.url}/conversations?language=ar")
    page.locator(".save-filter summary").click()
    page.locator("#filter-name").fill("precipitevolissimevolmente" * 2)
    page.locator("#filter-name").press("Enter")
    expect(page.locator(".saved a")).to_have_count(1)
    _fits(page, "kept list")
    page.goto(f"{office.url}/saved-filters")
    _fits(page, "kept lists")


@pytest.mark.parametrize("width", [768, 1024, 1920])
def test_the_workplace_breaks_no_rule_of_axe_on_a_wide_screen(
    office: StaffOffice, open_as: Open, width: int
) -> None:
    page = open_as("mediator.ar", viewport={"width": width, "height": 800}, bypass_csp=True)
    take(page, office, HOSTILE)
    if width >= 1200:
        expect(page.locator(".workplace-list a.row-link")).not_to_have_count(0)
    _fits(page, "thread", width)


def _fits(page: Page, what: str, width: int = 320) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") == width, what
    assert _faults(page) == [], what
