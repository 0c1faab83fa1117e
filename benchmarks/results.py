"""The results that are committed: figures, one page with the table and the chart, a page for each benchmark.

A run of some benchmarks replaces their results alone; each keeps the environment that it was measured in.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from benchmarks.chart import chart
from benchmarks.environment import ROOT, Environment
from benchmarks.lines import Line, Outcome

BEGIN: Final = "<!-- Written by `python -m benchmarks`, from here ... -->"
END: Final = "<!-- ... to here. -->"
_HEAD: Final = (
    "| benchmark | what | Sportello | peer | ratio (rounds) | target | verdict |",
    "|---|---|---|---|---|---|---|",
)


@dataclass(frozen=True)
class Result:
    """What one benchmark came to, and where."""

    title: str
    environment: Environment
    outcome: Outcome
    quick: bool = False
    own_page: str | None = None

    @property
    def counts(self) -> bool:
        """Tell whether the figures may be cited."""
        return not (self.environment.is_void or self.quick or self.outcome.wrong)


class Results:
    """All results, by the benchmark's key."""

    def __init__(self, docs: Path = ROOT / "docs") -> None:
        self._docs = docs
        self._file = docs / "benchmarks" / "results.json"
        kept = json.loads(self._file.read_text(encoding="utf-8")) if self._file.is_file() else {}
        self.by_key = {
            key: Result(
                each["title"],
                Environment(**each["environment"]),
                Outcome.from_json(each["outcome"]),
                each["quick"],
                each["own_page"],
            )
            for key, each in kept.items()
        }

    def put(self, key: str, result: Result) -> None:
        """Replace one result and keep all; figures that count are not replaced by a short or void run's."""
        before = self.by_key.get(key)
        if before is not None and before.counts and not (result.counts or result.outcome.wrong):
            return
        self.by_key[key] = result
        self._file.parent.mkdir(parents=True, exist_ok=True)
        kept = {
            name: {
                "title": each.title,
                "environment": asdict(each.environment),
                "quick": each.quick,
                "own_page": each.own_page,
                "outcome": each.outcome.as_json(),
            }
            for name, each in self.by_key.items()
        }
        text = json.dumps(kept, indent=1, ensure_ascii=False)
        self._file.write_text(text + "\n", encoding="utf-8")

    def write_pages(self, order: Sequence[str]) -> None:
        """Write the table into docs/benchmarks.md, the chart, and a page for each result."""
        shown = [(key, self.by_key[key]) for key in order if key in self.by_key]
        (self._docs / "benchmarks" / "results.svg").write_text(
            chart(
                [(f"{_name(each)}: {line.what}", line) for _, each in shown for line in each.outcome.lines]
            ),
            encoding="utf-8",
        )
        for key, each in shown:
            if each.own_page is not None:
                continue
            text = "\n".join(_page(each)) + "\n"
            (self._docs / "benchmarks" / f"{key}.md").write_text(text, encoding="utf-8")
        page = self._docs / "benchmarks.md"
        before, _, rest = page.read_text(encoding="utf-8").partition(BEGIN)
        _, _, after = rest.partition(END)
        middle = "\n".join(_summary(shown))
        page.write_text(f"{before}{BEGIN}\n{middle}\n{END}{after}", encoding="utf-8")


def table(results: Sequence[Result]) -> Iterator[str]:
    """Yield the rows of results."""
    yield from _HEAD
    for each in results:
        for line in each.outcome.lines:
            yield _row(_name(each), line)


def _name(result: Result) -> str:
    return result.title.partition(":")[0]


def _row(name: str, line: Line) -> str:
    ratio = f"{times(line.ratio)}x" if line.ratio is not None and line.peer_name else ""
    if ratio and line.spread is not None:
        ratio += f" ({times(line.spread[0])} - {times(line.spread[1])})"
    peer = f"{line.peer_name} {figure(line.peer)}".strip() if line.peer_name else ""
    cells = [name, line.what, f"{figure(line.ours)} {line.unit}".strip(), peer, ratio]
    return "| " + " | ".join([*cells, str(line.target or ""), str(line.verdict)]) + " |"


def figure(value: float | None) -> str:
    """Return a number with three digits that say something."""
    if value is None:
        return "not measured"
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.3g}"


def times(ratio: float) -> str:
    """Return a ratio with two digits after the point, or as many as say something of a very small one."""
    return f"{ratio:.2f}" if ratio == 0 or ratio >= 0.01 else f"{ratio:.1g}"


def _summary(shown: Sequence[tuple[str, Result]]) -> Iterator[str]:
    yield ""
    yield from table([each for _, each in shown])
    yield ""
    yield "![What each line takes, in parts of what its target allows](benchmarks/results.svg)"
    yield ""
    yield "| benchmark | when | commit | load before | may be cited |"
    yield "|---|---|---|---|---|"
    for key, each in shown:
        where = each.environment
        cells = (
            f"[{each.title}](benchmarks/{each.own_page or key}.md)",
            where.date,
            where.commit,
            f"{where.load:.2f}",
        )
        yield "| " + " | ".join([*cells, _standing(each)]) + " |"
    machines = dict.fromkeys(each.environment.machine for _, each in shown)
    yield ""
    yield f"Machine: {'; '.join(machines)}."
    yield ""


def _standing(result: Result) -> str:
    if result.outcome.wrong:
        return "no: something was lost or wrong"
    if result.quick:
        return "no: a short try"
    return "no: void, others were at work" if result.environment.is_void else "yes"


def _page(result: Result) -> Iterator[str]:
    where = result.environment
    yield f"# {result.title}"
    yield ""
    yield "Written by `python -m benchmarks`; what it is and how to read it: [benchmarks](../benchmarks.md)."
    yield ""
    yield f"{where.date} UTC, commit {where.commit}, {where.machine}. Load average before: {where.load:.2f}."
    yield f"To be cited: {_standing(result)}."
    yield ""
    yield from table([result])
    for heading, items in (
        ("Checked", result.outcome.checked),
        ("Wrong", result.outcome.wrong[:20]),
        ("Notes", list(dict.fromkeys(result.outcome.notes))[:20]),
    ):
        if items:
            yield ""
            yield f"## {heading}"
            yield from (f"* {each}" for each in items)
