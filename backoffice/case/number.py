"""Case numbers: eight random characters and a check character, made to be read out on the phone.

Crockford's base 32 has no I, L, O and U; the ninth character is a Luhn mod 32 check, which finds
every single wrong character and nearly every swap of two neighbours.
"""

from __future__ import annotations

import re
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOKALIKES = str.maketrans("ILO", "110")
_NUMBER = re.compile(rf"[{ALPHABET}]{{9}}")


def new_number() -> str:
    """Return a new number, as people see it: `K7M2-9QXD-4`. Random: it tells nothing about others."""
    digits = "".join(secrets.choice(ALPHABET) for _ in range(8))
    return as_shown(digits + check_character(digits))


def parse_number(typed: str) -> str | None:
    """Return the number that a person typed, as it is shown, or None where it cannot be one."""
    compact = re.sub(r"[\s\-.]", "", typed).upper().translate(_LOOKALIKES)
    if not _NUMBER.fullmatch(compact) or check_character(compact[:8]) != compact[8]:
        return None
    return as_shown(compact)


def as_shown(compact: str) -> str:
    """Return nine characters in groups of four."""
    return f"{compact[:4]}-{compact[4:8]}-{compact[8]}"


def check_character(digits: str) -> str:
    """Return the Luhn mod 32 check character."""
    total = 0
    for position, character in enumerate(reversed(digits)):
        value = ALPHABET.index(character) * (2 if position % 2 == 0 else 1)
        total += value // 32 + value % 32
    return ALPHABET[-total % 32]
