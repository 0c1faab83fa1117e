"""An emulated Telegram, a bot that speaks to it, and the channel between it and a fake backoffice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from backoffice.client.guide_copy import GuideCopies
from bot.telegram.acceptance import UpdateAcceptance
from bot.telegram.chat_languages import ChatLanguages
from bot.telegram.gateway_bot import GatewayBot
from tests.bot.fakes import FakeBackoffice
from tests.telegram_emulator import Person, TelegramEmulator


@pytest.fixture
def telegram() -> Iterator[TelegramEmulator]:
    with TelegramEmulator() as emulator:
        yield emulator


@pytest.fixture
def olena(telegram: TelegramEmulator) -> Person:
    return telegram.person(5_000_001, first_name="Olena", language_code="uk")


@pytest.fixture
async def bot(telegram: TelegramEmulator) -> AsyncIterator[GatewayBot]:
    bot = GatewayBot(telegram.token, telegram.url, read_seconds=1.0)
    yield bot
    await bot.close_connections()


@pytest.fixture
def languages() -> ChatLanguages:
    return ChatLanguages()


@pytest.fixture
def copies(tmp_path: Path) -> GuideCopies:
    return GuideCopies(tmp_path)


@pytest.fixture
async def acceptance(
    backoffice: FakeBackoffice, bot: GatewayBot, languages: ChatLanguages, copies: GuideCopies
) -> AsyncIterator[UpdateAcceptance]:
    acceptance = UpdateAcceptance(backoffice, bot, languages, guide=copies, sleep=briefly)
    yield acceptance
    await acceptance.stop()


async def briefly(seconds: float) -> None:
    """Pauses of seconds become hundredths: the order stays, the test is quick."""
    await asyncio.sleep(seconds / 100)
