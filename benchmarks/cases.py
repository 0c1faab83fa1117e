"""Working with many cases: list, filter, search, open, beside the same on bare FastAPI and SQLAlchemy.

`python -m benchmarks.cases --database postgres --cases 10000 1000000`: the real application and a bare one,
in one process over ASGI, on one database, by turns, for each number of cases. Raw samples go to
`var/benchmarks/cases.json`, the table to `docs/benchmarks/cases.md`. Every answer is checked. A median over
50 ms, or one of the most cases over 1.5 times that of the fewest, ends the run with 1.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx
import psycopg
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy import func, make_url, select, text

from backoffice.app import create_app
from backoffice.case.models import Case
from backoffice.case.number import parse_number
from backoffice.collector import spare_what_stays
from backoffice.database import Database, make_engine
from backoffice.person.models import Person
from backoffice.search.models import Indexed
from backoffice.search.service import Place, finds
from backoffice.seed_many.invented import number_of
from backoffice.settings import Settings
from backoffice.staff.models import Organisation
from benchmarks.environment import look
from tests.backoffice.databases import start_postgres

ROOT: Final = Path(__file__).resolve().parent.parent
RESULTS: Final = ROOT / "var" / "benchmarks"
PAGE: Final = ROOT / "docs" / "benchmarks" / "cases.md"
CASES: Final = 10_000
MESSAGES_A_CASE: Final = 5
ROUNDS: Final = 60
WARM_UP: Final = 5
BUDGET_MS: Final = 50.0
GROWTH: Final = 1.5
"""So much more may a step take with the most cases than with the fewest."""
SECRET: Final = "secret key of the benchmark"  # noqa: S105
SEVENTH: Final = 7
"""The invented case that is looked for by number and telephone."""

_INTRODUCTION: Final = """\
# Working with many cases

Written by `python -m benchmarks.cases`. The floor is bare FastAPI and SQLAlchemy: the same rows of the same
database, with no sign-in, no rights, no count, no audit and no page. Sportello's answers have all of them.
The indexes are Sportello's: where the floor is slower, none fits its plainer statement. It finds names by the
same tokens. Each case has a person, a history and most a conversation, five messages a case.
"""

QUERIES: Final = {
    "list": "",
    "filter: type, phase and municipality": "type=housing&phase=delivery&municipality=Crema",
    "filter: few cases (need, language, overdue)": "need=eviction&language=zh&overdue=yes&urgent=yes",
    "filter: nobody has taken it": "assignee=none&status=new",
    "order: still for longest": "sort=updated",
    "order: town": "sort=municipality",
    "search: a name": "q=Коваленко Олена",
    "search: a beginning": "q=Кова",
    "search: name and town": "q=Popescu Crema",
    "search: nobody of that name": "q=Zzyzx",
    "search: a telephone": f"q=%2B39000{SEVENTH:07d}",
    "search: a number": f"q={number_of(SEVENTH)}",
}
"""What a page of the list is asked for; the floor gets the filters that it has."""

_EXPECTED: Final = {
    "search: a name": lambda found: len(found) > 0,
    "search: a beginning": lambda found: len(found) > 0,
    "search: nobody of that name": lambda found: not found,
    "search: a telephone": lambda found: len(found) == 1,
    "search: a number": lambda found: len(found) == 1,
}
"""What the API's answer must hold."""


_ORDERS: Final = {
    "updated": (Case.updated_at, Case.id),
    "municipality": (func.coalesce(Case.municipality, ""), Case.id),
}


def bare_application(database: Database) -> FastAPI:
    """Return an application that answers the same questions with nothing around them."""
    app = FastAPI()

    @app.get("/cases")
    def cases(
        type: str = "",
        phase: str = "",
        municipality: str = "",
        language: str = "",
        q: str = "",
        sort: str = "",
    ) -> list[dict[str, Any]]:
        statement = select(Case.id, Case.number, Case.type, Case.phase, Person.name).join(
            Person, Case.person_id == Person.id
        )
        front_door = select(Organisation.id).where(Organisation.is_front_door).scalar_subquery()
        statement = statement.where(Case.organisation_id == front_door)
        exact = {Case.type: type, Case.phase: phase, Case.municipality: municipality, Case.language: language}
        for column, value in exact.items():
            if value:
                statement = statement.where(column == value)
        order = _ORDERS.get(sort, (Case.opened_at.desc(), Case.id.desc()))
        with database.read() as session:
            if (number := parse_number(q)) is not None:
                statement = statement.where(Case.number == number)
            elif q:
                statement = statement.where(finds(session, q, Place(Indexed.PERSON, Case.person_id)))
            return [dict(row._mapping) for row in session.execute(statement.order_by(*order).limit(31))]

    @app.get("/cases/{case_id}")
    def case(case_id: str) -> dict[str, Any]:
        with database.read() as session:
            found = session.execute(
                select(Case.__table__, Person.name)
                .join(Person, Case.person_id == Person.id)
                .where(Case.id == case_id)
            ).one()
        return {"id": found.id, "number": found.number, "name": found.name, "intake": found.intake}

    return app


