"""Understanding side by side: our pipeline, Rasa's default one and nlp.js, on the same data in one run.

`make benchmark` (or `python -m benchmarks.nlu [lines.jsonl]`). The lines are labelled as the contract's
`make nlu-evaluate` wants them; without them a tenth of our own examples is held out and not trained on. The
raw samples go to `var/benchmarks/nlu.json`, the table also to `docs/benchmarks/nlu.md`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import yaml

from nlu.training_lines import languages, read_lines

ROOT: Final = Path(__file__).resolve().parent.parent
HERE: Final = ROOT / "benchmarks"
RESULTS: Final = ROOT / "var" / "benchmarks"
PAGE: Final = ROOT / "docs" / "benchmarks" / "nlu.md"
HELD_OUT: Final = 0.1
EPOCHS: Final = 100
"""As many as Rasa's own template says."""
_SEED: Final = 20261123

Line = dict[str, Any]


@dataclass
class Contestant:
    """One pipeline with its figures. Times in seconds and milliseconds, sizes in megabytes of 10^6 bytes."""

    name: str
    train_seconds: float = 0.0
    load_seconds: float | None = None
    model_mb: float = 0.0
    rss_mb: float = 0.0
    parsed: list[dict[str, Any]] = field(default_factory=list)
    rounds: list[float] = field(default_factory=list)
    """The median time of each round, in milliseconds."""

    def take(self, figures: dict[str, Any]) -> None:
        """Keep the figures that a process of the contestant left."""
        for name, value in figures.items():
            setattr(self, name, value)

    def percentile(self, share: float) -> float:
        """Return the time under which a share of the lines was understood, in milliseconds."""
        times = sorted(each["ms"] for each in self.parsed)
        return float(times[min(int(len(times) * share), len(times) - 1)])


