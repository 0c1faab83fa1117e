"""What becomes of contracts of family assistants when one of the two is erased.

States, levels, hours, sums and days stay: statistics still count. A contract is sealed with the key of the
family's case: words that are about the worker are emptied when the worker is erased, whose key is another.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from backoffice.engagement.checks import end_checks
from backoffice.engagement.models import Engagement, EngagementEnd, EngagementState
from backoffice.engagement.queries import checks_of, payslips_of
from backoffice.engagement.states import AT_WORK, OVER
from backoffice.italy import day_in_italy

_WORDS = ("hours_words", "place", "holidays", "inps_number", "note")


def end_engagements(session: Session, cases: Iterable[str], *, now: datetime) -> int:
    """End the contracts of who is erased and empty their words; return how many there were.

    Nobody is asked or told anything about them any more.
    """
    ids = list(cases)
    touched = or_(Engagement.request_id.in_(ids), Engagement.worker_id.in_(ids))
    rows = session.scalars(select(Engagement).where(touched)).all()
    for row in rows:
        end_checks(session, row, now=now)
        for name in _WORDS:
            setattr(row, name, None)
        for check in checks_of(session, row.id):
            check.outcome = None
        for payslip in payslips_of(session, row.id):
            payslip.note = None
        if row.state not in OVER:
            _end(row, now)
    session.flush()
    return len(rows)


def _end(row: Engagement, now: datetime) -> None:
    if row.state in AT_WORK:
        row.ended_on, row.end_reason = day_in_italy(now), row.end_reason or EngagementEnd.OTHER
        row.state = EngagementState.ENDED
    else:
        row.state = EngagementState.DROPPED
    row.state_since = now
