from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from nlu.settings import ROOT, channel_secret

MEMORY_KEY = "bWVtb3J5IGtleSBvZiB0aGUgdGVzdHMgMzIgYnl0ZXM="
SECRET_WORD = "grazie segretissimo"


@dataclass
class Served:
    process: subprocess.Popen[str]
    url: str
    data_dir: Path

    def turn(self, **fields: object) -> requests.Response:
        body = {
            "sender": "c1",
            "turn_id": "t1",
            "epoch": 0,
            "language": "it",
            "attempt": 1,
            "memory_key": MEMORY_KEY,
            **fields,
        }
        headers = {"Authorization": f"Bearer {channel_secret('token')}"}
        return requests.post(f"{self.url}/webhooks/sportello/turns", json=body, headers=headers, timeout=10)

    def stop(self) -> tuple[str, float]:
        started = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        output, _ = self.process.communicate(timeout=20)
        return output, time.monotonic() - started


@pytest.fixture
def served(tmp_path: Path, small_model: Path) -> Iterator[Served]:
    (tmp_path / "models").mkdir()
    shutil.copy(small_model, tmp_path / "models")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **os.environ,
        "SPORTELLO_DATA_DIR": str(tmp_path),
        "SPORTELLO_RASA_PORT": str(port),
        "SPORTELLO_ACTIONS_PORT": "9",
        "SPORTELLO_SERVICE_TOKEN": "token",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "nlu.serve"],
        cwd=ROOT,
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    server = Served(process, f"http://127.0.0.1:{port}", tmp_path)
    _wait_until_it_answers(server)
    yield server
    if process.poll() is None:
        process.kill()
        process.communicate()


def _wait_until_it_answers(served: Served) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and served.process.poll() is None:
        try:
            if requests.get(served.url, timeout=2).ok:
                return
        except requests.ConnectionError:
            time.sleep(0.05)
    pytest.fail("The server did not start.")


def test_the_server_answers_turns_and_logs_no_word_of_them(served: Served) -> None:
    assert requests.get(served.url, timeout=5).json()["status"] == "ok"
    assert (served.data_dir / "run" / "rasa.pid").read_text().strip() == str(served.process.pid)
    assert served.turn(text=SECRET_WORD).json()["intent"] == "thank"
    assert served.turn(turn_id="t2", text="ciao").status_code == 503
    output, seconds = served.stop()
    assert served.process.returncode == 0
    assert seconds < 3
    assert not (served.data_dir / "run" / "rasa.pid").exists()
    lines = [json.loads(line) for line in output.splitlines()]
    assert {"ready", "turn answered", "turn failed"} <= {line["event"] for line in lines}
    assert "segretissimo" not in output


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "Bearer "}])
def test_without_the_secret_nothing_is_said(served: Served, header: dict[str, str]) -> None:
    turns = f"{served.url}/webhooks/sportello/turns"
    assert requests.post(turns, json={"text": "ciao"}, headers=header, timeout=5).status_code == 401
    assert requests.get(f"{turns}/c1/t1", headers=header, timeout=5).status_code == 401


def test_attack_34_rasa_s_own_api_is_not_there(served: Served) -> None:
    for method, path in (
        ("PUT", "/model"),
        ("GET", "/conversations/x/tracker"),
        ("POST", "/conversations/x/tracker/events"),
        ("POST", "/model/parse"),
        ("POST", "/webhooks/rest/webhook"),
        ("GET", "/domain"),
        ("GET", "/status"),
    ):
        assert requests.request(method, f"{served.url}{path}", json={}, timeout=10).status_code == 404, path


def test_the_server_says_which_setting_is_wrong(tmp_path: Path) -> None:
    environment = {**os.environ, "SPORTELLO_DATA_DIR": str(tmp_path), "SPORTELLO_RASA_PORT": "many"}
    ended = subprocess.run(
        [sys.executable, "-m", "nlu.serve"],
        cwd=ROOT,
        env=environment,
        text=True,
        capture_output=True,
        check=False,
    )
    assert ended.returncode == 1
    assert ended.stderr.count("\n") == 1
    assert "SPORTELLO_RASA_PORT" in ended.stderr
