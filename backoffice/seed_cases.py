"""Many invented cases, always the same: `make seed CASES=100000`, for benchmarks and long lists.

Written in batches of plain inserts: memory does not grow with the number. Nobody of these people exists.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from backoffice.case.models import Case, CaseEvent, CaseEventKind, CaseSource, CaseStatus
from backoffice.case.municipalities import municipality_names
from backoffice.case.needs import Need
from backoffice.case.number import ALPHABET, as_shown, check_character
from backoffice.case.phases import ORDER, ClosingReason
from backoffice.client.schemas import CaseType, Phase
from backoffice.database import Database
from backoffice.encryption.columns import mark
from backoffice.encryption.keyring import ring_in
from backoffice.encryption.models import DataKey
from backoffice.person.models import Person
from backoffice.search.models import Indexed
from backoffice.search.service import add_words_of_new
from backoffice.staff.models import Organisation, Staff

BATCH = 2_000
YEARS = timedelta(days=3 * 365)

_SPREAD = 0x9E3779B1_5
"""An odd number: multiplied with it, the numbers from 0 on become different ones all over the range."""

_FIRST = {
    "it": ("Anna", "Marco", "Giulia", "Paolo"),
    "en": ("Grace", "Samuel", "Joy", "Daniel"),
    "fr": ("Aminata", "Moussa", "Fatou", "Ibrahim"),
    "es": ("Lucía", "José", "María", "Andrés"),
    "ro": ("Ioana", "Ștefan", "Mihaela", "Gheorghe"),
    "sq": ("Arta", "Besnik", "Teuta", "Agron"),
    "uk": ("Олена", "Іван", "Наталія", "Андрій"),
    "ar": ("محمد", "فاطمة", "أحمد", "مريم"),
    "pa": ("ਗੁਰਪ੍ਰੀਤ", "ਹਰਜੀਤ", "ਸਿਮਰਨ", "ਬਲਵਿੰਦਰ"),
    "ur": ("عائشہ", "عمران", "زینب", "بلال"),
    "bn": ("রহিম", "ফাতেমা", "করিম", "নাসরিন"),
    "zh": ("伟", "芳", "秀英", "强"),
}
_LAST = {
    "it": ("Esempi", "Provati", "Finzi", "Modelli"),
    "en": ("Sample", "Placeholder", "Mock", "Example"),
    "fr": ("Diallo", "Traoré", "Sow", "Ndiaye"),
    "es": ("Muñoz", "Peralta", "Quispe", "Rojas"),
    "ro": ("Popescu", "Țurcanu", "Ionescu", "Munteanu"),
    "sq": ("Hoxha", "Krasniqi", "Shehu", "Gjoni"),
    "uk": ("Коваленко", "Шевчук", "Бондаренко", "Ткаченко"),
    "ar": ("المنصوري", "العلوي", "حسن", "بنعلي"),
    "pa": ("ਸਿੰਘ", "ਕੌਰ", "ਗਿੱਲ", "ਸੰਧੂ"),
    "ur": ("خان", "احمد", "ملک", "چوہدری"),
    "bn": ("হোসেন", "বেগম", "ইসলাম", "খাতুন"),
    "zh": ("王", "李", "张", "陈"),
}
_SHARES = {
    "ar": 18,
    "pa": 14,
    "uk": 13,
    "ro": 13,
    "it": 9,
    "en": 8,
    "fr": 7,
    "sq": 6,
    "bn": 5,
    "ur": 3,
    "es": 2,
    "zh": 2,
}

Row = dict[str, Any]


@dataclass(frozen=True)
class Bodies:
    """Who the cases are spread over, the front door first; and who works there on cases."""

    organisations: Sequence[str]
    staff: dict[str, list[str]]


def seed_cases(
    database: Database, number: int, *, now: datetime, tell: Callable[[int], None] = lambda _done: None
) -> int:
    """Write invented cases until there are about so many, each batch a transaction; return how many were new.

    What is there already is not written again: a run that was broken off goes on.
    """
    with database.transaction() as session:
        bodies = _bodies(session)
        begun = session.scalar(
            select(func.count()).select_from(Case).where(Case.source == CaseSource.REFERRAL)
        )
    first = begun or 0
    for start in range(first, number, BATCH):
        with database.transaction() as session:
            write_batch(session, range(start, min(start + BATCH, number)), bodies, now)
        tell(min(start + BATCH, number))
    return max(number - first, 0)


def write_batch(session: Session, numbers: range, bodies: Bodies, now: datetime) -> None:
    """Write the cases of some numbers, with their people and first events."""
    ring = ring_in(session)
    made = [_case(number, bodies, now) for number in numbers]
    keys = [ring.row_of_new_key(session, case["organisation_id"]) for case in made]
    people = [person_row(case, str(key["id"])) for case, key in zip(made, keys, strict=True)]
    cases = [_case_row(case) for case in made]
    session.execute(insert(DataKey), keys)
    session.execute(insert(Person), people)
    session.execute(insert(Case), cases)
    session.execute(insert(CaseEvent), [_event_row(case) for case in made])
    add_words_of_new(session, Indexed.PERSON, [(row["id"], (row["name"], row["phone"])) for row in people])
    add_words_of_new(session, Indexed.CASE, [(row["id"], Case(**row).found_by().texts) for row in cases])


def person_row(case: Row, key_id: str) -> Row:
    """Return the row of a case's person: the one place where names and telephones are written."""
    return {
        "id": case["person_id"],
        "organisation_id": case["organisation_id"],
        "name": mark(case["name"], key_id),
        "phone": mark(case["phone"], key_id),
        "data_key_id": key_id,
        "languages": [case["language"]],
        "created_at": case["opened_at"],
    }


