"""Signing in: who it is, and how often one may try.

After five failures of one account from one address each further try has to wait: 1 s, 2 s, 4 s ... up to
15 minutes. The answer to a failure is always the same, so that it tells neither whether the account exists
nor whether the wait is on.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from backoffice.audit import service as audit
from backoffice.idempotency.service import insert_unless_there
from backoffice.staff.models import SignInFailure, Staff
from backoffice.staff.passwords import verify_password
from backoffice.staff.sessions import close_session, find_signed_in, open_session

FREE_TRIES = 5
LONGEST_WAIT = timedelta(minutes=15)
_FORGET_AFTER = timedelta(hours=24)


@dataclass(frozen=True)
class Attempt:
    """One try to sign in: who it is, or None.

    `key` stands for account and address; `tried` is false when the password was not even looked at,
    because the wait was on.
    """

    staff: Staff | None
    key: str
    tried: bool


def check_credentials(reading: Session, *, email: str, password: str, address: str, now: datetime) -> Attempt:
    """Look who it is. Takes a session that only reads: hashing must not hold the database's write lock."""
    email = normal_email(email)
    key = hashlib.sha256(f"{email}\n{address}".encode()).hexdigest()
    failed = reading.get(SignInFailure, key)
    if failed is not None and now < failed.last_failed_at + wait_after(failed.failures):
        return Attempt(None, key, tried=False)
    staff = reading.scalars(select(Staff).where(Staff.email == email)).one_or_none()
    reading.commit()  # gives the connection back: hashing takes long, and may have to wait
    is_right = verify_password(staff.password_hash if staff else None, password)
    return Attempt(staff if staff and is_right and staff.active else None, key, tried=True)


def record_failure(session: Session, attempt: Attempt, *, now: datetime) -> None:
    """Count a failed try; the next one may have to wait."""
    session.execute(delete(SignInFailure).where(SignInFailure.last_failed_at < now - _FORGET_AFTER))
    if not attempt.tried:
        return
    # One statement each: failures at the same moment all count, on PostgreSQL too.
    first = {"key": attempt.key, "failures": 0, "last_failed_at": now}
    session.execute(insert_unless_there(session, SignInFailure).values(first))
    session.execute(
        update(SignInFailure)
        .where(SignInFailure.key == attempt.key)
        .values(failures=SignInFailure.failures + 1, last_failed_at=now)
        .execution_options(synchronize_session=False)
    )


def sign_in(session: Session, attempt: Attempt, *, old_token: str | None, now: datetime) -> str:
    """Open a new session after a try that went well, and return its token.

    A token that the browser had before opens nothing any more: it may have been planted.
    """
    assert attempt.staff is not None
    who = attempt.staff.id
    if old_token:
        close_session(session, old_token)
    session.execute(delete(SignInFailure).where(SignInFailure.key == attempt.key))
    audit.record(session, by=who, action="staff.signed_in", subject_kind="staff", subject_id=who, now=now)
    return open_session(session, who, now=now)


def sign_out(session: Session, token: str, *, now: datetime) -> None:
    """End a session; nothing happens where there is none."""
    found = find_signed_in(session, token, now=now)
    close_session(session, token)
    if found is not None:
        who = found.id
        audit.record(
            session, by=who, action="staff.signed_out", subject_kind="staff", subject_id=who, now=now
        )


def wait_after(failures: int) -> timedelta:
    """Return how long the next try has to wait after so many failures in a row."""
    if failures < FREE_TRIES:
        return timedelta(0)
    return min(timedelta(seconds=2 ** min(failures - FREE_TRIES, 20)), LONGEST_WAIT)


def normal_email(email: str) -> str:
    """Return an address as it is stored."""
    return email.strip().lower()
