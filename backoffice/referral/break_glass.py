"""Opening a case of another body in need: by its number, with a reason, for a few hours, told to its owner.

The answer for a number that does not exist, for one that may not be opened and for a slip of the pen is
the same, and tries are counted: numbers cannot be guessed here (attack 19).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backoffice.audit import service as audit
from backoffice.audit.models import AuditEntry
from backoffice.case.models import Case
from backoffice.case.number import parse_number
from backoffice.case.permissions import has_no_conflict, readable_cases
from backoffice.errors import BackofficeError, NotFound, TooManyRequests
from backoffice.referral.permissions import BREAKS_GLASS
from backoffice.referral.service import tell
from backoffice.sharing.models import BreakGlass, BreakGlassReason
from backoffice.staff.models import Staff
from backoffice.wall import beyond_the_wall

LASTS = timedelta(hours=4)
OPENINGS_A_DAY = 3
TRIES_A_DAY = 10
SHORTEST_WORDS = 20
"""Letters that say why."""

MISSED = "break_glass.missed"
_DAY = timedelta(days=1)


class NeedNotExplained(BackofficeError):
    """An opening in need without words that say why."""

    status = 422

    def __init__(self) -> None:
        super().__init__("sharing.error.need", way_out="sharing.error.need.way_out")


def open_in_need(
    session: Session, staff: Staff, number: str, *, reason: BreakGlassReason, words: str, now: datetime
) -> Case | None:
    """Open a case for somebody, for four hours, and return it; None where the number opens nothing.

    A case that the person reads anyway is returned without any opening. The caller commits in both cases:
    a number that opens nothing counts as a try.

    Raises:
        NotFound: the person's roles open nothing in need.
        NeedNotExplained: fewer than 20 letters of explanation.
        TooManyRequests: three openings or ten tries within a day.
    """
    if not staff.has_role(*BREAKS_GLASS):
        raise NotFound
    if sum(letter.isalpha() for letter in words) < SHORTEST_WORDS:
        raise NeedNotExplained
    _require_budget(session, staff.id, now)
    parsed = parse_number(number)
    known = None if parsed is None else session.scalar(readable_cases(staff).where(Case.number == parsed))
    if known is not None:
        return known
    case = None
    if parsed is not None:
        with beyond_the_wall(session):  # whoever opens a case in need does not see it yet
            case = session.scalar(select(Case).where(Case.number == parsed, has_no_conflict(staff)))
    if case is None or case.organisation_id == staff.organisation_id:
        audit.record(session, by=staff.id, action=MISSED, subject_kind="staff", subject_id=staff.id, now=now)
        return None
    session.add(
        BreakGlass(
            case_id=case.id,
            staff_id=staff.id,
            organisation_id=staff.organisation_id,
            reason=reason,
            words=words.strip(),
            opened_at=now,
            until=now + LASTS,
        )
    )
    audit.record(
        session, by=staff.id, action="case.opened_in_need", subject_kind="case", subject_id=case.id, now=now
    )
    session.flush()
    tell(session, case)
    return case


def acknowledge_opening(session: Session, opening: BreakGlass, *, by: str, now: datetime) -> None:
    """Write down that the responsible body knows of an opening."""
    opening.acknowledged_by, opening.acknowledged_at = by, now
    audit.record(
        session,
        by=by,
        action="case.opening_acknowledged",
        subject_kind="case",
        subject_id=opening.case_id,
        now=now,
    )
    session.flush()


def _require_budget(session: Session, staff_id: str, now: datetime) -> None:
    since = now - _DAY
    opened = session.scalars(
        select(BreakGlass.opened_at).where(BreakGlass.staff_id == staff_id, BreakGlass.opened_at > since)
    ).all()
    missed = session.scalar(
        select(func.count()).where(
            AuditEntry.actor == staff_id, AuditEntry.action == MISSED, AuditEntry.at > since
        )
    )
    if len(opened) >= OPENINGS_A_DAY:
        wait = min(opened) + _DAY - now
    elif len(opened) + (missed or 0) >= TRIES_A_DAY:
        wait = _DAY
    else:
        return
    raise TooManyRequests("sharing.error.need_budget", retry_after_seconds=max(int(wait.total_seconds()), 1))
