from __future__ import annotations

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

ROOT = Path(__file__).resolve().parents[2]
READY_WITHIN_SECONDS = 120


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def action_server(data_dir: Path, **settings: str) -> Iterator[subprocess.Popen[str]]:
    environment = {
        **os.environ,
        "SPORTELLO_DATA_DIR": str(data_dir),
        "SPORTELLO_SERVICE_TOKEN": "token",
        "SPORTELLO_BACKOFFICE_URL": f"http://127.0.0.1:{free_port()}",
        **settings,
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "actions"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def wait_for_answer(url: str, process: subprocess.Popen[str]) -> httpx.Response:
    deadline = time.monotonic() + READY_WITHIN_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, process.stdout and process.stdout.read()
        try:
            return httpx.get(url, timeout=5)
        except httpx.TransportError:
            time.sleep(0.05)
    raise AssertionError("the action server did not start")


def test_it_starts_without_a_backoffice_says_so_and_stops_at_once(tmp_path: Path) -> None:
    port = free_port()
    with action_server(tmp_path, SPORTELLO_ACTIONS_PORT=str(port)) as process:
        answer = wait_for_answer(f"http://127.0.0.1:{port}/health", process)
        assert (answer.status_code, answer.json()["backoffice"]) == (503, "down")
        assert int((tmp_path / "run" / "actions.pid").read_text()) == process.pid
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=3)


@pytest.mark.parametrize(
    ("name", "value"),
    [("SPORTELLO_ACTIONS_PORT", "many"), ("SPORTELLO_LOG_LEVEL", "loud"), ("SPORTELLO_SERVICE_TOKEN", "")],
)
def test_a_wrong_setting_is_named_in_one_line(tmp_path: Path, name: str, value: str) -> None:
    with action_server(tmp_path, **{name: value}) as process:
        said, _ = process.communicate(timeout=READY_WITHIN_SECONDS)
    assert process.returncode != 0
    assert said.startswith(f"{name}: ")
    assert len(said.splitlines()) == 1
