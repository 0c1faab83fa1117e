"""A real Chromium before the real web application of the bot."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.chat_service import ChatService
from tests.browser.person import Person

PHONE = {"width": 360, "height": 740}
SMALLEST = {"width": 320, "height": 640}

OpenChat = Callable[..., Person]

expect.set_options(timeout=20_000)  # it goes on as soon as it is so; Playwright gives up after five seconds


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The system's Chromium where there is one, else the one that Playwright installed."""
    quiet = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    own = {"executable_path": found} if found else {}
    return {**browser_type_launch_args, **own, "args": quiet}


@pytest.fixture(scope="session")
def base_url() -> None:
    """None: every test has an address of its own.

    pytest-playwright's own fixture is a method, of which pytest 9.2 warns, and warnings are errors here.
    """


@pytest.fixture
def service() -> Iterator[ChatService]:
    running = ChatService()
    yield running
    running.close()


@pytest.fixture
def open_chat(service: ChatService, new_context: Callable[..., BrowserContext]) -> Iterator[OpenChat]:
    """Open the page as a new person who chooses a language; `language=None` leaves the dialog open."""
    people: list[Person] = []

    def open_it(language: str | None = "it", **about: Any) -> Person:
        about = {"viewport": PHONE, "locale": "it-IT", **about}
        context = new_context(**about)
        context.set_default_timeout(20_000)
        person = Person(context.new_page(), service.url)
        people.append(person)
        person.page.goto(service.url)
        if language is not None:
            person.choose_language(language)
        return person

    yield open_it
    for person in people:
        assert person.faults == []


@pytest.fixture
def person(open_chat: OpenChat) -> Person:
    """Somebody with a phone who chose Italian."""
    return open_chat("it")
