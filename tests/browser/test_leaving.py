"""Quick exit: for those who are watched."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chat_service import ChatService
from tests.browser.person import Person

pytestmark = pytest.mark.browser

WEATHER = "https://www.meteoam.it/"


@pytest.fixture(autouse=True)
def weather_page(person: Person) -> None:
    """A stand-in for the page that is shown instead, so that the test needs no network."""
    person.page.context.route(f"{WEATHER}**", lambda route: route.fulfill(body="<title>Meteo</title>sole"))


def traces(page: Page, service: ChatService) -> dict[str, str]:
    """What this browser still keeps of the page."""
    page.goto(f"{service.url}/static/icon.svg")
    kept: dict[str, str] = page.evaluate("({...localStorage, ...sessionStorage})")
    return kept


def test_quick_exit_shows_the_weather_and_leaves_nothing_behind(service: ChatService, person: Person) -> None:
    person.begin("Mio marito mi picchia")
    person.field.fill("non ho finito")
    person.page.locator("#quick-exit").click()
    expect(person.page).to_have_url(WEATHER)
    person.page.go_back()
    expect(person.page.get_by_text("Mio marito")).to_have_count(0)
    assert traces(person.page, service) == {}
    assert person.page.context.cookies() == []


def test_three_escapes_leave_and_two_do_not(service: ChatService, person: Person) -> None:
    person.begin("Ciao")
    for _ in range(2):
        person.page.keyboard.press("Escape")
    expect(person.own("Ciao")).to_be_visible()
    person.page.keyboard.press("Escape")
    expect(person.page).to_have_url(WEATHER)
    assert traces(person.page, service) == {}


def test_three_escapes_leave_from_the_language_dialog_too(person: Person) -> None:
    person.page.locator("#language-chip").click()
    for _ in range(3):
        person.page.keyboard.press("Escape")
    expect(person.page).to_have_url(WEATHER)


def test_a_message_on_its_way_leaves_no_trace_after_the_exit(service: ChatService, person: Person) -> None:
    service.backoffice_goes()
    person.write("Aiuto")
    person.is_told("unavailable")
    person.page.locator("#quick-exit").click()
    expect(person.page).to_have_url(WEATHER)
    assert traces(person.page, service) == {}


def test_leaving_empties_the_other_tabs_too(service: ChatService, person: Person) -> None:
    person.begin("Ciao")
    other = person.page.context.new_page()
    other.goto(service.url)
    expect(other.get_by_text("Ciao", exact=True)).to_be_visible()
    person.page.locator("#quick-exit").click()
    expect(other).to_have_url(WEATHER)


def test_the_title_of_the_page_tells_nobody_what_it_is(person: Person) -> None:
    expect(person.page).to_have_title("Chat")
