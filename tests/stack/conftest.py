"""One running installation for all tests of this folder, with Telegram's emulator beside it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.stack.people import StaffMember, WebCitizen
from tests.stack.processes import Stack, new_stack
from tests.telegram_emulator.server import TelegramEmulator, run_emulator

TELEGRAM_TOKEN = "4242:invented-token-of-the-tests"


@pytest.fixture(scope="session")
def telegram() -> Iterator[TelegramEmulator]:
    with run_emulator(TELEGRAM_TOKEN) as emulator:
        yield emulator


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory, telegram: TelegramEmulator) -> Iterator[Stack]:
    running = new_stack(
        tmp_path_factory.mktemp("stack"),
        SPORTELLO_TELEGRAM_TOKEN=TELEGRAM_TOKEN,
        SPORTELLO_TELEGRAM_API_URL=telegram.url,
    )
    running.start()
    yield running
    running.stop()


@pytest.fixture
def mediator(stack: Stack) -> StaffMember:
    return StaffMember(stack.backoffice_url, "mediator.uk")


@pytest.fixture
def other_mediator(stack: Stack) -> StaffMember:
    return StaffMember(stack.backoffice_url, "mediator.ar")


@pytest.fixture
def caseworker(stack: Stack) -> StaffMember:
    return StaffMember(stack.backoffice_url, "caseworker")


@pytest.fixture
def citizen(stack: Stack) -> WebCitizen:
    """Somebody who writes English on the web."""
    return WebCitizen(stack.bot_url, "en")