def main(arguments: Sequence[str] | None = None) -> int:
    """Train and ask all three, print the table, keep the samples; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.nlu", description=__doc__.split("\n")[0])
    parser.add_argument("lines", type=Path, nargs="?", help="labelled lines; else a tenth is held out")
    parser.add_argument("--epochs", type=int, default=EPOCHS, help="of DIET, in Rasa's default pipeline")
    parser.add_argument("--examples", type=int, help="train all three on so many, chosen by lot")
    parser.add_argument("--rounds", type=int, default=5, help="how often each parses all lines, by turns")
    parser.add_argument("--models", type=Path, help="where trained models are kept, and found again")
    parser.add_argument("--only", default="sportello,nlp.js,rasa", help="which of the three")
    chosen = parser.parse_args(arguments)
    examples, lines = _split(chosen.lines)
    if chosen.examples:
        random.Random(_SEED).shuffle(examples)  # noqa: S311  # not for secrets
        examples = examples[: chosen.examples]
    with tempfile.TemporaryDirectory(prefix="sportello-benchmark-") as folder:
        place = (chosen.models or Path(folder)).resolve()
        contestants = _run(place, examples, lines, chosen.only.split(","), chosen.epochs, chosen.rounds)
    table = "\n".join(_table(contestants, lines, len(examples), chosen.epochs))
    print(table)
    _keep(contestants, lines, table)
    return 0


def _split(path: Path | None) -> tuple[list[Line], list[Line]]:
    """Return the examples to train on and the lines to ask."""
    examples = [
        {"lang": line.language, "style": "held out", "text": line.text, "intent": line.intent}
        for language in languages()
        for line in read_lines(language)
    ]
    if path is not None:
        return examples, [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    random.Random(_SEED).shuffle(examples)  # noqa: S311  # not for secrets
    cut = int(len(examples) * HELD_OUT)
    return examples[cut:], examples[:cut]


def _run(
    folder: Path, examples: list[Line], lines: list[Line], only: list[str], epochs: int, rounds: int
) -> list[Contestant]:
    _write_data(folder, examples, lines)
    in_rasa = []
    if "sportello" in only:
        in_rasa.append(InRasa(Contestant("Sportello"), ".venv-rasa", _ours(), ("--without-tensorflow",)))
    if "rasa" in only:
        in_rasa.append(InRasa(Contestant("Rasa's default"), ".venv-rasa-default", _default(epochs), ()))
    for each in in_rasa:
        each.train(folder)
    others = [_nlpjs(folder)] if "nlp.js" in only else []
    # By turns: whatever else the machine does meets both alike.
    for number in range(rounds):
        for each in in_rasa:
            each.parse(folder, number)
    return [*(each.contestant for each in in_rasa), *others]


def _write_data(folder: Path, examples: list[Line], lines: list[Line]) -> None:
    blocks: dict[tuple[str, str], list[str]] = {}
    for each in examples:
        blocks.setdefault((each["lang"], each["intent"]), []).append(each["text"])
    (folder / "data").mkdir(parents=True, exist_ok=True)
    data = [
        {
            "intent": intent,
            "metadata": {"language": language},
            "examples": "".join(f"- {_plain(text)}\n" for text in texts),
        }
        for (language, intent), texts in blocks.items()
    ]
    written = yaml.safe_dump({"version": "3.1", "nlu": data}, allow_unicode=True)
    (folder / "data" / "nlu.yml").write_text(written, encoding="utf-8")
    _write_lines(folder / "train.jsonl", ({**each, "language": each["lang"]} for each in examples))
    _write_lines(folder / "lines.jsonl", lines)


def _plain(text: str) -> str:
    """Rasa reads [words](entity): brackets that a person typed are no marks."""
    return text.replace("[", "(").replace("]", ")")


def _write_lines(path: Path, lines: Iterable[Line]) -> None:
    path.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines), encoding="utf-8")


def _ours() -> dict[str, Any]:
    config: dict[str, Any] = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))
    return {**config, "policies": []}


def _default(epochs: int) -> dict[str, Any]:
    config: dict[str, Any] = yaml.safe_load((HERE / "rasa_default.yml").read_text(encoding="utf-8"))
    for step in config["pipeline"]:
        if "epochs" in step:
            step["epochs"] = epochs
    return config


@dataclass
class InRasa:
    """A pipeline that runs in Rasa: its environment, its configuration, and the folder of its model."""

    contestant: Contestant
    environment: str
    config: dict[str, Any]
    options: tuple[str, ...]
    place: Path = Path()
    _times: list[list[float]] = field(default_factory=list)

    def train(self, folder: Path) -> None:
        """Train in a process of its own, unless a model of the same data and configuration is there."""
        learnt = (folder / "data" / "nlu.yml").read_bytes() + yaml.safe_dump(self.config).encode()
        self.place = folder / f"{self.environment.strip('.')}-{hashlib.sha256(learnt).hexdigest()[:12]}"
        self.place.mkdir(exist_ok=True)
        if not (self.place / "train.json").is_file():
            config = self.place / "config.yml"
            config.write_text(yaml.safe_dump(self.config), encoding="utf-8")
            self._step("train", "", "--config", str(config), "--data", str(folder / "data"))
        self._take("train")

    def parse(self, folder: Path, number: int) -> None:
        """Understand all lines once more in a process of its own; each line's time is its median."""
        shutil.copy(folder / "lines.jsonl", self.place)
        self._step("parse", f", round {number + 1}")
        self._take("parse")
        self._times.append([each["ms"] for each in self.contestant.parsed])
        self.contestant.rounds.append(statistics.median(self._times[-1]))
        for line, times in zip(self.contestant.parsed, zip(*self._times, strict=True), strict=True):
            line["ms"] = statistics.median(times)

    def _step(self, step: str, which: str, *more: str) -> None:
        _say(f"{self.contestant.name}: {step}{which}")
        python = str(ROOT / self.environment / "bin" / "python")
        command = [python, str(HERE / "rasa_nlu.py"), step, str(self.place), *more, *self.options]
        subprocess.run(command, check=True, cwd=self.place)

    def _take(self, step: str) -> None:
        self.contestant.take(json.loads((self.place / f"{step}.json").read_text(encoding="utf-8")))


