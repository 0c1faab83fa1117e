"""What the tests of the bot share: fakes, and loops that end with the test."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any

import pytest

from bot import language
from bot.telegram import channel
from bot.webchat import pages, requests
from tests.bot.fakes import FakeBackoffice, FakeRasa
from translations import languages

Run = Callable[[Coroutine[Any, Any, Any]], asyncio.Task[Any]]


FOUR_LANGUAGES = ("it", "en", "ar", "uk")


@pytest.fixture(autouse=True)
def _four_languages(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bot's behaviour does not depend on which catalogues happen to be here."""
    for module in (language, channel, pages, requests, languages):
        monkeypatch.setattr(module, "SUPPORTED", FOUR_LANGUAGES)


@pytest.fixture
async def backoffice() -> AsyncIterator[FakeBackoffice]:
    fake = FakeBackoffice()
    yield fake
    await fake.aclose()


@pytest.fixture
def rasa() -> FakeRasa:
    return FakeRasa()


@pytest.fixture
async def run() -> AsyncIterator[Run]:
    """Run something beside the test and stop it afterwards; what it raised, the test raises."""
    tasks: list[asyncio.Task[Any]] = []

    def start(coroutine: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        tasks.append(asyncio.create_task(coroutine))
        return tasks[-1]

    yield start
    for task in tasks:
        task.cancel()
    for outcome in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(outcome, Exception):
            raise outcome
