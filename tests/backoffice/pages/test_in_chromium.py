"""The staff pages in a real Chromium: live updates, drafts, the floor, work by keyboard alone."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from backoffice.database import Database
from backoffice.seed import seed
from tests.backoffice.factories import NOW
from tests.backoffice.pages.office import StaffOffice, sign_in

pytestmark = pytest.mark.browser

AXE = Path(__file__).parents[2] / "browser" / "vendor" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The system's Chromium where there is one, else the one that Playwright installed.

    Not pytest-playwright's: that one's event loop runs until the end of the session, and the tests
    with an event loop of their own that come after it could not begin.
    """
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    options = ["--no-sandbox", "--disable-gpu", "--no-first-run"]
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=found, args=options)
        yield launched
        launched.close()


@pytest.fixture
def office(app: FastAPI, database: Database, tmp_path: Path) -> Iterator[StaffOffice]:
    with database.transaction() as session:
        seed(session, data_dir=tmp_path / "data", secret="secret key of the tests", now=NOW)
    running = StaffOffice(app)
    yield running
    running.close()


@pytest.fixture
def open_as(office: StaffOffice, chromium: Browser) -> Iterator[Open]:
    """Sign in as a demo account in a window of its own; what the browser complains of fails the test."""
    complaints: list[str] = []
    contexts: list[BrowserContext] = []

    def open_it(account: str, **about: Any) -> Page:
        context = chromium.new_context(**{"locale": "it-IT", **about})
        contexts.append(context)
        context.set_default_timeout(20_000)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.on("request", lambda asked: _must_be_ours(asked.url, office.url, complaints))
        return sign_in(page, office.url, account)

    yield open_it
    for context in contexts:
        context.close()
    assert complaints == []


def _must_be_ours(url: str, ours: str, complaints: list[str]) -> None:
    if not url.startswith((ours, "data:")):
        complaints.append(f"third party: {url}")


def open_thread(page: Page, office: StaffOffice, conversation_id: str) -> None:
    page.goto(f"{office.url}/conversations/{conversation_id}")


def test_a_new_wait_appears_in_an_open_list(office: StaffOffice, open_as: Open) -> None:
    page = open_as("mediator.uk")
    page.goto(f"{office.url}/conversations")
    with page.expect_response(re.compile("/live/events")):
        page.reload()
    office.somebody_waits("parole nuove")
    expect(page.get_by_text("parole nuove")).to_be_visible()


def test_two_mediators_and_a_citizen_talk_without_a_reload(office: StaffOffice, open_as: Open) -> None:
    oksana, amina = open_as("mediator.uk"), open_as("mediator.ar")
    visitor = office.somebody_waits()
    open_thread(oksana, office, visitor.conversation_id)
    open_thread(amina, office, visitor.conversation_id)
    oksana.get_by_role("button", name="Prendi la conversazione").click()
    expect(amina.get_by_text("Oksana Melnyk segue questa conversazione.")).to_be_visible()
    reply = oksana.get_by_label("La tua risposta")
    reply.fill("Buongiorno, come posso aiutare?")
    reply.press("Control+Enter")
    expect(oksana.locator(".bubble-mediator .words")).to_have_text("Buongiorno, come posso aiutare?")
    expect(amina.locator(".bubble-mediator .words")).to_have_text("Buongiorno, come posso aiutare?")
    expect(reply).to_have_value("")
    visitor.write("grazie mille")
    expect(oksana.get_by_text("grazie mille")).to_be_visible()
    oksana.get_by_role("button", name="Restituisci all'assistente").click()
    oksana.get_by_label("Riassunto per i colleghi").fill("Tutto chiarito")
    oksana.get_by_role("button", name="Restituisci", exact=True).click()
    expect(oksana.get_by_text("Conversazione restituita all'assistente.")).to_be_visible()
    expect(amina.get_by_text("Risponde l'assistente.")).to_be_visible()
    expect(amina.get_by_text("Tutto chiarito").first).to_be_visible()


def test_who_reads_and_writes_is_seen_and_a_colleague_is_invited_in_a_dialog(
    office: StaffOffice, open_as: Open
) -> None:
    oksana, sara = open_as("mediator.uk"), open_as("caseworker")
    visitor = office.somebody_waits()
    open_thread(oksana, office, visitor.conversation_id)
    oksana.get_by_role("button", name="Prendi la conversazione").click()
    open_thread(sara, office, visitor.conversation_id)
    expect(sara.get_by_text("Oksana Melnyk legge")).to_be_visible()
    expect(oksana.get_by_text("Sara Ferri legge")).to_be_visible()
    oksana.get_by_label("La tua risposta").press_sequentially("Un momento")
    expect(sara.get_by_text("Oksana Melnyk sta scrivendo")).to_be_visible()
    invite = oksana.get_by_role("link", name="Invita un collega")
    invite.focus()
    invite.press("Enter")
    dialog = oksana.get_by_role("dialog", name="Invita una seconda persona")
    expect(dialog).to_be_visible()
    oksana.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(invite).to_be_focused()
    invite.press("Enter")
    dialog.get_by_role("radio", name="Sara Ferri").check()
    dialog.get_by_role("button", name="Invita un collega").click()
    expect(oksana.get_by_text("Sara Ferri può scrivere in questa conversazione.")).to_be_visible()
    expect(oksana.get_by_label("La tua risposta")).to_have_value("Un momento")
    expect(sara.get_by_text("Scrivi insieme a Oksana Melnyk")).to_be_visible()
    sara.get_by_label("La tua risposta").fill("Sono l'assistente sociale")
    sara.get_by_role("button", name="Invia").click()
    expect(oksana.locator(".bubble-mediator").get_by_text("Sara Ferri")).to_be_visible()
    sara.close()
    expect(oksana.get_by_text("Sara Ferri legge")).to_have_count(0)


