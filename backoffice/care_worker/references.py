"""Families that can tell of a family assistant: called only where the person allows it.

Functions flush, never commit; rights have been asked before.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from backoffice.care_worker.errors import PartRefused, ReferenceNotAllowed
from backoffice.care_worker.models import ReferenceAnswer, WorkerReference
from backoffice.care_worker.parts import note_of, part_changed, row_of
from backoffice.case.models import Case
from backoffice.conversation.words import clean_name
from backoffice.italy import day_in_italy

_FEWEST_DIGITS = 6
_LONGEST_PHONE = 25


def add_reference(
    session: Session, case: Case, name: str, phone: str | None, *, may_be_called: bool, by: str, now: datetime
) -> WorkerReference:
    """Write down who can tell of a family assistant.

    Raises:
        PartRefused: no name, or what is no telephone.
        CaseIsClosed: the case has to be reopened first.
    """
    known, number = clean_name(name), clean_name(phone or "") or None
    wrong = {} if known else {"name": "care_workers.wrong.name"}
    digits = sum(letter.isdigit() for letter in number or "")
    if number and (digits < _FEWEST_DIGITS or len(number) > _LONGEST_PHONE):
        wrong["phone"] = "care_workers.wrong.phone"
    if wrong:
        raise PartRefused(wrong)
    row = WorkerReference(case_id=case.id, name=known, phone=number, may_be_called=may_be_called)
    session.add(row)
    part_changed(session, case, "reference_added", by=by, now=now)
    return row


def allow_reference(
    session: Session, case: Case, reference_id: str, allowed: bool, *, by: str, now: datetime
) -> WorkerReference:
    """Note whether the person allows that this family is called; what was heard before stays.

    Raises:
        NotFound: the profile has no such reference.
        CaseIsClosed: the case has to be reopened first.
    """
    row = row_of(session, case, WorkerReference, reference_id)
    if row.may_be_called is not allowed:
        row.may_be_called = allowed
        part = "reference_allowed" if allowed else "reference_not_allowed"
        part_changed(session, case, part, by=by, now=now)
    return row


def note_call(
    session: Session,
    case: Case,
    reference_id: str,
    answer: ReferenceAnswer,
    words: str | None,
    *,
    by: str,
    now: datetime,
) -> WorkerReference:
    """Note what came of calling a family today.

    Raises:
        ReferenceNotAllowed: the person has not allowed it.
        NotFound: the profile has no such reference.
        CaseIsClosed: the case has to be reopened first.
    """
    row = row_of(session, case, WorkerReference, reference_id)
    if not row.may_be_called:
        raise ReferenceNotAllowed
    row.answer, row.words = answer, note_of(words)
    row.called_on, row.called_by = day_in_italy(now), by
    part_changed(session, case, "reference_called", by=by, now=now)
    return row


def remove_reference(session: Session, case: Case, reference_id: str, *, by: str, now: datetime) -> None:
    """Take a reference away again.

    Raises:
        NotFound: the profile has no such reference.
        CaseIsClosed: the case has to be reopened first.
    """
    session.delete(row_of(session, case, WorkerReference, reference_id))
    part_changed(session, case, "reference_removed", by=by, now=now)
