from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from backoffice.clock import utc_now
from backoffice.database import Database
from backoffice.migrations.upgrade import upgrade
from tests.backoffice.databases import SERVICE_TOKEN
from tests.backoffice.factories import create_conversation, create_staff, incoming, sign_in

ROOT = Path(__file__).resolve().parents[3]
SERVICE = {"Authorization": f"Bearer {SERVICE_TOKEN}"}


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
    return port


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    port = free_port()
    upgrade(f"sqlite:///{tmp_path / 'sportello.db'}")
    process = subprocess.Popen(
        [sys.executable, "-m", "backoffice"],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        env={
            **os.environ,
            "SPORTELLO_DATA_DIR": str(tmp_path),
            "SPORTELLO_DATABASE_URL": f"sqlite:///{tmp_path / 'sportello.db'}",
            "SPORTELLO_BACKOFFICE_PORT": str(port),
            "SPORTELLO_SERVICE_TOKEN": SERVICE_TOKEN,
            "SPORTELLO_SECRET_KEY": "secret key of the tests",
        },
    )
    found = f"http://127.0.0.1:{port}"
    try:
        wait_until_healthy(found, process)
        yield found
    finally:
        process.kill()
        process.wait(timeout=10)


def wait_until_healthy(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        assert process.poll() is None, "the process has ended"
        try:
            if httpx.get(f"{address}/health").json() == {"status": "ok", "database": "ok"}:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    raise AssertionError("the process is not healthy")


def test_what_a_dead_caller_waited_for_goes_to_the_next_one(address: str, tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'sportello.db'}")
    with database.transaction() as session:
        conversation = create_conversation(session)
    database.close()
    with httpx.Client(base_url=address, headers=SERVICE) as alive:
        with pytest.raises(httpx.ReadTimeout), httpx.Client(base_url=address, headers=SERVICE) as dead:
            dead.post("/api/v1/service/turns/claim", json={"worker": "dead", "wait_seconds": 20}, timeout=0.3)
        message = incoming(conversation).model_dump(mode="json")
        assert alive.post("/api/v1/service/messages", json=message).status_code == 201
        claim = alive.post(
            "/api/v1/service/turns/claim", json={"worker": "alive", "wait_seconds": 5}, timeout=9
        )
    assert claim.json()["turn"]["attempt"] == 1


def test_it_writes_its_pid_and_stops_in_time_with_an_open_stream(address: str, tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'sportello.db'}")
    with database.transaction() as session:
        headers = sign_in(session, create_staff(session), now=utc_now())
    database.close()
    pid_file = tmp_path / "run" / "backoffice.pid"
    pid = int(pid_file.read_text())
    with httpx.stream("GET", f"{address}/live/events", headers=headers, timeout=20) as stream:
        lines = stream.iter_lines()
        assert next(lines).startswith("retry:")
        started = time.monotonic()
        os.kill(pid, signal.SIGTERM)
        assert [line for line in lines if line.startswith("event: conversation")] == []
    while pid_file.exists():
        assert time.monotonic() - started < 3
        time.sleep(0.02)
    assert time.monotonic() - started < 3
