"""One invented case by its number: always the same one, its person and what happened to it."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from backoffice.case.models import CaseEventKind, CaseSource, CaseStatus
from backoffice.case.municipalities import municipality_names
from backoffice.case.needs import Need
from backoffice.case.number import ALPHABET, as_shown, check_character
from backoffice.case.phases import ORDER, ClosingReason
from backoffice.client.schemas import CaseType, Channel, Phase
from backoffice.seed_many.names import language_of, name_of

SPREAD_OVER = timedelta(days=2 * 365)
CHAT_SHARE = 0.8
"""So many cases came out of a conversation, where conversations are wanted; the others are from the desk."""
SERVICE = "service"

_SPREAD = 0x9E3779B1_5
"""An odd number: multiplied with it, the numbers from 0 on become different ones all over the range."""
_PHASES = (*ORDER, Phase.CLOSED)
_PHASE_SHARES = (8, 12, 10, 15, 10, 45)
_TYPES = tuple(CaseType)
_TYPE_SHARES = tuple(35 if each is CaseType.RECEPTION else 13 for each in CaseType)
_SKILLS = ("elderly", "dementia", "children", "cleaning")

Row = dict[str, Any]


@dataclass(frozen=True)
class Bodies:
    """Who the cases are spread over, the front door first; and who works there on cases."""

    organisations: Sequence[str]
    staff: Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Invented:
    """A case, its person and its history, without keys and without the ids that the database gives."""

    case: Row
    person: Row
    events: list[Row]
    channel: Channel | None
    """Where its conversation is, if it has one."""
    dice: random.Random
    """For what is still to be invented of it."""


def invent(number: int, bodies: Bodies, now: datetime, *, talks: bool) -> Invented:
    """Return the case of a number. `talks`: most of them came out of a conversation."""
    dice = random.Random(number)  # noqa: S311  (invented people: the same each time)
    opened = now - SPREAD_OVER * dice.random()
    language = language_of(dice)
    channel = _channel(dice) if talks and dice.random() < CHAT_SHARE else None
    body = bodies.organisations[0]
    if channel is None and dice.random() >= 0.5:
        body = dice.choice(bodies.organisations)
    person_id = id_at(opened, dice)
    case = _case(number, dice, opened, now, bodies, body)
    case |= {"person_id": person_id, "language": language, "source": _source(channel, dice, talks=talks)}
    person = {
        "id": person_id,
        "organisation_id": body,
        "name": name_of(dice, language),
        "phone": f"+39000{number:07d}",
        "languages": [language],
        "created_at": opened,
    }
    return Invented(case, person, list(_events(case, dice)), channel, dice)


def number_of(number: int) -> str:
    """Return what people read as the number of a case."""
    left = (number * _SPREAD + 12_345) % 32**8
    digits = ""
    for _ in range(8):
        left, digit = divmod(left, 32)
        digits = ALPHABET[digit] + digits
    return as_shown(digits + check_character(digits))


def id_at(moment: datetime, dice: random.Random) -> str:
    """Return an id that grows with the moment, as others do, and is the same each time."""
    value = (int(moment.timestamp() * 1000) << 80) | dice.getrandbits(80)
    value = (value & ~(0xF << 76)) | (0x7 << 76)
    return str(uuid.UUID(int=(value & ~(0x3 << 62)) | (0x2 << 62)))


def _case(
    number: int, dice: random.Random, opened: datetime, now: datetime, bodies: Bodies, body: str
) -> Row:
    phase = dice.choices(_PHASES, weights=_PHASE_SHARES)[0]
    closed = phase is Phase.CLOSED
    takes_part = phase is not Phase.RECEPTION and bool(bodies.staff.get(body))
    updated = opened + (now - opened) * dice.random()
    status = CaseStatus.CLOSED if closed else CaseStatus.IN_PROGRESS if takes_part else CaseStatus.NEW
    case_type = dice.choices(_TYPES, weights=_TYPE_SHARES)[0]
    town = "Crema" if dice.random() < 0.4 else dice.choice(municipality_names())
    return {
        "id": id_at(opened, dice),
        "number": number_of(number),
        "type": case_type,
        "phase": phase,
        "phase_before_closing": Phase.MONITORING if closed else None,
        "status": status,
        "urgent": dice.random() < 0.05,
        "organisation_id": body,
        "assignee_id": dice.choice(bodies.staff[body]) if takes_part else None,
        "conversation_id": None,
        "municipality": town,
        "needs": sorted({need.value for need in dice.sample(list(Need), dice.randint(0, 3))}),
        "intake": _intake(case_type, dice, town),
        "opened_at": opened,
        "updated_at": updated,
        "closed_at": updated if closed else None,
        "closing_reason": dice.choice(list(ClosingReason)) if closed else None,
        "version": 0,
    }


def _channel(dice: random.Random) -> Channel:
    return Channel.TELEGRAM if dice.random() < 0.6 else Channel.WEB


def _source(channel: Channel | None, dice: random.Random, *, talks: bool) -> CaseSource:
    if channel is not None:
        return CaseSource(channel.value)
    return CaseSource.DESK if talks and dice.random() < 0.7 else CaseSource.REFERRAL


def _intake(case_type: CaseType, dice: random.Random, town: str) -> Row:
    if case_type is CaseType.HOUSING:
        people = dice.randint(1, 6)
        return {"municipalities": [town], "budget_eur_month": dice.randrange(300, 800, 10), "people": people}
    if case_type is CaseType.CARE_WORK:
        return {"skills": [dice.choice(_SKILLS)], "years_experience": dice.randint(0, 20)}
    return {}


def _events(case: Row, dice: random.Random) -> Iterator[Row]:
    """Yield what happened, oldest first: opened, given to somebody, moved on, closed."""
    closed = case["phase"] is Phase.CLOSED
    last = case["phase_before_closing"] if closed else case["phase"]
    walked = ORDER[: ORDER.index(last) + 1]
    by = case["assignee_id"] or SERVICE
    steps: list[tuple[CaseEventKind, str, Any, Any]] = [(CaseEventKind.OPENED, SERVICE, None, case["source"])]
    if case["assignee_id"]:
        steps.append((CaseEventKind.ASSIGNED, by, None, by))
    steps += [(CaseEventKind.MOVED, by, before, after) for before, after in pairwise(walked)]
    if closed:
        steps.append((CaseEventKind.CLOSED, by, last, Phase.CLOSED))
    span = case["updated_at"] - case["opened_at"]
    moments = sorted(case["opened_at"] + span * dice.random() for _ in steps)
    moments[0], moments[-1] = case["opened_at"], case["updated_at"]
    if len(steps) == 1:
        case["updated_at"] = case["opened_at"]
    for (kind, actor, before, after), at in zip(steps, moments, strict=True):
        reason = case["closing_reason"].value if kind is CaseEventKind.CLOSED else None
        yield {
            "case_id": case["id"],
            "kind": kind,
            "actor": actor,
            "at": at,
            "before": _code(before),
            "after": _code(after),
            "reason": reason,
        }


def _code(value: Any) -> str | None:
    return None if value is None else str(value)
