"""Every page that the backoffice answers, opened in Chromium by somebody who may: for every eye and hand.

The pages are the application's own routes: a new one fails here until there is something to show on it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Page, Response, ViewportSize

from backoffice.staff.roles import Role
from tests.attacks.matrix import MATRIX
from tests.attacks.routes import Call, calls
from tests.backoffice.pages.full_district import District, full_district
from tests.backoffice.pages.office import StaffOffice
from tests.backoffice.pages.page_faults import (
    OF_PLACE,
    axe_faults,
    equip,
    facts,
    keyboard_faults,
    layout_faults,
)
from tests.backoffice.pages.test_in_chromium import chromium as chromium

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]  # a busy machine is no fault

SMALL: ViewportSize = {"width": 320, "height": 640}
WIDE: ViewportSize = {"width": 1280, "height": 800}

EYES = ("coordinator", "caseworker", "mediator", *(role.value for role in Role))
"""Who opens a page: the first of them who may, by the table of rights."""

NOBODY = ""

NOT_HERE: Mapping[str, str] = {
    "/appointments/calendar/{token}.ics": "a file",
    "/care/matches/{care_match_id}/interview.ics": "a file",
    "/care/engagements/{engagement_id}/letter": "a file, which the desk has not brought",
    "/cases/{case_id}/documents/{document_id}": "a file, which nobody has brought",
    "/checklist/{token}": "a file",
    "/copies/{copy_id}/file.json": "a file, which is not ready",
    "/copies/{copy_id}/file.pdf": "a file, which is not ready",
    "/family/{token}/{care_match_id}/interview.ics": "a file",
    "/listings/{listing_id}/photos/{photo_id}": "a file",
    "/listings/{listing_id}/photos/{photo_id}/preview": "a file",
    "/live/events": "a stream that never ends",
    "/open-data/catalog.jsonld": "a file",
    "/open-data/{code}/{year}.{kind}": "a file",
    "/planning/figures/{code}/file.{kind}": "a file",
    "/planning/report.pdf": "a file",
    "/sign-in/provider": "leads to another site, where one is set up",
    "/sign-in/provider/back": "leads on, where another site is set up",
    "/viewings/calendar/{token}.ics": "a file",
}
"""What answers no page, though its address does not say so, and why. Each is shown to answer none."""

OTHER_STATES = (
    "/cases?q=zzzz",
    "/cases/none",
    "/conversations?q=zzzz",
    "/listings?municipality=Ticengo",
    "/persons?q=zzzz",
)
"""What pages also look like: empty lists, and the page that says what went wrong."""

SAME_THING = {"/mediation/me", "/mediation/mediators/{mediator_id}"}
"""Addresses of one page, which has one title."""

STILL = "window.EventSource = class { addEventListener() {} close() {} };"
"""Once its stream stands, a page fetches its live parts anew: not under the hands of who walks through it."""

OF_WHOLE_PAGES = ("heading-order", "region", "landmark-unique")
"""Rules that do not ask a part of a page, which stands below headings that are not here."""


@dataclass(frozen=True)
class View:
    """An address, and who opens it."""

    path: str
    who: str


@dataclass
class Rounds:
    """The windows of everybody, and the titles that were met."""

    office: StaffOffice
    chromium: Browser
    district: District
    windows: dict[str, Page] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)

    def window(self, who: str) -> Page:
        """Return the one window of somebody."""
        if who not in self.windows:
            context = self.chromium.new_context(locale="it-IT", viewport=SMALL, reduced_motion="reduce")
            context.set_default_timeout(90_000)
            equip(context)
            context.add_init_script(STILL)
            if who:
                token = self.district.village.headers[who]["Authorization"].partition(" ")[2]
                context.add_cookies([{"name": "sportello", "value": token, "url": self.office.url}])
            page = self.windows[who] = context.new_page()
            page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return self.windows[who]

    def views(self, call: Call) -> list[View]:
        """Return who opens a route, and where."""
        village, row = self.district.village, MATRIX[str(call)]
        if "token" in call.places:
            begin = call.path.partition("{")[0]
            links = [link for each in self.district.links.values() for link in each if link.startswith(begin)]
            return [View(link, NOBODY) for link in links]
        query = "?after=0" if "after" in call.query else ""
        if row.public:
            return [View(call.filled(village.ids) + query, NOBODY)]
        if row.absent:
            return [View(call.filled(village.others), "stranger")]
        who = next((each for each in EYES if each in row.own), "partner_accepted")
        return [View(call.filled(village.ids) + query, who)]


@pytest.fixture(scope="module")
def rounds(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Rounds]:
    with full_district(sqlite_template, tmp_path_factory.mktemp("district")) as district:
        office = StaffOffice(district.village.app)
        made = Rounds(office, request.getfixturevalue("chromium"), district)  # after asyncio had its turn
        yield made
        for page in made.windows.values():
            page.context.close()
        office.close()


def of_pages(call: Call) -> bool:
    return (
        call.method == "GET" and not call.path.startswith(("/api/", "/hsds/")) and call.path not in NOT_HERE
    )


def area(path: str) -> str:
    """Return the first part of an address."""
    return path.split("/")[1].partition("?")[0] or "home"


AREAS = sorted({area(call.path) for call in calls() if of_pages(call)})


@pytest.mark.parametrize("of", AREAS)
def test_every_page_is_there_for_every_eye_and_hand(rounds: Rounds, of: str) -> None:
    found: dict[str, list[str]] = {}
    for call in calls():
        if of_pages(call) and area(call.path) == of:
            views = rounds.views(call)
            assert views, f"nobody opens {call.path}"
            for view in views:
                found[f"{view.path} as {view.who}"] = look(rounds, view, call.path)
    for path in (*OTHER_STATES, *rounds.district.more):
        if area(path) == of:
            status = 404 if path.endswith("/none") else 200
            found[path] = look(rounds, View(path, EYES[0]), None, status=status)
    assert {where: faults for where, faults in found.items() if faults} == {}
    assert rounds.complaints == []


def look(rounds: Rounds, view: View, route: str | None, *, status: int = 200) -> list[str]:
    """Open an address and return what is wrong with the page there, if it is one."""
    page = rounds.window(view.who)
    try:
        answer = page.goto(rounds.office.url + view.path)
    except Error as error:
        if "Download is starting" in error.message:
            return []
        raise
    assert answer is not None
    if answer.status != status:
        return [f"answers {answer.status}"]
    path = page.url.removeprefix(rounds.office.url)
    if path != view.path:
        return ["leads to the sign-in"] if path.startswith("/sign-in") else []
    if not answer.headers["content-type"].startswith("text/html"):
        return []
    is_part = not answer.text().lstrip().lower().startswith("<!doctype html>")
    if is_part:
        show_part(rounds, page, view, answer)
    faults = page_faults(page, without=OF_WHOLE_PAGES if is_part else ())
    if not is_part:
        faults += own_facts(rounds, page, route)
    return faults


def page_faults(page: Page, *, without: tuple[str, ...]) -> list[str]:
    """Return what is wrong on a small window and on a wide one, with everything unfolded."""
    page.evaluate("pageWalk.unfold()")
    small = [*axe_faults(page, without=without), *layout_faults(page), *keyboard_faults(page)]
    shown = page.evaluate("pageWalk.shownElements()")
    page.set_viewport_size(WIDE)
    more = page.evaluate("pageWalk.shownElements()") != shown
    wide = [*axe_faults(page, rules=None if more else OF_PLACE, without=without), *layout_faults(page)]
    page.set_viewport_size(SMALL)
    return [*(f"small: {fault}" for fault in small), *(f"wide: {fault}" for fault in wide)]


def own_facts(rounds: Rounds, page: Page, route: str | None) -> list[str]:
    """Return what is wrong with a page's language, direction and title."""
    told = facts(page)
    language = next((code for code, links in rounds.district.links.items() if page.url.endswith(links)), "it")
    faults = []
    if (told["lang"], told["dir"]) != (language, "rtl" if language == "ar" else "ltr"):
        faults.append(f"is in {told['lang']}, {told['dir']}")
    if route is not None:
        other = rounds.titles.setdefault(told["title"], route)
        if other != route and {other, route} != SAME_THING:
            faults.append(f"has the title of {other}: {told['title']}")
    return faults


