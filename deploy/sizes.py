"""`python -m deploy.sizes`: how long files and functions are, and which are longer than we agreed.

Counted are the sources of the product: no tests, no benchmarks, no migrations. A function's lines include its
docstring. The limits keep the house readable (CONTRIBUTING.md, rule 2); exit status 1 where one is passed.
"""

from __future__ import annotations

import ast
import math
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from deploy.settings import ROOT

PARTS = ("actions", "backoffice", "bot", "deploy", "nlu", "translations")

FILE_MEDIAN, FILE_P90, FILE_MOST = 100, 300, 400
FUNCTION_MEDIAN, FUNCTION_P90, FUNCTION_MOST = 12, 35, 60

KNOWN: dict[str, int] = {
    "backoffice/client/schemas.py": 1530,  # the wire, in the order of the API
    "backoffice/conversation/models.py": 450,  # tables whose numbers are changed under one row's lock
}
"""Files with more lines than they should have, and how many each may have: none of them may grow."""

TABLES_OF_CASES: frozenset[str] = frozenset()
"""`path:function` of those that are longer because they are nothing but a table of cases."""

_SHOWN = 5


@dataclass(frozen=True, order=True)
class Size:
    """How many lines something has: a file by its path, a function as `path:name`."""

    lines: int
    name: str


@dataclass
class Sizes:
    """Every file and every function that was counted."""

    files: list[Size] = field(default_factory=list)
    functions: list[Size] = field(default_factory=list)


def measure(root: Path) -> Sizes:
    """Count the lines of every source below `root`."""
    sizes = Sizes()
    for path in _sources(root):
        name, source = path.relative_to(root).as_posix(), path.read_text(encoding="utf-8")
        sizes.files.append(Size(len(source.splitlines()), name))
        sizes.functions += [Size(lines, f"{name}:{function}") for function, lines in _functions(source)]
    return sizes


def complaints(sizes: Sizes) -> list[str]:
    """Return a sentence for each limit that is passed, with what to do."""
    found = [
        f"{size.name} has {size.lines} lines, more than {_most(size.name)}: give its second subject a file."
        for size in sizes.files
        if size.lines > _most(size.name)
    ]
    found += [
        f"{size.name} has {size.lines} lines, more than {FUNCTION_MOST}: a part of it wants a name."
        for size in sizes.functions
        if size.lines > FUNCTION_MOST and size.name not in TABLES_OF_CASES
    ]
    found += _too_long("files", sizes.files, FILE_MEDIAN, FILE_P90)
    found += _too_long("functions", sizes.functions, FUNCTION_MEDIAN, FUNCTION_P90)
    counted = {size.name: size.lines for size in sizes.files}
    return found + [
        f"{name} has {counted.get(name, 0)} lines now: take it out of KNOWN in deploy/sizes.py."
        for name in KNOWN
        if counted.get(name, 0) <= FILE_MOST
    ]


def main(root: Path = ROOT) -> int:
    """Print what was measured; return 1 where a limit is passed."""
    sizes = measure(root)
    for what, counted, limits in (
        ("files", sizes.files, (FILE_MEDIAN, FILE_P90, FILE_MOST)),
        ("functions", sizes.functions, (FUNCTION_MEDIAN, FUNCTION_P90, FUNCTION_MOST)),
    ):
        middle, tenth = _quantiles(counted)
        print(
            f"{len(counted):5} {what}: median {middle:g} lines, nine of ten {tenth} at most,"
            f" longest {max(counted).lines} (limits {limits[0]}, {limits[1]}, {limits[2]})"
        )
        for size in sorted(counted, reverse=True)[:_SHOWN]:
            print(f"      {size.lines:5}  {size.name}")
    found = complaints(sizes)
    for sentence in found:
        print(sentence, file=sys.stderr)
    return 1 if found else 0


def _sources(root: Path) -> Iterator[Path]:
    for part in PARTS:
        for path in sorted((root / part).rglob("*.py")):
            if "migrations" not in path.parts and "node_modules" not in path.parts:
                yield path


def _functions(source: str) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno is not None:
            yield node.name, node.end_lineno - node.lineno + 1


def _most(name: str) -> int:
    return KNOWN.get(name, FILE_MOST)


def _too_long(what: str, counted: Sequence[Size], most_median: int, most_p90: int) -> list[str]:
    middle, tenth = _quantiles(counted)
    found = []
    if middle > most_median:
        found.append(f"The median of all {what} is {middle:g} lines, more than {most_median}.")
    if tenth > most_p90:
        found.append(f"One of ten {what} has {tenth} lines or more, more than {most_p90}.")
    return found


def _quantiles(counted: Sequence[Size]) -> tuple[float, int]:
    """Return the median, and the lines that nine of ten do not pass."""
    lines = sorted(size.lines for size in counted)
    if not lines:
        return 0, 0
    return median(lines), lines[math.ceil(len(lines) * 0.9) - 1]


if __name__ == "__main__":
    sys.exit(main())
