"""`python -m nlu.evaluate lines.jsonl`: how well messages are understood, by language and style.

Lines as in the contract: `text`, `lang`, `style`, `intent`, `entities`. Accuracy counts asking back as wrong;
"best guess" does not ask back. Entities are compared by name and value, each as often as it occurs.
Besides: emergencies apart, what is out of scope, the language that was recognised, what becomes of it all at
other thresholds, and which meanings are taken for which. `--learning-curve` trains on parts of the data.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from nlu.judgement import Judged, judge_line
from nlu.learning_curve import learning_curve
from nlu.model_files import NoModel
from nlu.parse import Reader
from nlu.report import report


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the tables; return the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m nlu.evaluate", description="Accuracy and F1 on labelled lines."
    )
    parser.add_argument("lines", type=Path)
    parser.add_argument("--languages", help="only these, such as it,en", default="")
    parser.add_argument("--confusions", type=int, default=20, help="how many of the commonest are shown")
    parser.add_argument("--learning-curve", action="store_true", help="train on parts of the data, minutes")
    chosen = parser.parse_args(arguments)
    try:
        reader = Reader.newest()
    except NoModel as problem:
        print(problem, file=sys.stderr)
        return 1
    wanted = {code for code in chosen.languages.split(",") if code}
    lines = [line for line in read_labelled(chosen.lines) if not wanted or line["lang"] in wanted]
    for row in report(judge(lines, reader), confusions=chosen.confusions):
        print(row)
    if chosen.learning_curve:
        for row in learning_curve(lines, reader.thresholds):
            print(row, flush=True)
    return 0


def judge(lines: Iterable[dict[str, Any]], reader: Reader) -> list[Judged]:
    """Understand every line as a message of its own, outside of any form, in an unknown language."""
    judged = []
    for line in lines:
        started = time.perf_counter()
        understood = reader.read(line["text"])
        judged.append(judge_line(line, understood, (time.perf_counter() - started) * 1000))
    return judged


def read_labelled(path: Path) -> list[dict[str, Any]]:
    """Read a file of labelled lines."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


if __name__ == "__main__":
    sys.exit(main())
