"""Somebody talks, sends a form and a photo, and is erased: no file of the installation knows of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import func, select

from backoffice.audit.verify import verify
from backoffice.case.models import Case
from backoffice.clock import utc_now
from backoffice.database import Database
from backoffice.retention.clearing import clear_files
from backoffice.retention.erase import erase_person
from backoffice.settings import DATABASE_FILE
from backoffice.tables import load_tables
from tests.stack.dialogue import Dialogue
from tests.stack.forms import HOUSING_ANSWERS, HOUSING_END, number_in
from tests.stack.people import StaffMember, WebCitizen
from tests.stack.processes import Stack, wait_for

pytestmark = pytest.mark.stack

NAME, PHONE, WORDS = "Kanarietta", "+393408877665", "zanzariera"
TRACES = (NAME, NAME.lower(), PHONE[3:], WORDS)


def files_that_know(folder: Path) -> list[str]:
    return [
        f"{path.relative_to(folder)}: {trace}"
        for path in folder.rglob("*")
        if path.is_file()
        for trace in TRACES
        if trace.encode() in path.read_bytes()
    ]


def test_attack_53_an_erased_person_is_in_no_file_of_the_installation(
    stack: Stack, caseworker: StaffMember
) -> None:
    load_tables()
    citizen = WebCitizen(stack.bot_url, "it")
    answers = HOUSING_ANSWERS | {"bot.ask_person_name": NAME, "bot.ask_person_phone": PHONE}
    number = number_in(Dialogue(citizen, "it", answers).play("cerco casa", until=HOUSING_END))
    citizen.ask(f"ho anche una {WORDS}")
    case_id = caseworker.case_numbered(number)["id"]
    secret = (stack.data_dir / "secret_key").read_text().strip()
    database = Database(f"sqlite:///{stack.data_dir / DATABASE_FILE}", secret=secret)
    try:
        with database.transaction() as session:
            case = session.get_one(Case, case_id)
            before = session.scalar(select(func.count()).select_from(Case))
            erase_person(session, case.person_id, by="system", now=utc_now())
        clear_files(database)
        wait_for("no file that knows", lambda: not files_that_know(stack.data_dir), seconds=30)
        with database.read() as session:
            kept = session.get_one(Case, case_id)
            assert (kept.municipality, kept.type.value) == ("Crema", "housing")
            assert session.scalar(select(func.count()).select_from(Case)) == before
            assert verify(session, tell=lambda _: None).broken == []
    finally:
        database.close()
    assert WebCitizen(stack.bot_url, "it").ask("buongiorno") != []
