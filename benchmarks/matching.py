"""Matching 5,000 households with 1,000 homes, beside the naive double loop over the same pairs.

`python -m benchmarks.matching` (part of `make benchmark`). The double loop asks every rule and
preference of every pair in plain Python; it takes minutes, so that it runs over some households and is
scaled up. Its answers are held against those of the fast way: the same homes, in the same order, with
the same scores. Raw samples go to `var/benchmarks/matching.json`, the table to
`docs/benchmarks/matching.md`. A full recompute over 10 s, or a median over 50 ms for one household from
the database, ends the run with 1.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import insert, select, true
from sqlalchemy.orm import Session, joinedload

from backoffice.case.models import Case, CaseStatus
from backoffice.case.municipalities import municipality_names
from backoffice.client.schemas import CaseType, Employment, Furnishing, HousingIntake, Near, Phase
from backoffice.database import Database
from backoffice.home_owner.service import OwnerFacts, register_owner
from backoffice.housing_match.candidates import homes_for, households_for, households_looking
from backoffice.housing_match.engine import homes_one_by_one
from backoffice.housing_match.preferences import DEFAULT_WEIGHTS
from backoffice.housing_match.sides import HOME_COLUMNS, Home, Household, home_of
from backoffice.housing_match.tables import every_match
from backoffice.housing_need.models import HousingNeed, SearchState
from backoffice.listing.models import IncomeAsked, Listing, ListingState
from backoffice.person.models import Person
from backoffice.seed_cases import seed_cases
from backoffice.staff.models import Organisation
from backoffice.tables import load_tables
from benchmarks.environment import look

ROOT: Final = Path(__file__).resolve().parent.parent
RESULTS: Final = ROOT / "var" / "benchmarks"
PAGE: Final = ROOT / "docs" / "benchmarks" / "matching.md"
HOUSEHOLDS: Final = 5_000
HOMES: Final = 1_000
NAIVE: Final = 100
"""So many households go through the double loop."""

ROUNDS: Final = 5
ASKED: Final = 300
FULL_BUDGET_S: Final = 10.0
ONE_BUDGET_MS: Final = 50.0
NOW: Final = datetime(2026, 12, 2, 10, 0, tzinfo=UTC)
SECRET: Final = "secret key of the benchmark"  # noqa: S105

_INTRODUCTION: Final = """\
# Matching 5,000 households with 1,000 homes

