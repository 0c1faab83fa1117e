"""The Italian tax code: sixteen signs, the last of which checks the others (D.M. 23 December 1976)."""

from __future__ import annotations

import re

_ODD = dict(
    zip(
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, *(1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8)),
        strict=False,
    )
) | dict(zip("STUVWXYZ", (12, 14, 16, 10, 22, 25, 24, 23), strict=True))
_DIGIT = "[0-9LMNPQRSTUV]"  # a digit becomes such a letter where two people would have the same code
_SHAPE = re.compile(
    rf"[A-Z]{{6}}{_DIGIT}{{2}}[ABCDEHLMPRST]{_DIGIT}{{2}}[A-Z]{_DIGIT}{{3}}[A-Z]|[0-9]{{11}}", re.ASCII
)


def parse_codice_fiscale(written: str) -> str:
    """Return a code in capitals, without spaces.

    Raises:
        ValueError: it does not have the shape, or its check character does not fit.
    """
    code = re.sub(r"[\s.-]", "", written).upper()
    if not _SHAPE.fullmatch(code):
        raise ValueError("not the shape of a codice fiscale")
    wanted = _provisional_check(code) if len(code) == 11 else _check(code)
    if code[-1] != wanted:
        raise ValueError("the check character does not fit")
    return code


def _check(code: str) -> str:
    total = sum(_ODD[sign] if place % 2 == 0 else _even(sign) for place, sign in enumerate(code[:15]))
    return chr(ord("A") + total % 26)


def _even(sign: str) -> int:
    return int(sign) if sign.isdigit() else ord(sign) - ord("A")


def _provisional_check(code: str) -> str:
    """Return the check digit of the provisional code of eleven digits that asylum seekers get (Luhn)."""
    total = 0
    for place, sign in enumerate(code[:10]):
        value = int(sign) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return str(-total % 10)
