"""Whatever Telegram hands over is stored or rightly skipped, and keeps nobody waiting."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st
from sqlalchemy import func, select
from structlog.testing import capture_logs

from backoffice.client.client import BackofficeClient
from backoffice.client.guide_copy import GuideCopies
from backoffice.conversation.models import InboxEntry, Message
from backoffice.database import Database
from bot.incoming import FileNotFetched
from bot.telegram.acceptance import UpdateAcceptance
from bot.telegram.chat_languages import ChatLanguages
from bot.telegram.updates import MalformedUpdate, read_update
from tests.backoffice.conftest import app as app
from tests.backoffice.conftest import clock as clock
from tests.backoffice.conftest import database as database
from tests.backoffice.conftest import postgres_url as postgres_url
from tests.backoffice.conftest import settings as settings
from tests.backoffice.conftest import sqlite_template as sqlite_template
from tests.backoffice.conftest import url as url
from tests.backoffice.databases import SERVICE_TOKEN
from tests.backoffice.databases import backend as backend
from tests.backoffice.factories import create_front_door
from tests.bot.fakes import FakeTelegramBot
from tests.telegram_emulator.hostile import hostile_update

BATCH = 6
EXAMPLES = {"sqlite": 300, "postgres": 100}
PATIENCE_SECONDS = 30.0
FIRST_NUMBER = 700_000_001


class BotWithoutNetwork(FakeTelegramBot):
    """Has no file, answers no press, and leaves every group."""

    async def fetch_file(self, file_id: str) -> bytes:
        if "x" in file_id:
            raise FileNotFetched
        return b"%PDF-1.4"

    async def answer_callback_query(self, *args: Any, **kwargs: Any) -> bool:
        return True

    async def leave_chat(self, *args: Any, **kwargs: Any) -> bool:
        return True


class Fuzzing:
    """An acceptance before the real backoffice, in one event loop for all examples."""

    def __init__(self, app: FastAPI, runner: asyncio.Runner, folder: Path) -> None:
        self._runner = runner
        self._number = FIRST_NUMBER
        self.fates: Counter[str] = Counter()
        client = BackofficeClient("http://backoffice", SERVICE_TOKEN, transport=httpx.ASGITransport(app))
        self._acceptance = UpdateAcceptance(
            client,
            runner.run(self._bot()),
            ChatLanguages(),
            guide=GuideCopies(folder),
            sleep=lambda _seconds: asyncio.sleep(0),
        )

    @staticmethod
    async def _bot() -> BotWithoutNetwork:
        return BotWithoutNetwork()

    def next_number(self) -> int:
        self._number += 1
        return self._number

    def accept(self, updates: list[Any]) -> None:
        """Have a batch accepted; it must be over in time, whatever is in it."""

        async def in_time() -> None:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await self._acceptance.accept_all(updates)

        with capture_logs() as logs:
            self._runner.run(in_time())
        for line in logs:
            if line["event"].startswith("update.") and not line.get("repeated"):
                self.fates[line["event"]] += 1
            assert line["event"] not in ("update.not_taken", "update.stumbled"), line
            assert line["event"] != "update.refused" or line["status"] in (404, 409, 413, 422), line


@pytest.fixture
def fuzzing(app: FastAPI, database: Database, tmp_path: Path) -> Iterator[Fuzzing]:
    with database.transaction() as session:
        create_front_door(session)
    with asyncio.Runner() as runner:
        yield Fuzzing(app, runner, tmp_path)


def sane(number: int, marker: int) -> dict[str, Any]:
    """Return the message of somebody whom no hostile neighbour may hold up."""
    user = {"id": 99, "is_bot": False, "first_name": "Olena"}
    chat = {"id": 99, "type": "private", "first_name": "Olena"}
    message = {"message_id": marker, "date": 1_700_000_000, "from": user, "chat": chat, "text": f"m{marker}"}
    return {"update_id": number, "message": message}


def is_read_by_the_table(update: Any) -> None:
    try:
        reading = read_update(update, bot_id=1)
    except MalformedUpdate:
        return
    table = (reading.message, reading.notice, reading.callback_id, reading.ignored, reading.leave or None)
    assert any(row is not None for row in table)


@pytest.mark.timeout(600)
def test_every_update_is_stored_or_skipped_and_holds_nobody_up(
    fuzzing: Fuzzing, database: Database, backend: str
) -> None:
    markers: list[int] = []

    @how(
        max_examples=EXAMPLES[backend],
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.integers(0, 2**64))
    def try_a_batch(seed: int) -> None:
        dice = random.Random(seed)
        updates = [hostile_update(dice, fuzzing.next_number()) for _ in range(BATCH)]
        for update in updates:
            is_read_by_the_table(update)
        markers.append(len(markers) + 1)
        place = dice.randint(0, BATCH)
        updates.insert(place, sane(fuzzing.next_number(), markers[-1]))
        fuzzing.accept(updates)

    try_a_batch()
    with database.read() as session:
        texts = session.scalars(select(Message.text).order_by(Message.seq)).all()
        stored = session.scalar(select(func.count()).select_from(InboxEntry))
    assert [text for text in texts if text[:1] == "m" and text[1:].isdigit()] == [
        f"m{marker}" for marker in markers
    ]
    # The fuzzing is worth something only while both fates are common.
    assert stored is not None
    assert stored == fuzzing.fates["update.stored"]
    assert stored > 1.5 * len(markers)
    assert fuzzing.fates["update.malformed"] > len(markers) / 10
