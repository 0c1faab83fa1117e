"""What the pages of courses post, read from forms."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import TypeVar

from backoffice.care_training.errors import AttendanceRefused, CertificateRefused
from backoffice.care_training.facts import CourseFacts

Fields = Mapping[str, list[str]]
Code = TypeVar("Code", bound=StrEnum)

HOURS_OF = "h."
"""Fields of hours are `h.<enrolment>`."""


def one(fields: Fields, name: str) -> str:
    """Return what was typed into a field, without spaces around it."""
    return (fields.get(name) or [""])[0].strip()


def raw_course(fields: Fields) -> dict[str, str]:
    """Return a course as it was typed."""
    return {name: one(fields, name) for name in CourseFacts.model_fields}


def known_code(kind: type[Code], value: str) -> Code | None:
    """Return the code of an enumeration, or None where it has none of that name."""
    try:
        return kind(value)
    except ValueError:
        return None


def version_of(fields: Fields) -> int:
    """Return the version that the form was made from; 0 for what is none."""
    typed = one(fields, "version")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else 0


def day_or_none(typed: str) -> date | None:
    """Return the day that was typed, or None for what is none."""
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


def certificate_day(fields: Fields) -> date:
    """Return the day of a certificate.

    Raises:
        CertificateRefused: it is none.
    """
    found = day_or_none(one(fields, "on"))
    if found is None:
        raise CertificateRefused("day")
    return found


def attendance_of(fields: Fields) -> tuple[date, dict[str, Decimal | None]]:
    """Return the day and the hours by enrolment; an empty field takes back what was noted.

    Raises:
        AttendanceRefused: the day or the hours are none.
    """
    day = day_or_none(one(fields, "day"))
    if day is None:
        raise AttendanceRefused("day")
    names = [name for name in fields if name.startswith(HOURS_OF)]
    return day, {name.removeprefix(HOURS_OF): _hours(one(fields, name)) for name in names}


def _hours(typed: str) -> Decimal | None:
    if not typed:
        return None
    try:
        return Decimal(typed.replace(",", ".")).quantize(Decimal("0.01"))
    except InvalidOperation:
        raise AttendanceRefused("hours") from None
