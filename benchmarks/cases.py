"""Working with 100,000 cases: list, filter, search, open, beside the same on bare FastAPI and SQLAlchemy.

`python -m benchmarks.cases` (part of `make benchmark`): the real application and a bare one, in one process
over ASGI, on one SQLite file, by turns. Raw samples go to `var/benchmarks/cases.json`, the table to
`docs/benchmarks/cases.md`. Every answer is checked; a median over 100 ms ends the run with 1.
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
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import httpx
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy import create_engine, select, text

from backoffice.app import create_app
from backoffice.case.models import Case
from backoffice.database import Database
from backoffice.person.models import Person
from backoffice.search.models import Indexed
from backoffice.search.service import Place, finds
from backoffice.settings import Settings
from backoffice.staff.models import Organisation

ROOT: Final = Path(__file__).resolve().parent.parent
RESULTS: Final = ROOT / "var" / "benchmarks"
PAGE: Final = ROOT / "docs" / "benchmarks" / "cases.md"
CASES: Final = 100_000
ROUNDS: Final = 60
WARM_UP: Final = 5
BUDGET_MS: Final = 100.0
SECRET: Final = "secret key of the benchmark"  # noqa: S105

_INTRODUCTION: Final = """\
# Working with 100,000 cases

Written by `make benchmark`. The floor is bare FastAPI and SQLAlchemy: the same rows of the same file, with no
sign-in, no rights, no count, no audit and no page. Sportello's answers have all of them. The indexes are
Sportello's: where the floor is slower, none fits its plainer statement. It finds names by the same tokens.
"""

QUERIES: Final = {
    "list": "",
    "filter: type, phase and municipality": "type=housing&phase=delivery&municipality=Crema",
    "filter: few cases (need, language, overdue)": "need=eviction&language=zh&overdue=yes&urgent=yes",
    "order: still for longest": "sort=updated",
    "search: a name": "q=Коваленко Олена",
    "search: nobody of that name": "q=Zzyzx",
}
"""What a page of the list is asked for; the floor gets the filters that it has."""


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
        order = (Case.updated_at, Case.id) if sort else (Case.opened_at.desc(), Case.id.desc())
        with database.read() as session:
            if q:
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


async def measure(settings: Settings, rounds: int) -> Samples:
    """Ask both applications by turns."""
    app = create_app(settings, jobs=False)
    database = Database(settings.url, secret=SECRET)
    found: Samples = {}
    async with (
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://office") as office,
        httpx.AsyncClient(
            transport=httpx.ASGITransport(bare_application(database)), base_url="http://bare"
        ) as bare,
    ):
        await _sign_in(office)
        ids = [case["id"] for case in (await office.get("/api/v1/cases?limit=200")).json()["items"]]
        for number in range(WARM_UP + rounds):
            keep = found if number >= WARM_UP else {}
            for step, query in QUERIES.items():
                await _ask(bare, f"/cases?{query}", keep, step, "bare")
                await _ask(office, f"/cases?{query}", keep, step, "page")
                api = query.replace("&overdue=yes", "").replace("urgent=yes", "urgent=true")
                await _ask(office, f"/api/v1/cases?{api}", keep, step, "api")
            case_id = ids[number % len(ids)]
            await _ask(bare, f"/cases/{case_id}", keep, "open", "bare")
            await _ask(office, f"/cases/{case_id}", keep, "open", "page")
            await _ask(office, f"/api/v1/cases/{case_id}", keep, "open", "api")
    app.state.database.close()
    database.close()
    return found


async def _ask(http: httpx.AsyncClient, path: str, keep: Samples, step: str, who: str) -> None:
    begun = time.perf_counter()
    answer = await http.get(path)
    over = time.perf_counter()
    assert answer.status_code == 200, answer.text
    keep.setdefault(step, {}).setdefault(who, []).append((over - begun) * 1000)


async def _sign_in(http: httpx.AsyncClient) -> None:
    form = {"username": "coordinator@demo.sportello", "password": "sportello-demo"}
    answer = await http.post("/api/v1/auth/token", data=form)
    answer.raise_for_status()
    http.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the table, keep the samples; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cases", description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--cases", type=int, default=CASES)
    parser.add_argument("--data", type=Path, help="a data folder that has the cases already")
    chosen = parser.parse_args(arguments)
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="sportello-cases-") as folder:
        data = chosen.data or Path(folder)
        settings = Settings(
            _env_file=None,
            data_dir=data,
            demo=True,
            log_level="ERROR",
            secret_key=SecretStr(SECRET),
            service_token=SecretStr(SECRET),
        )
        if chosen.data is None:
            _fill(data, chosen.cases)
        found = asyncio.run(measure(settings, chosen.rounds))
        number = _count(settings)
    table = "\n".join(_table(found, chosen.rounds, number, load))
    print(table)
    _keep(found, table)
    slow = [step for step, by in found.items() for who in ("page", "api") if _p(by[who], 0.5) > BUDGET_MS]
    if slow:
        print(f"Over {BUDGET_MS:.0f} ms at the median: {', '.join(dict.fromkeys(slow))}", file=sys.stderr)
    return 1 if slow else 0


def _fill(folder: Path, number: int) -> None:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("SPORTELLO_")}
    clean |= {"SPORTELLO_DATA_DIR": str(folder), "SPORTELLO_DEMO": "1"}
    clean |= {"SPORTELLO_SECRET_KEY": SECRET, "SPORTELLO_SERVICE_TOKEN": SECRET}
    for module in (["backoffice.migrations.upgrade"], ["backoffice.seed", "--cases", str(number)]):
        subprocess.run([sys.executable, "-m", *module], cwd=ROOT, env=clean, check=True, stdout=sys.stderr)


def _count(settings: Settings) -> int:
    engine = create_engine(settings.url)
    with engine.connect() as connection:
        return int(connection.execute(text("SELECT count(*) FROM case_record")).scalar_one())


def _table(found: Samples, rounds: int, number: int, load: float) -> list[str]:
    quiet = "" if load <= 0.5 else " (not quiet: compare the columns, not the milliseconds)"
    lines = [
        f"{number:,} cases, {rounds} rounds each, by turns, over ASGI in one process, on SQLite, on"
        f" {os.cpu_count()} cores, Python {platform.python_version()}, {time.strftime('%Y-%m-%d')}.",
        f"Load average of the machine before the run: {load:.1f}{quiet}. Milliseconds.",
        "",
        "| step | bare p50 | bare p95 | API p50 | API p95 | page p50 | page p95 |",
        "|---|---|---|---|---|---|---|",
    ]
    for step, by in found.items():
        shown = " | ".join(
            f"{_p(by[who], share):.1f}" for who in ("bare", "api", "page") for share in (0.5, 0.95)
        )
        lines.append(f"| {step} | {shown} |")
    return lines


def _p(times: Sequence[float], share: float) -> float:
    if share == 0.5:
        return statistics.median(times)
    ordered = sorted(times)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def _keep(found: Samples, table: str) -> None:
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / "cases.json").write_text(json.dumps(found), encoding="utf-8")
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(f"{_INTRODUCTION}\n{table}\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
