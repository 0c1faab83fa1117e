"""A batch of invented cases: keys, people, conversations, cases and what all of them are found by."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from backoffice.case.models import Case, CaseEvent
from backoffice.consent.models import Consent, ConsentAnswer
from backoffice.conversation.models import (
    ChatSession,
    Conversation,
    Delivery,
    FloorChange,
    InboxEntry,
    Message,
    Rendering,
)
from backoffice.encryption.columns import mark
from backoffice.encryption.keyring import ring_in
from backoffice.encryption.models import DataKey
from backoffice.encryption.sealing import sealed_names
from backoffice.handoff.models import Assignment
from backoffice.person.blind_index import index_key, keys_of
from backoffice.person.details import Details
from backoffice.person.models import ChannelAddress, Person, PersonKey
from backoffice.search.models import Indexed, SearchToken
from backoffice.search.service import search_key
from backoffice.search.tokens import tokens, words_of
from backoffice.seed_many.invented import SERVICE, Bodies, Invented, Row, invent
from backoffice.seed_many.rows import write_pairs, write_rows
from backoffice.seed_many.talks import Talk, lengths, talk
from translations.catalog import text as sentence

_CONSENT = "bot.housing_form_who_sees"


def write_batch(
    session: Session, numbers: Iterable[int], bodies: Bodies, now: datetime, *, messages: int = 0
) -> None:
    """Write the cases of some numbers, with their people, and conversations of so many messages."""
    numbers = list(numbers)
    made = [invent(number, bodies, now, talks=bool(messages)) for number in numbers]
    talks = _talks(made, numbers, bodies, messages)
    people = _with_new_keys(session, Person, [each.person for each in made])
    of_person: dict[str, str] = {row["id"]: row["data_key_id"] for row in people}
    conversations = _with_new_keys(session, Conversation, [each.conversation for each in talks.values()])
    of_talk: dict[str, str] = {row["id"]: row["data_key_id"] for row in conversations}
    for each in made:
        if each.channel is not None:
            each.case["conversation_id"] = talks[each.case["id"]].conversation["id"]
    cases, events = _cases(session, made, of_person)
    write_rows(session, Person, people)
    write_rows(session, PersonKey, list(_person_keys(session, made)))
    write_rows(session, Conversation, conversations)
    write_rows(session, Case, cases)
    write_rows(session, CaseEvent, events)
    _write_talks(session, list(talks.values()), of_talk)
    write_rows(session, Consent, [_consent(each, of_person) for each in made if each.channel])
    write_pairs(session, SearchToken, _tokens(session, made, talks))


def _with_new_keys(session: Session, kind: type[Any], rows: Sequence[Row]) -> list[Row]:
    """Return rows that have each a new key of its own, which is written."""
    keys = ring_in(session).rows_of_new_keys(session, (row["organisation_id"] for row in rows))
    write_rows(session, DataKey, keys)
    return [
        _sealed(kind, row, str(key["id"])) | {"data_key_id": key["id"]}
        for row, key in zip(rows, keys, strict=True)
    ]


def _sealed(kind: type[Any], row: Row, key_id: str) -> Row:
    """Return a row whose personal values know their key."""
    marked = {name: mark(row[name], key_id) for name in sealed_names(kind) if row.get(name)}
    return {**row, **marked}


def _talks(made: list[Invented], numbers: list[int], bodies: Bodies, messages: int) -> Mapping[str, Talk]:
    chatting = [(each, number) for each, number in zip(made, numbers, strict=True) if each.channel]
    dice = random.Random(f"talks {numbers[0]}" if numbers else "")  # noqa: S311
    mediators = bodies.staff.get(bodies.organisations[0], ())
    return {
        each.case["id"]: talk(each, number, length, mediators)
        for (each, number), length in zip(chatting, lengths(dice, len(chatting), messages), strict=True)
    }


def _cases(
    session: Session, made: list[Invented], of_person: Mapping[str, str]
) -> tuple[list[Row], list[Row]]:
    ids = iter(_event_ids(session, sum(len(each.events) for each in made)))
    cases, events = [], []
    for each in made:
        key_id = of_person[each.case["person_id"]]
        for event in each.events:
            events.append(_sealed(CaseEvent, event | {"id": next(ids)}, key_id))
        each.case["version"] = events[-1]["id"]
        cases.append(_sealed(Case, each.case, key_id))
    return cases, events


def _event_ids(session: Session, number: int) -> list[int]:
    """Return ids for new events, rising; nobody else gets them."""
    if session.get_bind().dialect.name == "postgresql":
        drawn = text(
            "SELECT nextval(pg_get_serial_sequence('case_event', 'id')) FROM generate_series(1, :number)"
        )
        return sorted(session.scalars(drawn, {"number": number}))
    last = session.scalar(select(func.max(CaseEvent.id))) or 0  # the transaction holds the write lock
    return list(range(last + 1, last + 1 + number))


def _person_keys(session: Session, made: Iterable[Invented]) -> Iterator[Row]:
    key = index_key(session)
    for each in made:
        row = each.person
        person = Person(organisation_id=row["organisation_id"], name=row["name"], phone=row["phone"])
        for kind, value in keys_of(person, Details(), key):
            yield {"person_id": row["id"], "kind": kind, "value": value}


def _consent(made: Invented, of_person: Mapping[str, str]) -> Row:
    case = made.case
    row = {
        "person_id": case["person_id"],
        "purpose": "case",
        "answer": ConsentAnswer.GIVEN,
        "text_version": "1",
        "text": sentence(_CONSENT, case["language"]),
        "language": case["language"],
        "conversation_id": case["conversation_id"],
        "recorded_by": SERVICE,
        "recorded_at": case["opened_at"],
    }
    return _sealed(Consent, row, of_person[case["person_id"]])


def _write_talks(session: Session, talks: list[Talk], of_talk: Mapping[str, str]) -> None:
    messages = [row for each in talks for row in each.messages]
    key_of_message = {row["id"]: of_talk[row["conversation_id"]] for row in messages}
    write_rows(session, Message, [_sealed(Message, row, key_of_message[row["id"]]) for row in messages])
    renderings = [row for each in talks for row in each.renderings]
    sealed = [_sealed(Rendering, row, key_of_message[row["message_id"]]) for row in renderings]
    write_rows(session, Rendering, sealed)
    write_rows(session, InboxEntry, [row for each in talks for row in each.inbox])
    write_rows(session, Delivery, [row for each in talks for row in each.deliveries])
    write_rows(session, FloorChange, [row for each in talks for row in each.floor])
    write_rows(session, Assignment, [row for each in talks for row in each.assignments])
    write_rows(session, ChatSession, [row for each in talks for row in each.sessions])
    write_rows(session, ChannelAddress, [row for each in talks for row in each.addresses])


def _tokens(session: Session, made: list[Invented], talks: Mapping[str, Talk]) -> list[tuple[int, str]]:
    key = search_key(session)
    found: set[tuple[int, str]] = set()
    for each in made:
        person, case = each.person, each.case
        of_case = Case(**case).found_by().texts
        found |= _of(Indexed.PERSON, person["id"], (person["name"], person["phone"]), key)
        found |= _of(Indexed.CASE, case["id"], of_case, key)
    for each_talk in talks.values():
        found |= _of(Indexed.CONVERSATION, each_talk.conversation["id"], each_talk.words, key)
    return sorted(found)  # in the order of the table: the tree is written from left to right


def _of(kind: Indexed, subject_id: str, texts: Iterable[str | None], key: bytes) -> set[tuple[int, str]]:
    return {(token, subject_id) for each in texts if each for token in _tokens_of(each, kind, key)}


@lru_cache(maxsize=100_000)
def _tokens_of(words: str, kind: Indexed, key: bytes) -> frozenset[int]:
    return frozenset(tokens(words_of(words), kind, key))
