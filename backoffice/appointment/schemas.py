"""What the pages and the JSON API take and give."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, field_validator

from backoffice.appointment.desks import WEEKDAYS, DeskFacts, Week, read_stretches
from backoffice.appointment.models import Appointment, AppointmentDesk, AppointmentState
from backoffice.appointment.service import FreeSlot
from backoffice.case.needs import Need
from backoffice.client.schemas import LanguageCode

Hours = Annotated[str, Field(max_length=100)]


class DeskForm(BaseModel):
    """A desk as the page sends it; `hours` are the seven weekdays, as typed."""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    address: Annotated[str, Field(min_length=1, max_length=300)]
    municipality: Annotated[str, Field(max_length=80)] = ""
    phone: Annotated[str, Field(max_length=40)] = ""
    slot_minutes: Annotated[int, Field(ge=5, le=240)] = 30
    places: Annotated[int, Field(ge=1, le=20)] = 1
    step_free: Literal["", "yes", "no"] = ""
    hours: Annotated[list[Hours], Field(max_length=7)] = []
    topics: Annotated[list[Need], Field(max_length=40)] = []
    languages: Annotated[list[LanguageCode], Field(max_length=12)] = []
    source: Annotated[str, Field(max_length=300)] = ""
    verified_on: date | None = None
    is_open: bool = False
    version: int = 1

    @field_validator("verified_on", mode="before")
    @classmethod
    def _nothing_typed(cls, typed: object) -> object:
        return typed or None

    def facts(self) -> DeskFacts:
        """Return what is known of the desk."""
        return DeskFacts(
            name=self.name.strip(),
            address=self.address.strip(),
            municipality=self.municipality.strip() or None,
            phone=self.phone.strip() or None,
            languages=list(self.languages),
            topics=[need.value for need in self.topics],
            slot_minutes=self.slot_minutes,
            places=self.places,
            step_free={"yes": True, "no": False}.get(self.step_free),
            is_open=self.is_open,
            source=self.source.strip() or None,
            verified_on=self.verified_on,
        )

    def week(self) -> Week:
        """Return the hours.

        Raises:
            HoursUnreadable: what was typed is no list of hours.
        """
        return dict(zip(WEEKDAYS, map(read_stretches, self.hours), strict=False))


class Strict(BaseModel):
    """A body that says nothing that is not asked."""

    model_config = ConfigDict(extra="forbid")


class DeskIn(Strict):
    """A desk; `hours`: the seven weekdays from Monday, such as `09:00-12:30, 14:00-17:00`, or empty."""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    address: Annotated[str, Field(min_length=1, max_length=300)]
    municipality: Annotated[str | None, Field(max_length=80)] = None
    phone: Annotated[str | None, Field(max_length=40)] = None
    slot_minutes: Annotated[int, Field(ge=5, le=240)] = 30
    places: Annotated[int, Field(ge=1, le=20)] = 1
    step_free: bool | None = None
    hours: Annotated[list[Hours], Field(max_length=7)] = []
    topics: Annotated[list[Need], Field(max_length=40)] = []
    languages: Annotated[list[LanguageCode], Field(max_length=12)] = []
    source: Annotated[str | None, Field(max_length=300)] = None
    verified_on: date | None = None
    is_open: bool = True

    def facts(self) -> DeskFacts:
        """Return what is known of the desk."""
        told = self.model_dump(exclude={"hours", "version"})
        return DeskFacts(**{**told, "topics": [need.value for need in self.topics]})

    def week(self) -> Week:
        """Return the hours.

        Raises:
            HoursUnreadable: they are no lists of hours.
        """
        return dict(zip(WEEKDAYS, map(read_stretches, self.hours), strict=False))


class DeskChange(DeskIn):
    """A desk that replaces the one of `version`."""

    version: int


class DeskOut(DeskIn):
    """A desk as it stands."""

    id: str
    version: int


class DeskList(BaseModel):
    """Desks by name."""

    items: list[DeskOut]
    next: str | None = None


class SlotOut(BaseModel):
    """A moment with free places."""

    starts_at: datetime
    ends_at: datetime
    places: int


class SlotList(BaseModel):
    """Free moments, the earliest first."""

    items: list[SlotOut]
    next: str | None = None


class AppointmentIn(Strict):
    """An appointment for a person, by their id."""

    person: Annotated[str, Field(max_length=36)]
    desk: Annotated[str, Field(max_length=36)]
    starts_at: AwareDatetime
    topic: Need = Need.OTHER
    interpreter: LanguageCode | None = None
    note: Annotated[str | None, Field(max_length=1000)] = None


class AppointmentMove(Strict):
    """Another moment at the same desk."""

    starts_at: AwareDatetime


class AppointmentCancel(Strict):
    """Why an appointment is cancelled."""

    reason: Annotated[str | None, Field(max_length=500)] = None


class AppointmentClose(Strict):
    """Whether the person came."""

    came: bool


class AppointmentOut(BaseModel):
    """An appointment."""

    id: str
    desk: str
    person: str
    case: str | None
    starts_at: datetime
    ends_at: datetime
    state: AppointmentState
    topic: str
    language: str
    interpreter: str | None
    moved_to: str | None
    note: str | None
    version: int


class AppointmentList(BaseModel):
    """Appointments, the earliest first; `next` is the cursor of the rest."""

    items: list[AppointmentOut]
    next: str | None = None


def desk_out(desk: AppointmentDesk) -> DeskOut:
    """Return a desk, read with its hours."""
    week = [
        ", ".join(f"{each.opens:%H:%M}-{each.closes:%H:%M}" for each in desk.hours if each.weekday == day)
        for day in WEEKDAYS
    ]
    return DeskOut.model_validate(
        {name: getattr(desk, name) for name in DeskOut.model_fields if name != "hours"} | {"hours": week}
    )


def slot_out(slot: FreeSlot) -> SlotOut:
    """Return a free moment."""
    return SlotOut(starts_at=slot.starts_at, ends_at=slot.ends_at, places=slot.places)


def appointment_out(found: Appointment) -> AppointmentOut:
    """Return an appointment."""
    return AppointmentOut(
        id=found.id,
        desk=found.desk_id,
        person=found.person_id,
        case=found.case_id,
        starts_at=found.starts_at,
        ends_at=found.ends_at,
        state=found.state,
        topic=found.topic,
        language=found.language,
        interpreter=found.interpreter,
        moved_to=found.moved_to_id,
        note=found.note,
        version=found.version,
    )