Written by `make benchmark`. The naive double loop asks every rule and every preference of every pair, in
plain Python: it is the meaning of matching, and what the fast way is held against in the same run. The
households and homes are invented, always the same.
"""

Samples = dict[str, list[float]]


def fill(database: Database, households: int, homes: int) -> None:
    """Write invented households that look for a home, and homes that are offered."""
    load_tables().create_all(database.engine)
    with database.transaction() as session:
        session.add(Organisation(name="Comunità Sociale Cremasca", slug="csc", is_front_door=True))
    seed_cases(database, households, now=NOW)
    dice = random.Random(6)  # noqa: S311  (invented homes: the same each time)
    with database.transaction() as session:
        body = session.scalars(select(Organisation.id)).one()
        for case in session.scalars(select(Case).options(joinedload(Case.person))):
            case.type, case.phase, case.status = CaseType.HOUSING, Phase.RECEPTION, CaseStatus.NEW
            case.phase_before_closing = case.closed_at = case.closing_reason = None
            case.intake = _intake(dice)
            since = NOW - timedelta(days=dice.randrange(400))
            need = {"state_since": since, "created_at": since, "updated_at": since}
            session.add(
                HousingNeed(case_id=case.id, organisation_id=body, state=SearchState.SEARCHING, **need)
            )
        person = Person(
            organisation_id=body, name="Rosa Inventata", phone=None, languages=["it"], created_at=NOW
        )
        session.add(person)
        session.flush()
        owner = register_owner(session, person, OwnerFacts(), by="service", now=NOW)
        session.execute(insert(Listing), [_listing(dice, number, body, owner.id) for number in range(homes)])


def _town(dice: random.Random) -> str:
    return "Crema" if dice.random() < 0.4 else dice.choice(municipality_names())


def _intake(dice: random.Random) -> dict[str, Any]:
    people = dice.choice((1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 7))
    answers = {
        "municipalities": list(dict.fromkeys(_town(dice) for _ in range(dice.choice((0, 1, 2, 2, 3, 4))))),
        "budget_eur_month": dice.randrange(400, 900, 10),
        "people": people,
        "minors": dice.randrange(people),
        "rooms": dice.choice((None, None, 2, 3)),
        "move_in_from": NOW.date() + timedelta(days=dice.randrange(-60, 120)),
        "employment": dice.choice(list(Employment)),
        "near": dice.sample(list(Near), dice.randrange(3)),
        "step_free": dice.choice((None, None, False, False, True)),
        "furnished": dice.choice((None, True, False)),
        "pets": dice.choice((None, False, False, True)),
        "net_income_eur_month": dice.choice((None, 900, 1_300, 1_700, 2_200)),
        "guarantor": dice.choice((None, False, True)),
        "deposit_available_eur": dice.choice((None, 0, 600, 1_500)),
        "eviction_on": dice.choice((None, None, None, NOW.date() + timedelta(days=40))),
    }
    return HousingIntake.model_validate(answers).model_dump(mode="json")


def _listing(dice: random.Random, number: int, body: str, owner_id: str) -> dict[str, Any]:
    size = dice.randrange(30, 130)
    floor = dice.randrange(5)
    free: date = NOW.date() + timedelta(days=dice.randrange(-30, 150))
    return {
        "id": f"home-{number:04d}",
        "code": f"C-{number:05d}",
        "organisation_id": body,
        "owner_id": owner_id,
        "state": ListingState.PUBLISHED,
        "municipality": _town(dice),
        "rooms": max(1, size // 25),
        "size_m2": size,
        "floor": floor,
        "lift": dice.choice((None, True, False)),
        "step_free": dice.choice((None, floor == 0, False)),
        "furnishing": dice.choice((None, *Furnishing)),
        "energy_class": dice.choice((None, "A1", "B", "C", "D", "E", "F", "G")),
        "max_people": max(1, size // 15),
        "rent_eur_month": dice.randrange(300, 800, 10),
        "expenses_eur_month": dice.choice((None, 0, 40, 60, 90)),
        "deposit_eur": dice.choice((None, 0, 800, 1_500)),
        "included": [],
        "contract_types": ["agreed"],
        "near": [place.value for place in dice.sample(list(Near), dice.randrange(4))],
        "pets": dice.choice((None, True, False)),
        "income_asked": dice.choice(list(IncomeAsked)),
        "guarantor_accepted": dice.random() < 0.7,
        "residence_allowed": dice.random() < 0.95,
        "available_from": free,
        "version": 1,
        "created_by": "service",
        "created_at": NOW,
        "updated_at": NOW,
    }


def measure(database: Database, naive: int, rounds: int, asked: int) -> tuple[Samples, dict[str, int]]:
    """Match all with all, fast and by the double loop; then one household and one home at a time.

    Raises:
        AssertionError: the fast way answers otherwise than the double loop.
    """
    found: Samples = {"naive_s": [], "engine_s": [], "recompute_s": [], "household_ms": [], "home_ms": []}
    with database.read() as session:
        households, homes = _load(session)
        some = dict(list(households.items())[:: max(1, len(households) // naive)][:naive])
        begun = time.perf_counter()
        slow = {key: homes_one_by_one(each, homes, DEFAULT_WEIGHTS) for key, each in some.items()}
        found["naive_s"].append(time.perf_counter() - begun)
        for _ in range(rounds):
            begun = time.perf_counter()
            fast = dict(every_match(households, homes, DEFAULT_WEIGHTS))
            found["engine_s"].append(time.perf_counter() - begun)
        assert {key: fast[key] for key in some} == slow, "the fast way answers otherwise"
        for _ in range(rounds):
            session.expunge_all()
            begun = time.perf_counter()
            again = dict(every_match(*_load(session), DEFAULT_WEIGHTS))
            found["recompute_s"].append(time.perf_counter() - begun)
            assert again == fast
        keys = list(households)[:: max(1, len(households) // asked)][:asked]
        for case in session.scalars(select(Case).where(Case.id.in_(keys))).all():
            begun = time.perf_counter()
            of_one = homes_for(session, case, now=NOW)
            found["household_ms"].append((time.perf_counter() - begun) * 1000)
            assert of_one == fast[case.id], "one household is answered otherwise"
        for listing in session.scalars(select(Listing).order_by(Listing.id).limit(20)).all():
            begun = time.perf_counter()
            looking = households_for(session, listing, true(), now=NOW)
            found["home_ms"].append((time.perf_counter() - begun) * 1000)
            fitting = {key for key, fits in fast.items() if any(fit.id == listing.id for fit in fits)}
            assert {fit.id for fit in looking} == fitting, "one home is answered otherwise"
    sizes = {
        "households": len(households),
        "homes": len(homes),
        "naive": len(some),
        "fits": sum(map(len, fast.values())),
    }
    return found, sizes


def _load(session: Session) -> tuple[Mapping[str, Household], Mapping[str, Home]]:
    body = session.scalars(select(Organisation.id)).one()
    statement = select(Listing.id, *HOME_COLUMNS).where(Listing.state == ListingState.PUBLISHED)
    homes = {row.id: home_of(row) for row in session.execute(statement)}
    return households_looking(session, body, true(), now=NOW), homes


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print samples and table, keep them; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.matching", description=__doc__.split("\n")[0])
    parser.add_argument("--households", type=int, default=HOUSEHOLDS)
    parser.add_argument("--homes", type=int, default=HOMES)
    parser.add_argument("--naive", type=int, default=NAIVE, help="so many go through the double loop")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="sportello-matching-") as folder:
        database = Database(f"sqlite:///{folder}/matching.db", secret=SECRET, data_dir=Path(folder))
        fill(database, chosen.households, chosen.homes)
        found, sizes = measure(database, chosen.naive, ROUNDS, ASKED)
        database.close()
    table = "\n".join(_table(found, sizes, look().load))
    found["naive_scale"] = [sizes["households"] / sizes["naive"]]
    print(json.dumps(found))
    print(table)
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / "matching.json").write_text(json.dumps(found), encoding="utf-8")
    PAGE.write_text(f"{_INTRODUCTION}\n{table}\n", encoding="utf-8")
    is_slow = max(found["recompute_s"]) > FULL_BUDGET_S or _median(found["household_ms"]) > ONE_BUDGET_MS
    if is_slow:
        print(f"Over {FULL_BUDGET_S:.0f} s, or over {ONE_BUDGET_MS:.0f} ms for one.", file=sys.stderr)
    return int(is_slow)


def _table(found: Samples, sizes: Mapping[str, int], load: float) -> list[str]:
    scale = sizes["households"] / sizes["naive"]
    naive = found["naive_s"][0]
    quiet = "" if load <= 0.5 else " (not quiet)"
    pairs = f"{sizes['households']:,} households x {sizes['homes']:,} homes"
    return [
        f"{pairs}, {sizes['fits']:,} pairs fit, on SQLite, on {os.cpu_count()} cores ({platform.machine()}),"
        f" Python {platform.python_version()}, {time.strftime('%Y-%m-%d')}.",
        f"Load average of the machine before the run: {load:.1f}{quiet}. One process, one thread.",
        "",
        "| step | samples | median | worst |",
        "|---|---|---|---|",
        f"| naive double loop, {sizes['naive']} households | 1 | {naive:.2f} s | {naive:.2f} s |",
        f"| naive double loop, scaled to all (x {scale:.0f}) | - | {naive * scale:.0f} s | - |",
        _row("all with all, from memory", found["engine_s"], "s"),
        _row("all with all, read from the database", found["recompute_s"], "s"),
        _row("one household, read from the database", found["household_ms"], "ms"),
        _row("one home, read from the database", found["home_ms"], "ms"),
        "",
        f"All with all from memory is {naive * scale / _median(found['engine_s']):.0f} times as fast as the"
        " double loop. The answers are the same: homes, order and scores.",
    ]


def _row(step: str, samples: Sequence[float], unit: str) -> str:
    return f"| {step} | {len(samples)} | {_median(samples):.2f} {unit} | {max(samples):.2f} {unit} |"


def _median(samples: Sequence[float]) -> float:
    return statistics.median(samples)


if __name__ == "__main__":
    sys.exit(main())