def _nlpjs(folder: Path) -> Contestant:
    contestant = Contestant("nlp.js")
    place = folder / "nlpjs"
    shutil.copytree(HERE / "nlpjs", place, ignore=shutil.ignore_patterns("node_modules"), dirs_exist_ok=True)
    _say("nlp.js: install, train and parse")
    subprocess.run(["npm", "ci", "--silent"], cwd=place, check=True)
    subprocess.run(["node", "--max-old-space-size=8192", "understand.js", str(folder)], cwd=place, check=True)
    contestant.take(json.loads((folder / "result.json").read_text(encoding="utf-8")))
    return contestant


def _say(what: str) -> None:
    print(f"  {datetime.now(UTC):%H:%M:%S} {what} ...", file=sys.stderr, flush=True)


def _table(
    contestants: Sequence[Contestant], lines: Sequence[Line], examples: int, epochs: int
) -> Iterable[str]:
    yield f"Trained on {examples:,} examples, asked {len(lines):,} lines, on {_machine()}."
    yield f"Rasa's default pipeline has {epochs} epochs; nlp.js is told the language of each line."
    yield ""
    yield f"| | {' | '.join(each.name for each in contestants)} |"
    yield f"|---|{'---|' * len(contestants)}"
    groups = [("accuracy, all", lines)]
    for key in ("lang", "style"):
        for value in sorted({line[key] for line in lines}):
            groups.append((f"accuracy, {value}", [line for line in lines if line[key] == value]))
    for name, group in groups:
        yield _line(name, [f"{_accuracy(each, lines, group):.3f}" for each in contestants])
    yield _line("macro F1", [f"{_macro_f1(each, lines):.3f}" for each in contestants])
    yield _line("train, s of processor time", [f"{each.train_seconds:.1f}" for each in contestants])
    yield _line(
        "load, s", ["" if each.load_seconds is None else f"{each.load_seconds:.1f}" for each in contestants]
    )
    yield _line("parse p50, ms", [f"{each.percentile(0.5):.2f}" for each in contestants])
    yield _line("parse p95, ms", [f"{each.percentile(0.95):.2f}" for each in contestants])
    yield _line(
        "parse p50 by round, ms", [" ".join(f"{each:.2f}" for each in one.rounds) for one in contestants]
    )
    yield _line("model, MB", [f"{each.model_mb:.1f}" for each in contestants])
    yield _line("memory (RSS), MB", [f"{each.rss_mb:.0f}" for each in contestants])


def _line(name: str, cells: Iterable[str]) -> str:
    return f"| {name} | {' | '.join(cells)} |"


def _accuracy(contestant: Contestant, lines: Sequence[Line], group: Sequence[Line]) -> float:
    chosen = {id(line) for line in group}
    pairs = [
        (parsed["intent"], line["intent"])
        for parsed, line in zip(contestant.parsed, lines, strict=True)
        if id(line) in chosen
    ]
    return sum(said == meant for said, meant in pairs) / len(pairs)


def _macro_f1(contestant: Contestant, lines: Sequence[Line]) -> float:
    pairs = [(p["intent"], line["intent"]) for p, line in zip(contestant.parsed, lines, strict=True)]
    scores = []
    for intent in {meant for _, meant in pairs}:
        hits = sum(said == meant == intent for said, meant in pairs)
        both = sum((said == intent) + (meant == intent) for said, meant in pairs)
        scores.append(2 * hits / both)
    return sum(scores) / len(scores)


def _machine() -> str:
    return f"{os.cpu_count()} cores, Python {platform.python_version()}, {time.strftime('%Y-%m-%d')}"


def _keep(contestants: Sequence[Contestant], lines: Sequence[Line], table: str) -> None:
    RESULTS.mkdir(parents=True, exist_ok=True)
    labels = [{key: line[key] for key in ("lang", "style", "intent")} for line in lines]
    raw = {"lines": labels, "contestants": [asdict(each) for each in contestants]}
    (RESULTS / "nlu.json").write_text(json.dumps(raw), encoding="utf-8")
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(
        f"# Understanding, side by side\n\nWritten by `make benchmark`.\n\n{table}\n", encoding="utf-8"
    )


if __name__ == "__main__":
    sys.exit(main())
