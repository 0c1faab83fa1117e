"""The pages of planning among many cases: the overview, equal service, each figure; a year, a month, a town.

`python -m benchmarks.planning --url FEW MANY`, on databases that `benchmarks.cases` has filled. The pages
read what was told of a period and count nothing; so what is over is told first, as a job does by itself, and
how long that takes is said too. Samples go to `var/benchmarks/planning.json`, the table to
`docs/benchmarks/planning.md`. A median over a second ends the run with 1.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import httpx

from backoffice.app import create_app
from backoffice.clock import utc_now
from backoffice.collector import spare_what_stays
from backoffice.database import Database
from backoffice.planning.jobs import tell_what_is_over
from backoffice.planning.registry import FIGURES
from backoffice.settings import Settings
from benchmarks.cases import RESULTS, ROOT, SECRET, count_of, settings_of, sign_in
from benchmarks.environment import look

PAGE: Final = ROOT / "docs" / "benchmarks" / "planning.md"
WARM_UP: Final = 1
ROUNDS: Final = 15
BUDGET_MS: Final = 1_000.0
_TOWN: Final = "Crema"
_INTRODUCTION: Final = """\
# Planning pages among many cases

Written by `python -m benchmarks.planning`. Milliseconds over ASGI in one process: median, and slowest.
"""

Times = dict[str, list[float]]
"""Page -> milliseconds."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Tell, measure, print the table, keep the samples; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.planning", description=__doc__.split("\n")[0])
    parser.add_argument("--url", nargs="+", required=True, help="databases with their cases")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    chosen = parser.parse_args(arguments)
    runs: dict[int, Times] = {}
    told: dict[int, tuple[int, float]] = {}
    with tempfile.TemporaryDirectory(prefix="sportello-planning-") as name:
        for url in chosen.url:
            settings = settings_of(Path(name), url)
            cases = count_of(settings)
            told[cases] = tell(settings)
            runs[cases] = asyncio.run(measure(settings, chosen.rounds))
    table = "\n".join(_table(runs, told, look().load))
    print(table)
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / "planning.json").write_text(json.dumps(runs), encoding="utf-8")
    PAGE.write_text(f"{_INTRODUCTION}\n{table}\n", encoding="utf-8")
    if slow := too_slow(list(runs.values())):
        print(f"Too slow: {', '.join(slow)}", file=sys.stderr)
    return 1 if slow else 0


def tell(settings: Settings) -> tuple[int, float]:
    """Tell every figure of which a month is over; return how many releases that were, and the seconds."""
    database = Database(settings.url, secret=SECRET)
    begun = time.perf_counter()
    try:
        count = asyncio.run(tell_what_is_over(database, utc_now))
    finally:
        database.close()
    return count, time.perf_counter() - begun


async def measure(settings: Settings, rounds: int) -> Times:
    """Ask each page, in turn, so many times."""
    app = create_app(settings, jobs=False)
    spare_what_stays()  # as the process does that serves it
    found: Times = {}
    pages = _pages(utc_now().date())
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://office") as office:
        await sign_in(office)
        for number in range(WARM_UP + rounds):
            for name, address in pages.items():
                begun = time.perf_counter()
                answer = await office.get(address)
                over = time.perf_counter()
                assert answer.status_code == 200, f"{address}: {answer.status_code}"
                assert "<svg" in answer.text or "<table" in answer.text, f"{address} shows nothing"
                if number >= WARM_UP:
                    found.setdefault(name, []).append((over - begun) * 1000)
    app.state.database.close()
    return found


def _pages(today: date) -> dict[str, str]:
    last = today.replace(day=1) - timedelta(days=1)  # the newest month that is told
    year, month = last.year, last.month
    choices = {
        "year": f"year={year}",
        "month": f"year={year}&period={year}-{month:02d}",
        "town": f"year={year}&place={_TOWN}",
    }
    pages = {f"overview, {name}": f"/planning?{query}" for name, query in choices.items()}
    pages |= {
        f"equal service, {name}": f"/planning/equal-service?{choices[name]}" for name in ("year", "month")
    }
    for figure in FIGURES:
        pages |= {
            f"{figure.code}, {name}": f"/planning/figures/{figure.code}?{query}"
            for name, query in choices.items()
            if figure.has_place or name != "town"
        }
    return pages


def too_slow(runs: Sequence[Mapping[str, Sequence[float]]]) -> list[str]:
    """Return the pages whose median is over a second."""
    return sorted(
        {name for run in runs for name, times in run.items() if statistics.median(times) > BUDGET_MS}
    )


def _table(runs: Mapping[int, Times], told: Mapping[int, tuple[int, float]], load: float) -> list[str]:
    sizes = sorted(runs)
    lines = [
        f"{time.strftime('%Y-%m-%d')}, {os.cpu_count()} cores, load average before {load:.1f}.",
        *(_of_telling(size, *told[size]) for size in sizes),
        "",
        f"| page | {' | '.join(f'{size:,} cases | slowest' for size in sizes)} |",
        "|---|" + "---|" * (2 * len(sizes)),
    ]
    for name in runs[sizes[-1]]:
        cells = [f"{statistics.median(runs[size][name]):.0f} | {max(runs[size][name]):.0f}" for size in sizes]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return lines


def _of_telling(cases: int, releases: int, seconds: float) -> str:
    if not releases:
        return f"Of {cases:,} cases everything had been told before."
    return (
        f"Of {cases:,} cases {releases} releases, of a figure and a year each, were told in {seconds:.0f} s."
    )


if __name__ == "__main__":
    sys.exit(main())
