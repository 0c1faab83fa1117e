"""The JSON API of accounts, for administrators and, within what they may grant, coordinators."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from sqlalchemy.orm import Session

from backoffice.audit import service as audit
from backoffice.clock import ClockDep
from backoffice.database import DbSession
from backoffice.idempotency.headers import KeyHeader
from backoffice.idempotency.service import once
from backoffice.staff.administration import (
    NewAccount,
    change_account,
    deactivate,
    end_sessions,
    invite,
    reactivate,
)
from backoffice.staff.links import invited_ids
from backoffice.staff.models import Staff
from backoffice.staff.permissions import get_changeable_account, get_seen_account, seen_accounts
from backoffice.staff.queries import accounts_after, searched, with_second_factor
from backoffice.staff.schemas import (
    AccountChange,
    AccountList,
    AccountOut,
    InvitationIn,
    SessionList,
    account_out,
    session_out,
)
from backoffice.staff.sessions import running_sessions
from backoffice.staff.sign_in import SignedIn

router = APIRouter(prefix="/api/v1/staff", tags=["staff"])


@router.get("")
def list_accounts(
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
    q: Annotated[str, Query(max_length=200)] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[str | None, Query(max_length=36)] = None,
) -> AccountList:
    """List the accounts of one's own organisation, the oldest first."""
    statement = searched(seen_accounts(staff), q)
    found, following = accounts_after(session, statement, after=cursor, limit=limit)
    _note(session, staff, "accounts.listed", staff.organisation_id, "organisation", now=clock())
    return AccountList(items=_out(session, found, now=clock()), next=following)


@router.post("", status_code=201)
def invite_account(
    invitation: InvitationIn,
    request: Request,
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
    key: KeyHeader = None,
) -> AccountOut:
    """Invite somebody: a mail with a link that works once, for 72 hours."""
    seen_accounts(staff)
    now = clock()
    new = NewAccount(
        email=invitation.email,
        name=invitation.name,
        roles=frozenset(invitation.roles),
        languages=tuple(invitation.languages),
        unit_id=invitation.unit,
    )

    def act() -> AccountOut:
        made = invite(session, new, by=staff, base_url=request.app.state.settings.base_url, now=now)
        return _out(session, [made], now=now)[0]

    return once(
        session,
        act,
        result_type=AccountOut,
        principal=f"staff:{staff.id}",
        operation="staff.invite",
        key=key,
        request=invitation,
        now=now,
    )


@router.get("/{account_id}")
def read_account(account_id: str, session: DbSession, staff: SignedIn, clock: ClockDep) -> AccountOut:
    """Return one account."""
    account = get_seen_account(session, staff, account_id)
    _note(session, staff, "staff.read", account.id, "staff", now=clock())
    return _out(session, [account], now=clock())[0]


@router.patch("/{account_id}")
def patch_account(
    account_id: str, change: AccountChange, session: DbSession, staff: SignedIn, clock: ClockDep
) -> AccountOut:
    """Change an account; the whole change or nothing."""
    account = get_changeable_account(session, staff, account_id)
    changes: dict[str, Any] = change.model_dump(exclude_unset=True)
    if "unit" in changes:
        changes["unit_id"] = changes.pop("unit")
    kept = {
        name: value for name, value in changes.items() if value is not None or name in ("gender", "unit_id")
    }
    change_account(session, account, kept, by=staff, now=clock())
    return _out(session, [account], now=clock())[0]


@router.post("/{account_id}/deactivate")
def deactivate_account(account_id: str, session: DbSession, staff: SignedIn, clock: ClockDep) -> AccountOut:
    """End an account: its sessions and links end at once."""
    account = get_changeable_account(session, staff, account_id)
    deactivate(session, account, by=staff, now=clock())
    return _out(session, [account], now=clock())[0]


@router.post("/{account_id}/reactivate")
def reactivate_account(
    account_id: str, request: Request, session: DbSession, staff: SignedIn, clock: ClockDep
) -> AccountOut:
    """Let an account count again, or invite once more who never set a password."""
    account = get_changeable_account(session, staff, account_id)
    base_url = request.app.state.settings.base_url
    reactivate(session, account, by=staff, base_url=base_url, now=clock())
    return _out(session, [account], now=clock())[0]


@router.get("/{account_id}/sessions")
def list_sessions(account_id: str, session: DbSession, staff: SignedIn, clock: ClockDep) -> SessionList:
    """List the sign-ins of an account that run."""
    account = get_changeable_account(session, staff, account_id)
    _note(session, staff, "staff.sessions_read", account.id, "staff", now=clock())
    return SessionList(
        items=[session_out(each) for each in running_sessions(session, account.id, now=clock())]
    )


@router.delete("/{account_id}/sessions", status_code=204)
def delete_sessions(account_id: str, session: DbSession, staff: SignedIn, clock: ClockDep) -> None:
    """Sign somebody out everywhere."""
    account = get_changeable_account(session, staff, account_id)
    end_sessions(session, account, by=staff, now=clock())


def _out(session: Session, accounts: list[Staff], *, now: datetime) -> list[AccountOut]:
    session.flush()
    invited = invited_ids(session, now=now)
    secured = with_second_factor(session, {account.id for account in accounts})
    return [account_out(account, invited=invited, secured=secured) for account in accounts]


def _note(session: Session, staff: Staff, action: str, subject_id: str, kind: str, *, now: datetime) -> None:
    audit.record(session, by=staff.id, action=action, subject_kind=kind, subject_id=subject_id, now=now)
