"""The four real processes, started as `make up` starts them, on free ports and in a folder of their own."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import httpx
import psutil

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("backoffice", "actions", "rasa", "bot")
T = TypeVar("T")


def wait_for(
    what: str,
    probe: Callable[[], T | None],
    *,
    seconds: float = 30,
    pause: float = 0.05,
    context: Callable[[], str] = str,
) -> T:
    """Return the first answer of `probe` that is not None, False or empty; fail with `what` and `context()`
    when time is up."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = probe()
        if found:
            return found
        time.sleep(pause)
    raise AssertionError(f"not within {seconds:.0f} s: {what}\n{context()}")


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def lend_model(data_dir: Path) -> None:
    """Put a model that was trained before into a data folder."""
    lender = Path(os.environ.get("SPORTELLO_TEST_MODELS") or ROOT / "var" / "models")
    (data_dir / "models").mkdir(parents=True, exist_ok=True)
    for model in lender.glob("*.tar.gz"):
        shutil.copy(model, data_dir / "models")


@dataclass
class Stack:
    """One running installation."""

    data_dir: Path
    ports: dict[str, int]
    environment: dict[str, str]
    output: Path
    process: subprocess.Popen[bytes] | None = None
    root: Path = field(default=ROOT)
    printed_before: int = 0

    @property
    def bot_url(self) -> str:
        return f"http://127.0.0.1:{self.ports['bot']}"

    @property
    def backoffice_url(self) -> str:
        return f"http://127.0.0.1:{self.ports['backoffice']}"

    def start(self, *, command: list[str] | None = None) -> None:
        """Start everything and wait until it says that it is ready."""
        self.printed_before = len(self.output.read_text()) if self.output.exists() else 0
        with self.output.open("ab") as output:
            self.process = subprocess.Popen(
                command or [sys.executable, "-m", "deploy.up"],
                cwd=self.root,
                env=self.environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        wait_for("make up is ready", self._ready_or_failed, seconds=480, pause=0.2)

    def lend_model(self) -> None:
        """Put a model that was trained before into the data folder; `make up` trains when it does not fit."""
        lend_model(self.data_dir)

    def _ready_or_failed(self) -> bool:
        printed = self.output.read_text()[self.printed_before :]
        assert self.process is not None
        assert self.process.poll() is None, f"make up ended: {printed[-3000:]}"
        assert "Not healthy yet" not in printed, printed[-3000:]
        return "Sportello is ready." in printed

    def stop(self, *, with_signal: signal.Signals = signal.SIGTERM) -> None:
        """Stop everything and wait. SIGINT goes to the whole group, as a terminal's Ctrl-C does."""
        if self.process is None or self.process.poll() is not None:
            return
        if with_signal is signal.SIGINT:
            os.killpg(self.process.pid, with_signal)
        else:
            self.process.send_signal(with_signal)
        self.process.wait(timeout=40)

    def pid(self, name: str) -> int:
        return int((self.data_dir / "run" / f"{name}.pid").read_text())

    def kill(self, name: str) -> int:
        """`kill -9` one process; return the pid that it had."""
        pid = self.pid(name)
        os.kill(pid, signal.SIGKILL)
        return pid

    def is_healthy(self, name: str) -> bool:
        path = "/" if name == "rasa" else "/health"
        try:
            return httpx.get(f"http://127.0.0.1:{self.ports[name]}{path}", timeout=3).status_code == 200
        except httpx.HTTPError:
            return False

    def wait_until_back(self, name: str, killed_pid: int) -> None:
        """Wait until the supervisor has started a killed process again and it answers."""
        wait_for(
            f"{name} is back",
            lambda: self._other_pid(name, killed_pid) and self.is_healthy(name),
            seconds=90,
        )

    def _other_pid(self, name: str, killed_pid: int) -> bool:
        path = self.data_dir / "run" / f"{name}.pid"
        return path.exists() and path.read_text().strip() not in ("", str(killed_pid))

    @contextmanager
    def stopped(self, name: str) -> Iterator[None]:
        """Have the supervisor stop one process for good, and start it again afterwards."""
        self._supervisor("stop", name)
        try:
            yield
        finally:
            self._supervisor("start", name)
            wait_for(f"{name} is healthy again", lambda: self.is_healthy(name), seconds=90)
            wait_for("the bot is healthy again", lambda: self.is_healthy("bot"), seconds=30)

    def _supervisor(self, verb: str, name: str) -> None:
        configuration = self.data_dir / "run" / "supervisord.conf"
        subprocess.run(
            [sys.executable, "-m", "supervisor.supervisorctl", "-c", str(configuration), verb, name],
            check=True,
            capture_output=True,
            timeout=60,
        )

    def memory_mib(self) -> dict[str, float]:
        """Resident memory of each process, in MiB."""
        return {name: psutil.Process(self.pid(name)).memory_info().rss / 2**20 for name in NAMES}


def new_stack(folder: Path, **settings: str) -> Stack:
    """Make an installation in `folder` that is not started yet."""
    ports = {name: free_port() for name in NAMES}
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SPORTELLO_")}
    environment |= {
        "SPORTELLO_DATA_DIR": str(folder / "data"),
        **{f"SPORTELLO_{name.upper()}_PORT": str(port) for name, port in ports.items()},
        **settings,
    }
    return Stack(folder / "data", ports, environment, folder / "output.txt")
