"""Where and when a benchmark ran: machine, versions, commit, and whether anybody else was at work."""

from __future__ import annotations

import os
import platform
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
_LOAD: Final = float(os.environ.setdefault("SPORTELLO_BENCHMARK_LOAD", f"{os.getloadavg()[0]:.2f}"))
"""When the program begins: what it reads for itself takes ten seconds of a core and is nobody else's work. A
program that a run starts is told the run's: what ran before it is not somebody else's work either."""
QUIET_LOAD: Final = 0.5
"""A run that begins under more load than this is void: its figures are printed and not to be cited."""


@dataclass(frozen=True)
class Environment:
    """What stands beside the figures of one run. `load` is the load average of the minute before it."""

    date: str
    commit: str
    machine: str
    load: float

    @property
    def is_void(self) -> bool:
        """Tell whether somebody else was at work."""
        return self.load > QUIET_LOAD


def look() -> Environment:
    """Return the present environment; to be called before anything is started."""
    return Environment(
        date=datetime.now(UTC).strftime("%Y-%m-%d %H:%M"),
        commit=_commit(),
        machine=f"{_processor()}, {os.cpu_count()} cores, {_memory_gb():.0f} GB,"
        f" {platform.system()} {platform.release().split('-')[0]}, Python {platform.python_version()}",
        load=_LOAD,
    )


def _commit() -> str:
    def git(*arguments: str) -> str:
        asked = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
        return asked.stdout.strip()

    changed = git("status", "--porcelain", "--untracked-files=no", "--", ".", ":!docs")
    return (git("rev-parse", "--short", "HEAD") or "unknown") + ("+" if changed else "")


def _processor() -> str:
    path = Path("/proc/cpuinfo")
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.machine()


def _memory_gb() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
