"""Where a family assistant has worked: the months with a contract count for the register.

Functions flush, never commit; rights have been asked before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from backoffice.care_worker.errors import PartRefused
from backoffice.care_worker.models import WorkPeriod
from backoffice.care_worker.parts import note_of, part_changed, require_document, row_of
from backoffice.case.models import Case
from backoffice.italy import day_in_italy

FIRST_DAY = date(1950, 1, 1)
MOST_HOURS = 84


@dataclass(frozen=True)
class PeriodFacts:
    """A time of work in a home; `ended_on` None: still running. Hours are those of a week."""

    started_on: date
    ended_on: date | None
    is_regular: bool
    hours_week: int | None = None
    is_in_italy: bool = True
    document_id: str | None = None
    note: str | None = None


def add_period(session: Session, case: Case, facts: PeriodFacts, *, by: str, now: datetime) -> WorkPeriod:
    """Write down a time of work.

    Raises:
        PartRefused: days or hours that cannot be.
        NotFound: the case has no such document.
        CaseIsClosed: the case has to be reopened first.
    """
    if wrong := _faults(facts, day_in_italy(now)):
        raise PartRefused(wrong)
    require_document(session, case, facts.document_id)
    row = WorkPeriod(
        case_id=case.id,
        started_on=facts.started_on,
        ended_on=facts.ended_on,
        is_regular=facts.is_regular,
        hours_week=facts.hours_week,
        is_in_italy=facts.is_in_italy,
        document_id=facts.document_id,
        note=note_of(facts.note),
    )
    session.add(row)
    part_changed(session, case, "period_added", by=by, now=now)
    return row


def end_period(
    session: Session, case: Case, period_id: str, ended_on: date, *, by: str, now: datetime
) -> WorkPeriod:
    """Write down the last day of a time of work.

    Raises:
        PartRefused: a day before the first one, or one that is still to come.
        NotFound: the profile has no such time.
        CaseIsClosed: the case has to be reopened first.
    """
    row = row_of(session, case, WorkPeriod, period_id)
    if ended_on < row.started_on:
        raise PartRefused({"ended_on": "care_workers.wrong.ends_before"})
    if ended_on > day_in_italy(now):
        raise PartRefused({"ended_on": "care_workers.wrong.future"})
    row.ended_on = ended_on
    part_changed(session, case, "period_ended", by=by, now=now)
    return row


def remove_period(session: Session, case: Case, period_id: str, *, by: str, now: datetime) -> None:
    """Take a time of work away again.

    Raises:
        NotFound: the profile has no such time.
        CaseIsClosed: the case has to be reopened first.
    """
    session.delete(row_of(session, case, WorkPeriod, period_id))
    part_changed(session, case, "period_removed", by=by, now=now)


def _faults(facts: PeriodFacts, today: date) -> dict[str, str]:
    wrong: dict[str, str] = {}
    if not FIRST_DAY <= facts.started_on <= today:
        wrong["started_on"] = "care_workers.wrong.past_day"
    if facts.ended_on is not None and facts.ended_on < facts.started_on:
        wrong["ended_on"] = "care_workers.wrong.ends_before"
    elif facts.ended_on is not None and facts.ended_on > today:
        wrong["ended_on"] = "care_workers.wrong.future"
    if facts.hours_week is not None and not 1 <= facts.hours_week <= MOST_HOURS:
        wrong["hours_week"] = "care_workers.wrong.hours"
    return wrong
