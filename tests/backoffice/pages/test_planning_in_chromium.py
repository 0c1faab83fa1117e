"""The pages of planning in a real Chromium: 320 px, axe-core's rules, words that cover nothing, paper."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from backoffice.database import Database
from tests.backoffice.pages.office import StaffOffice
from tests.backoffice.pages.test_in_chromium import Open, _faults
from tests.backoffice.pages.test_in_chromium import chromium as chromium
from tests.backoffice.pages.test_in_chromium import office as office
from tests.backoffice.pages.test_in_chromium import open_as as open_as
from tests.backoffice.planning.invented import create_releases

pytestmark = pytest.mark.browser

PAGES = (
    "/planning",
    "/planning/figures/asked?period=2026-q3",
    "/planning/figures/waits",
    "/planning/equal-service",
)

COVERED = """() => [...document.querySelectorAll("svg.chart")].flatMap((chart) => {
  const around = chart.getBoundingClientRect();
  const words = [...chart.querySelectorAll("text")]
    .map((each) => [each.textContent, each.getBoundingClientRect()]);
  const leaves = words.filter(([, box]) => box.left < around.left - 1 || box.right > around.right + 1);
  const covers = words.flatMap(([text, box], place) => words.slice(0, place)
    .filter(([, other]) => box.left < other.right - 1 && other.left < box.right - 1
                        && box.top < other.bottom - 2 && other.top < box.bottom - 2)
    .map(([other]) => `${text} covers ${other}`));
  return [...leaves.map(([text]) => `${text} leaves its chart`), ...covers];
})"""


def look(page: Page, url: str) -> None:
    page.goto(url)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320, url
    assert page.evaluate(COVERED) == [], url
    assert _faults(page) == [], url


def test_figures_are_read_at_320_px_in_two_languages_and_printed(
    open_as: Open, office: StaffOffice, database: Database
) -> None:
    with database.transaction() as session:
        create_releases(session)
    page = open_as("planner", viewport={"width": 320, "height": 640}, bypass_csp=True)
    for path in PAGES:
        look(page, office.url + path)
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", name="Equal service", exact=True)).to_be_visible()
    look(page, f"{office.url}{PAGES[1]}")
    page.get_by_label("Place").select_option("Crema")
    page.get_by_role("button", name="Show", exact=True).press("Enter")
    page.wait_for_url("**place=Crema**")
    page.emulate_media(media="print")
    expect(page.get_by_text("Quarter 3 of 2026 · Crema")).to_be_visible()
    expect(page.locator(".app-nav")).to_be_hidden()
    expect(page.locator(".filters")).to_be_hidden()
