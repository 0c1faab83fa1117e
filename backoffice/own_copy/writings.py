"""What staff wrote for each other about a person: part of a copy only where somebody has read it before.

The person has a right to it too (GDPR art. 15); others whom it speaks of have theirs (art. 15(4)), and only
a reader can tell. What nobody ticked stays out, and the copy says how many were left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, and_, select
from sqlalchemy.orm import Session

from backoffice.case.models import Case, CaseEvent, CaseNote, NoteKind
from backoffice.conversation.models import Audience, Conversation, Message
from backoffice.person.models import Person
from backoffice.staff.models import Staff


@dataclass(frozen=True)
class Writing:
    """A note that is not shared, one in a thread, or why a case moved. `of`: number of the case, or none."""

    id: str
    kind: str
    at: datetime
    words: str
    of: str | None


def writings_of(session: Session, person: Person, organisation_id: str) -> list[Writing]:
    """Return what a body wrote for itself about a person, the oldest first."""
    cases = {case.id: case.number for case in own_cases(session, person.id, organisation_id)}
    found = [
        Writing(f"note:{note.id}", note.kind.value, note.created_at, note.text, cases[note.case_id])
        for note in session.scalars(_inner_notes(list(cases), organisation_id))
    ]
    events = select(CaseEvent).where(CaseEvent.case_id.in_(list(cases)), CaseEvent.reason.is_not(None))
    found += [
        Writing(f"event:{event.id}", "reason", event.at, event.reason or "", cases[event.case_id])
        for event in session.scalars(events)
    ]
    talks = select(Conversation.id).where(
        Conversation.person_id == person.id, Conversation.organisation_id == organisation_id
    )
    aside = select(Message).where(
        Message.conversation_id.in_(talks), Message.audience == Audience.STAFF, Message.note_kind.is_not(None)
    )
    found += [
        Writing(f"message:{each.id}", "thread", each.created_at, each.text, None)
        for each in session.scalars(aside)
    ]
    return sorted((each for each in found if each.words), key=lambda each: (each.at, each.id))


def own_cases(session: Session, person_id: str, organisation_id: str) -> Sequence[Case]:
    """Return the cases of a person that a body is responsible for, the oldest first."""
    statement = select(Case).where(Case.person_id == person_id, Case.organisation_id == organisation_id)
    return session.scalars(statement.order_by(Case.opened_at, Case.id)).all()


def _inner_notes(case_ids: list[str], organisation_id: str) -> Select[CaseNote]:
    colleagues = select(Staff.id).where(Staff.organisation_id == organisation_id)
    return select(CaseNote).where(
        and_(CaseNote.case_id.in_(case_ids), CaseNote.kind != NoteKind.SHARED),
        CaseNote.author_id.in_(colleagues),
    )
