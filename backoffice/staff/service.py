"""Signing in: who it is, and how often one may try.

After five failures of one account from one address each further try has to wait: 1 s, 2 s, 4 s ... up to
15 minutes. The answer to a failure is always the same, so that it tells neither whether the account exists
nor whether the wait is on.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from backoffice.audit import service as audit
from backoffice.idempotency.service import insert_unless_there
from backoffice.staff.links import revoke_links
from backoffice.staff.models import SignInFailure, SignInStep, Staff
from backoffice.staff.passwords import hash_password, is_outdated, verify_password
from backoffice.staff.second_factor import CodeCheck, check_code
from backoffice.staff.sessions import close_session, close_sessions, digest, find_signed_in, open_session

FREE_TRIES = 5
LONGEST_WAIT = timedelta(minutes=15)
STEP_LASTS = timedelta(minutes=10)
"""How long a code may be awaited after the password."""

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
    new_hash: str | None = None
    """The password hashed anew, where today's parameters are others than those of the stored hash."""


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
    if staff is None or not is_right or not staff.active:
        return Attempt(None, key, tried=True)
    new_hash = hash_password(password) if is_outdated(staff.password_hash) else None
    return Attempt(staff, key, tried=True, new_hash=new_hash)


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


def open_step(session: Session, staff_id: str, *, now: datetime) -> str:
    """Note that somebody may enter a code now; return the token of this step."""
    session.execute(delete(SignInStep).where(SignInStep.created_at < now - STEP_LASTS))
    token = secrets.token_urlsafe(32)
    session.add(SignInStep(token_sha256=digest(token), staff_id=staff_id, created_at=now))
    session.flush()
    return token


def finish_step(session: Session, token: str, code: str, *, now: datetime) -> tuple[CodeCheck, str | None]:
    """Try a code; return what became of it and, when it was right, whose step it was."""
    step = session.scalars(
        select(SignInStep)
        .join(Staff, Staff.id == SignInStep.staff_id)
        .where(SignInStep.token_sha256 == digest(token), SignInStep.created_at > now - STEP_LASTS)
        .where(Staff.active)
    ).one_or_none()
    if step is None:
        return CodeCheck.WRONG, None
    outcome = check_code(session, step.staff_id, code, now=now)
    if outcome is not CodeCheck.RIGHT:
        return outcome, None
    session.delete(step)
    return outcome, step.staff_id


def forget_failures(session: Session, attempt: Attempt) -> None:
    """Forget earlier failures, and keep the password in today's form, after a try that went well."""
    assert attempt.staff is not None
    session.execute(delete(SignInFailure).where(SignInFailure.key == attempt.key))
    if attempt.new_hash is not None:
        account = session.get_one(Staff, attempt.staff.id)
        account.password_hash = attempt.new_hash


def sign_in(session: Session, who: str, *, old_token: str | None, now: datetime, device: str = "") -> str:
    """Open a new session of an account and return its token.

    A token that the browser had before opens nothing any more: it may have been planted.
    """
    if old_token:
        close_session(session, old_token)
    audit.record(session, by=who, action="staff.signed_in", subject_kind="staff", subject_id=who, now=now)
    return open_session(session, who, now=now, device=device)


def change_password(
    session: Session, staff_id: str, password_hash: str, *, keep_token: str | None, now: datetime
) -> None:
    """Set one's own new password; every other session ends, and links in mails are void."""
    session.get_one(Staff, staff_id).password_hash = password_hash
    revoke_links(session, staff_id)
    close_sessions(session, staff_id, but=keep_token)
    audit.record(
        session,
        by=staff_id,
        action="staff.password_changed",
        subject_kind="staff",
        subject_id=staff_id,
        now=now,
    )


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