Samples = dict[str, dict[str, list[float]]]


async def measure(all_settings: Sequence[Settings], rounds: int) -> list[Samples]:
    """Ask both applications of every database by turns: what slows the machine slows them all."""
    async with AsyncExitStack() as stack:
        sides = [await stack.enter_async_context(_opened(settings)) for settings in all_settings]
        for number in range(WARM_UP + rounds):
            for side in sides:
                await side.ask_all(number, keep=number >= WARM_UP)
    return [side.found for side in sides]


@dataclass
class _Side:
    """Both applications on one database, what was measured, and the cases that are opened."""

    office: httpx.AsyncClient
    bare: httpx.AsyncClient
    ids: list[str]
    found: Samples = field(default_factory=dict)

    async def ask_all(self, number: int, *, keep: bool) -> None:
        """Ask everything once."""
        found = self.found if keep else {}
        for step, query in QUERIES.items():
            await _ask(self.bare, f"/cases?{query}", found, step, "bare")
            await _ask(self.office, f"/cases?{query}", found, step, "page")
            api = query.replace("&overdue=yes", "").replace("urgent=yes", "urgent=true")
            answer = await _ask(self.office, f"/api/v1/cases?{api}", found, step, "api")
            assert _EXPECTED.get(step, lambda _found: True)(answer.json()["items"]), step
        case_id = self.ids[number % len(self.ids)]
        await _ask(self.bare, f"/cases/{case_id}", found, "open", "bare")
        await _ask(self.office, f"/cases/{case_id}", found, "open", "page")
        await _ask(self.office, f"/api/v1/cases/{case_id}", found, "open", "api")


@asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[_Side]:
    app = create_app(settings, jobs=False)
    spare_what_stays()  # as the process does that serves it
    database = Database(settings.url, secret=SECRET)
    over_app, over_bare = httpx.ASGITransport(app), httpx.ASGITransport(bare_application(database))
    async with (
        httpx.AsyncClient(transport=over_app, base_url="http://office") as office,
        httpx.AsyncClient(transport=over_bare, base_url="http://bare") as bare,
    ):
        await sign_in(office)
        cases = (await office.get("/api/v1/cases?limit=200")).json()["items"]
        yield _Side(office, bare, [case["id"] for case in cases])
    app.state.database.close()
    database.close()


async def _ask(http: httpx.AsyncClient, path: str, keep: Samples, step: str, who: str) -> httpx.Response:
    begun = time.perf_counter()
    answer = await http.get(path)
    over = time.perf_counter()
    assert answer.status_code == 200, answer.text
    keep.setdefault(step, {}).setdefault(who, []).append((over - begun) * 1000)
    return answer


async def sign_in(http: httpx.AsyncClient) -> None:
    """Sign in as the demo's coordinator."""
    form = {"username": "coordinator@demo.sportello", "password": "sportello-demo"}
    answer = await http.post("/api/v1/auth/token", data=form)
    answer.raise_for_status()
    http.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the table, keep the samples; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cases", description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--cases", type=int, nargs="+", default=[CASES])
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--url", nargs="+", help="databases that have the cases already, the fewest first")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="sportello-cases-") as name, ExitStack() as stack:
        folder = Path(name)
        urls = chosen.url or stack.enter_context(filled(folder, chosen.database, sorted(chosen.cases)))
        of_all = [settings_of(folder, url) for url in urls]
        samples = asyncio.run(measure(of_all, chosen.rounds))
        runs = [Run(count_of(settings), found) for settings, found in zip(of_all, samples, strict=True)]
        where = make_url(urls[0]).get_backend_name()
    table = "\n".join(_table(runs, chosen.rounds, where, look().load))
    print(table)
    _keep(runs, table)
    slow = _too_slow(runs)
    if slow:
        print(f"Too slow: {', '.join(slow)}", file=sys.stderr)
    return 1 if slow else 0


