"""From a citizen's message to the mediator's open event stream and back, beside one raw commit and event.

`python -m benchmarks.relay` (part of `make benchmark`): the real backoffice and bot on SQLite, and a bare
Starlette application, take turns in one run. Raw samples go to `var/benchmarks/relay.json`, the table to
`docs/benchmarks/relay.md`. Every message is checked: a run that loses one ends with 1.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx

from backoffice.live.open_streams import MOST_OF_ONE
from benchmarks.environment import look
from tests.attacks.processes import free_port, process, wait_for

ROOT: Final = Path(__file__).resolve().parent.parent
RESULTS: Final = ROOT / "var" / "benchmarks"
PAGE: Final = ROOT / "docs" / "benchmarks" / "relay.md"
ROUNDS: Final = 300
WARM_UP: Final = 20
OTHERS: Final = 20
PATIENCE_SECONDS: Final = 30.0
TOKEN: Final = "service-token-of-the-benchmark"  # noqa: S105

STEPS: Final = {
    "bare": "raw commit and raw event",
    "stream": "citizen's message to the mediator's stream",
    "words": "and until the mediator's page has read the words",
    "back": "mediator's reply to the citizen's stream",
}


_INTRODUCTION: Final = """\
# From a message to the other side's screen

Written by `make benchmark`. The floor is a bare Starlette application: one SQLite commit and one server-sent
event in one process. Sportello's message passes two processes, is numbered, and is stored with its inbox row
and its event before anybody is told.
"""


class Stream:
    """An open stream of server-sent events; what comes is kept with the moment at which it came."""

    def __init__(self, http: httpx.AsyncClient, path: str, begins: str) -> None:
        self._http = http
        self._path = path
        self._begins = begins
        self._news: asyncio.Queue[tuple[float, dict[str, Any]]] = asyncio.Queue()
        self._ready = asyncio.Event()
        self._task = asyncio.create_task(self._listen())

    async def _listen(self) -> None:
        async with self._http.stream("GET", self._path, timeout=None) as answer:
            answer.raise_for_status()
            async for line in answer.aiter_lines():
                if line.startswith(self._begins):
                    self._ready.set()
                if line.startswith("data: {"):
                    self._news.put_nowait((time.perf_counter(), json.loads(line.removeprefix("data: "))))

    async def ready(self) -> None:
        """Wait until the server says something."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            await self._ready.wait()

    async def next(self, wanted: Callable[[dict[str, Any]], bool]) -> float:
        """Return when the first event came that is wanted; those before it are forgotten."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                at, event = await self._news.get()
                if wanted(event):
                    return at

    async def aclose(self) -> None:
        """Hang up."""
        self._task.cancel()
        with suppress(asyncio.CancelledError, httpx.HTTPError):
            await self._task


@dataclass
class Samples:
    """Milliseconds of each step."""

    by_step: dict[str, list[float]] = field(default_factory=lambda: {step: [] for step in STEPS})

    def add(self, step: str, begun: float, over: float) -> None:
        """Keep one measurement."""
        self.by_step[step].append((over - begun) * 1000)

    def forget(self) -> None:
        """Begin anew: what came before was for warming up."""
        for samples in self.by_step.values():
            samples.clear()


class Talk:
    """A conversation that a mediator holds, both sides with their streams open."""

    def __init__(self, bot: str, office: str, mediator: str) -> None:
        self.citizen = httpx.AsyncClient(base_url=bot, timeout=PATIENCE_SECONDS)
        self.staff = httpx.AsyncClient(
            base_url=office, timeout=PATIENCE_SECONDS, headers={"Authorization": f"Bearer {mediator}"}
        )
        self.screen: Stream | None = None

    async def open(self, *, with_screen: bool = True) -> None:
        """Open the conversation, have the mediator take it, and listen; a mediator has few screens."""
        opened = (await self.citizen.post("/chat/sessions", json={"language": "it"})).json()
        self.citizen.headers["Authorization"] = f"Bearer {opened['token']}"
        self.id = opened["conversation_id"]
        path = f"/api/v1/conversations/{self.id}"
        epoch = (await self.staff.get(path)).json()["epoch"]
        claimed = await self.staff.post(f"{path}/claim", json={"epoch": epoch})
        claimed.raise_for_status()
        self.epoch = claimed.json()["epoch"]
        self.page = Stream(self.citizen, "/chat/events", "retry")
        await self.page.ready()
        if with_screen:
            self.screen = Stream(self.staff, "/live/events", "event: ready")
            await self.screen.ready()

    async def there_and_back(self, samples: Samples) -> None:
        """Let the citizen write and the mediator reply, once."""
        assert self.screen is not None
        text = f"message {uuid.uuid4()}"
        begun = time.perf_counter()
        sent = await self.citizen.post("/chat/messages", json={"id": str(uuid.uuid4()), "text": text})
        assert sent.status_code == 202, sent.text
        seq = sent.json()["seq"]
        samples.add(
            "stream", begun, await self.screen.next(lambda event: event.get("conversation") == self.id)
        )
        read = await self.staff.get(
            f"/api/v1/conversations/{self.id}/messages", params={"cursor": seq - 1, "limit": 10}
        )
        assert [message["text"] for message in read.json()["items"]] == [text], "a message was lost"
        samples.add("words", begun, time.perf_counter())
        reply = f"reply {uuid.uuid4()}"
        begun = time.perf_counter()
        said = await self.staff.post(
            f"/api/v1/conversations/{self.id}/reply", json={"epoch": self.epoch, "text": reply}
        )
        assert said.status_code == 201, said.text
        samples.add("back", begun, await self.page.next(lambda event: event.get("text") == reply))
        await self.screen.next(lambda event: event.get("conversation") == self.id)

    async def aclose(self) -> None:
        """Close everything."""
        await self.page.aclose()
        if self.screen is not None:
            await self.screen.aclose()
        await self.citizen.aclose()
        await self.staff.aclose()


async def bare_round(http: httpx.AsyncClient, stream: Stream, samples: Samples) -> None:
    """One message through the bare application."""
    text = str(uuid.uuid4())
    begun = time.perf_counter()
    sent = await http.post("/messages", json={"text": text})
    assert sent.status_code == 202, sent.text
    samples.add("bare", begun, await stream.next(lambda event: event["text"] == text))


async def measure(addresses: dict[str, str], rounds: int, others: int) -> dict[str, Samples]:
    """Measure alone, then with other conversations and mediators connected; the two applications by turns."""
    token = await _token(addresses["backoffice"])
    found: dict[str, Samples] = {}
    async with AsyncExitStack() as running:
        talk = Talk(addresses["bot"], addresses["backoffice"], token)
        await talk.open()
        running.push_async_callback(talk.aclose)
        bare = await running.enter_async_context(httpx.AsyncClient(base_url=addresses["bare"]))
        stream = Stream(bare, "/events", ": ready")
        running.push_async_callback(stream.aclose)
        await stream.ready()
        for scene, more in (("alone", 0), (f"{others} other conversations open", others)):
            for number in range(more):
                other = Talk(addresses["bot"], addresses["backoffice"], token)
                await other.open(with_screen=number < MOST_OF_ONE - 1)
                running.push_async_callback(other.aclose)
            samples = found[scene] = Samples()
            for number in range(WARM_UP + rounds):
                if number == WARM_UP:
                    samples.forget()
                await bare_round(bare, stream, samples)
                await talk.there_and_back(samples)
    return found


async def _token(address: str) -> str:
    form = {"username": "mediator.uk@demo.sportello", "password": "sportello-demo"}
    async with httpx.AsyncClient(base_url=address, timeout=PATIENCE_SECONDS) as http:
        answer = await http.post("/api/v1/auth/token", data=form)
        answer.raise_for_status()
        return str(answer.json()["access_token"])


@asynccontextmanager
async def installation(folder: Path) -> AsyncIterator[dict[str, str]]:
    """Run backoffice, bot and the bare application; Rasa has no part in a mediator's conversation."""
    ports = {name: free_port() for name in ("backoffice", "bot", "actions", "rasa", "bare")}
    settings = {
        "SPORTELLO_DATA_DIR": str(folder),
        "SPORTELLO_DEMO": "1",
        "SPORTELLO_SERVICE_TOKEN": TOKEN,
        "SPORTELLO_SECRET_KEY": "secret key of the benchmark",
        "SPORTELLO_LOG_LEVEL": "ERROR",
        "SPORTELLO_MESSAGES_PER_MINUTE": "10000",
        "SPORTELLO_CHAT_SESSIONS_PER_MINUTE": "10000",
        **{f"SPORTELLO_{name.upper()}_PORT": str(port) for name, port in ports.items()},
    }
    clean = {name: value for name, value in os.environ.items() if not name.startswith("SPORTELLO_")}
    for module in ("backoffice.migrations.upgrade", "backoffice.seed"):
        await asyncio.to_thread(_run_once, module, {**clean, **settings})
    addresses = {name: f"http://127.0.0.1:{port}" for name, port in ports.items()}
    log = folder / "benchmark.log"
    with (
        process("backoffice", log, **settings) as backoffice,
        process("bot", log, **settings) as bot,
        _bare(folder / "bare.db", ports["bare"]),
    ):
        await asyncio.to_thread(wait_for, f"{addresses['backoffice']}/health", backoffice)
        await asyncio.to_thread(wait_for, f"{addresses['bot']}/health", bot, well=False)
        yield addresses