def _case_row(case: Row) -> Row:
    return {name: value for name, value in case.items() if name not in ("name", "phone")}


def _event_row(case: Row) -> Row:
    return {
        "case_id": case["id"],
        "kind": CaseEventKind.OPENED,
        "actor": "service",
        "at": case["opened_at"],
        "after": case["source"].value,
    }


def _case(number: int, bodies: Bodies, now: datetime) -> Row:
    dice = random.Random(number)  # noqa: S311  (invented people: the same each time)
    opened = now - YEARS * dice.random()
    language = dice.choices(list(_SHARES), weights=list(_SHARES.values()))[0]
    body = bodies.organisations[0] if dice.random() < 0.7 else dice.choice(bodies.organisations)
    phase = dice.choices([*ORDER, Phase.CLOSED], weights=[8, 12, 10, 15, 10, 45])[0]
    takes_part = phase is not Phase.RECEPTION and bool(bodies.staff.get(body))
    closed = phase is Phase.CLOSED
    updated = opened + (now - opened) * dice.random()
    status = CaseStatus.CLOSED if closed else CaseStatus.IN_PROGRESS if takes_part else CaseStatus.NEW
    return {
        "id": _id(number, opened, "case"),
        "person_id": _id(number, opened, "person"),
        "number": _number(number),
        "type": dice.choices(list(CaseType))[0],
        "phase": phase,
        "phase_before_closing": Phase.MONITORING if closed else None,
        "status": status,
        "urgent": dice.random() < 0.05,
        "organisation_id": body,
        "assignee_id": dice.choice(bodies.staff[body]) if takes_part else None,
        "conversation_id": None,
        "language": language,
        "municipality": _town(dice),
        "needs": sorted({need.value for need in dice.sample(list(Need), dice.randint(0, 3))}),
        "intake": {},
        "source": CaseSource.REFERRAL,
        "opened_at": opened,
        "updated_at": updated,
        "closed_at": updated if closed else None,
        "closing_reason": dice.choice(list(ClosingReason)) if closed else None,
        "name": f"{dice.choice(_FIRST[language])} {dice.choice(_LAST[language])}",
        "phone": f"+39000{number:07d}",
    }


def _town(dice: random.Random) -> str:
    return "Crema" if dice.random() < 0.4 else dice.choice(municipality_names())


def _number(number: int) -> str:
    left = (number * _SPREAD + 12_345) % 32**8
    digits = ""
    for _ in range(8):
        left, digit = divmod(left, 32)
        digits = ALPHABET[digit] + digits
    return as_shown(digits + check_character(digits))


def _id(number: int, opened: datetime, kind: str) -> str:
    """Return an id that grows with the moment, as others do, and is the same each time."""
    chance = random.Random(f"{kind}{number}").getrandbits(80)  # noqa: S311
    value = (int(opened.timestamp() * 1000) << 80) | chance
    value = (value & ~(0xF << 76)) | (0x7 << 76)
    return str(uuid.UUID(int=(value & ~(0x3 << 62)) | (0x2 << 62)))


def _bodies(session: Session) -> Bodies:
    found = session.scalars(
        select(Organisation).order_by(Organisation.is_front_door.desc(), Organisation.slug)
    )
    organisations = [each.id for each in found]
    staff: dict[str, list[str]] = {each: [] for each in organisations}
    for member in session.scalars(select(Staff).where(Staff.active).order_by(Staff.email)):
        if member.is_assignable:
            staff[member.organisation_id].append(member.id)
    return Bodies(organisations, staff)
