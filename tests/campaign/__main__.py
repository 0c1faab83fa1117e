"""`python -m tests.campaign --kills 200 --database both --seed 1`: exit status 1 when a promise is broken."""

from __future__ import annotations

import argparse
import random
import sys
import time
from pathlib import Path

from tests.campaign.campaign import Campaign, report

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    """Run the campaign on each database asked for; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.campaign", description=__doc__)
    parser.add_argument("--kills", type=int, default=200, help="on each database")
    parser.add_argument("--database", choices=("sqlite", "postgres", "both"), default="both")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    asked = parser.parse_args()
    backends = ("sqlite", "postgres") if asked.database == "both" else (asked.database,)
    good = True
    for backend in backends:
        folder = ROOT / "var" / "campaign" / f"{time.strftime('%Y%m%d-%H%M%S')}-{backend}"
        folder.mkdir(parents=True)
        outcome = Campaign(folder, backend, asked.kills, asked.seed, _say).run()
        print(report(outcome), flush=True)
        (folder / "report.txt").write_text(report(outcome) + "\n", encoding="utf-8")
        good = good and outcome.is_good
    return 0 if good else 1


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
