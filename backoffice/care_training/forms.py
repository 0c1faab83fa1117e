"""What the pages of courses post, read from forms."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import TypeVar

from backoffice.care_training.errors import AttendanceRefused, CertificateRefused
from backoffice.care_training.facts import CourseFacts
from backoffice.posted import Fields, day_typed, one

Code = TypeVar("Code", bound=StrEnum)

HOURS_OF = "h."
"""Fields of hours are `h.<enrolment>`."""


def raw_course(fields: Fields) -> dict[str, str]:
    """Return a course as it was typed."""
    return {name: one(fields, name) for name in CourseFacts.model_fields}


def known_code(kind: type[Code], value: str) -> Code | None:
    """Return the code of an enumeration, or None where it has none of that name."""
    try:
        return kind(value)
    except ValueError:
        return None


def certificate_day(fields: Fields) -> date:
    """Return the day of a certificate.

    Raises:
        CertificateRefused: it is none.
    """
    found = day_typed(one(fields, "on"))
    if found is None:
        raise CertificateRefused("day")
    return found


def attendance_of(fields: Fields) -> tuple[date, dict[str, Decimal | None]]:
    """Return the day and the hours by enrolment; an empty field takes back what was noted.

    Raises:
        AttendanceRefused: the day or the hours are none.
    """
    day = day_typed(one(fields, "day"))
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
