"""A district in which every page has something to show: the demo, one of everything more, and long names."""

from __future__ import annotations

import asyncio
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.app import create_app
from backoffice.case.models import Case
from backoffice.conversation.models import Conversation
from backoffice.database import Database
from backoffice.handoff.forms import Dialog
from backoffice.housing_match.models import HousingMatch
from backoffice.mail.models import Mail
from backoffice.owner_link.service import send_link
from backoffice.person.models import Person
from backoffice.seed import seed
from backoffice.settings import Settings
from backoffice.staff.links import send_reset
from backoffice.staff.models import Organisation, Staff
from tests.attacks.village import Village, attach_photo, build_village, nothing_kept
from tests.backoffice.care_match.test_pages import link_of, shown_to_family
from tests.backoffice.databases import SERVICE_TOKEN, FrozenClock
from tests.backoffice.factories import NOW, send
from tests.backoffice.planning.invented import create_releases

PEOPLE = (
    "فاطمة الزهراء بنت عبد الرحمن مثال",
    "Mihaela-Alexandrina Esempio-Popescu dal Nome Lunghissimo",
    "محمد مثال",
    "Nguyễn Thị Inventata",
    "Precipitevolissimevolmentissimamente",
)
STAFF = ("Maddalena Quattrocchi-Bevilacqua degli Esempi", "أمينة حداد", "Anna Prova")
BODIES = ("Azienda Socio-Sanitaria Territoriale di un Territorio Inventato", "Cooperativa Esempio")
WORDS = "أحتاج إلى موعد من أجل تصريح الإقامة 0373 123456 precipitevolissimevolmente"
BASE_URL = "http://sportello.test"


@dataclass(frozen=True)
class District:
    """The village inside the demo.

    `links` are the addresses that people outside the offices have, by their language; `more` are pages of the
    village's kinds in other states: a case of each type and phase, a conversation in each mode.
    """

    village: Village
    links: dict[str, tuple[str, ...]]
    more: tuple[str, ...]


@contextmanager
def full_district(template: Path, folder: Path) -> Iterator[District]:
    """Build it over a copy of an empty database; what the application does there is not kept."""
    shutil.copy(template, folder / "district.db")
    settings = Settings(
        _env_file=None,
        data_dir=folder / "data",
        database_url=f"sqlite:///{folder / 'district.db'}",
        service_token=SERVICE_TOKEN,
        secret_key="secret key of the tests",
        messages_per_minute=1000,
        open_data=True,
    )
    app = create_app(settings, clock=FrozenClock(), jobs=False)
    database: Database = app.state.database
    with database.writing() as session:
        seed(session, data_dir=folder / "data", secret="secret key of the tests", now=NOW)
        village = build_village(session, app, asks="visits")
        send(session, session.get_one(Conversation, village.ids["conversation_id"]), WORDS)
        create_releases(session)
        links, more = _links(session, village), tuple(_more(session, village))
        _rename(session)
        session.commit()
    village.ids["attachment_id"] = asyncio.run(attach_photo(village))
    with nothing_kept():
        yield District(village, links, more)
    app.state.broker.close()
    database.close()


def _rename(session: Session) -> None:
    """Give everybody a name that is long, or written from right to left."""
    for people, name in zip(session.scalars(select(Person)), cycle(PEOPLE), strict=False):
        people.name = name
    for number, (staff, name) in enumerate(zip(session.scalars(select(Staff)), cycle(STAFF), strict=False)):
        staff.name = f"{name} {number}"
    for number, (body, name) in enumerate(
        zip(session.scalars(select(Organisation)), cycle(BODIES), strict=False)
    ):
        body.name = f"{name} {number}"


def _links(session: Session, village: Village) -> dict[str, tuple[str, ...]]:
    """Mail the links that an owner, families and somebody of the staff get."""
    match = session.get_one(HousingMatch, village.ids["match_id"])
    send_link(session, match, base_url=BASE_URL, by="service", now=NOW)
    account = session.get_one(Staff, village.ids["account_id"])
    send_reset(session, email=account.email, base_url=BASE_URL, now=NOW)
    session.flush()
    mailed = "\n".join(session.scalars(select(Mail.body)))
    of_italy = dict.fromkeys(re.findall(rf"{BASE_URL}(/(?:owner|password)/\S+)", mailed))
    family = {
        language: link_of(session, shown_to_family(session, language=language)) for language in ("it", "ar")
    }
    return {"it": (*of_italy, family["it"]), "ar": (family["ar"],)}


def _more(session: Session, village: Village) -> Iterator[str]:
    owner = session.get_one(Case, village.ids["case_id"]).organisation_id
    cases = session.scalars(select(Case).where(Case.organisation_id == owner)).all()
    kinds = {case.type: case.id for case in cases} | {case.phase: case.id for case in cases}
    yield from (f"/cases/{case_id}" for case_id in sorted(set(kinds.values())))
    talks = session.scalars(select(Conversation).where(Conversation.organisation_id == owner))
    yield from (f"/conversations/{each}" for each in {talk.mode: talk.id for talk in talks}.values())
    yield from (f"/conversations/{village.ids['conversation_id']}/floor/{dialog.value}" for dialog in Dialog)
