"""Further questions in a real Chromium: ordered by keyboard, answered in a form, on a narrow screen."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.backoffice.pages.office import StaffOffice
from tests.backoffice.pages.test_in_chromium import Open, _faults
from tests.backoffice.pages.test_in_chromium import chromium as chromium
from tests.backoffice.pages.test_in_chromium import office as office
from tests.backoffice.pages.test_in_chromium import open_as as open_as

pytestmark = pytest.mark.browser

NARROW = {"width": 320, "height": 640}


def test_questions_are_written_and_answered_by_keyboard_on_a_narrow_screen(
    office: StaffOffice, open_as: Open
) -> None:
    admin = open_as("admin", viewport=NARROW, bypass_csp=True)
    admin.goto(f"{office.url}/question-sets")
    assert _faults(admin) == []
    admin.get_by_role("link", name="Apri la bozza").click()
    up = admin.get_by_role("button", name="Sposta su: lift")
    up.focus()
    up.press("Enter")
    expect(admin.locator("ol.rows .number").first).to_have_text("lift")
    assert admin.evaluate("document.documentElement.scrollWidth") == NARROW["width"]
    assert _faults(admin) == []
    admin.get_by_role("link", name="Modifica la domanda pets").press("Enter")
    arabic = admin.locator("[id='t.why.ar']")
    assert arabic.evaluate("field => getComputedStyle(field).direction") == "rtl"
    arabic.fill("بعض المالكين {0} يسألون")
    assert admin.evaluate("document.documentElement.scrollWidth") == NARROW["width"]
    assert _faults(admin) == []
    admin.get_by_role("button", name="Salva nella bozza").press("Enter")
    expect(admin.locator("[id='t.why.ar']")).to_have_value("بعض المالكين {0} يسألون")
    admin.get_by_role("link", name="Ricerca casa · Versione 2").click()
    admin.get_by_role("button", name="Pubblica questa versione").press("Enter")
    expect(admin.get_by_role("status").first).to_contain_text("Versione pubblicata")

    sara = open_as("caseworker", viewport=NARROW, bypass_csp=True)
    sara.goto(f"{office.url}/cases?answer=housing:pets:yes")
    sara.locator("#case-list a.row-link").first.click()
    sara.get_by_role("link", name="Risposte aggiuntive").click()
    sara.get_by_role("link", name="Passa alla versione 2").press("Enter")
    assert sara.evaluate("document.documentElement.scrollWidth") == NARROW["width"]
    assert _faults(sara) == []
    sara.get_by_role("group", name="Avete animali in casa?").get_by_label("No").check()
    sara.get_by_role("button", name="Salva le risposte").press("Enter")
    expect(sara.get_by_text("Versione 2 delle domande")).to_be_visible()
    expect(sara.get_by_role("heading", name="Risposte di prima")).to_be_visible()
