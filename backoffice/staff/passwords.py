"""Passwords: Argon2id, with a bound on how many are computed at once.

Sources: OWASP Password Storage Cheat Sheet (Argon2id, 19 MiB, 2 passes, 1 lane) and the guidelines
of Garante and ACN on keeping passwords (December 2023).
"""

from __future__ import annotations

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from backoffice.errors import TooManyRequests
from backoffice.turns import Turns

_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1, type=Type.ID)

_STAND_IN = (
    "$argon2id$v=19$m=19456,t=2,p=1$c3BvcnRlbGxvLXN0YW5kaW4$Zk6bqqQ0w1Jm1pYx1u2oYJp4zv0Yw4fDq3c9x0m0n7k"
)
"""Verified in place of a hash that does not exist, so that an unknown account takes as long."""

SHORTEST = 10
"""Fewest characters of a new password (ASVS 5.0, 6.2.1 asks for 8 and recommends 15)."""

LONGEST = 128
"""Most characters of a new password (ASVS 5.0, 6.2.9 asks for 64 at least)."""


class SignInBusy(TooManyRequests):
    """Too many sign-ins at this moment, whoever they are of."""

    def __init__(self) -> None:
        super().__init__("staff.error.busy", retry_after_seconds=2)


_TURNS = Turns(at_once=2, in_line=8, full=SignInBusy)
"""Each hash costs 19 MiB and a core: a burst of sign-ins must not starve the chat."""


def hash_password(password: str) -> str:
    """Return the Argon2id hash of a password, in PHC form."""
    with _TURNS.one():
        return _HASHER.hash(password)


def verify_password(password_hash: str | None, password: str) -> bool:
    """Tell whether the password is right; takes as long where there is no hash to compare with.

    Raises:
        SignInBusy: eight others are before this one already.
    """
    with _TURNS.one():
        try:
            right = _HASHER.verify(password_hash or _STAND_IN, password)
        except (VerificationError, InvalidHashError):
            return False
    return right and password_hash is not None


def is_outdated(password_hash: str) -> bool:
    """Tell whether a hash was made with other parameters than today's."""
    try:
        return _HASHER.check_needs_rehash(password_hash)
    except InvalidHashError:
        return False
