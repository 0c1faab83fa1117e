"""Links in a mail by which a person sets a password: the invitation (72 hours) and the reset (15 minutes).

A link works once, and is kept as a SHA-256. It begins with the address of the settings, never with what a
request says. Setting a password signs nobody in, so a second factor is asked as ever.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from backoffice.audit import service as audit
from backoffice.errors import NotFound
from backoffice.idempotency.service import insert_unless_there
from backoffice.mail.kinds import MailKind
from backoffice.mail.service import write_mail
from backoffice.staff.models import AccountLink, LinkKind, SignInFailure, Staff
from backoffice.staff.sessions import close_sessions, digest

LASTS = {LinkKind.INVITATION: timedelta(hours=72), LinkKind.RESET: timedelta(minutes=15)}

RESETS_AN_HOUR = 3
"""For one account; more are not sent, and nobody is told."""

ASKED_AN_HOUR = 10
"""From one address, whatever the accounts."""

_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class OpenLink:
    """A link that still works, and whom it is for."""

    staff: Staff
    kind: LinkKind


def send_invitation(session: Session, account: Staff, *, base_url: str, by: str, now: datetime) -> None:
    """Send the link by which an account gets its first password; an older one is void."""
    _send(session, account, LinkKind.INVITATION, base_url=base_url, now=now)
    _note(session, by, "staff.invited", account.id, now=now)


def count_question(session: Session, address: str, *, now: datetime) -> bool:
    """Count one question for a reset link; tell whether this address may still ask in this hour."""
    key = hashlib.sha256(f"reset\n{address}".encode()).hexdigest()
    first = {"key": key, "failures": 0, "last_failed_at": now}
    session.execute(insert_unless_there(session, SignInFailure).values(first))
    row = session.scalars(select(SignInFailure).where(SignInFailure.key == key).with_for_update()).one()
    if now - row.last_failed_at > _HOUR:
        row.failures = 0
    if row.failures == 0:
        row.last_failed_at = now  # here: when the hour began
    row.failures += 1
    session.flush()
    return row.failures <= ASKED_AN_HOUR


def send_reset(session: Session, *, email: str, base_url: str, now: datetime) -> None:
    """Send a reset link to an active account of this address; called when the answer has left (attack 11)."""
    account = session.scalars(select(Staff).where(Staff.email == email, Staff.active)).one_or_none()
    if account is None:
        return
    recent = AccountLink.staff_id == account.id, AccountLink.created_at > now - _HOUR
    if (session.scalar(select(func.count()).where(*recent)) or 0) >= RESETS_AN_HOUR:
        return
    _send(session, account, LinkKind.RESET, base_url=base_url, now=now)
    _note(session, account.id, "staff.reset_asked", account.id, now=now)


def find_link(session: Session, token: str, *, now: datetime) -> OpenLink:
    """Return what a link is for.

    Raises:
        NotFound: it is not ours, was used, or its time is over.
    """
    found = session.execute(
        select(Staff, AccountLink.kind)
        .join(AccountLink, AccountLink.staff_id == Staff.id)
        .where(AccountLink.token_sha256 == digest(token), AccountLink.expires_at > now)
    ).one_or_none()
    if found is None or (found[1] is LinkKind.RESET and not found[0].active):
        raise NotFound("accounts.error.link_over", way_out="accounts.error.link_over.way_out")
    return OpenLink(found[0], found[1])


def use_link(session: Session, token: str, password_hash: str, *, now: datetime) -> None:
    """Set the password; the link is void, and every session of the account ends.

    Raises:
        NotFound: somebody has used it meanwhile, or its time is over.
    """
    link = find_link(session, token, now=now)
    used = delete(AccountLink).where(AccountLink.token_sha256 == digest(token))
    if session.execute(used.returning(AccountLink.staff_id)).first() is None:
        raise NotFound("accounts.error.link_over", way_out="accounts.error.link_over.way_out")
    revoke_links(session, link.staff.id)
    link.staff.password_hash = password_hash
    if link.kind is LinkKind.INVITATION:
        link.staff.active = True
    close_sessions(session, link.staff.id)
    _note(session, link.staff.id, f"staff.{link.kind.value}_used", link.staff.id, now=now)


def revoke_links(session: Session, staff_id: str) -> None:
    """Make every link of an account void."""
    session.execute(delete(AccountLink).where(AccountLink.staff_id == staff_id))


def invited_ids(session: Session, *, now: datetime) -> set[str]:
    """Return the ids of accounts whose invitation is open."""
    is_open = AccountLink.kind == LinkKind.INVITATION, AccountLink.expires_at > now
    return set(session.scalars(select(AccountLink.staff_id).where(*is_open)))


def purge_links(session: Session, *, now: datetime) -> None:
    """Delete links that are over; an hour longer, since the limit counts them."""
    session.execute(delete(AccountLink).where(AccountLink.expires_at < now - _HOUR))


def _send(session: Session, account: Staff, kind: LinkKind, *, base_url: str, now: datetime) -> None:
    if kind is LinkKind.INVITATION:
        revoke_links(session, account.id)
    else:  # older ones stop working, and still count for the limit
        older = update(AccountLink).where(AccountLink.staff_id == account.id)
        session.execute(older.values(expires_at=now).execution_options(synchronize_session=False))
    token = secrets.token_urlsafe(32)
    session.add(
        AccountLink(
            token_sha256=digest(token),
            staff_id=account.id,
            kind=kind,
            created_at=now,
            expires_at=now + LASTS[kind],
        )
    )
    write_mail(
        session,
        MailKind(kind.value),
        organisation_id=account.organisation_id,
        recipient=account.email,
        link=f"{base_url.rstrip('/')}/password/{token}",
        now=now,
    )


def _note(session: Session, by: str, action: str, staff_id: str, *, now: datetime) -> None:
    audit.record(session, by=by, action=action, subject_kind="staff", subject_id=staff_id, now=now)
