"""The JSON API of the audit trail, for auditors."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict

from backoffice.audit.models import AuditEntry
from backoffice.audit.queries import TrailFilters, page_of
from backoffice.audit_trail.days import day_after, first_moment
from backoffice.audit_trail.errors import TrailCursorInvalid
from backoffice.audit_trail.permissions import readable_chains
from backoffice.audit_trail.queries import names_of
from backoffice.database import ReadSession
from backoffice.paging import InvalidCursor
from backoffice.staff.sign_in import SignedIn

router = APIRouter(prefix="/api/v1/audit", tags=["audit"])


class AuditEntryOut(BaseModel):
    """One act, at its place in its chain. `staff` is the name where somebody of the staff acted."""

    model_config = ConfigDict(extra="forbid")

    chain: str
    seq: int
    at: datetime
    actor: str
    staff: str | None
    roles: list[str]
    action: str
    subject_kind: str
    subject_id: str
    reason: str | None
    hash: str


class AuditList(BaseModel):
    """One page, the newest first."""

    model_config = ConfigDict(extra="forbid")

    items: list[AuditEntryOut]
    next: str | None


@router.get("")
def list_entries(
    session: ReadSession,
    staff: SignedIn,
    actor: Annotated[str | None, Query(max_length=36)] = None,
    action: Annotated[str | None, Query(max_length=60)] = None,
    subject_kind: Annotated[str | None, Query(max_length=40)] = None,
    subject_id: Annotated[str | None, Query(max_length=36)] = None,
    since: Annotated[date | None, Query(alias="from")] = None,
    until: Annotated[date | None, Query(alias="to")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> AuditList:
    """List what was done, newest first. `from` and `to` are days in Rome, both inside; `case.` is a family.

    Raises:
        TrailCursorInvalid: the cursor is none of ours.
    """
    filters = TrailFilters(
        actor=actor,
        action=action,
        subject_kind=subject_kind,
        subject_id=subject_id,
        since=first_moment(since),
        until=day_after(until),
    )
    try:
        page = page_of(session, readable_chains(staff), filters, cursor=cursor, limit=limit)
    except InvalidCursor as wrong:
        raise TrailCursorInvalid from wrong
    names = names_of(session, page.entries)
    return AuditList(items=[_out(entry, names) for entry in page.entries], next=page.next)


def _out(entry: AuditEntry, names: dict[str, str]) -> AuditEntryOut:
    return AuditEntryOut(
        chain=entry.chain or "",
        seq=entry.seq or 0,
        at=entry.at,
        actor=entry.actor,
        staff=names.get(entry.actor),
        roles=(entry.roles or "").split(),
        action=entry.action,
        subject_kind=entry.subject_kind,
        subject_id=entry.subject_id,
        reason=entry.reason,
        hash=entry.hash or "",
    )
