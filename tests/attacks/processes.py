"""The real processes of ours, each alone, with nothing of the machine's own settings."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from backoffice.database import Database
from backoffice.migrations.upgrade import upgrade
from tests.backoffice.factories import create_front_door, create_staff

ROOT = Path(__file__).resolve().parents[2]
READY_WITHIN_SECONDS = 120


@pytest.fixture
def installation(tmp_path: Path) -> Path:
    """A data folder with a database and one member of staff, whom nobody can sign in as."""
    url = f"sqlite:///{tmp_path / 'sportello.db'}"
    upgrade(url)
    database = Database(url)
    with database.transaction() as session:
        create_front_door(session)
        create_staff(session)
    database.close()
    return tmp_path


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def process(module: str, log: Path, **settings: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run `python -m module` while the block runs; what it says goes to a file."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("SPORTELLO_")}
    with log.open("ab") as said:
        started = subprocess.Popen(
            [sys.executable, "-m", module],
            cwd=ROOT,
            stdout=said,
            stderr=subprocess.STDOUT,
            env={**clean, **settings},
        )
    try:
        yield started
    finally:
        started.kill()
        started.wait(timeout=10)


def wait_for(address: str, started: subprocess.Popen[bytes], *, well: bool = True) -> None:
    """Wait until a process answers, and that it is well unless told otherwise."""
    deadline = time.monotonic() + READY_WITHIN_SECONDS
    while time.monotonic() < deadline:
        assert started.poll() is None, "the process has ended"
        try:
            if httpx.get(address, timeout=5).is_success or not well:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.05)
    raise AssertionError(f"{address} does not answer")