def test_a_draft_survives_a_reload_and_the_loss_of_the_floor(office: StaffOffice, open_as: Open) -> None:
    page = open_as("mediator.uk")
    visitor = office.somebody_waits()
    open_thread(page, office, visitor.conversation_id)
    page.get_by_role("button", name="Prendi la conversazione").click()
    page.get_by_label("La tua risposta").fill("parole non ancora inviate")
    page.reload()
    expect(page.get_by_label("La tua risposta")).to_have_value("parole non ancora inviate")
    transfer = """async ([id, to]) => (await fetch(`/api/v1/conversations/${id}/transfer`, {
        method: "POST",
        headers: {"Content-Type": "application/json", "X-CSRF-Token": document.body.dataset.csrf},
        body: JSON.stringify({epoch: Number(document.querySelector("[data-thread]").dataset.epoch), to}),
    })).status"""
    assert page.evaluate(transfer, [visitor.conversation_id, "mediator.ar@demo.sportello"]) == 200
    expect(page.locator("#floor-lost")).to_contain_text("ora la segue Amina Haddad")
    expect(page.get_by_label("La tua risposta")).to_have_count(0)
    kept = page.evaluate("Object.values(localStorage).join()")
    assert "parole non ancora inviate" in kept


def test_signing_out_leaves_no_draft_behind(office: StaffOffice, open_as: Open) -> None:
    page = open_as("coordinator")
    page.goto(f"{office.url}/cases")
    page.locator("a.row-link").first.click()
    page.get_by_label("Nuova nota").fill("una bozza")
    page.get_by_role("button", name="Esci").click()
    expect(page.get_by_role("heading", name="Accesso operatori")).to_be_visible()
    assert page.evaluate("Object.keys(localStorage).length") == 0


def say_why_it_is_taken(page: Page) -> None:
    """Write down a ground other than consent, without which nobody takes charge, by keyboard."""
    page.locator("#charge summary").focus()
    page.keyboard.press("Enter")
    page.locator("#charge select[name=ground]").select_option("public_task")
    page.locator("#ground-words").focus()
    page.keyboard.type("Mandato del servizio sociale")
    page.locator("#charge button").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#charge")).to_contain_text("Mandato del servizio sociale")


def test_a_case_is_moved_and_closed_by_keyboard_alone(office: StaffOffice, open_as: Open) -> None:
    page = open_as("coordinator")
    page.goto(f"{office.url}/cases?q=Hira")
    page.locator("a.row-link").first.focus()
    page.keyboard.press("Enter")
    say_why_it_is_taken(page)
    page.get_by_role("button", name="Passa a: Presa in carico").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[aria-current=step]")).to_contain_text("Presa in carico")
    page.locator("summary", has_text="Chiudi la pratica").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Motivo della chiusura").select_option("sent_on")
    page.get_by_role("button", name="Conferma la chiusura").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[aria-current=step]")).to_contain_text("Inviata a un altro servizio")


def _faults(page: Page) -> list[str]:
    page.add_script_tag(path=AXE)
    found: dict[str, Any] = page.evaluate(
        "(tags) => axe.run(document, { runOnly: { type: 'tag', values: tags } })", RULES
    )
    return [
        f"{violation['id']}: {node['html'][:160]} {node['failureSummary']}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


def test_the_menu_is_opened_and_left_by_keyboard_and_fits_320_pixels(open_as: Open) -> None:
    page = open_as("coordinator", viewport={"width": 320, "height": 640}, bypass_csp=True)
    menu = page.get_by_role("navigation", name="Navigazione principale")
    group = menu.locator("summary", has_text="Persone e pratiche")
    link = menu.get_by_role("link", name="Pratiche", exact=True)
    expect(link).to_be_hidden()
    group.focus()
    page.keyboard.press("Enter")
    expect(link).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.evaluate(AXE.read_text())
    assert page.evaluate(f"axe.run('.app-nav', {{runOnly: {RULES}}}).then(found => found.violations)") == []
    page.keyboard.press("Escape")
    expect(link).to_be_hidden()
    expect(group).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/cases")
    expect(group).to_have_attribute("aria-current", "true")