def show_part(rounds: Rounds, page: Page, view: View, answer: Response) -> None:
    """Show a part of a page where the scripts would put it: inside the layout."""
    around = page.context.request.get(f"{rounds.office.url}/account").text()
    begin, _, rest = around.partition("<main")
    opened, _, rest = rest.partition(">")
    _, _, end = rest.partition("</main>")
    body = f"{begin}<main{opened}><h1>{view.path}</h1>{answer.text()}</main>{end}"
    address = rounds.office.url + view.path
    page.route(address, lambda route: route.fulfill(response=None, body=body, content_type="text/html"))
    page.goto(address)
    page.unroute(address)


@pytest.mark.parametrize("who", ["coordinator", "administrator", "auditor"])
def test_the_head_of_the_pages_is_walked_through_with_tab(rounds: Rounds, who: str) -> None:
    page = rounds.window(who)
    page.goto(f"{rounds.office.url}/account")
    assert keyboard_faults(page, whole=True) == []


def test_what_is_said_to_be_no_page_is_none(rounds: Rounds) -> None:
    asked = {call.path: call for call in calls() if call.method == "GET"}
    assert set(NOT_HERE) <= set(asked)
    http = rounds.window(EYES[0]).context.request
    for path in NOT_HERE:
        if not MATRIX[f"GET {path}"].streams:
            address = rounds.office.url + asked[path].filled(rounds.district.village.ids)
            answer = http.get(address, max_redirects=0)
            assert not (answer.ok and "text/html" in answer.headers.get("content-type", "")), path


def test_the_rounds_find_what_keeps_somebody_out(rounds: Rounds) -> None:
    page = rounds.window(NOBODY)
    page.goto(f"{rounds.office.url}/sign-in")
    page.evaluate(PLANTED)
    told = " ".join(page_faults(page, without=()))
    for expected in (
        'label: <input id="no-label"',
        "target-size",
        "px too wide",
        "2 headings of level 1",
        "positive tabindex",
        "focus is not seen",
        "Tab does not reach",
        "cut at its side",
    ):
        assert expected in told, expected


PLANTED = """() => {
  const main = document.querySelector("main"), make = (name, about, style) => {
    const made = Object.assign(document.createElement(name), about);
    Object.assign(made.style, style);
    main.append(made);
    return made;
  };
  make("input", { id: "no-label" });
  make("h1", { textContent: "Un altro" });
  make("button", { textContent: "a", tabIndex: 3 }, { padding: 0, border: 0, fontSize: "8px", minHeight: 0 });
  make("button", { textContent: "b" }, { padding: 0, border: 0, fontSize: "8px", minHeight: 0 });
  make("div", { textContent: "x" }, { width: "900px" });
  make("div", { textContent: "precipitevolissimevolmente" }, { width: "40px", overflow: "hidden" });
  const plain = make("button", { textContent: "c" });
  for (const ring of ["outline", "box-shadow"]) plain.style.setProperty(ring, "none", "important");
  const trap = make("button", { textContent: "d" });
  trap.addEventListener("keydown", (event) => event.preventDefault());
  make("button", { textContent: "e" });
}"""
