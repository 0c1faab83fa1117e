"""B1, how fast a message is taken in for good: what is acknowledged survives the power.

Three steps of the same path: the function that stores a message, beside raw commits of SQLite; the
backoffice's route over HTTP, beside a bare FastAPI route that only answers; a batch of Telegram's through the
whole bot.
"""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import func, select

from backoffice.client.schemas import Channel, IncomingRequest, MessageKind, SessionRequest
from backoffice.conversation.incoming import Budget, record_message
from backoffice.conversation.models import InboxEntry, Message
from backoffice.conversation.openings import open_session
from backoffice.database import Database
from backoffice.migrations.upgrade import upgrade
from benchmarks.environment import ROOT
from benchmarks.lines import Outcome, at_least, at_most, ratio_at_least
from benchmarks.run import Run
from benchmarks.samples import OURS, PEER
from benchmarks.wire import Wire
from tests.attacks.processes import free_port, process, wait_for
from tests.backoffice.factories import create_front_door, create_staff
from tests.telegram_emulator.server import TelegramEmulator

TITLE: Final = "B1: accepting a message for good"
ROUNDS: Final = 5
COMMITS: Final = 500
CONVERSATIONS: Final = 50
REQUESTS: Final = 1_000
AT_ONCE: Final = 8
A_SECOND: Final = 300
OPEN_LOOP_SECONDS: Final = 10
BATCHES: Final = 20
BATCH: Final = 100
PATIENCE_SECONDS: Final = 120.0
SECRET: Final = "secret key of the benchmark"  # noqa: S105
TOKEN: Final = "service-token-of-the-benchmark"  # noqa: S105
_BUDGET: Final = Budget(per_minute=1_000_000)


def measure(run: Run) -> Outcome:
    """Measure the three steps."""
    outcome = Outcome()
    url = f"sqlite:///{run.folder / 'sportello.db'}"
    upgrade(url)
    database = Database(url, secret=SECRET)
    with database.transaction() as session:
        create_front_door(session)
        create_staff(session)
        now = datetime.now(UTC)
        ids = [
            open_session(session, SessionRequest(language="it"), office=None, now=now).conversation_id
            for _ in range(CONVERSATIONS)
        ]
    run.say("the function, beside raw commits")
    _functions(run, outcome, database, ids)
    database.close()
    asyncio.run(_over_http(run, outcome, ids))
    _telegram(run, outcome)
    return outcome


# --- the function ---


def _functions(run: Run, outcome: Outcome, database: Database, ids: list[str]) -> None:
    number = run.few(COMMITS, 50)
    sent = 0
    with closing(_raw(run.folder / "raw.db")) as raw:
        for each in range(run.few(ROUNDS, 2)):
            run.samples.add("commits", PEER, _rate(lambda: _commit(raw), number), number=each)
            accept = _acceptance(database, ids)
            run.samples.add("commits", OURS, _rate(accept, number), number=each)
            sent += number
    with database.read() as session:
        stored = session.scalar(select(func.count()).select_from(Message)) or 0
        entries = session.scalar(select(func.count()).select_from(InboxEntry)) or 0
    if (stored, entries) != (sent, sent):
        outcome.wrong.append(f"{sent} accepted, {stored} stored, {entries} in the inbox")
    outcome.checked.append(
        f"{sent:,} messages accepted by the function: {stored:,} stored, {entries:,} to do"
    )
    outcome.lines.append(
        run.samples.line(
            "commits",
            "the function, one after the other",
            "1/s",
            peer_name="raw commit, FULL",
            target=ratio_at_least(0.4),
        )
    )


def _raw(path: Path) -> sqlite3.Connection:
    opened = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        opened.execute(f"PRAGMA {pragma}")
    opened.execute("CREATE TABLE message (id TEXT PRIMARY KEY, text TEXT)")
    return opened


def _commit(raw: sqlite3.Connection) -> None:
    raw.execute("BEGIN IMMEDIATE")
    raw.execute("INSERT INTO message VALUES (?, ?)", (str(uuid.uuid4()), "Buongiorno, cerco una casa"))
    raw.execute("COMMIT")


