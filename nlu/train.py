"""`python -m nlu.train`: trains the model when what it is made from has changed, else says so and ends.

Rasa is imported only where there is something to train: the usual call takes a tenth of a second.
`--lender` names a folder where the same model may lie already, as for the tests: then it is copied.
"""

from __future__ import annotations

import argparse
import logging
import os
import shutil
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from nlu import without_tensorflow
from nlu.model_files import fingerprint, model_path
from nlu.settings import ROOT, data_dir


def main(arguments: Sequence[str] | None = None) -> int:
    """Train if need be; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m nlu.train", description=__doc__.split("\n")[0])
    parser.add_argument("--lender", type=Path, help="a folder that may have the model already")
    lender = parser.parse_args(arguments).lender
    models_dir = data_dir() / "models"
    target = model_path(models_dir, fingerprint())
    if target.is_file():
        print(f"The model is up to date: {target.name}", flush=True)
        return 0
    if lender is not None and (lent := lender / target.name).is_file():
        _copy(lent, target)
        _remove_others(target)
        print(f"The model was trained before: {target.name}", flush=True)
        return 0
    started = time.monotonic()
    print("The training data has changed. Training takes some minutes ...", flush=True)
    models_dir.mkdir(parents=True, exist_ok=True)
    if not _train(target):
        print("The model could not be trained; what Rasa says above names the reason.", flush=True)
        return 1
    _remove_others(target)
    print(f"Trained {target.name} in {time.monotonic() - started:.0f} s.", flush=True)
    return 0


def _train(target: Path) -> bool:
    """Train with Rasa into a file beside the target, then move it: a killed run leaves no half model."""
    os.environ.update({"RASA_TELEMETRY_ENABLED": "false", "LOG_LEVEL": "ERROR", "PYTHONWARNINGS": "ignore"})
    os.chdir(ROOT)
    print("  loading Rasa ...", flush=True)
    import warnings

    # Rasa switches the warnings of its old libraries on again; a filter would not last.
    warnings.showwarning = lambda *_args, **_kwargs: None
    without_tensorflow.install()
    import structlog
    from rasa.model_training import train

    # Unset, structlog prints every step of the rule policy.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))

    print("  training intents and rules ...", flush=True)
    result = train(
        domain="nlu/domain",
        config="config.yml",
        training_files=["nlu/data"],
        output=str(target.parent / "unfinished"),
        fixed_model_name=target.name.removesuffix(".tar.gz"),
        force_training=True,
    )
    if result.code != 0 or result.model is None:
        return False
    Path(result.model).replace(target)
    return True


def _copy(lent: Path, target: Path) -> None:
    """Copy a model beside the target, then move it: a killed run leaves no half model."""
    unfinished = target.parent / "unfinished" / target.name
    unfinished.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(lent, unfinished)
    unfinished.replace(target)


def _remove_others(kept: Path) -> None:
    for other in kept.parent.glob("*.tar.gz"):
        if other != kept:
            other.unlink(missing_ok=True)
    unfinished = kept.parent / "unfinished"
    if unfinished.is_dir():
        unfinished.rmdir()


if __name__ == "__main__":
    sys.exit(main())
