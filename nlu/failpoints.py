"""Named places where a test has Rasa die. The twin of `backoffice.client.failpoints`, which says more.

Nothing of the other environment may be imported here, so these lines stand twice.
"""

from __future__ import annotations

import os
import signal
import time
from functools import cache
from pathlib import Path

VARIABLE = "SPORTELLO_FAILPOINTS"


def reached(name: str) -> None:
    """Die as by `kill -9` where a test has armed this failpoint."""
    folder = _folder()
    if folder is None:
        return
    armed = folder / name
    if not armed.exists():
        return
    taken = folder / f"{name}.{os.getpid()}.{time.monotonic_ns()}"
    try:
        armed.rename(taken)
    except FileNotFoundError:
        return  # another process, or another thread, was first
    os.kill(os.getpid(), signal.SIGKILL)


@cache
def _folder() -> Path | None:
    folder = os.environ.get(VARIABLE)
    return Path(folder) if folder and os.environ.get("SPORTELLO_DEMO") == "1" else None
