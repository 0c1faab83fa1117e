"""Which processes of an installation run on this machine, by the files in `run/` of its data folder."""

from __future__ import annotations

import os
from pathlib import Path


def running_processes(data_dir: Path) -> list[str]:
    """Return the names of those that are alive, such as `backoffice`."""
    return [file.stem for file in sorted((data_dir / "run").glob("*.pid")) if _is_alive(file)]


def _is_alive(file: Path) -> bool:
    try:
        os.kill(int(file.read_text(encoding="ascii")), 0)
    except PermissionError:
        return True
    except (OSError, ValueError, OverflowError):
        return False
    return True
