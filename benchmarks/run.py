"""What a benchmark is given to run with."""

from __future__ import annotations

import shutil
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.samples import Samples


@dataclass(frozen=True)
class Run:
    """One run of one benchmark.

    Attributes:
        folder: its own, removed afterwards.
        samples: where it keeps what it measures.
        models: the folder with the trained model.
        quick: a short try that proves the checks and measures little.
        understanding: arguments of `benchmarks.nlu`: labelled lines, epochs, examples.
        filled: databases of `benchmarks.cases` that have their cases already, the fewest first.
    """

    folder: Path
    samples: Samples
    models: Path
    quick: bool = False
    understanding: tuple[str, ...] = ()
    filled: tuple[str, ...] = ()

    def few(self, whole: int, quick: int) -> int:
        """Return how many: of the whole run, or of a short try."""
        return quick if self.quick else whole

    def say(self, what: str) -> None:
        """Tell how far it is."""
        print(f"    {time.strftime('%H:%M:%S')} {what}", file=sys.stderr, flush=True)

    def lend_model(self, data_dir: Path) -> None:
        """Put the trained model into a data folder."""
        (data_dir / "models").mkdir(parents=True, exist_ok=True)
        for model in self.models.glob("*.tar.gz"):
            shutil.copy(model, data_dir / "models")
