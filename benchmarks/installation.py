"""Our four processes as `make up` runs them, and beside them plain Rasa with the same model and actions."""

from __future__ import annotations

import hashlib
import hmac
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx

from benchmarks.environment import ROOT
from benchmarks.run import Run
from benchmarks.speakers import RestPerson, WebPerson
from tests.stack.processes import Stack, free_port, new_stack, wait_for

_ENDPOINTS: Final = """\
action_endpoint:
  url: "{actions}/webhook"
  headers:
    Authorization: "Bearer {secret}"
nlg:
  type: nlu.responses.CatalogueResponses
tracker_store:
  type: SQL
  dialect: sqlite
  db: "{file}"
"""


@dataclass(frozen=True)
class Installation:
    """What runs, and where."""

    stack: Stack
    rasa: str
    tracker: Path
    """Plain Rasa's memory: a SQLite file."""
    rasa_pid: int | None = None

    async def arrive(self, language: str) -> WebPerson:
        """Return a person on our web chat."""
        return await WebPerson.arrive(self.stack.bot_url, language)

    async def arrive_at_peer(self, language: str) -> RestPerson:
        """Return a person at plain Rasa."""
        return await RestPerson.arrive(self.rasa, self.stack.bot_url, language)


@contextmanager
def installation(
    run: Run, *, peer: bool = True, actions: int | None = None, **settings: str
) -> Iterator[Installation]:
    """Start everything in the run's folder, and stop it afterwards.

    Args:
        run: whose folder and model.
        peer: whether plain Rasa runs too.
        actions: the port at which plain Rasa finds the actions, where it is not their own.
        settings: of our processes, beside those that keep the limits out of the way.
    """
    own = {
        "SPORTELLO_DEMO": "1",
        "SPORTELLO_LOG_LEVEL": "WARNING",
        "SPORTELLO_MESSAGES_PER_MINUTE": "10000",
        "SPORTELLO_CHAT_SESSIONS_PER_MINUTE": "10000",
        **settings,
    }
    stack = new_stack(run.folder, **own)
    run.lend_model(stack.data_dir)
    run.say("starting our four processes")
    try:
        stack.start()
        if not peer:
            yield Installation(stack, "", run.folder / "none")
            return
        run.say("starting plain Rasa")
        with plain_rasa(run.folder, stack, actions) as (address, process):
            yield Installation(stack, address, run.folder / "plain" / "rasa.db", process.pid)
    finally:
        stack.stop()


@contextmanager
def plain_rasa(
    folder: Path, stack: Stack, actions_port: int | None = None
) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Run Rasa's own server before the actions of a running installation; yield address and process."""
    place = folder / "plain"
    place.mkdir(exist_ok=True)
    port = free_port()
    secret = _secret_of_actions(stack.data_dir)
    actions = f"http://127.0.0.1:{actions_port or stack.ports['actions']}"
    (place / "endpoints.yml").write_text(
        _ENDPOINTS.format(actions=actions, secret=secret, file=place / "rasa.db"), encoding="utf-8"
    )
    (place / "credentials.yml").write_text("rest:\n", encoding="utf-8")
    process = start_plain_rasa(place, stack.data_dir / "models", port)
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for("plain Rasa answers", lambda: process.poll() is not None or _is_up(address), seconds=300)
        assert process.poll() is None, (place / "log.txt").read_text(encoding="utf-8")[-2000:]
        yield address, process
    finally:
        process.kill()
        process.wait()


def restarted_plain_rasa(place: Path, running: Installation) -> subprocess.Popen[bytes]:
    """Start plain Rasa again at its address, and wait until it answers."""
    process = start_plain_rasa(place, running.stack.data_dir / "models", int(running.rasa.rpartition(":")[2]))
    wait_for("plain Rasa answers", lambda: _is_up(running.rasa), seconds=300)
    return process


def start_plain_rasa(place: Path, models: Path, port: int) -> subprocess.Popen[bytes]:
    """Start `rasa run` with the files in a folder."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SPORTELLO_")}
    command = [str(ROOT / ".venv-rasa" / "bin" / "python"), "-m", "benchmarks.plain_rasa", "run"]
    command += ["-m", str(models), "--endpoints", "endpoints.yml", "--credentials", "credentials.yml"]
    command += ["-p", str(port), "-i", "127.0.0.1"]
    quiet = {"LOG_LEVEL": "ERROR", "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"}
    with (place / "log.txt").open("ab") as said:
        return subprocess.Popen(
            command, cwd=place, env={**environment, **quiet}, stdout=said, stderr=subprocess.STDOUT
        )


def _is_up(address: str) -> bool:
    try:
        return httpx.get(address, timeout=2).status_code == 200
    except httpx.HTTPError:
        return False


def _secret_of_actions(data_dir: Path) -> str:
    token = (data_dir / "service_token").read_text(encoding="utf-8").strip()
    return hmac.new(token.encode(), b"action server", hashlib.sha256).hexdigest()
