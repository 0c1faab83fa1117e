"""Who is signed in: server-side sessions, found by the SHA-256 of a random token.

A session ends 12 hours after sign-in, and after one hour without a request (ASVS 5.0, 7.3.1 and
7.3.2; a working day, and a lunch break).
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, joinedload

from backoffice.staff.models import Staff, StaffSession

ABSOLUTE = timedelta(hours=12)
IDLE = timedelta(hours=1)

_SEEN_STEP = timedelta(minutes=1)
"""`last_seen_at` is written at most once a minute: reading a page must not cost a write each time."""


def open_session(session: Session, staff_id: str, *, now: datetime, device: str = "") -> str:
    """Sign a person in and return the token, which nobody can read again. Old sessions are swept."""
    token = secrets.token_urlsafe(32)
    session.execute(delete(StaffSession).where(StaffSession.created_at < now - ABSOLUTE))
    session.add(
        StaffSession(
            token_sha256=digest(token), staff_id=staff_id, created_at=now, last_seen_at=now, device=device
        )
    )
    session.flush()
    return token


@dataclass(frozen=True)
class SignedInSession:
    """A session that runs. `is_stale` when it was last noted as seen more than a minute ago."""

    staff: Staff
    is_stale: bool


def find_session(session: Session, token: str, *, now: datetime) -> SignedInSession | None:
    """Return the session of a token, if it still runs and the account is active."""
    found = session.execute(
        select(StaffSession.last_seen_at, Staff)
        .join(Staff, Staff.id == StaffSession.staff_id)
        .options(joinedload(Staff.organisation))
        .where(
            StaffSession.token_sha256 == digest(token),
            StaffSession.created_at > now - ABSOLUTE,
            StaffSession.last_seen_at > now - IDLE,
            Staff.active,
        )
    ).one_or_none()
    return None if found is None else SignedInSession(found[1], now - found[0] > _SEEN_STEP)


def find_signed_in(session: Session, token: str, *, now: datetime) -> Staff | None:
    """Return who holds a token, if the session still runs and the account is active."""
    found = find_session(session, token, now=now)
    return found.staff if found else None


def touch(session: Session, token: str, *, now: datetime) -> None:
    """Note that the session was used: its idle hour begins again."""
    seen = update(StaffSession).where(StaffSession.token_sha256 == digest(token))
    session.execute(seen.values(last_seen_at=now))


def close_session(session: Session, token: str) -> None:
    """Sign out: the token opens nothing any more."""
    session.execute(delete(StaffSession).where(StaffSession.token_sha256 == digest(token)))


def close_sessions(session: Session, staff_id: str, *, but: str | None = None) -> None:
    """End every session of an account, except the one of a token."""
    mine = delete(StaffSession).where(StaffSession.staff_id == staff_id)
    session.execute(mine if but is None else mine.where(StaffSession.token_sha256 != digest(but)))


def running_sessions(session: Session, staff_id: str, *, now: datetime) -> list[StaffSession]:
    """Return the sessions of an account that run, the newest first."""
    runs = StaffSession.created_at > now - ABSOLUTE, StaffSession.last_seen_at > now - IDLE
    mine = select(StaffSession).where(StaffSession.staff_id == staff_id, *runs)
    return list(session.scalars(mine.order_by(StaffSession.created_at.desc())))


def session_mark(opened: StaffSession) -> str:
    """Return the name of a session for lists and addresses: it opens nothing."""
    return digest(opened.token_sha256)[:32]


def digest(token: str) -> str:
    """Return the SHA-256 of a token, in hexadecimal: what is stored of it."""
    return hashlib.sha256(token.encode()).hexdigest()


def csrf_token(cookie: str) -> str:
    """Return the token that a form must carry to be believed by the session of this cookie."""
    return hmac.digest(cookie.encode(), b"csrf", "sha256").hex()


def is_csrf_token(cookie: str, presented: str | None) -> bool:
    """Compare in constant time; as bytes, since of texts only ASCII can be compared so."""
    return presented is not None and hmac.compare_digest(csrf_token(cookie).encode(), presented.encode())