def _acceptance(database: Database, ids: list[str]) -> Callable[[], None]:
    turn = iter(range(10**9))

    def accept() -> None:
        request = _request(ids[next(turn) % len(ids)])
        with database.transaction() as session:
            record_message(session, request, allowance=_BUDGET, now=datetime.now(UTC))

    return accept


def _request(conversation: str) -> IncomingRequest:
    return IncomingRequest(
        channel=Channel.WEB,
        external_id=f"benchmark:{uuid.uuid4()}",
        conversation_id=conversation,
        kind=MessageKind.TEXT,
        text="Buongiorno, cerco una casa",
        language="it",
    )


def _rate(act: Callable[[], None], times: int) -> float:
    begun = time.perf_counter()
    for _ in range(times):
        act()
    return times / (time.perf_counter() - begun)


# --- over HTTP ---


async def _over_http(run: Run, outcome: Outcome, ids: list[str]) -> None:
    ports = {name: free_port() for name in ("backoffice", "echo")}
    settings = {
        "SPORTELLO_DATA_DIR": str(run.folder),
        "SPORTELLO_SECRET_KEY": SECRET,
        "SPORTELLO_SERVICE_TOKEN": TOKEN,
        "SPORTELLO_LOG_LEVEL": "ERROR",
        "SPORTELLO_MESSAGES_PER_MINUTE": "10000",
        "SPORTELLO_BACKOFFICE_PORT": str(ports["backoffice"]),
    }
    office, bare = (f"http://127.0.0.1:{ports[name]}" for name in ("backoffice", "echo"))
    with process("backoffice", run.folder / "office.log", **settings) as started, echo(ports["echo"]):
        await asyncio.to_thread(wait_for, f"{office}/health", started)
        sent = 0
        for each in range(run.few(ROUNDS, 2)):
            run.say(f"over HTTP, round {each + 1}")
            number = run.few(REQUESTS, 100)
            run.samples.add("http", PEER, await _closed_loop(bare, "/echo", ids, number, 200), number=each)
            path = "/api/v1/service/messages"
            run.samples.add("http", OURS, await _closed_loop(office, path, ids, number, 201), number=each)
            sent += number
        run.say(f"{A_SECOND} a second")
        await _open_loop(run, outcome, office, ids)
    outcome.lines += [
        run.samples.line(
            "http",
            f"over HTTP, {AT_ONCE} at once",
            "1/s",
            peer_name="bare FastAPI echo",
            target=ratio_at_least(0.5),
        ),
        run.samples.line(
            "open loop", f"over HTTP, at {A_SECOND} a second, p99", "ms", share=0.99, target=at_most(20)
        ),
    ]
    outcome.checked.append(f"{sent:,} messages over HTTP, each answered with 201")


async def _closed_loop(address: str, path: str, ids: list[str], number: int, status: int) -> float:
    """Send so many messages over a few connections; return how many a second."""
    turn = iter(range(number))
    begun = time.perf_counter()

    async def send() -> None:
        wire = Wire(address, {"Authorization": f"Bearer {TOKEN}"})
        for each in turn:
            await _post(wire, path, ids[each % len(ids)], status)
        await wire.aclose()

    await asyncio.gather(*(send() for _ in range(AT_ONCE)))
    return number / (time.perf_counter() - begun)


async def _open_loop(run: Run, outcome: Outcome, address: str, ids: list[str]) -> None:
    """Send at a fixed rate, whatever the answers take; a message's time begins when it was due."""
    idle: asyncio.Queue[Wire] = asyncio.Queue()
    wires = [Wire(address, {"Authorization": f"Bearer {TOKEN}"}) for _ in range(32)]
    for wire in wires:
        idle.put_nowait(wire)
    begun = time.perf_counter()

    async def send(number: int) -> None:
        due = begun + number / A_SECOND
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        wire = await idle.get()
        await _post(wire, "/api/v1/service/messages", ids[number % len(ids)], 201)
        run.samples.add("open loop", OURS, (time.perf_counter() - due) * 1000)
        idle.put_nowait(wire)

    number = A_SECOND * run.few(OPEN_LOOP_SECONDS, 1)
    await asyncio.gather(*map(send, range(number)))
    outcome.notes.append(f"{number / (time.perf_counter() - begun):.0f} a second were reached of {A_SECOND}.")
    for wire in wires:
        await wire.aclose()


