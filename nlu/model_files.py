"""The trained models in the data folder, and whether they are of this code. Standard library only."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from nlu.settings import ROOT

_SOURCES: Final = ("config.yml", "nlu/data", "nlu/domain", "nlu/components")
_TRAINED_FROM: Final = (".yml", ".py", ".txt")


class NoModel(Exception):
    """There is no trained model; the message says how to make one."""


def fingerprint(root: Path = ROOT) -> str:
    """Return the hash of everything that a model is made from, names included."""
    digest = hashlib.sha256()
    for path in _files(root):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(root).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def model_path(models_dir: Path, made_from: str) -> Path:
    """Return where the model of a fingerprint lies."""
    return models_dir / f"sportello-{made_from[:16]}.tar.gz"


def newest_model(models_dir: Path) -> Path:
    """Return the model made last.

    Raises:
        NoModel: there is none.
    """
    models = sorted(models_dir.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)
    if not models:
        raise NoModel(f"No trained model in {models_dir}: run `python -m nlu.train`.")
    return models[-1]


def _files(root: Path) -> Iterator[Path]:
    for source in _SOURCES:
        place = root / source
        found = [place] if place.is_file() else sorted(place.rglob("*"))
        yield from (
            path for path in found if path.suffix in _TRAINED_FROM and "__pycache__" not in path.parts
        )
