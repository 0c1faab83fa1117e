"""Named places where a test has a process die: the rows of the crash matrix (reliability.md 2.2 E).

Only for tests, and only on a demo installation: without `SPORTELLO_FAILPOINTS` and `SPORTELLO_DEMO=1`
every call is a no-op, and `make up` refuses the first without the second. The variable names a folder;
a file in it with a failpoint's name arms it. The file is taken away before the process dies, so that
the next start does not die again.
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
