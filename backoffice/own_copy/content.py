"""Gathers the copy: what one body holds about one person, and nothing about anybody else.

Cases of other bodies are theirs to copy: this body may not even know of them. Of members of the household
who have a record of their own only the relation is told, and the others alone where the person told of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from backoffice.audit.models import AuditEntry
from backoffice.case.queries import consents_of
from backoffice.conversation.models import Audience, Conversation, Message
from backoffice.conversation.reading import attachments_of
from backoffice.document.models import CaseDocument
from backoffice.household.models import Household as HouseholdRow
from backoffice.household.models import Relation
from backoffice.household.service import household_of
from backoffice.own_copy.appointments import appointments_of
from backoffice.own_copy.cases import case_entries
from backoffice.own_copy.models import OwnCopy
from backoffice.own_copy.shape import (
    FORMAT,
    Address,
    ConsentEntry,
    Household,
    HouseholdMember,
    Looked,
    MessageEntry,
    Note,
    OwnCopyFile,
    Record,
    Talk,
)
from backoffice.own_copy.writings import Writing, own_cases, writings_of
from backoffice.person.details import Restricted
from backoffice.person.models import ChannelAddress, Person, PersonRestricted
from backoffice.person.service import read_details
from backoffice.person.standing import ids_of_person
from backoffice.staff.models import Organisation, Staff
from translations.languages import SOURCE

READINGS = frozenset(
    {
        "appointment.read",
        "case.answers_read",
        "case.card",
        "case.documents.read",
        "case.history.read",
        "case.plan.read",
        "case.read",
        "case.read_in_need",
        "conversation.read",
        "document.read",
        "household.read",
        "own_copy.read",
        "person.read",
        "person.restricted_opened",
        "person.restricted_read",
    }
)
"""Acts of the trail that tell of somebody who looked."""


def gather(session: Session, asked: OwnCopy, *, now: datetime) -> OwnCopyFile:
    """Return the copy that a request asks for, with the internal writings that its release names."""
    person, body = asked.person, session.get_one(Organisation, asked.organisation_id)
    bodies = {row.id: row.name for row in session.execute(select(Organisation.id, Organisation.name))}
    cases = own_cases(session, person.id, body.id)
    talks = _talks_of(session, person.id, body.id)
    records = [_record(session, each) for each in ids_of_person(session, person.id)]
    written = writings_of(session, person, body.id)
    given = [each for each in written if each.id in asked.writings]
    return OwnCopyFile(
        format=FORMAT,
        made_at=now,
        organisation=body.name,
        language=_language(records[0], talks),
        records=records,
        addresses=_addresses(session, person.id),
        household=_household(household_of(session, person.id), person.id),
        cases=case_entries(session, cases, given, bodies),
        appointments=appointments_of(session, person.id, body.id),
        talks=[_talk(session, each) for each in talks],
        consents=_consents(session, person.id, bodies),
        looked=_looked(session, person, [each.id for each in cases], [each.id for each in talks]),
        notes_without_case=[_note(each) for each in given if each.of is None],
        left_out=len(written) - len(given),
    )


def _language(record: Record, talks: Sequence[Conversation]) -> str:
    """Return in which language the person reads: the one preferred, else spoken in the last conversation."""
    chosen = record.details.preferred_language
    spoken = [each.language for each in reversed(talks)]
    return next(iter([*filter(None, [chosen]), *spoken, *record.languages]), SOURCE)


def _record(session: Session, person_id: str) -> Record:
    person = session.get_one(Person, person_id)
    details, _ = read_details(session, person_id)
    hidden = session.get(PersonRestricted, person_id)
    return Record(
        name=person.name,
        phone=person.phone,
        languages=list(person.languages),
        since=person.created_at,
        details=details,
        restricted=Restricted.model_validate(hidden.document) if hidden else Restricted(),
    )


def _addresses(session: Session, person_id: str) -> list[Address]:
    rows = session.scalars(select(ChannelAddress).where(ChannelAddress.person_id == person_id))
    return [
        Address(channel=each.channel, address=each.address, unreachable_since=each.unreachable_at)
        for each in rows
    ]


def _household(found: HouseholdRow | None, person_id: str) -> Household | None:
    if found is None:
        return None
    own = next(each for each in found.members if each.person_id == person_id)
    has_told = own.relation is Relation.SELF
    return Household(
        relation=own.relation,
        size=len(found.members),
        members=[
            HouseholdMember(
                relation=each.relation,
                name=each.name if each.person_id is None else None,
                minor=bool(each.traits.get("minor")),
                dependant=bool(each.traits.get("dependant")),
            )
            for each in found.members
            if has_told and each is not own
        ],
        facts=dict(found.facts) if has_told else None,
    )


def _talks_of(session: Session, person_id: str, organisation_id: str) -> Sequence[Conversation]:
    statement = select(Conversation).where(
        Conversation.person_id == person_id, Conversation.organisation_id == organisation_id
    )
    return session.scalars(statement.order_by(Conversation.created_at, Conversation.id)).all()


def _talk(session: Session, talk: Conversation) -> Talk:
    said = session.scalars(
        select(Message)
        .where(
            Message.conversation_id == talk.id,
            Message.audience == Audience.EVERYBODY,
            Message.suppressed.is_(False),
        )
        .order_by(Message.seq)
    ).all()
    files = attachments_of(session, said)
    return Talk(
        channel=talk.channel,
        language=talk.language,
        since=talk.created_at,
        topic=talk.topic,
        summary=list(talk.summary),
        messages=[
            MessageEntry(
                at=each.created_at,
                author=each.author,
                text=each.text,
                language=each.language,
                original=each.original_text,
                files=len(files.get(each.id, ())),
            )
            for each in said
        ],
    )


def _consents(session: Session, person_id: str, bodies: dict[str, str]) -> list[ConsentEntry]:
    return [
        ConsentEntry(
            purpose=each.purpose,
            answer=each.answer,
            organisation=bodies.get(each.organisation_id or ""),
            categories=list(each.categories),
            text=each.text,
            text_version=each.text_version,
            language=each.language,
            how=each.how,
            given_on=each.given_on,
            recorded_at=each.recorded_at,
            expires_at=each.expires_at,
        )
        for each in reversed(consents_of(session, person_id))
    ]


def _looked(session: Session, person: Person, cases: list[str], talks: list[str]) -> list[Looked]:
    papers = select(CaseDocument.id).where(CaseDocument.case_id.in_(cases))
    subjects: list[tuple[str, Any]] = [
        ("person", ids_of_person(session, person.id)),
        ("case", cases),
        ("conversation", talks),
        ("document", papers),
    ]
    of_them = [(AuditEntry.subject_kind == kind) & AuditEntry.subject_id.in_(ids) for kind, ids in subjects]
    rows = session.execute(
        select(AuditEntry.at, AuditEntry.action, Organisation.name)
        .join(Staff, Staff.id == AuditEntry.actor)
        .join(Organisation, Organisation.id == Staff.organisation_id)
        .where(or_(*of_them), AuditEntry.action.in_(READINGS))
        .order_by(AuditEntry.at, AuditEntry.id)
    )
    return [Looked(at=row.at, organisation=row.name, what=row.action) for row in rows]


def _note(writing: Writing) -> Note:
    return Note(at=writing.at, kind=writing.kind, words=writing.words)
