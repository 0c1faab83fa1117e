"""Erases a person: their keys are destroyed, their words emptied, what only served to reach them deleted.

What stays says nothing about anybody: cases with type, phase, need, town and dates, so that statistics
still count; the audit trail, which holds ids; the ledger of consents, which proves what was allowed.
Source of the rule: GDPR (Regulation (EU) 2016/679), art. 17; art. 7(1) and 5(2) for what stays.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, inspect, or_, select, update
from sqlalchemy.orm import Session

from backoffice.appointment.models import Appointment, WaitingForAppointment
from backoffice.attachment.models import Attachment
from backoffice.attachment.service import erase as erase_file
from backoffice.audit import service as audit
from backoffice.case.models import Case
from backoffice.case.number import new_number
from backoffice.checklist.models import Checklist
from backoffice.client.schemas import Mode
from backoffice.conversation.models import (
    Button,
    ChatSession,
    Conversation,
    ConversationLabel,
    Delivery,
    InboxEntry,
    Participant,
    ReadMark,
)
from backoffice.database import Base
from backoffice.document.models import CaseDocument
from backoffice.encryption.columns import SealedText
from backoffice.encryption.keyring import ring_in
from backoffice.encryption.sealing import sealed_names
from backoffice.handoff.models import Callback, Presence
from backoffice.household.models import Household, HouseholdMember
from backoffice.idempotency.models import Effect
from backoffice.live.service import announce
from backoffice.mediation.models import MediationConflict
from backoffice.own_copy.models import OwnCopy
from backoffice.person.models import (
    ChannelAddress,
    DistinctPeople,
    LinkCode,
    LinkTry,
    Person,
    PersonKey,
)
from backoffice.person.standing import ids_of_person
from backoffice.question.models import CaseAnswerChoice
from backoffice.reminder.models import Reminder
from backoffice.retention.care import end_engagements
from backoffice.retention.care_courses import end_courses
from backoffice.retention.care_requests import end_requests
from backoffice.retention.care_workers import ROWS_OF_WORKER, end_register
from backoffice.retention.housing import end_housing
from backoffice.retention.ledger import note_outside
from backoffice.retention.mediations import end_mediations
from backoffice.retention.models import ErasedBecause, Erasure
from backoffice.review.models import ReviewItem
from backoffice.search.models import SearchToken
from backoffice.translation.models import PhrasebookEntry

DELETED_OF_PERSON: tuple[type[Any], ...] = (
    ChannelAddress,
    PersonKey,
    LinkCode,
    HouseholdMember,
    OwnCopy,
    Appointment,
    WaitingForAppointment,
    Checklist,
)
"""Rows that have no sense without the person, by their `person_id`."""

DELETED_OF_CONVERSATION: tuple[type[Any], ...] = (
    ChatSession,
    LinkTry,
    ConversationLabel,
    Callback,
    Participant,
    Presence,
    ReadMark,
    ReviewItem,
    PhrasebookEntry,
    Button,
    Reminder,
    Checklist,
)
"""Rows that would still tell something or let somebody in, by their `conversation_id`."""

DELETED_OF_CASE: tuple[type[Any], ...] = (CaseAnswerChoice, MediationConflict, *ROWS_OF_WORKER)
"""Rows that would still tell what was answered, or who is near to the person, by their `case_id`."""

_AT_ONCE = 500


@dataclass(frozen=True)
class Subjects:
    """Whose data go: people, with every conversation and case of theirs."""

    people: frozenset[str]
    conversations: frozenset[str]
    cases: frozenset[str]

    @property
    def all(self) -> frozenset[str]:
        """Every id."""
        return self.people | self.conversations | self.cases

    def as_json(self) -> dict[str, list[str]]:
        """Return the ids for the ledger."""
        return {
            "people": sorted(self.people),
            "conversations": sorted(self.conversations),
            "cases": sorted(self.cases),
        }


def erase_person(
    session: Session,
    person_id: str,
    *,
    by: str,
    now: datetime,
    because: ErasedBecause = ErasedBecause.REQUEST,
    number: str | None = None,
) -> Erasure:
    """Erase a person and return the ledger's row, whose number is the receipt.

    Nothing is left that could bring the data back: `backoffice.retention.clearing` then clears the files of
    the database itself.
    """
    person = session.get_one(Person, person_id)
    subjects, owner = _subjects_of(session, person), person.organisation_id
    return _erase(session, subjects, owner, by=by, now=now, because=because, number=number)


def erase_conversation(
    session: Session, conversation: Conversation, *, by: str, now: datetime, because: ErasedBecause
) -> Erasure:
    """Erase a conversation of nobody that is known; raises nothing where it has a person: erase them."""
    subjects = Subjects(frozenset(), frozenset({conversation.id}), frozenset())
    return _erase(session, subjects, conversation.organisation_id, by=by, now=now, because=because)


def erase_again(
    session: Session, subjects: dict[str, list[str]], key_ids: list[str], *, now: datetime
) -> int:
    """Do an erasure once more, on a database that was restored; return how many keys there were."""
    found = Subjects(
        frozenset(subjects["people"]), frozenset(subjects["conversations"]), frozenset(subjects["cases"])
    )
    _empty(session, found, now)
    return ring_in(session).destroy(session, set(key_ids), now=now)


def _erase(
    session: Session,
    subjects: Subjects,
    organisation_id: str,
    *,
    by: str,
    now: datetime,
    because: ErasedBecause,
    number: str | None = None,
) -> Erasure:
    session.flush()
    key_ids = _keys_of(session, subjects)
    counts = _empty(session, subjects, now)
    ring_in(session).destroy(session, key_ids, now=now)
    erasure = Erasure(
        number=number or new_number(),
        organisation_id=organisation_id,
        because=because,
        by=by,
        at=now,
        subjects=subjects.as_json(),
        key_ids=sorted(key_ids),
        counts=counts,
    )
    session.add(erasure)
    note_outside(session, erasure)
    for person_id in subjects.people:
        audit.record(
            session, by=by, action="person.erased", subject_kind="person", subject_id=person_id, now=now
        )
    for conversation_id in subjects.conversations:
        announce(session, conversation_id)
    session.flush()
    session.expire_all()
    return erasure


def _subjects_of(session: Session, person: Person) -> Subjects:
    people = frozenset(ids_of_person(session, person.id))
    cases = frozenset(session.scalars(select(Case.id).where(Case.person_id.in_(people))))
    own = Conversation.person_id.in_(people)
    of_cases = select(Case.conversation_id).where(Case.id.in_(cases))
    unclaimed = Conversation.id.in_(of_cases) & Conversation.person_id.is_(None)
    conversations = frozenset(session.scalars(select(Conversation.id).where(or_(own, unclaimed))))
    return Subjects(people, conversations, cases)


def _keys_of(session: Session, subjects: Subjects) -> set[str]:
    people = select(Person.data_key_id).where(Person.id.in_(subjects.people))
    talks = select(Conversation.data_key_id).where(Conversation.id.in_(subjects.conversations))
    return {key for key in [*session.scalars(people), *session.scalars(talks)] if key is not None}


# --- Emptying -----------------------------------------------------------------------------------


def _empty(session: Session, subjects: Subjects, now: datetime) -> dict[str, int]:
    counts: dict[str, int] = {}
    of_desk = select(CaseDocument.attachment_id).where(CaseDocument.case_id.in_(subjects.cases))
    theirs = or_(Attachment.conversation_id.in_(subjects.conversations), Attachment.id.in_(of_desk))
    for file in session.scalars(select(Attachment).where(theirs)):
        erase_file(file)
        counts["attachment"] = counts.get("attachment", 0) + 1
    counts["listing_photo"] = end_housing(session, subjects.people, subjects.cases, now=now)
    end_register(session, subjects.cases)
    counts["engagement"] = end_engagements(session, subjects.cases, now=now)
    end_requests(session, subjects.cases, now=now)
    end_courses(session, subjects.cases, now=now)
    counts["mediation_request"] = end_mediations(session, subjects.cases, now=now)
    session.flush()
    counts["household"] = _leave_households(session, subjects)
    said = or_(DistinctPeople.first_id.in_(subjects.people), DistinctPeople.second_id.in_(subjects.people))
    counts["distinct_people"] = _run(session, delete(DistinctPeople).where(said))
    for kind, column, ids in _deletions(subjects):
        counts[kind.__tablename__] = _run(session, delete(kind).where(column.in_(ids)))
    for kind in _sealing_kinds():
        condition = _belongs(kind, subjects)
        if condition is not None:
            counts[kind.__tablename__] = _run(session, update(kind).where(condition).values(_nothing(kind)))
    gone = update(Person).where(Person.id.in_(subjects.people))
    _run(session, gone.values(languages=[], data_key_id=None, erased_at=func.coalesce(Person.erased_at, now)))
    _cut_addresses(session, subjects)
    counts["effect"] = _forget_answers(session, subjects)
    return {table: count for table, count in sorted(counts.items()) if count}


def _leave_households(session: Session, subjects: Subjects) -> int:
    """Delete the households in which nobody else of the system lives; from others only the place goes."""
    theirs = select(HouseholdMember.household_id).where(HouseholdMember.person_id.in_(subjects.people))
    others = select(HouseholdMember.household_id).where(
        HouseholdMember.person_id.is_not(None), HouseholdMember.person_id.not_in(subjects.people)
    )
    alone = session.scalars(select(Household.id).where(Household.id.in_(theirs), Household.id.not_in(others)))
    ids = alone.all()
    _run(session, delete(HouseholdMember).where(HouseholdMember.household_id.in_(ids)))
    return _run(session, delete(Household).where(Household.id.in_(ids)))


def _deletions(subjects: Subjects) -> Iterable[tuple[type[Any], Any, frozenset[str]]]:
    for kind in DELETED_OF_PERSON:
        yield kind, kind.person_id, subjects.people
    for kind in DELETED_OF_CONVERSATION:
        yield kind, kind.conversation_id, subjects.conversations
    for kind in DELETED_OF_CASE:
        yield kind, kind.case_id, subjects.cases
    yield SearchToken, SearchToken.subject_id, subjects.all


def _sealing_kinds() -> list[type[Any]]:
    kinds = [mapper.class_ for mapper in Base.registry.mappers]
    return sorted((kind for kind in kinds if sealed_names(kind)), key=lambda kind: kind.__tablename__)


def _belongs(kind: type[Any], subjects: Subjects) -> ColumnElement[bool] | None:
    """Return the condition that a row's key leads to a subject; None: it leads to an organisation."""
    if kind is Person:
        return Person.id.in_(subjects.people)
    if kind is Conversation:
        return Conversation.id.in_(subjects.conversations)
    path = getattr(kind, "__sealed_by__", None)
    if path is None:
        return None
    column = inspect(kind).columns[path]
    target = next(
        mapper.class_
        for mapper in Base.registry.mappers
        if mapper.class_.__tablename__ == next(iter(column.foreign_keys)).column.table.name
    )
    above = _belongs(target, subjects)
    return None if above is None else getattr(kind, path).in_(select(target.id).where(above))


