"""Every page that the bot's web side answers, in Italian and Arabic: axe-core's rules, 320 px, the Tab key.

The pages are the application's own routes: a new one is opened here too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import BrowserContext, Page, ViewportSize
from starlette.routing import Route

from backoffice.guide.answers import copy_guide
from backoffice.guide.words import CatalogueWords
from tests.backoffice.pages.page_faults import axe_faults, equip, facts, keyboard_faults, layout_faults
from tests.browser.chat_service import ChatService

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]  # a busy machine is no fault

SMALL: ViewportSize = {"width": 320, "height": 640}
WIDE: ViewportSize = {"width": 1280, "height": 800}
WALKED_TOPICS = 2
"""Topics look alike: every one is measured, and as many are asked by axe-core and walked through."""


@pytest.mark.parametrize("language", ["it", "ar"])
def test_every_page_is_there_for_every_eye_and_hand(
    service: ChatService, new_context: Callable[..., BrowserContext], language: str
) -> None:
    service.guide.keep(copy_guide(words=CatalogueWords(), language=language, now=datetime.now(UTC)))
    context = new_context(viewport=SMALL, locale=language, reduced_motion="reduce")
    context.set_default_timeout(90_000)
    equip(context)
    page = context.new_page()
    opened, titles, found, is_chosen = set(), {}, {}, False
    for route, path, is_measured_only in addresses(service, language):
        answer = page.goto(service.url + path)
        assert answer is not None
        if not answer.headers.get("content-type", "").startswith("text/html"):
            continue
        opened.add(route)
        if not is_chosen and page.locator("#language-dialog").count():
            # Who comes for the first time is asked: the window opens once the page has its words.
            page.locator(f"#language-dialog[open] button[lang={language}]").click()
            is_chosen = True
        page.wait_for_function("(code) => document.documentElement.lang === code", arg=language)
        found[path] = [*own_facts(page, language), *faults(page, is_measured_only=is_measured_only)]
        titles[path] = facts(page)["title"]
    assert {path: faults for path, faults in found.items() if faults} == {}
    of_guide = [
        title for path, title in titles.items() if path.startswith("/guide") and "nowhere" not in path
    ]
    assert len(set(of_guide)) == len(of_guide)
    assert {"/", "/embed", "/guide", "/guide/{topic}"} <= opened


def addresses(service: ChatService, language: str) -> Iterator[tuple[str, str, bool]]:
    """Yield each route that may be read, filled, and whether its page is like one before."""
    copy = service.guide.read(language)
    assert copy is not None
    for route in service.application.routes:
        if not isinstance(route, Route) or "GET" not in (route.methods or ()):
            continue
        query = f"?language={language}"
        if "{topic}" in route.path:
            for number, answer in enumerate(copy.topics):
                yield route.path, f"/guide/{answer.topic}{query}", number >= WALKED_TOPICS
            yield route.path, f"/guide/nowhere{query}", False
        else:
            yield route.path, route.path.replace("{language}", language) + query, False


def own_facts(page: Page, language: str) -> list[str]:
    told = facts(page)
    wanted = (language, "rtl" if language == "ar" else "ltr")
    return [] if (told["lang"], told["dir"]) == wanted else [f"is in {told['lang']}, {told['dir']}"]


def faults(page: Page, *, is_measured_only: bool) -> list[str]:
    """Return what is wrong on a small window and on a wide one, with everything unfolded."""
    page.evaluate("pageWalk.unfold()")
    found = layout_faults(page)
    if is_measured_only:
        return found
    found += [*axe_faults(page), *keyboard_faults(page)]
    page.set_viewport_size(WIDE)
    found += [*axe_faults(page), *layout_faults(page)]
    page.set_viewport_size(SMALL)
    return found
