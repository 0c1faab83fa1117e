"""What API and pages share: an act on a contract by somebody of the desk, and what is counted of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from backoffice.attempt import Refused, attempt
from backoffice.audit import service as audit
from backoffice.care_match.errors import PayBelowMinimum
from backoffice.care_match.offered_pay import count_refused
from backoffice.engagement.models import Engagement
from backoffice.engagement.permissions import may_confirm_unknown
from backoffice.staff.models import Staff


def act_on(
    session: Session, engagement: Engagement, act: Callable[[], object], *, what: str, by: str, now: datetime
) -> Refused | None:
    """Act, and return why it was refused, if it was: nothing of it stays then but the count of low offers."""
    refused = attempt(session, lambda: _do(session, engagement, act, what, by, now))
    if refused is not None and isinstance(refused.error, PayBelowMinimum):
        live_in = bool(engagement.live_in)
        count_refused(session, engagement.organisation_id, refused.error, live_in=live_in, now=now)
    return refused


def confirms(staff: Staff, *, wants: bool) -> bool:
    """Tell whether a person lets a pay pass whose minimum is unknown: they want to, and may."""
    return wants and may_confirm_unknown(staff)


def record_read(session: Session, engagement: Engagement, *, by: str, now: datetime) -> None:
    """Note who has read a contract."""
    _record(session, engagement, "read", by, now)


def _do(
    session: Session, engagement: Engagement, act: Callable[[], object], what: str, by: str, now: datetime
) -> None:
    act()
    _record(session, engagement, what, by, now)


def _record(session: Session, engagement: Engagement, what: str, by: str, now: datetime) -> None:
    audit.record(
        session,
        by=by,
        action=f"engagement.{what}",
        subject_kind="engagement",
        subject_id=engagement.id,
        now=now,
    )
