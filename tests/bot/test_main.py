"""The process itself: it starts without the others, says so, and stops when told."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette

from bot.__main__ import Server, run_parts
from bot.webchat.feed import EventFeed
from tests.bot.fakes import FakeBackoffice

ROOT = Path(__file__).parents[2]


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def running(tmp_path: Path, **settings: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SPORTELLO_")}
    environment |= {
        "SPORTELLO_DATA_DIR": str(tmp_path),
        "SPORTELLO_BOT_PORT": str(port),
        "SPORTELLO_BACKOFFICE_PORT": str(free_port()),
        "SPORTELLO_RASA_PORT": str(free_port()),
        "SPORTELLO_ACTIONS_PORT": str(free_port()),
        "SPORTELLO_SERVICE_TOKEN": "service-token",
        "SPORTELLO_SECRET_KEY": "secret-key",
        **settings,
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "bot"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process, f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


def wait_for_health(process: subprocess.Popen[str], url: str, *, seconds: float = 120) -> httpx.Response:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        try:
            return httpx.get(f"{url}/health", timeout=5, trust_env=False)
        except httpx.TransportError:
            time.sleep(0.05)
    raise AssertionError(f"not listening: {process.poll()}")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_without_the_others_and_stops_within_three_seconds(
    tmp_path: Path, number: signal.Signals
) -> None:
    with running(tmp_path) as (process, url):
        health = wait_for_health(process, url)
        assert (health.status_code, health.json()["backoffice"]) == (503, "down")
        pid_file = tmp_path / "run" / "bot.pid"
        assert int(pid_file.read_text()) == process.pid
        assert httpx.get(url, trust_env=False).status_code == 200
        told = time.monotonic()
        process.send_signal(number)
        output, _ = process.communicate(timeout=10)
        assert time.monotonic() - told < 3
        assert process.returncode == 0
        assert not pid_file.exists()
        assert output.count("telegram.off") == 1
        assert "Traceback" not in output


def test_a_telegram_that_cannot_be_reached_does_not_stop_the_web_chat(tmp_path: Path) -> None:
    api_url = f"http://127.0.0.1:{free_port()}"
    settings = {"SPORTELLO_TELEGRAM_TOKEN": "42:token-of-a-test", "SPORTELLO_TELEGRAM_API_URL": api_url}
    with running(tmp_path, **settings) as (process, url):
        assert wait_for_health(process, url).json()["telegram"] == "polling"
        process.send_signal(signal.SIGTERM)
        output, _ = process.communicate(timeout=10)
        assert process.returncode == 0
        assert "token-of-a-test" not in output


def test_a_port_that_is_taken_ends_the_process_with_an_error(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with running(tmp_path, SPORTELLO_BOT_PORT=str(taken.getsockname()[1])) as (process, _):
            process.communicate(timeout=120)
            assert process.returncode not in {0, None}


def test_a_wrong_setting_ends_the_process_with_one_line(tmp_path: Path) -> None:
    with running(tmp_path, SPORTELLO_BOT_PORT="many") as (process, _):
        output, _ = process.communicate(timeout=120)
        assert process.returncode == 1
        assert output.startswith("SPORTELLO_BOT_PORT: ")
        assert output.count("\n") == 1


@pytest.mark.parametrize("how", ["raises", "returns"])
async def test_a_part_that_dies_ends_the_process_so_that_the_supervisor_starts_it_again(how: str) -> None:
    async def dies() -> None:
        if how == "raises":
            raise RuntimeError("of ours")

    async def lives() -> None:
        await asyncio.Event().wait()

    client = FakeBackoffice()
    server = Server(uvicorn.Config(Starlette(), lifespan="off"))
    parts = {"turns": dies(), "events": lives()}
    assert await run_parts(parts, asyncio.Event(), server, EventFeed(client)) == 1
    assert server.should_exit
    await client.aclose()


async def test_told_to_stop_every_part_ends_and_all_is_well() -> None:
    ended: list[str] = []

    async def lives(name: str) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(name)

    client, stop = FakeBackoffice(), asyncio.Event()
    stop.set()
    server = Server(uvicorn.Config(Starlette(), lifespan="off"))
    parts = {"turns": lives("turns"), "events": lives("events")}
    assert await run_parts(parts, stop, server, EventFeed(client)) == 0
    assert sorted(ended) == ["events", "turns"]
    await client.aclose()