async def _post(wire: Wire, path: str, conversation: str, expected: int) -> None:
    body: dict[str, Any] = _request(conversation).model_dump(mode="json", exclude_none=True)
    status, _ = await wire.ask("POST", path, body)
    assert status == expected, f"{path}: {status}"


@contextmanager
def echo(port: int) -> Iterator[None]:
    """Run the bare FastAPI application of `benchmarks/echo.py`."""
    started = subprocess.Popen([sys.executable, "-m", "benchmarks.echo", str(port)], cwd=ROOT)
    try:
        wait_for(f"http://127.0.0.1:{port}/docs", started, well=False)
        yield
    finally:
        started.kill()
        started.wait()


# --- Telegram ---


def _telegram(run: Run, outcome: Outcome) -> None:
    """Queue batches at an emulated Telegram; see how long the bot takes until it has confirmed them all."""
    run.say("batches of Telegram")
    ports = {name: free_port() for name in ("backoffice", "bot", "actions", "rasa")}
    batches, batch = run.few(BATCHES, 3), BATCH  # Telegram hands out so many at once
    with TelegramEmulator("4242:invented-token-of-the-benchmark") as telegram:
        settings = {
            "SPORTELLO_DATA_DIR": str(run.folder),
            "SPORTELLO_SECRET_KEY": SECRET,
            "SPORTELLO_SERVICE_TOKEN": TOKEN,
            "SPORTELLO_LOG_LEVEL": "ERROR",
            "SPORTELLO_MESSAGES_PER_MINUTE": "10000",
            "SPORTELLO_TELEGRAM_TOKEN": telegram.token,
            "SPORTELLO_TELEGRAM_API_URL": telegram.url,
            **{f"SPORTELLO_{name.upper()}_PORT": str(port) for name, port in ports.items()},
        }
        office = f"http://127.0.0.1:{ports['backoffice']}"
        with process("backoffice", run.folder / "office.log", **settings) as started:
            wait_for(f"{office}/health", started)
            people = [telegram.person(7_000_000 + each) for each in range(batch)]
            for number in range(batches):
                for person in people:
                    person.send_text(f"Buongiorno, {number}")
            seconds = _until_confirmed(run.folder, telegram, settings)
        url = f"sqlite:///{run.folder / 'sportello.db'}"
        stored = _stored_of_telegram(url)
    sent = batches * batch
    if stored != sent:
        outcome.wrong.append(f"Telegram: {sent} sent, {stored} stored")
    outcome.checked.append(f"{sent:,} messages of {batch} people on Telegram: {stored:,} stored")
    run.samples.add("telegram", OURS, sent / seconds)
    outcome.lines.append(
        run.samples.line(
            "telegram", f"Telegram, batches of {BATCH}, through the whole bot", "1/s", target=at_least(3_000)
        )
    )


def _until_confirmed(folder: Path, telegram: TelegramEmulator, settings: dict[str, str]) -> float:
    with process("bot", folder / "bot.log", **settings) as bot:
        first = len(telegram.world.updates)
        while len(telegram.world.updates) == first:  # it starts
            assert bot.poll() is None, "the bot has ended"
            time.sleep(0.002)
        begun, left = time.perf_counter(), len(telegram.world.updates)
        done = first - left
        while telegram.world.updates:
            assert bot.poll() is None, "the bot has ended"
            assert time.perf_counter() < begun + PATIENCE_SECONDS, "Telegram's messages are not accepted"
            time.sleep(0.002)
        seconds = time.perf_counter() - begun
    return seconds * first / (first - done)


def _stored_of_telegram(url: str) -> int:
    database = Database(url, secret=SECRET)
    with database.read() as session:
        statement = select(func.count()).select_from(InboxEntry)
        found = session.scalar(statement.where(InboxEntry.channel == Channel.TELEGRAM)) or 0
    database.close()
    return found