def _nothing(kind: type[Any]) -> dict[str, Any]:
    """Return the empty value of every sealed column."""
    columns = inspect(kind).columns
    empty: dict[str, Any] = {}
    for name in sealed_names(kind):
        column = columns[name]
        if column.default is not None:
            empty[name] = column.default.arg(None)
        elif column.nullable:
            empty[name] = None
        else:
            empty[name] = "" if isinstance(column.type, SealedText) else {}
    return empty


def _cut_addresses(session: Session, subjects: Subjects) -> None:
    """Take away by what a channel finds the person: the chat's number gives way to one that no chat has."""
    talks = Conversation.id.in_(subjects.conversations)
    for conversation in session.scalars(select(Conversation).where(talks)):
        if conversation.chat_id is not None:
            conversation.chat_id = -secrets.randbelow(2**62) - 2**60
        conversation.mode, conversation.epoch = Mode.CLOSED, conversation.epoch + 1
        conversation.data_key_id = None
        conversation.waiting_since = conversation.waiting_reason = conversation.waiting_turn_id = None
        conversation.holder_id = conversation.holder_until = conversation.follow_up_on = None
        conversation.lease_owner = conversation.lease_until = None
    session.flush()
    of_them = Delivery.conversation_id.in_(subjects.conversations)
    _run(session, update(Delivery).where(of_them).values(chat_id=0, provider_id=None))
    entries = InboxEntry.conversation_id.in_(subjects.conversations)
    _run(
        session,
        update(InboxEntry)
        .where(entries)
        .values(external_id=InboxEntry.id, second_id=None, payload=None, fingerprint=""),
    )


def _forget_answers(session: Session, subjects: Subjects) -> int:
    """Delete kept answers that speak of the subjects; they are of one week, and sealed for all alike."""
    gone = 0
    rows = session.execute(select(Effect.principal, Effect.operation, Effect.key, Effect.result))
    for row in rows.all():
        told = json.dumps(row.result) if row.result is not None else ""
        if any(number in told for number in subjects.all):
            mine = (
                Effect.principal == row.principal,
                Effect.operation == row.operation,
                Effect.key == row.key,
            )
            gone += _run(session, delete(Effect).where(*mine))
    return gone


def _run(session: Session, statement: Any) -> int:
    result = session.execute(statement, execution_options={"synchronize_session": False})
    return int(result.rowcount)  # type: ignore[attr-defined]
