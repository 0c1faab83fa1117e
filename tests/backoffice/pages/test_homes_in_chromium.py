"""The housing desk in a real Chromium at 320 px, by axe-core's rules."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.backoffice.pages.office import StaffOffice
from tests.backoffice.pages.test_in_chromium import Open, _faults
from tests.backoffice.pages.test_in_chromium import chromium as chromium
from tests.backoffice.pages.test_in_chromium import office as office
from tests.backoffice.pages.test_in_chromium import open_as as open_as

pytestmark = pytest.mark.browser


def test_a_home_is_found_mended_and_read_at_320_px_and_by_everybody(
    open_as: Open, office: StaffOffice
) -> None:
    page = open_as("housing", viewport={"width": 320, "height": 640}, bypass_csp=True)

    def look(path: str) -> None:
        page.goto(office.url + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
        assert _faults(page) == [], path

    page.goto(f"{office.url}/listings?municipality=Offanengo")
    card = page.locator(".home-card")
    expect(card).to_have_count(1)
    picture = card.locator("img")
    expect(picture).to_have_attribute("alt", re.compile("Foto della casa C-"))
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    card.get_by_role("link").click()
    home = re.sub(r"^https?://[^/]+", "", page.url)
    expect(page.get_by_text(re.compile("famigli[ae] adatt[ae]"))).to_be_visible()
    look(home)
    look(f"{home}/edit")
    page.get_by_label("Zona").fill("dietro il mercato")
    page.get_by_label("Persone al massimo").fill("8")
    page.get_by_role("button", name="Salva").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Offanengo, dietro il mercato")
    expect(page.locator("#too-many")).to_contain_text("la casa è scritta per 8 persone")
