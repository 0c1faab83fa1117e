"""What is known of somebody who asks for the register of family assistants."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from backoffice.care_figures.experience import WorkTime


class Citizenship(StrEnum):
    """What the law asks of a citizenship, and no more."""

    ITALIAN = "italian"
    EU = "eu"
    NOT_EU = "not_eu"


class CourseKind(StrEnum):
    """Which certificate a course gave."""

    COURSE = "course"
    ASA = "asa"
    OSS = "oss"
    COMPETENCE_CERTIFICATE = "competence_certificate"


class CoursePlace(StrEnum):
    """Where a course was held."""

    LOMBARDY = "lombardy"
    OTHER_REGION = "other_region"
    ABROAD = "abroad"


@dataclass(frozen=True)
class Fact:
    """What is known of a condition: yes, no, or nothing, and the day of the paper that shows it."""

    holds: bool | None = None
    shown_on: date | None = None
    expires_on: date | None = None


@dataclass(frozen=True)
class Course:
    """A course in care. `is_recognised` and the rest are None where nobody knows."""

    kind: CourseKind
    place: CoursePlace | None = None
    hours: int | None = None
    is_recognised: bool | None = None
    shown_on: date | None = None


@dataclass(frozen=True)
class Applicant:
    """What is known of somebody who asks for the register. None and an empty `Fact`: nobody asked yet.

    `courses` and `times`: None: not asked; empty: there are none. `permit`: of a kind that allows employed
    work, and until when.
    """

    born_on: date | None = None
    identity_shown_on: date | None = None
    citizenship: Citizenship | None = None
    no_convictions: Fact = Fact()
    residence: Fact = Fact()
    home_economics: Fact = Fact()
    italian: Fact = Fact()
    title: Fact = Fact()
    """A study or training title in care or health recognised in the EU."""
    courses: tuple[Course, ...] | None = None
    times: tuple[WorkTime, ...] | None = None
    permit: Fact = Fact()
    permit_renewal_asked: bool | None = None
    diploma: Fact = Fact()
    italian_declared: Fact = Fact()
