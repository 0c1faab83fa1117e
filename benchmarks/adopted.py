"""The benchmarks that have a program and a page of their own, as lines of the one table.

Each is run as it is, in its own process; what it kept of its raw samples is read from `var/benchmarks/`.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from benchmarks.cases import filled
from benchmarks.environment import ROOT
from benchmarks.lines import Line, Outcome, at_most, ratio_at_least, ratio_at_most
from benchmarks.matching import FULL_BUDGET_S, ONE_BUDGET_MS
from benchmarks.run import Run
from benchmarks.samples import percentile

RELAY: Final = "B6: a message to the mediator's screen"
CASES: Final = "B7: working with cases"
UNDERSTANDING: Final = "Understanding: one text"
HOUSING: Final = "Homes: households are matched with them"
CARE: Final = "Family assistants: families are matched with them"
_KEPT: Final = ROOT / "var" / "benchmarks"
_APP: Final = sys.executable
_RASA: Final = str(ROOT / ".venv-rasa" / "bin" / "python")


def relay(run: Run) -> Outcome:
    """Run `benchmarks.relay`: alone, then with many conversations open."""
    rounds = ["--rounds", "20", "--others", "3"] if run.quick else ["--others", "200"]
    _run(_APP, "benchmarks.relay", *rounds)
    scenes: dict[str, dict[str, list[float]]] = _read("relay.json")
    outcome = Outcome(checked=["every message was read on the other side, word for word"])
    for scene, steps in scenes.items():
        for share, name, limit in ((0.5, "p50", 15), (0.99, "p99", 60)):
            outcome.lines.append(
                Line(
                    f"citizen to mediator, {scene}, {name}",
                    "ms",
                    percentile(steps["stream"], share),
                    "raw commit and event",
                    percentile(steps["bare"], share),
                    at_most(limit),
                )
            )
    return outcome


def cases(run: Run) -> Outcome:
    """Run `benchmarks.cases` with few cases and with many, `benchmarks.planning` on the same databases."""
    with _databases(run) as urls:
        _run(_APP, "benchmarks.cases", "--rounds", str(run.few(60, 5)), "--url", *urls)
        _run(_APP, "benchmarks.planning", "--rounds", str(run.few(15, 1)), "--url", *urls)
    kept: dict[str, dict[str, dict[str, list[float]]]] = _read("cases.json")
    few, many = sorted(map(int, kept))
    outcome = Outcome(checked=["every answer was a page or a list, none an error"])
    for step, sides in kept[str(many)].items():
        api, bare, page = (percentile(sides[side], 0.5) for side in ("api", "bare", "page"))
        earlier = percentile(kept[str(few)][step]["page"], 0.5)
        outcome.lines += [
            Line(f"{step}, API", "1/s", 1e3 / api, "bare FastAPI", 1e3 / bare, ratio_at_least(0.6)),
            Line(f"{step}, page, p50", "ms", page, f"among {few:,}", earlier, ratio_at_most(1.5)),
        ]
    planned: dict[str, dict[str, list[float]]] = _read("planning.json")
    medians = {page: percentile(times, 0.5) for page, times in planned[str(many)].items()}
    slowest = max(medians, key=lambda page: medians[page])
    outcome.lines.append(
        Line(f"the slowest page of planning ({slowest}), p50", "ms", medians[slowest], target=at_most(1000))
    )
    outcome.checked.append(f"{len(medians)} pages of planning showed a chart or a table")
    return outcome


@contextmanager
def _databases(run: Run) -> Iterator[Sequence[str]]:
    """Give databases with few cases and with many: those that there are, or new ones."""
    if run.filled and not run.quick:
        yield run.filled
        return
    sizes = (1_000, 2_000) if run.quick else (10_000, 1_000_000)
    with filled(run.folder, "postgres", sizes) as urls:
        yield urls


SHORT: Final = ("--epochs", "1", "--examples", "600")
MEASURED: Final = ("--epochs", "30", "--examples", "8000")
"""What all three are trained with, unless something else is asked for. With every example, and the hundred
epochs that Rasa's template has, Rasa's default alone trains for hours on two cores."""


def understanding(run: Run) -> Outcome:
    """Run `benchmarks.nlu` in Rasa's environment."""
    _run(_RASA, "benchmarks.nlu", *(SHORT if run.quick else MEASURED), *run.understanding)
    kept = _read("nlu.json")
    labels = [line["intent"] for line in kept["lines"]]
    ours, default, other = kept["contestants"]
    accuracy = [_accuracy(each, labels) for each in (ours, default, other)]
    times = [percentile([line["ms"] for line in each["parsed"]], 0.5) for each in (ours, default)]
    return Outcome(
        lines=[
            Line("parse, p50", "ms", times[0], default["name"], times[1], ratio_at_most(0.2)),
            Line("accuracy", "", accuracy[0], default["name"], accuracy[1], ratio_at_least(1.0)),
            Line("accuracy", "", accuracy[0], other["name"], accuracy[2], ratio_at_least(1.0)),
        ],
        checked=[f"{len(labels):,} lines that no contestant was trained on"],
    )


def housing(run: Run) -> Outcome:
    """Run `benchmarks.matching`."""
    return _matching("matching", "household_ms")


def care(run: Run) -> Outcome:
    """Run `benchmarks.care_matching`."""
    return _matching("care_matching", "request_ms")


_STEPS: Final = {
    "engine_s": "all with all, from memory",
    "recompute_s": "all with all, read from the database",
    "household_ms": "one household",
    "home_ms": "one home",
    "request_ms": "one family",
    "first_ms": "one family, the first of a process",
    "changed_ms": "one family, after an assistant has changed",
    "worker_ms": "one family assistant",
}
"""What the programs call their samples, the unit last, and what each is."""


def _matching(program: str, one: str) -> Outcome:
    """Run a program of matching. `one`: which samples are those that a person waits for."""
    _run(_APP, f"benchmarks.{program}")
    kept: dict[str, list[float]] = _read(f"{program}.json")
    naive = kept["naive_s"][0] * kept["naive_scale"][0]
    targets = {"recompute_s": at_most(FULL_BUDGET_S), one: at_most(ONE_BUDGET_MS)}
    lines = [
        Line(
            f"{what}, p50",
            step.rpartition("_")[2],
            percentile(kept[step], 0.5),
            peer_name="the naive double loop" if step == "engine_s" else "",
            peer=naive if step == "engine_s" else None,
            target=targets.get(step),
        )
        for step, what in _STEPS.items()
        if step in kept
    ]
    return Outcome(lines, checked=["the answers are those of the naive double loop: order and scores"])


def _accuracy(contestant: dict[str, Any], labels: Sequence[str]) -> float:
    pairs = zip(contestant["parsed"], labels, strict=True)
    return sum(1 for parsed, label in pairs if parsed["intent"] == label) / len(labels)


def _run(python: str, module: str, *arguments: str) -> None:
    """Run a benchmark's own program; one that checks its times itself ends with 1 where one is missed."""
    command = [python, "-m", module, *arguments]
    ended = subprocess.run(command, cwd=ROOT, check=False, stdout=sys.stderr)
    if ended.returncode not in (0, 1):
        raise RuntimeError(f"{module} ended with {ended.returncode}")


def _read(name: str) -> Any:
    return json.loads(Path(_KEPT / name).read_text(encoding="utf-8"))
