"""Which processes of an installation run on this machine, by the files in `run/` of its data folder."""

from __future__ import annotations

from pathlib import Path

from backoffice.client.pid_file import is_running


def running_processes(data_dir: Path) -> list[str]:
    """Return the names of those that are alive, such as `backoffice`."""
    return [file.stem for file in sorted((data_dir / "run").glob("*.pid")) if is_running(file)]
