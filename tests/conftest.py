"""Fixtures that several folders share: one running installation with Telegram's emulator beside it."""

from __future__ import annotations

import os
from collections.abc import Iterator

import hypothesis
import pytest

from tests.stack.processes import Stack, new_stack
from tests.telegram_emulator.server import TelegramEmulator, run_emulator

hypothesis.settings.register_profile("untimed", deadline=None)  # a busy machine is no fault
hypothesis.settings.load_profile("untimed")

os.environ["ARGOS_COMPUTE_TYPE"] = "float32"
"""The tests' packages are so small that processors which round integers otherwise say other sentences."""

TELEGRAM_TOKEN = "4242:invented-token-of-the-tests"


@pytest.fixture(scope="session")
def telegram() -> Iterator[TelegramEmulator]:
    with run_emulator(TELEGRAM_TOKEN) as emulator:
        yield emulator


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory, telegram: TelegramEmulator) -> Iterator[Stack]:
    """Every process real; started once for all tests that ask for it."""
    running = new_stack(
        tmp_path_factory.mktemp("stack"),
        SPORTELLO_TELEGRAM_TOKEN=TELEGRAM_TOKEN,
        SPORTELLO_TELEGRAM_API_URL=telegram.url,
    )
    running.lend_model()
    running.start()
    yield running
    running.stop()
