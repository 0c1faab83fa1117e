"""The file with a process's id, by which a restore and the rotation of keys see that somebody is at work."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def pid_file(folder: Path, name: str, *, port: int) -> Iterator[Path]:
    """Keep this process's id in `<name>.pid` for as long as the block runs.

    Where another process of that name lives already, in `<name>-<port>.pid`: several of a kind may share a
    data folder.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.pid"
    if _is_anothers(path):
        path = folder / f"{name}-{port}.pid"
    path.write_text(f"{os.getpid()}\n", encoding="ascii")
    try:
        yield path
    finally:
        if _written(path) == os.getpid():  # not the file of who came after us
            path.unlink(missing_ok=True)


def is_running(path: Path) -> bool:
    """Tell whether the process of a file is alive on this machine."""
    number = _written(path)
    if number is None:
        return False
    try:
        os.kill(number, 0)
    except PermissionError:
        return True
    except (OSError, OverflowError):
        return False
    return True


def _is_anothers(path: Path) -> bool:
    return _written(path) != os.getpid() and is_running(path)


def _written(path: Path) -> int | None:
    try:
        return int(path.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None
