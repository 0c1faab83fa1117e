"""Which passwords are good enough (ASVS 5.0, 6.2: length, no composition rules, none that is known).

`common-passwords.txt.gz` is the list of about 20,000 passwords that Django ships (Royce Williams, from
published leaks; BSD licence), unchanged. It is no full list of what has leaked: nobody is asked over the net.
"""

from __future__ import annotations

import gzip
import re
from functools import cache
from pathlib import Path

from backoffice.errors import BackofficeError
from backoffice.staff.passwords import LONGEST, SHORTEST

_LIST = Path(__file__).parent / "common-passwords.txt.gz"
_SHORTEST_WORD = 4
"""A shorter part of a name says little: `Ali` is in many words."""


class PasswordRefused(BackofficeError):
    """The password is not good enough; the message says in which way."""

    status = 422


def check_password(password: str, *, name: str, email: str) -> None:
    """Let a new password through, or say what is wrong with it.

    Raises:
        PasswordRefused: too short or long, common, or made of what everybody knows about the person.
    """
    if len(password) < SHORTEST:
        raise PasswordRefused("accounts.error.password_short", count=str(SHORTEST))
    if len(password) > LONGEST:
        raise PasswordRefused("accounts.error.password_long", count=str(LONGEST))
    folded = password.casefold().strip()
    bare = folded.strip("0123456789 !?.,-_*#@$%&+")
    if folded in _common() or (bare in _common() and len(bare) > 3) or len(set(folded)) < 4 or not bare:
        raise PasswordRefused("accounts.error.password_common")
    if any(word in folded for word in _words_of(name, email)):
        raise PasswordRefused("accounts.error.password_personal")


def _words_of(name: str, email: str) -> set[str]:
    words = re.split(r"[^\w]+", f"{name} {email.partition('@')[0]}".casefold())
    return {word for word in words if len(word) >= _SHORTEST_WORD} | {"sportello"}


@cache
def _common() -> frozenset[str]:
    with gzip.open(_LIST, "rt", encoding="utf-8") as lines:
        return frozenset(line.strip() for line in lines)