def _run_once(module: str, environment: dict[str, str]) -> None:
    subprocess.run([sys.executable, "-m", module], cwd=ROOT, env=environment, check=True, stdout=sys.stderr)


def _bare(path: Path, port: int) -> subprocess.Popen[bytes]:
    return _Stopped([sys.executable, "-m", "benchmarks.bare", str(path), str(port)], cwd=ROOT)


class _Stopped(subprocess.Popen[bytes]):
    """A process that is killed at the end of its block."""

    def __exit__(self, *about: object) -> None:
        self.kill()
        self.wait()


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the table, keep the samples; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.relay", description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--others", type=int, default=OTHERS, help="other conversations with open streams")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="sportello-relay-") as folder:
        found = asyncio.run(_run(Path(folder), chosen.rounds, chosen.others))
    table = "\n".join(_table(found, chosen.rounds, look().load))
    print(table)
    _keep(found, table)
    return 0


async def _run(folder: Path, rounds: int, others: int) -> dict[str, Samples]:
    async with installation(folder) as addresses:
        return await measure(addresses, rounds, others)


def _table(found: dict[str, Samples], rounds: int, load: float) -> list[str]:
    quiet = "" if load <= 0.5 else " (not quiet: compare the columns, not the milliseconds)"
    lines = [
        f"{rounds} rounds each, by turns, on SQLite with `synchronous=FULL`, on {os.cpu_count()} cores,"
        f" Python {platform.python_version()}, {time.strftime('%Y-%m-%d')}.",
        f"Load average of the machine before the run: {load:.1f}{quiet}.",
        "",
        "| scene | step | p50, ms | p95, ms | p99, ms | p50 / raw |",
        "|---|---|---|---|---|---|",
    ]
    for scene, samples in found.items():
        floor = _percentile(samples.by_step["bare"], 0.5)
        for step, name in STEPS.items():
            times = samples.by_step[step]
            shown = " | ".join(f"{_percentile(times, share):.1f}" for share in (0.5, 0.95, 0.99))
            lines.append(f"| {scene} | {name} | {shown} | {_percentile(times, 0.5) / floor:.1f} |")
    return lines


def _percentile(times: Sequence[float], share: float) -> float:
    if share == 0.5:
        return statistics.median(times)
    ordered = sorted(times)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def _keep(found: dict[str, Samples], table: str) -> None:
    RESULTS.mkdir(parents=True, exist_ok=True)
    raw = {scene: samples.by_step for scene, samples in found.items()}
    (RESULTS / "relay.json").write_text(json.dumps(raw), encoding="utf-8")
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(f"{_INTRODUCTION}\n{table}\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
