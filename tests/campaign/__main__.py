"""`python -m tests.campaign --kills 200 --database both --seed 1`: exit status 1 when a promise is broken.

`--doubled` is two of each process behind nginx with PostgreSQL and Redis, `--minutes` how long that lasts.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from pathlib import Path

from tests.campaign.campaign import Campaign, report
from tests.campaign.doubled import DoubledCampaign
from tests.stack.doubled import missing_programs

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    """Run the campaign on each database asked for; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.campaign", description=__doc__)
    parser.add_argument("--kills", type=int, default=200, help="on each database")
    parser.add_argument("--database", choices=("sqlite", "postgres", "both"), default="both")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--doubled", action="store_true", help="two of each process")
    parser.add_argument(
        "--minutes", type=float, default=0.0, help="of two of each; the kills are spread over them"
    )
    asked = parser.parse_args()
    if asked.doubled:
        if missing := missing_programs():
            parser.error(f"not on this machine: {', '.join(missing)}")
        doubled = DoubledCampaign(_folder("doubled"), "doubled", asked.kills, asked.seed, _say)
        doubled.minutes = asked.minutes
        campaigns: list[Campaign] = [doubled]
    else:
        backends = ("sqlite", "postgres") if asked.database == "both" else (asked.database,)
        campaigns = [Campaign(_folder(each), each, asked.kills, asked.seed, _say) for each in backends]
    good = True
    for campaign in campaigns:
        outcome = campaign.run()
        print(report(outcome), flush=True)
        (campaign.folder / "report.txt").write_text(report(outcome) + "\n", encoding="utf-8")
        good = good and outcome.is_good
    return 0 if good else 1


def _folder(name: str) -> Path:
    folder = ROOT / "var" / "campaign" / f"{time.strftime('%Y%m%d-%H%M%S')}-{name}"
    folder.mkdir(parents=True)
    return folder


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
