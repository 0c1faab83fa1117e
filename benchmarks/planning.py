"""The pages of planning among many cases: the overview, equal service, each figure; a year, a month, a town.

`benchmarks.cases` asks them beside the pages of cases, on the same databases. They read what was told of a
period and count nothing; so their figures are told first, which a job does by itself when a month is over.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Mapping, Sequence
from typing import Final

import httpx

from backoffice.clock import utc_now
from backoffice.database import Database
from backoffice.planning.jobs import tell_what_is_over
from backoffice.planning.registry import FIGURES
from backoffice.settings import Settings

WARM_UP: Final = 1
ROUNDS: Final = 15
BUDGET_MS: Final = 1_000.0
_TOWN: Final = "Crema"

Times = dict[str, list[float]]
"""Page -> milliseconds."""


def tell(settings: Settings, secret: str) -> tuple[int, float]:
    """Tell every figure of which a month is over; return how many releases that were, and the seconds."""
    database = Database(settings.url, secret=secret)
    begun = time.perf_counter()
    try:
        count = asyncio.run(tell_what_is_over(database, utc_now))
    finally:
        database.close()
    return count, time.perf_counter() - begun


async def measure(office: httpx.AsyncClient, rounds: int) -> Times:
    """Ask each page, in turn, so many times."""
    found: Times = {}
    year = utc_now().year
    for number in range(WARM_UP + rounds):
        for name, address in _pages(year).items():
            begun = time.perf_counter()
            answer = await office.get(address)
            over = time.perf_counter()
            assert answer.status_code == 200, f"{address}: {answer.status_code}"
            assert "<svg" in answer.text or "<table" in answer.text, f"{address} shows nothing"
            if number >= WARM_UP:
                found.setdefault(name, []).append((over - begun) * 1000)
    return found


def _pages(year: int) -> dict[str, str]:
    last = utc_now().month - 1
    year, month = (year, last) if last else (year - 1, 12)
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


def table(runs: Mapping[int, Mapping[str, Sequence[float]]], told: Mapping[int, float]) -> list[str]:
    """Return the pages as a table: milliseconds of the page, by the number of cases."""
    sizes = sorted(runs)
    heads = [f"{size:,} cases" for size in sizes]
    lines = [
        "## Planning pages",
        "Milliseconds, median and the greatest of all rounds. Before, a job told what is over of two years: "
        + ", ".join(f"{told[size]:.0f} s among {size:,} cases" for size in sizes)
        + ", in a process of its own and nobody waiting.",
        "",
        f"| page | {' | max | '.join(heads)} | max |",
        "|---|" + "---|" * (2 * len(sizes)),
    ]
    for name in runs[sizes[-1]]:
        cells = [f"{statistics.median(runs[size][name]):.0f} | {max(runs[size][name]):.0f}" for size in sizes]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return lines
