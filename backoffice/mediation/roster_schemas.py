"""Mediators' profiles, weeks and absences, hours of bodies, figures, as JSON; extra fields are refused."""

from __future__ import annotations

from datetime import date, time
from typing import Annotated, Self

from pydantic import Field, model_validator

from backoffice.case.schemas import Document
from backoffice.client.schemas import LanguageCode
from backoffice.mediation.models import (
    LanguageLevel,
    MediationMode,
    MediationSetting,
    MediatorAbsence,
    MediatorProfile,
    RosterTime,
)
from backoffice.mediation.queries import BodyHours, LanguageFigures
from backoffice.mediation.schemas import BodyOut, Id, PersonOut, Town
from backoffice.mediation.varieties import is_variety
from backoffice.staff.models import Gender

Year = Annotated[int, Field(ge=2020, le=2100)]


class RosterTimeDocument(Document):
    """A stretch of a weekday (0 is Monday) on the clock in Italy."""

    weekday: Annotated[int, Field(ge=0, le=6)]
    begins: time
    ends: time

    @model_validator(mode="after")
    def _is_on_the_clock(self) -> Self:
        if self.begins.tzinfo is not None or self.ends.tzinfo is not None:
            raise ValueError("a time on the clock in Italy has no offset")
        return self


class RosterIn(Document):
    """A mediator's whole week; nothing: any time."""

    times: Annotated[list[RosterTimeDocument], Field(max_length=50)]


class AbsenceIn(Document):
    """Days on which a mediator cannot be asked; both belong to it."""

    from_on: date
    until_on: date


class AbsenceOut(Document):
    """An absence."""

    id: int
    from_on: date
    until_on: date


class ProfileDocument(Document):
    """What is known of a mediator; empty lists say: all of them."""

    varieties: dict[LanguageCode, Annotated[list[str], Field(max_length=10)]] = Field(default_factory=dict)
    levels: dict[LanguageCode, LanguageLevel] = Field(default_factory=dict)
    settings: list[MediationSetting] = Field(default_factory=list, max_length=10)
    modes: list[MediationMode] = Field(default_factory=list, max_length=10)
    municipalities: list[Town] = Field(default_factory=list, max_length=60)
    certificate: str | None = Field(default=None, max_length=200)
    most_hours_month: Annotated[int, Field(ge=0, le=300)] | None = None
    phone: str | None = Field(default=None, max_length=40)

    @model_validator(mode="after")
    def _are_known(self) -> Self:
        if any(not is_variety(spoken, code) for spoken, codes in self.varieties.items() for code in codes):
            raise ValueError("no variety of this language")
        return self


class MediatorOut(Document):
    """A mediator with week, absences that are not over, and the quarters given this month."""

    id: str
    name: str
    languages: list[str]
    gender: Gender | None
    profile: ProfileDocument
    times: list[RosterTimeDocument]
    absences: list[AbsenceOut]
    quarters_month: int


class MediatorList(Document):
    """The mediators of the body, by name."""

    items: list[PersonOut]


class HoursIn(Document):
    """The quarters of an hour that a body may ask for in a year. `version`: what was read."""

    organisation: Id
    year: Year
    quarters: Annotated[int, Field(ge=0, le=40_000)]
    version: int | None = None


class HoursOut(Document):
    """The quarters of a body in a year; no budget is no limit."""

    organisation: BodyOut
    budget: int | None
    used: int
    left: int | None
    version: int | None


class HoursList(Document):
    """The hours of the bodies in a year; who asks reads their own."""

    items: list[HoursOut]


class LanguageFiguresOut(Document):
    """What became of the requests for one language; `lack`: refused for want of a mediator."""

    language: str
    requests: int
    refused: int
    lack: int
    quarters: int
    wait_hours: int | None


class FiguresOut(Document):
    """The figures of a period, the most wanted language first."""

    items: list[LanguageFiguresOut]


def profile_out(profile: MediatorProfile | None) -> ProfileDocument:
    """Return what is known of a mediator."""
    if profile is None:
        return ProfileDocument()
    return ProfileDocument(
        varieties=profile.varieties,
        levels={spoken: LanguageLevel(level) for spoken, level in profile.levels.items()},
        settings=[MediationSetting(code) for code in profile.settings],
        modes=[MediationMode(code) for code in profile.modes],
        municipalities=profile.municipalities,
        certificate=profile.certificate,
        most_hours_month=profile.most_hours_month,
        phone=profile.phone,
    )


def roster_out(times: list[RosterTime]) -> list[RosterTimeDocument]:
    """Return a week."""
    return [RosterTimeDocument(weekday=each.weekday, begins=each.begins, ends=each.ends) for each in times]


def absence_out(absence: MediatorAbsence) -> AbsenceOut:
    """Return an absence."""
    return AbsenceOut(id=absence.id, from_on=absence.from_on, until_on=absence.until_on)


def hours_out(hours: BodyHours) -> HoursOut:
    """Return the hours of a body."""
    return HoursOut(
        organisation=BodyOut(id=hours.organisation_id, name=hours.name),
        budget=hours.budget,
        used=hours.used,
        left=hours.left,
        version=hours.version,
    )


def figures_out(row: LanguageFigures) -> LanguageFiguresOut:
    """Return the figures of a language."""
    return LanguageFiguresOut(
        language=row.language,
        requests=row.requests,
        refused=row.refused,
        lack=row.lack,
        quarters=row.quarters,
        wait_hours=row.wait_hours,
    )
