"""The register of family assistants in a real Chromium at 320 px."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.backoffice.pages.office import StaffOffice
from tests.backoffice.pages.test_in_chromium import Open
from tests.backoffice.pages.test_in_chromium import chromium as chromium
from tests.backoffice.pages.test_in_chromium import office as office
from tests.backoffice.pages.test_in_chromium import open_as as open_as

pytestmark = pytest.mark.browser


def test_a_worker_is_found_interviewed_and_given_a_week_at_320_px(open_as: Open, office: StaffOffice) -> None:
    page = open_as("coordinator", viewport={"width": 320, "height": 640})
    page.goto(f"{office.url}/care/workers?permit=ends")
    card = page.locator(".worker-card")
    expect(card).to_have_count(1)
    card.get_by_role("link").click()
    worker = re.sub(r"^https?://[^/]+", "", page.url)
    page.goto(f"{office.url}{worker}/interview")
    page.get_by_label("Note del colloquio").fill("Parla bene con i bambini")
    page.get_by_label("Anni di esperienza").fill("4")
    page.get_by_role("button", name="Tieni la bozza").click()
    page.get_by_role("link", name="Riprendi il colloquio").click()
    expect(page.get_by_label("Anni di esperienza")).to_have_value("4")
    page.get_by_role("button", name="Colloquio finito").click()
    expect(page.locator("#interview")).to_contain_text("Parla bene con i bambini")
    page.locator("#week summary").click()
    page.get_by_label("sabato, orario 1: dalle").fill("09:00")
    page.get_by_label("sabato, orario 1: alle").fill("12:00")
    page.locator("#week").get_by_role("button", name="Salva").click()
    expect(page.locator("#week tbody tr").nth(5)).to_contain_text("09:00–12:00")
