"""The second factor: codes of an authenticator app (RFC 6238, 30 s), and ten recovery codes.

A code works once: the counter of the last one is kept. Clocks may differ by one step. Five tries in ten
minutes, for one account from wherever; only who knows the password gets as far as that.
"""

from __future__ import annotations

import base64
import hmac
import secrets
from datetime import datetime, timedelta
from enum import StrEnum

import pyotp
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from backoffice.audit import service as audit
from backoffice.errors import Conflict
from backoffice.staff.models import RecoveryCode, SecondFactor, Staff
from backoffice.staff.roles import Role
from backoffice.staff.sessions import close_sessions, digest

STEP_SECONDS = 30
TRIES = 5
WINDOW = timedelta(minutes=10)
RECOVERY_CODES = 10
ISSUER = "Sportello"


class CodeCheck(StrEnum):
    """What became of a code."""

    RIGHT = "right"
    WRONG = "wrong"
    TOO_MANY = "too_many"


class SecondFactorThere(Conflict):
    """There is one already; it has to be removed first."""

    def __init__(self) -> None:
        super().__init__("accounts.error.factor_there")


def has_second_factor(session: Session, staff_id: str) -> bool:
    """Tell whether an account asks for a code."""
    confirmed = SecondFactor.confirmed_at.is_not(None)
    statement = select(SecondFactor.staff_id).where(SecondFactor.staff_id == staff_id, confirmed)
    return session.scalar(statement) is not None


def must_enrol(session: Session, staff: Staff, roles: frozenset[Role]) -> bool:
    """Tell whether one of the person's roles has to have a second factor, and there is none."""
    return bool(staff.roles & roles) and not has_second_factor(session, staff.id)


def begin_enrolment(session: Session, staff: Staff, *, now: datetime) -> SecondFactor:
    """Return the secret to be shown; a new one is made where none waits for its first code.

    Raises:
        SecondFactorThere: the account has one that counts.
    """
    found = session.get(SecondFactor, staff.id)
    if found is not None and found.confirmed_at is not None:
        raise SecondFactorThere
    if found is None:
        found = SecondFactor(
            staff_id=staff.id,
            organisation_id=staff.organisation_id,
            secret=pyotp.random_base32(),
            created_at=now,
            tries_since=now,
        )
        session.add(found)
        session.flush()
    return found


def address_of(factor: SecondFactor, email: str) -> str:
    """Return the `otpauth://` address that an app reads from a QR code."""
    return pyotp.TOTP(factor.secret).provisioning_uri(name=email, issuer_name=ISSUER)


def confirm(
    session: Session, staff_id: str, code: str, *, keep_token: str | None, now: datetime
) -> tuple[CodeCheck, list[str]]:
    """Let the app count from now on, after its first right code; return the recovery codes, once."""
    factor = session.get(SecondFactor, staff_id, with_for_update=True)
    if factor is None:
        return CodeCheck.WRONG, []
    if factor.confirmed_at is not None:
        raise SecondFactorThere
    outcome = _try(session, factor, code, now=now, recovery=False)
    if outcome is not CodeCheck.RIGHT:
        return outcome, []
    factor.confirmed_at = now
    codes = renew_recovery_codes(session, staff_id, now=now)
    _changed(session, staff_id, "staff.second_factor_added", keep_token, now=now)
    return outcome, codes


def check_code(session: Session, staff_id: str, code: str, *, now: datetime) -> CodeCheck:
    """Try a code of the app, or a recovery code. The try counts only when the transaction is committed."""
    factor = session.get(SecondFactor, staff_id, with_for_update=True)
    if factor is None or factor.confirmed_at is None:
        return CodeCheck.WRONG
    return _try(session, factor, code, now=now, recovery=True)


def remove(session: Session, staff_id: str, *, by: str, keep_token: str | None, now: datetime) -> None:
    """Take the second factor away, with its recovery codes; other sessions end."""
    session.execute(delete(SecondFactor).where(SecondFactor.staff_id == staff_id))
    session.execute(delete(RecoveryCode).where(RecoveryCode.staff_id == staff_id))
    _changed(session, staff_id, "staff.second_factor_removed", keep_token, now=now, by=by)


def renew_recovery_codes(session: Session, staff_id: str, *, now: datetime) -> list[str]:
    """Return ten new recovery codes, which nobody can read again; the old ones are void."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.staff_id == staff_id))
    codes = [_new_code() for _ in range(RECOVERY_CODES)]
    session.add_all(RecoveryCode(code_sha256=_digest(code), staff_id=staff_id) for code in codes)
    session.flush()
    return codes


def _try(session: Session, factor: SecondFactor, code: str, *, now: datetime, recovery: bool) -> CodeCheck:
    if now - factor.tries_since >= WINDOW:
        factor.tries, factor.tries_since = 0, now
    if factor.tries >= TRIES:
        return CodeCheck.TOO_MANY
    factor.tries += 1
    counter = _counter_of(factor, code, now=now)
    if counter is not None:
        factor.last_counter = counter
    elif not (recovery and _use_recovery_code(session, factor.staff_id, code, now=now)):
        session.flush()
        return CodeCheck.WRONG
    factor.tries = 0
    session.flush()
    return CodeCheck.RIGHT


def _counter_of(factor: SecondFactor, code: str, *, now: datetime) -> int | None:
    """Return the step that a code is of, unless that step or a later one was used already."""
    typed = "".join(code.split()).encode()
    app = pyotp.HOTP(factor.secret)
    present = int(now.timestamp()) // STEP_SECONDS
    for counter in (present, present - 1, present + 1):
        if counter > factor.last_counter and hmac.compare_digest(app.at(counter).encode(), typed):
            return counter
    return None


def _use_recovery_code(session: Session, staff_id: str, code: str, *, now: datetime) -> bool:
    mine = RecoveryCode.staff_id == staff_id, RecoveryCode.code_sha256 == _digest(code)
    used = session.execute(delete(RecoveryCode).where(*mine).returning(RecoveryCode.staff_id)).first()
    if used is None:
        return False
    _note(session, staff_id, "staff.recovery_code_used", staff_id, now=now)
    return True


def _changed(
    session: Session,
    staff_id: str,
    action: str,
    keep_token: str | None,
    *,
    now: datetime,
    by: str | None = None,
) -> None:
    close_sessions(session, staff_id, but=keep_token)
    _note(session, by or staff_id, action, staff_id, now=now)


def _note(session: Session, by: str, action: str, staff_id: str, *, now: datetime) -> None:
    audit.record(session, by=by, action=action, subject_kind="staff", subject_id=staff_id, now=now)


def _new_code() -> str:
    letters = base64.b32encode(secrets.token_bytes(10)).decode().lower()
    return "-".join(letters[start : start + 4] for start in range(0, 16, 4))


def _digest(code: str) -> str:
    return digest("".join(letter for letter in code.casefold() if letter.isalnum()))