@dataclass(frozen=True)
class Run:
    """What was measured with so many cases."""

    cases: int
    samples: Samples


@contextmanager
def filled(folder: Path, database: str, sizes: Sequence[int]) -> Iterator[list[str]]:
    """Fill a database for each size, and give their addresses."""
    with ExitStack() as stack:
        server = stack.enter_context(start_postgres(folder / "postgres")) if database == "postgres" else None
        urls = []
        for size in sizes:
            urls.append(_new_database(server, size) if server else f"sqlite:///{folder}/{size}.db")
            _fill(folder, urls[-1], size)
        yield urls


def _new_database(server: str, size: int) -> str:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE cases_{size}".encode())
    return make_url(server).set(database=f"cases_{size}").render_as_string(hide_password=False)


def settings_of(folder: Path, url: str) -> Settings:
    """Return the settings under which a database was filled."""
    return Settings(
        _env_file=None,
        data_dir=folder,
        database_url=url,
        demo=True,
        log_level="ERROR",
        secret_key=SecretStr(SECRET),
        service_token=SecretStr(SECRET),
    )


def _fill(folder: Path, url: str, number: int) -> None:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("SPORTELLO_")}
    clean |= {"SPORTELLO_DATA_DIR": str(folder), "SPORTELLO_DATABASE_URL": url, "SPORTELLO_DEMO": "1"}
    clean |= {"SPORTELLO_SECRET_KEY": SECRET, "SPORTELLO_SERVICE_TOKEN": SECRET}
    wanted = ["--cases", str(number), "--messages", str(number * MESSAGES_A_CASE)]
    for module in (["backoffice.migrations.upgrade"], ["backoffice.seed", *wanted]):
        subprocess.run([sys.executable, "-m", *module], cwd=ROOT, env=clean, check=True, stdout=sys.stderr)


def count_of(settings: Settings) -> int:
    """Return how many cases a database has."""
    engine = make_engine(settings.url)
    with engine.connect() as connection:
        return int(connection.execute(text("SELECT count(*) FROM case_record")).scalar_one())


def _too_slow(runs: Sequence[Run]) -> list[str]:
    slow = []
    for step in runs[0].samples:
        for who in ("api", "page"):
            least, most = (_p(run.samples[step][who], 0.5) for run in (runs[0], runs[-1]))
            if most > BUDGET_MS or most > GROWTH * least:
                slow.append(f"{step} ({who})")
    return slow


def _table(runs: Sequence[Run], rounds: int, where: str, load: float) -> list[str]:
    quiet = "" if load <= 0.5 else " (not quiet: compare the columns, not the milliseconds)"
    sizes = " and ".join(f"{run.cases:,}" for run in runs)
    lines = [
        f"{sizes} cases, {rounds} rounds each, by turns, over ASGI in one process, on {where}, on"
        f" {os.cpu_count()} cores, Python {platform.python_version()}, {time.strftime('%Y-%m-%d')}.",
        f"Load average of the machine before the run: {load:.1f}{quiet}. Milliseconds. The last columns: how"
        " many times the floor's median the page takes, and how many times that of the fewest cases.",
        "",
        "| cases | step | bare | p95 | API | p95 | page | p95 | page / bare | API grows | page grows |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for run in runs:
        for step, by in run.samples.items():
            shown = [f"{_p(by[who], share):.1f}" for who in ("bare", "api", "page") for share in (0.5, 0.95)]
            shown.append(f"{_p(by['page'], 0.5) / _p(by['bare'], 0.5):.1f}")
            first = runs[0].samples[step]
            shown += [f"{_p(by[who], 0.5) / _p(first[who], 0.5):.2f}" for who in ("api", "page")]
            lines.append(f"| {run.cases:,} | {step} | {' | '.join(shown)} |")
    return lines


def _p(times: Sequence[float], share: float) -> float:
    if share == 0.5:
        return statistics.median(times)
    ordered = sorted(times)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def _keep(runs: Sequence[Run], table: str) -> None:
    RESULTS.mkdir(parents=True, exist_ok=True)
    kept = {str(run.cases): run.samples for run in runs}
    (RESULTS / "cases.json").write_text(json.dumps(kept), encoding="utf-8")
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(f"{_INTRODUCTION}\n{table}\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
