"""`python -m nlu.evaluate lines.jsonl`: how well messages are understood, by language and style.

Lines as in the contract: `text`, `lang`, `style`, `intent`, `entities`. Accuracy counts asking back as wrong;
"best guess" does not ask back. Entities are compared by name and value, each as often as it occurs.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from nlu.components.reading import CONTRACT_ENTITIES
from nlu.components.understanding import EMERGENCY, FALLBACK, Understood
from nlu.model_files import NoModel
from nlu.parse import Reader

_ALL: Final = "all"


@dataclass(frozen=True)
class Judged:
    """One line with what it means and what was understood."""

    language: str
    style: str
    intent: str
    entities: Counter[tuple[str, str]]
    understood: Understood
    milliseconds: float

    @property
    def is_right(self) -> bool:
        """Tell whether the intent was found, without asking back."""
        return self.understood.intent == self.intent

    @property
    def best_guess(self) -> str:
        """Return the likeliest intent, asked back or not."""
        return next(name for name, _ in self.understood.ranking if name != FALLBACK)

    @property
    def found(self) -> Counter[tuple[str, str]]:
        """Return the contract's entities that were read."""
        return Counter(
            (each.name, str(each.value))
            for each in self.understood.entities
            if each.name in CONTRACT_ENTITIES
        )


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the tables; return the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m nlu.evaluate", description="Accuracy and F1 on labelled lines."
    )
    parser.add_argument("lines", type=Path)
    parser.add_argument("--languages", help="only these, such as it,en", default="")
    chosen = parser.parse_args(arguments)
    try:
        reader = Reader.newest()
    except NoModel as problem:
        print(problem, file=sys.stderr)
        return 1
    wanted = {code for code in chosen.languages.split(",") if code}
    judged = judge(_read(chosen.lines), reader, wanted)
    for line in report(judged):
        print(line)
    return 0


def judge(lines: Iterable[dict[str, Any]], reader: Reader, wanted: set[str]) -> list[Judged]:
    """Understand every line of the wanted languages (all where none is named)."""
    return [_judge(line, reader) for line in lines if not wanted or line["lang"] in wanted]


def report(judged: Sequence[Judged]) -> list[str]:
    """Return the tables as lines."""
    titles = (("lines", 6), ("accuracy", 10), ("best guess", 12), ("macro F1", 10), ("entity F1", 11))
    head = " " * 14 + "".join(f"{title:>{width}}" for title, width in titles) + "  answered  of it right"
    groups = {_ALL: list(judged)}
    for key in ("language", "style"):
        for value in sorted({getattr(each, key) for each in judged}):
            groups[value] = [each for each in judged if getattr(each, key) == value]
    return [head, *(_row(name, group) for name, group in groups.items()), "", *_below(judged)]


def macro_f1(judged: Sequence[Judged]) -> float:
    """Return the mean F1 of the intents that occur in the lines."""
    scores = []
    for intent in {each.intent for each in judged}:
        hits = sum(each.is_right for each in judged if each.intent == intent)
        said = sum(each.understood.intent == intent for each in judged)
        meant = sum(each.intent == intent for each in judged)
        scores.append(2 * hits / (said + meant))
    return sum(scores) / len(scores) if scores else 0.0


def entity_f1(judged: Sequence[Judged]) -> float:
    """Return the F1 of entity values over all lines; 1 where there is nothing to find or found."""
    hits = sum((each.found & each.entities).total() for each in judged)
    both = sum(each.found.total() + each.entities.total() for each in judged)
    return 2 * hits / both if both else 1.0


def _row(name: str, group: Sequence[Judged]) -> str:
    answered = [each for each in group if each.understood.intent != FALLBACK]
    best = sum(each.best_guess == each.intent for each in group) / len(group)
    right = sum(each.is_right for each in answered) / len(answered) if answered else 0.0
    accuracy = sum(each.is_right for each in group) / len(group)
    return (
        f"{name:14}{len(group):>6}{accuracy:>10.3f}{best:>12.3f}{macro_f1(group):>10.3f}"
        f"{entity_f1(group):>11.3f}{len(answered) / len(group):>10.2f}{right:>13.3f}"
    )


def _below(judged: Sequence[Judged]) -> list[str]:
    meant = [each for each in judged if each.intent == EMERGENCY]
    said = [each for each in judged if each.understood.intent == EMERGENCY]
    hits = sum(each.is_right for each in meant)
    times = sorted(each.milliseconds for each in judged)
    median, nearly_all = times[len(times) // 2], times[int(len(times) * 0.95)]
    return [
        f"Emergencies: {hits} of {len(meant)} recognised, {len(said) - hits} other messages taken for one.",
        f"Time for a text: median {median:.1f} ms, 95 % under {nearly_all:.1f} ms.",
    ]


def _judge(line: dict[str, Any], reader: Reader) -> Judged:
    started = time.perf_counter()
    understood = reader.read(line["text"])
    milliseconds = (time.perf_counter() - started) * 1000
    entities = Counter((each["entity"], str(each["value"])) for each in line.get("entities", ()))
    return Judged(line["lang"], line.get("style", ""), line["intent"], entities, understood, milliseconds)


def _read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


if __name__ == "__main__":
    sys.exit(main())
