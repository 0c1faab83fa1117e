"""`python -m backoffice.seed`: fills an empty database with an invented district, so that every page is full.

The people, numbers and bodies of `demo_data.yml` do not exist. Nothing is written where there is an
organisation already, nor where `SPORTELLO_DEMO` is off.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import yaml
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from backoffice.attachment.sealing import installation_key
from backoffice.attachment.vault import Vault
from backoffice.clock import utc_now
from backoffice.conversation.models import Delivery, DeliveryState
from backoffice.database import Database
from backoffice.migrations import upgrade
from backoffice.seed_care import seed_care
from backoffice.seed_cases import gather_statistics, seed_cases, usual_processes
from backoffice.seed_chats import tell_story
from backoffice.seed_district import settle
from backoffice.seed_homes import seed_homes
from backoffice.seed_matches import seed_matches
from backoffice.seed_mediation import seed_mediation
from backoffice.seed_work import ask_further, open_at_desk, share_two
from backoffice.settings import read_settings
from backoffice.staff.models import Organisation
from backoffice.workplace.service import keep_reply


def main(arguments: Sequence[str] | None = None) -> None:
    """Seed the database of the settings."""
    parser = argparse.ArgumentParser(prog="python -m backoffice.seed", description="Load the demo data.")
    parser.add_argument("--cases", type=int, default=0, help="so many invented cases besides")
    parser.add_argument("--messages", type=int, default=0, help="so many messages in their conversations")
    parser.add_argument("--processes", type=int, default=usual_processes(), help="so many write at once")
    parser.add_argument("--migrate", action="store_true", help="bring the schema up to date first")
    wanted = parser.parse_args(arguments)
    if wanted.migrate:
        upgrade.main()
    settings = read_settings()
    if not settings.is_demo:
        print("Demo data: off (SPORTELLO_DEMO).")
        return
    database = Database(settings.url, secret=settings.secret)
    try:
        with database.transaction() as session:
            done = seed(session, data_dir=settings.data_dir, secret=settings.secret, now=utc_now())
        if wanted.cases:
            _seed_many(database, wanted.cases, wanted.messages, wanted.processes)
    finally:
        database.close()
    print("Demo data: loaded." if done else "Demo data: the database is not empty, nothing to do.")


def _seed_many(database: Database, cases: int, messages: int, processes: int) -> None:
    begun = time.monotonic()

    def tell(done: int) -> None:
        if done % 10_000 == 0 or done == cases:
            passed = time.monotonic() - begun
            print(f"Invented cases: {done:,} of {cases:,}, after {passed:,.0f} s.", flush=True)

    seed_cases(database, cases, now=utc_now(), messages=messages, processes=processes, tell=tell)
    gather_statistics(database)


def seed(session: Session, *, data_dir: Path, now: datetime, secret: str | None = None) -> bool:
    """Write the demo district into an empty database; return False, and write nothing, into another.

    Without the installation's secret, which encrypts them, the people of the stories send no files.
    """
    if session.scalar(select(Organisation.id).limit(1)) is not None:
        return False
    stories = yaml.safe_load((Path(__file__).parent / "demo_data.yml").read_text(encoding="utf-8"))
    vault = None if secret is None else Vault(data_dir, installation_key(secret))
    district = settle(session, stories, vault, now.astimezone(UTC))
    for number, story in enumerate(stories["conversations"], start=1):
        tell_story(session, district, story, number)
    for story in stories["desk_cases"]:
        open_at_desk(session, district, story)
    seed_homes(session, district.staff["housing"], vault, now=district.now)
    seed_care(session, district.staff["coordinator"], now=district.now)
    seed_mediation(session, district.staff["coordinator"], now=district.now)
    share_two(session, district)
    seed_matches(session, district.staff["housing"], now=now)
    for code, language, words in stories["canned_replies"]:
        staff = district.staff["coordinator"]
        keep_reply(session, None, code=code, language=language, text=words, staff=staff, now=district.now)
    ask_further(session, district)
    sent = {"state": DeliveryState.SENT, "sent_at": district.now}
    session.execute(update(Delivery).values(sent))  # the chats are invented: nothing must ever go out
    return True


if __name__ == "__main__":
    main()
