"""Who can see a case now, and why: every person of staff with each of their grounds, and who has looked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from backoffice.audit.models import AuditEntry
from backoffice.case.models import Case
from backoffice.case.permissions import can_open, readable_cases
from backoffice.handoff.models import Assignment
from backoffice.sharing.models import BreakGlass, Share
from backoffice.sharing.queries import WITH_PARTS, is_live, openings_of_case
from backoffice.staff.models import Staff
from backoffice.staff.roles import Role

LOOKED = ("case.read", "case.read_in_need")
SHOWN = 200


class Ground(StrEnum):
    """Why somebody sees a case."""

    ASSIGNEE = "assignee"
    ROLE = "role"
    MEDIATOR = "mediator"
    SHARE = "share"
    BREAK_GLASS = "break_glass"


@dataclass(frozen=True)
class Reason:
    """One ground of somebody, with the share or the end of the opening that it comes from."""

    ground: Ground
    share: Share | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Access:
    """Somebody who sees the case, and why."""

    staff: Staff
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Look:
    """Somebody has read the case. `name` is None for who has left and for services."""

    at: datetime
    name: str | None
    organisation: str | None
    in_need: bool


def who_sees(session: Session, case: Case, *, now: datetime) -> list[Access]:
    """Return everybody who can read a case now, the own body first, then by name.

    Whoever is listed was asked for by the same condition that opens the case to them (`case.permissions`):
    the list can neither forget nor invent somebody.
    """
    shares = _live_shares(session, case, now)
    openings = [each for each in openings_of_case(session, case.id) if each.until > now]
    found = []
    for staff in _candidates(session, case, shares, openings):
        staff.asks_at = now
        if session.scalar(readable_cases(staff).where(Case.id == case.id)) is not None:
            found.append(Access(staff, tuple(_reasons(session, staff, case, shares, openings))))
    return sorted(
        found, key=lambda each: (each.staff.organisation_id != case.organisation_id, each.staff.name)
    )


def who_looked(session: Session, case: Case, *, limit: int = SHOWN) -> list[Look]:
    """Return who has read a case, newest first."""
    statement = (
        select(AuditEntry)
        .where(
            AuditEntry.subject_kind == "case", AuditEntry.subject_id == case.id, AuditEntry.action.in_(LOOKED)
        )
        .order_by(AuditEntry.id.desc())
        .limit(limit)
    )
    entries = session.scalars(statement).all()
    ids = {entry.actor for entry in entries}
    named = select(Staff).where(Staff.id.in_(ids)).options(joinedload(Staff.organisation))
    people = {staff.id: staff for staff in session.scalars(named)}
    return [_look(entry, people.get(entry.actor)) for entry in entries]


def _look(entry: AuditEntry, staff: Staff | None) -> Look:
    return Look(
        entry.at,
        staff.name if staff else None,
        staff.organisation.name if staff else None,
        entry.action == "case.read_in_need",
    )


def _live_shares(session: Session, case: Case, now: datetime) -> Sequence[Share]:
    return session.scalars(
        select(Share).where(Share.case_id == case.id, is_live(now)).options(*WITH_PARTS)
    ).all()


def _candidates(
    session: Session, case: Case, shares: Sequence[Share], openings: Sequence[BreakGlass]
) -> Sequence[Staff]:
    bodies = {case.organisation_id, *(share.organisation_id for share in shares)}
    bodies |= {opening.organisation_id for opening in openings}
    statement = select(Staff).where(Staff.organisation_id.in_(bodies), Staff.active)
    return session.scalars(statement.options(joinedload(Staff.organisation))).all()


def _reasons(
    session: Session, staff: Staff, case: Case, shares: Sequence[Share], openings: Sequence[BreakGlass]
) -> Iterator[Reason]:
    if staff.organisation_id == case.organisation_id:
        if staff.id == case.assignee_id:
            yield Reason(Ground.ASSIGNEE)
        if can_open(staff, case.type):
            yield Reason(Ground.ROLE)
        if staff.has_role(Role.MEDIATOR) and _has_held(session, staff, case):
            yield Reason(Ground.MEDIATOR)
        return
    if can_open(staff, case.type):
        for share in shares:
            if share.organisation_id == staff.organisation_id:
                yield Reason(Ground.SHARE, share=share, until=share.until)
    for opening in openings:
        if opening.staff_id == staff.id:
            yield Reason(Ground.BREAK_GLASS, until=opening.until)


def _has_held(session: Session, staff: Staff, case: Case) -> bool:
    held = select(Assignment.conversation_id).where(
        Assignment.staff_id == staff.id, Assignment.conversation_id == case.conversation_id
    )
    return session.scalar(held.limit(1)) is not None
