"""`python -m benchmarks` (`make benchmark`): every benchmark in turn, each beside its peer, and one table.

`--only b2,b4` runs some, `--quick` is a short try whose figures count for nothing. Raw samples are kept in
`benchmarks/` of the data folder (`SPORTELLO_DATA_DIR`, else `var/`). Ends with 1 when something was lost or
wrong, or a benchmark could not run; a missed target is in the table and no failure.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby
from pathlib import Path

from benchmarks.environment import ROOT, Environment, look
from benchmarks.installation import installation
from benchmarks.lines import Outcome
from benchmarks.register import ALL, Benchmark
from benchmarks.results import Result, Results, table
from benchmarks.run import Run
from benchmarks.samples import Samples


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what is asked for; return the exit status."""
    asked = _parser().parse_args(arguments)
    keys = [each.key for each in ALL]
    chosen = asked.only.split(",") if asked.only else keys
    if unknown := set(chosen) - set(keys):
        print(f"There is no {', '.join(sorted(unknown))}. There are: {', '.join(keys)}.", file=sys.stderr)
        return 2
    data = Path(os.environ.get("SPORTELLO_DATA_DIR") or ROOT / "var").resolve()
    session = Session(look(), data, asked.quick, _of_understanding(asked), tuple(asked.filled))
    if session.environment.is_void:
        print(f"Load average {session.environment.load}: void, others are at work.", file=sys.stderr)
    for shares, group in groupby((each for each in ALL if each.key in chosen), key=lambda e: e.shares):
        (session.run_together if shares else session.run_alone)(list(group))
    session.results.write_pages(keys)
    print("\n".join(table([session.results.by_key[key] for key in keys if key in session.done])))
    for each in session.failed:
        print(f"FAILED {each}", file=sys.stderr)
    return 1 if session.failed else 0


@dataclass
class Session:
    """One call of the program: all that it runs has the environment of its beginning."""

    environment: Environment
    data: Path
    quick: bool
    understanding: tuple[str, ...] = ()
    filled: tuple[str, ...] = ()
    results: Results = field(default_factory=Results)
    done: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    def run_alone(self, group: Sequence[Benchmark]) -> None:
        """Run those that start what they need themselves."""
        for each in group:
            with self._run(each.key) as run:
                self._note(each, partial(each.alone, run))

    def run_together(self, group: Sequence[Benchmark]) -> None:
        """Run those that share one installation and one plain Rasa."""
        with self._run("installation") as whole:
            try:
                with installation(whole) as running:
                    for each in group:
                        with self._run(each.key) as run:
                            self._note(each, partial(each.sharing, run, running))
            except Exception:
                traceback.print_exc()
                self.failed += [
                    f"{each.key}: it did not start" for each in group if each.key not in self.done
                ]

    @contextmanager
    def _run(self, key: str) -> Iterator[Run]:
        samples = Samples(self.data / "benchmarks" / f"{key}.jsonl")
        with tempfile.TemporaryDirectory(prefix=f"sportello-{key}-") as folder:
            try:
                models = self.data / "models"
                yield Run(Path(folder), samples, models, self.quick, self.understanding, self.filled)
            finally:
                samples.close()

    def _note(self, each: Benchmark, measure: Callable[[], Outcome]) -> None:
        begun = time.monotonic()
        print(f"==> {each.title}", file=sys.stderr, flush=True)
        try:
            outcome = measure()
        except Exception as error:
            traceback.print_exc()
            self.failed.append(f"{each.key}: {type(error).__name__}: {str(error)[:200]}")
            return
        self.results.put(each.key, Result(each.title, self.environment, outcome, self.quick, each.own_page))
        self.done.append(each.key)
        self.failed += [f"{each.key}: {wrong}" for wrong in outcome.wrong[:5]]
        print(f"    done in {time.monotonic() - begun:.0f} s", file=sys.stderr, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__.split("\n")[0])
    parser.add_argument("--only", help="keys, with commas: " + ", ".join(each.key for each in ALL))
    parser.add_argument("--quick", action="store_true", help="a short try that proves the checks")
    parser.add_argument(
        "--filled", nargs="+", default=(), help="PostgreSQL databases with the cases of b7, the fewest first"
    )
    for name, what in (
        ("lines", "labelled lines for `text`, else a tenth of our own is held out"),
        ("epochs", "of Rasa's default pipeline"),
        ("examples", "that the pipelines are trained on"),
    ):
        parser.add_argument(f"--{name}", help=what)
    return parser


def _of_understanding(asked: argparse.Namespace) -> tuple[str, ...]:
    """Return the arguments of `benchmarks.nlu`."""
    lines = (asked.lines,) if asked.lines else ()
    epochs = ("--epochs", asked.epochs) if asked.epochs else ()
    return (*lines, *epochs, *(("--examples", asked.examples) if asked.examples else ()))


if __name__ == "__main__":
    sys.exit(main())
