"""Two languages on the staff pages in a real Chromium: axe-core's rules, 320 px, and words that are kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from playwright.sync_api import Page, expect

from backoffice.database import Database
from backoffice.seed import seed
from backoffice.translation.jobs import make_one
from tests.backoffice.databases import FrozenClock
from tests.backoffice.factories import NOW
from tests.backoffice.pages.office import StaffOffice
from tests.backoffice.pages.test_in_chromium import AXE, RULES, Open
from tests.backoffice.pages.test_in_chromium import chromium as chromium
from tests.backoffice.pages.test_in_chromium import open_as as open_as
from tests.backoffice.translation.talks import HELLO, HELLO_IT, PERMIT, PERMIT_IT, KnownTranslator

pytestmark = pytest.mark.browser


@pytest.fixture
def translator(app: FastAPI) -> KnownTranslator:
    app.state.translator.close()
    app.state.translator = KnownTranslator()
    made: KnownTranslator = app.state.translator
    return made


@pytest.fixture
def office(
    app: FastAPI, database: Database, tmp_path: Path, translator: KnownTranslator
) -> Iterator[StaffOffice]:
    with database.transaction() as session:
        seed(session, data_dir=tmp_path / "data", now=NOW)
    running = StaffOffice(app)
    yield running
    running.close()


def open_waiting(page: Page, office: StaffOffice, *, language: str, words: str) -> None:
    visitor = office.somebody_waits(words, language=language)
    page.goto(f"{office.url}/conversations/{visitor.conversation_id}")
    page.get_by_role("button", name="Prendi la conversazione").click()


def faults(page: Page) -> list[str]:
    """What axe-core finds, and by how much the page is too wide."""
    page.add_script_tag(path=AXE)
    found = page.evaluate("(tags) => axe.run(document, { runOnly: { type: 'tag', values: tags } })", RULES)
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    lines = [f"{rule['id']}: {node['html'][:160]}" for rule in found["violations"] for node in rule["nodes"]]
    return lines + ([f"{wide} px too wide"] if wide > 0 else [])


@pytest.mark.parametrize("language", ["uk", "ar"])
def test_thread_composer_and_phrasebook_break_no_rule_and_fit_320_pixels(
    open_as: Open,
    office: StaffOffice,
    database: Database,
    clock: FrozenClock,
    translator: KnownTranslator,
    language: str,
) -> None:
    translator.words = {("uk", "it"): {HELLO: HELLO_IT}, ("it", language): {PERMIT_IT: PERMIT}}
    page = open_as("caseworker", bypass_csp=True, viewport={"width": 320, "height": 700})
    open_waiting(page, office, language=language, words=HELLO if language == "uk" else "مرحبا")
    while make_one(database, translator, clock):
        pass
    expect(page.locator(".rendering").first).to_be_visible()
    page.locator("#reply-text").fill(PERMIT_IT)
    page.locator("[data-translate]").click()
    expect(page.locator("#reply-translation")).to_have_value(PERMIT)
    assert faults(page) == []
    page.locator("#reply-translation").fill(f"{PERMIT} !")
    page.locator("[data-send]").click()
    mended = page.locator(".bubble-mediator").filter(has_text=f"{PERMIT} !")
    mended.locator("summary").click()
    page.locator("#reply-text").fill("Senza traduzione")
    page.locator("[data-translate]").click()
    expect(page.locator("[data-none]")).to_be_visible()
    assert faults(page) == []
    page.set_viewport_size({"width": 1280, "height": 900})
    assert faults(page) == []
    page.goto(f"{office.url}/phrasebook")
    expect(page.get_by_text(f"{PERMIT} !")).to_be_visible()
    assert faults(page) == []
    page.set_viewport_size({"width": 320, "height": 700})
    assert faults(page) == []


def test_a_rendering_comes_into_an_open_page_and_does_not_disturb_who_corrects_it(
    open_as: Open, office: StaffOffice, database: Database, clock: FrozenClock, translator: KnownTranslator
) -> None:
    page = open_as("caseworker")
    open_waiting(page, office, language="uk", words=HELLO)
    bubble = page.locator(".bubble-citizen").filter(has_text=HELLO)
    expect(bubble).to_contain_text("Traduzione in corso…")
    while make_one(database, translator, clock):
        pass
    expect(bubble.locator(".rendering > .words")).to_have_text(HELLO_IT)
    bubble.get_by_text("Correggi la traduzione").click()
    bubble.locator("textarea").fill("Salve")
    bubble.get_by_role("button", name="Salva nel frasario").click()
    expect(bubble.locator(".rendering > .words")).to_have_text("Salve")
    expect(bubble).to_contain_text("Corretto da Sara Ferri")
