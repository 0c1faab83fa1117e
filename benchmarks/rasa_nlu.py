"""One of the two contestants that run in Rasa: `train` a pipeline, then `parse` lines in a fresh process.

Run by `benchmarks/nlu.py` in the environment of each. Both are asked in the same way, through Rasa's own
`Agent.parse_message`, so that what the server adds is the same for both.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import resource
import sys
import time
import warnings
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.update(
    {
        "RASA_TELEMETRY_ENABLED": "false",
        "LOG_LEVEL": "ERROR",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "TQDM_DISABLE": "1",
    }
)
warnings.filterwarnings("ignore")

WARM_UP = 20
"""Lines that are understood before the clock runs: first uses build caches and graphs."""


def main() -> None:
    """Do the one or the other, and leave the figures in the folder."""
    parser = argparse.ArgumentParser(description="Train or run an NLU pipeline in Rasa.")
    parser.add_argument("step", choices=["train", "parse"])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--config", type=Path)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--without-tensorflow", action="store_true")
    chosen = parser.parse_args()
    if chosen.without_tensorflow:
        from nlu import without_tensorflow

        without_tensorflow.install(in_server=chosen.step == "parse")
    import structlog

    # Unset, structlog prints every text that is understood.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    if chosen.step == "train":
        _train(chosen.folder, chosen.config, chosen.data)
    else:
        asyncio.run(_parse(chosen.folder))


def _train(folder: Path, config: Path, data: Path) -> None:
    from rasa.model_training import train_nlu

    started = time.process_time()
    model = train_nlu(config=str(config), nlu_data=str(data), output=str(folder), fixed_model_name="model")
    seconds = time.process_time() - started
    assert model is not None
    _keep(folder, "train", {"train_seconds": seconds, "model_mb": Path(model).stat().st_size / 1e6})


async def _parse(folder: Path) -> None:
    from rasa.core.agent import Agent

    started = time.perf_counter()
    agent = Agent.load(str(folder / "model.tar.gz"))
    load_seconds = time.perf_counter() - started
    lines = [json.loads(line) for line in (folder / "lines.jsonl").read_text(encoding="utf-8").splitlines()]
    for line in lines[:WARM_UP]:
        await agent.parse_message(line["text"])
    parsed = []
    for line in lines:
        begun = time.perf_counter()
        found = await agent.parse_message(line["text"])
        parsed.append({"intent": _best(found), "ms": (time.perf_counter() - begun) * 1000})
    rss_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    _keep(folder, "parse", {"load_seconds": load_seconds, "rss_mb": rss_mb, "parsed": parsed})


def _best(found: dict[str, Any]) -> str:
    """Return the likeliest intent: whether to ask back is no contest of pipelines."""
    ranking = [found["intent"], *found.get("intent_ranking", [])]
    return next((each["name"] for each in ranking if each["name"] != "nlu_fallback"), "nlu_fallback")


def _keep(folder: Path, step: str, figures: dict[str, Any]) -> None:
    (folder / f"{step}.json").write_text(json.dumps(figures), encoding="utf-8")


if __name__ == "__main__":
    main()
