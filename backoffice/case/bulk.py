"""One act on many cases: each is asked for rights and rules by itself, and what stays is told with why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select
from sqlalchemy.orm import Session

from backoffice.case.errors import AssigneeUnknown, CaseIsClosed, TooManyChosen
from backoffice.case.models import Case
from backoffice.case.permissions import can_change, readable_cases
from backoffice.case.queries import WITH_NAMES
from backoffice.case.service import assign_case
from backoffice.staff.models import Staff

MOST = 500
"""How many cases one act may change."""


@dataclass(frozen=True)
class Unchanged:
    """A case that stayed as it was. `why` is a key `bulk.why.<why>`; of one not readable nothing is said."""

    case: Case | None
    why: str


@dataclass(frozen=True)
class BulkResult:
    """What an act on many cases did."""

    changed: Sequence[Case]
    unchanged: Sequence[Unchanged]


def chosen_by_id(session: Session, staff: Staff, ids: Sequence[str]) -> tuple[list[Case], int]:
    """Return the readable ones of the cases with these ids, and how many are not.

    Raises:
        TooManyChosen: more than one act may change.
    """
    wanted = list(dict.fromkeys(ids))
    if len(wanted) > MOST:
        raise TooManyChosen(MOST)
    found = session.scalars(readable_cases(staff).where(Case.id.in_(wanted)).options(*WITH_NAMES)).all()
    return list(found), len(wanted) - len(found)


def all_found(session: Session, statement: Select[Case]) -> list[Case]:
    """Return every case of a readable list.

    Raises:
        TooManyChosen: more than one act may change.
    """
    found = session.scalars(statement.options(*WITH_NAMES).limit(MOST + 1)).all()
    if len(found) > MOST:
        raise TooManyChosen(MOST)
    return list(found)


def assign_many(
    session: Session, cases: Sequence[Case], assignee: Staff | None, *, by: Staff, now: datetime
) -> BulkResult:
    """Make somebody responsible for many cases, or nobody."""
    changed: list[Case] = []
    unchanged: list[Unchanged] = []
    for case in cases:
        why = _assign(session, case, assignee, by=by, now=now)
        if why is None:
            changed.append(case)
        else:
            unchanged.append(Unchanged(case, why))
    return BulkResult(changed, unchanged)


def _assign(session: Session, case: Case, assignee: Staff | None, *, by: Staff, now: datetime) -> str | None:
    if not can_change(by, case):
        return "no_right"
    if case.assignee_id == (assignee.id if assignee else None):
        return "same"
    try:
        assign_case(session, case, assignee, by=by.id, now=now)
    except CaseIsClosed:
        return "closed"
    except AssigneeUnknown:
        return "assignee"
    return None
