"""A failpoint kills a test's process once, and nobody else's ever."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.campaign.failpoints import FAILPOINTS

ROOT = Path(__file__).resolve().parents[2]
REACH = "from {module} import failpoints; failpoints.reached('before-send'); print('alive')"
MODULES = ["backoffice.client", "nlu"]


def reach(module: str, folder: Path, *, demo: str) -> subprocess.CompletedProcess[str]:
    settings = {"SPORTELLO_FAILPOINTS": str(folder), "SPORTELLO_DEMO": demo}
    return subprocess.run(
        [sys.executable, "-c", REACH.format(module=module)],
        cwd=ROOT,
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("module", MODULES)
def test_an_armed_failpoint_kills_once(tmp_path: Path, module: str) -> None:
    (tmp_path / "before-send").touch()
    assert reach(module, tmp_path, demo="1").returncode == -signal.SIGKILL
    assert reach(module, tmp_path, demo="1").stdout == "alive\n"
    [taken] = tmp_path.iterdir()
    assert taken.name.startswith("before-send.")


@pytest.mark.parametrize("module", MODULES)
def test_nothing_dies_in_a_real_service(tmp_path: Path, module: str) -> None:
    (tmp_path / "before-send").touch()
    for demo in ("0", ""):
        assert reach(module, tmp_path, demo=demo).stdout == "alive\n"


def test_make_up_refuses_failpoints_in_a_real_service(tmp_path: Path) -> None:
    settings = {
        "SPORTELLO_FAILPOINTS": str(tmp_path),
        "SPORTELLO_DEMO": "0",
        "SPORTELLO_DATA_DIR": str(tmp_path / "data"),
    }
    ended = subprocess.run(
        [sys.executable, "-m", "deploy.up"],
        cwd=ROOT,
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    assert "SPORTELLO_FAILPOINTS" in ended.stderr
    assert not (tmp_path / "data").exists()


def test_every_failpoint_of_the_campaign_stands_in_the_code() -> None:
    code = "".join(
        path.read_text(encoding="utf-8")
        for part in ("actions", "backoffice", "bot", "nlu")
        for path in (ROOT / part).rglob("*.py")
    )
    for each in FAILPOINTS:
        operation = each.name.removeprefix("before-").removeprefix("after-").removesuffix("-commit")
        named = f'reached("{each.name}")' in code
        assert named or f'"{operation}"' in code, each


def test_the_two_copies_are_the_same() -> None:
    ours, twin = (
        (ROOT / part / "failpoints.py").read_text(encoding="utf-8").split('"""', 2)[2]
        for part in ("backoffice/client", "nlu")
    )
    assert ours == twin
