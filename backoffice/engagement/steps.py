"""What has to be done by a day: papers, the letter, INPS, hospitality, payslips, contributions.

A step of a year has the year in its code (`thirteenth:2026`); `kind_of` gives the part that has words.
Functions flush, never commit.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from backoffice.case.history import record_event
from backoffice.case.models import Case, CaseEventKind
from backoffice.document.queries import find_document
from backoffice.engagement.errors import EngagementDayRefused
from backoffice.engagement.models import Engagement, EngagementState, EngagementStep
from backoffice.engagement.moves import changed
from backoffice.engagement.queries import step_of, steps_of, untold_steps
from backoffice.engagement.states import OVER
from backoffice.errors import NotFound
from backoffice.housing_figures.deadlines import hospitality_deadline
from backoffice.italy import day_in_italy

PAPERS, PERMIT, CONTRACT_GIVEN, SIGNED = "papers", "permit", "contract_given", "signed"
INPS, HOSPITALITY, FIRST_PAYSLIP = "inps", "hospitality", "first_payslip"
THIRTEENTH, CONTRIBUTIONS, END_TOLD = "thirteenth", "contributions", "end_told"

BY_HAND = frozenset({PAPERS, PERMIT, FIRST_PAYSLIP, THIRTEENTH, CONTRIBUTIONS, END_TOLD})
"""Steps that somebody says are done; the others are done by their own act."""

PAYSLIP_DAY = 10
"""By this day of the next month the desk looks at the first payslip: the desk's own choice."""

QUARTERS = ((4, 10), (7, None), (10, None), (1, None))
"""In which month contributions of a quarter are paid, until which day: only April's was found."""

_MOST_ALARMS = 200


def kind_of(code: str) -> str:
    """Return the part of a step's code that has words: without the year or month."""
    return code.partition(":")[0]


def plan_steps(session: Session, engagement: Engagement, worker: Case) -> None:
    """Give the steps of a contract their days anew; a day that has changed may be missed anew."""
    wanted = _first_steps(engagement, worker)
    known = {step.code: step for step in steps_of(session, engagement.id)}
    for code, due_on in wanted.items():
        step = known.get(code)
        if step is None:
            session.add(EngagementStep(engagement_id=engagement.id, code=code, due_on=due_on))
        elif step.due_on != due_on:
            step.due_on, step.overdue_told_at = due_on, None
    gone = known.get(HOSPITALITY)
    if gone is not None and HOSPITALITY not in wanted and gone.done_on is None:
        session.delete(gone)
    session.flush()


def plan_year(session: Session, engagement: Engagement, year: int) -> None:
    """Plan what every year brings: the 13th month, and the contributions of its quarters."""
    wanted: dict[str, date | None] = {thirteenth_of(year): date(year, 12, 31)}
    for place, (month, day) in enumerate(QUARTERS, start=1):
        paid_in = year + (1 if month == 1 else 0)
        quarter_ends = date(year, place * 3, 28)
        if engagement.starts_on is not None and quarter_ends < engagement.starts_on.replace(day=1):
            continue
        due_on = date(paid_in, month, day) if day else None
        wanted[f"{CONTRIBUTIONS}:{paid_in}-{month:02}"] = due_on
    for code, due_on in wanted.items():
        if step_of(session, engagement.id, code) is None:
            session.add(EngagementStep(engagement_id=engagement.id, code=code, due_on=due_on))
    session.flush()


def thirteenth_of(year: int) -> str:
    """Return the code of the 13th month of a year."""
    return f"{THIRTEENTH}:{year}"


def plan_end(session: Session, engagement: Engagement) -> None:
    """Plan to tell INPS of the end; by when is not sure enough to raise an alarm."""
    if step_of(session, engagement.id, END_TOLD) is None:
        session.add(EngagementStep(engagement_id=engagement.id, code=END_TOLD, due_on=None))
        session.flush()


def do_step(session: Session, engagement: Engagement, code: str, on: date, *, by: str) -> None:
    """Note that a step is done; one that the contract does not have changes nothing."""
    step = step_of(session, engagement.id, code)
    if step is not None:
        step.done_on, step.done_by, step.not_needed = on, by, False
        session.flush()


def set_step(
    session: Session,
    engagement: Engagement,
    code: str,
    *,
    done_on: date | None,
    not_needed: bool,
    document_id: str | None,
    by: str,
    now: datetime,
) -> EngagementStep:
    """Say how far a step is that is done by hand. Neither day nor `not_needed`: it is open again.

    Raises:
        NotFound: the contract has no such step, or neither of its cases that document.
        EngagementDayRefused: a day that lies ahead.
    """
    step = step_of(session, engagement.id, code)
    if step is None or kind_of(code) not in BY_HAND:
        raise NotFound
    if done_on is not None and done_on > day_in_italy(now):
        raise EngagementDayRefused("future")
    if document_id and not any(
        find_document(session, case_id, document_id)
        for case_id in (engagement.worker_id, engagement.request_id)
    ):
        raise NotFound
    was_settled = step.done_on is not None or step.not_needed
    step.done_on = None if not_needed else done_on
    step.not_needed, step.document_id = not_needed, document_id or None
    is_open = step.done_on is None and not not_needed
    step.done_by = None if is_open else by
    if was_settled and is_open:
        step.overdue_told_at = None
    changed(engagement, now)
    session.flush()
    return step


def is_done(session: Session, engagement: Engagement, code: str) -> bool:
    """Tell whether a step is done, or not needed."""
    step = step_of(session, engagement.id, code)
    return step is not None and (step.done_on is not None or step.not_needed)


def tell_overdue_steps(session: Session, *, now: datetime) -> int:
    """Raise the one alarm of every step whose last day has passed, in Italy; return how many.

    Mark and event stand in one transaction: whatever stops in between, there are both or none.
    """
    rows = session.scalars(untold_steps(day_in_italy(now), limit=_MOST_ALARMS)).all()
    for row in rows:
        row.overdue_told_at = now
        engagement = session.get_one(Engagement, row.engagement_id)
        case, kind = session.get_one(Case, engagement.request_id), CaseEventKind.ENGAGEMENT_OVERDUE
        record_event(session, case, kind, by="system", now=now, after=kind_of(row.code))
    session.flush()
    return len(rows)


def needs_hospitality(engagement: Engagement, worker: Case) -> bool:
    """Tell whether the authority is told who lives there: a worker from outside the EU who lives in."""
    return bool(engagement.live_in) and worker.intake.get("eu_citizen") is not True


def _first_steps(engagement: Engagement, worker: Case) -> Mapping[str, date | None]:
    starts_on = engagement.starts_on
    day_before = starts_on - timedelta(days=1) if starts_on else None
    wanted: dict[str, date | None] = {
        PAPERS: day_before,
        PERMIT: day_before,
        CONTRACT_GIVEN: day_before,
        SIGNED: day_before,
        INPS: day_before,
    }
    if needs_hospitality(engagement, worker):
        wanted[HOSPITALITY] = hospitality_deadline(starts_on).last_day if starts_on else None
    if engagement.state not in (EngagementState.DRAFT, *OVER) and starts_on is not None:
        wanted[FIRST_PAYSLIP] = _next_month(starts_on).replace(day=PAYSLIP_DAY)
    return wanted


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
