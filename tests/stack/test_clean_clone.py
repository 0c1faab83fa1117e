"""`make up` as a newcomer runs it: from a fresh clone, stopped by Ctrl-C, started again without a network."""

from __future__ import annotations

import hashlib
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.stack.processes import NAMES, ROOT, Stack, new_stack, wait_for

pytestmark = pytest.mark.stack


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone of the last commit. Environments and model are lent: `.ci/run` installs and trains."""
    folder = tmp_path_factory.mktemp("clone") / "sportello"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(folder)], check=True)
    installed = (ROOT / ".venv" / "installed").read_text().strip()
    locks = [(folder / lock).read_bytes() for lock in ("requirements-dev.txt", "requirements.txt")]
    fits = installed in [hashlib.sha256(lock).hexdigest() for lock in locks]
    assert fits, "`make up` would take the tests' own tools out of .venv: run `make install-dev` first"
    for environment in (".venv", ".venv-rasa"):
        (folder / environment).symlink_to((ROOT / environment).resolve())
    return folder


@pytest.fixture(scope="module")
def installation(clone: Path) -> Iterator[Stack]:
    stack = new_stack(clone.parent)
    stack.root = clone
    stack.lend_model()
    yield stack
    stack.stop()


def descendants(stack: Stack) -> list[psutil.Process]:
    assert stack.process is not None
    return psutil.Process(stack.process.pid).children(recursive=True)


@pytest.mark.parametrize("stop_signal", [signal.SIGINT, signal.SIGTERM])
def test_make_up_starts_everything_and_a_signal_leaves_nothing_running(
    installation: Stack, stop_signal: signal.Signals
) -> None:
    installation.start(command=["make", "up"])
    assert all(installation.is_healthy(name) for name in NAMES)
    started = descendants(installation)
    assert len(started) >= len(NAMES)
    installation.stop(with_signal=stop_signal)
    wait_for(
        "nothing is left running", lambda: not any(process.is_running() for process in started), seconds=5
    )
    assert "Nothing is left running." in installation.output.read_text()


def test_a_second_start_needs_no_network_and_does_nothing_again(installation: Stack) -> None:
    """A network namespace of its own has nothing but its own loopback interface.

    How long it takes depends on the machine: `make benchmark ONLY=up` says it.
    """
    isolate = shutil.which("unshare")
    command = ["make", "up"]
    if isolate is not None and can_isolate(isolate):
        command = [isolate, "--net", "sh", "-c", "ip link set lo up; exec make up"]
    before = model_times(installation)
    installation.start(command=command)
    installation.stop(with_signal=signal.SIGTERM)
    printed = installation.output.read_text()[installation.printed_before :]
    assert "The model is up to date" in printed
    assert "Demo data: the database is not empty, nothing to do." in printed
    assert "Installing" not in printed
    assert model_times(installation) == before


def model_times(installation: Stack) -> dict[str, int]:
    """When each model was written, in nanoseconds."""
    models = (installation.data_dir / "models").glob("*.tar.gz")
    return {model.name: model.stat().st_mtime_ns for model in models}


def can_isolate(unshare: str) -> bool:
    tried = subprocess.run(
        [unshare, "--net", "ip", "link", "set", "lo", "up"], capture_output=True, check=False
    )
    return tried.returncode == 0
