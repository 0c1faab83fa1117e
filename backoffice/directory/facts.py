"""What is known of entries of the directory, read from forms, files and the API alike."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from decimal import Decimal
from typing import Annotated, Any, TypeVar
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from backoffice.directory.errors import EntryRefused
from backoffice.directory.models import LocationType, ServiceStatus
from backoffice.directory.part_models import Frequency, HolidayRule, ScheduleKind
from backoffice.directory.recurrence import read_byday, read_bymonthday
from backoffice.directory.topics import TOPICS


def _none_if_empty(value: Any) -> Any:
    if isinstance(value, str):
        value = value.strip()
    return None if value == "" else value


def _web_address(value: str | None) -> str | None:
    if value is None:
        return None
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or not value.isascii() or " " in value:
        raise ValueError("not a web address")
    return value


def _days(value: str | None) -> str | None:
    if value is not None:
        read_byday(value)
    return value


def _monthdays(value: str | None) -> str | None:
    if value is not None:
        read_bymonthday(value)
    return value


def _known_topics(value: list[str]) -> list[str]:
    if unknown := set(value) - set(TOPICS):
        raise ValueError(f"no topics of the guide: {sorted(unknown)}")
    return sorted(set(value), key=TOPICS.index)


def _rounded(value: Decimal | None) -> Decimal | None:
    return None if value is None else round(value, 3)


_EMPTY = BeforeValidator(_none_if_empty)
Line = Annotated[str | None, Field(max_length=200), _EMPTY]
Name = Annotated[str, Field(min_length=1, max_length=200), _EMPTY]
Text = Annotated[str | None, Field(max_length=5000), _EMPTY]
WebAddress = Annotated[str | None, Field(max_length=300), _EMPTY, AfterValidator(_web_address)]
Email = Annotated[str | None, Field(max_length=254, pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$"), _EMPTY]
LanguageTag = Annotated[str, Field(pattern=r"^[a-z]{2,3}$")]
Day = Annotated[date | None, _EMPTY]
Age = Annotated[int | None, Field(ge=0, le=130), _EMPTY]


class Facts(BaseModel):
    """Base of what is known of one entry."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class OrganisationFacts(Facts):
    """A body."""

    name: Name
    alternate_name: Line = None
    description: Annotated[str, Field(max_length=5000)] = ""
    website: WebAddress = None
    email: Email = None


class ServiceFacts(Facts):
    """A service. `source`: the page or the paper that it stands on, as it stood on `verified_on`."""

    name: Name
    alternate_name: Line = None
    description: Text = None
    url: WebAddress = None
    email: Email = None
    status: ServiceStatus = ServiceStatus.ACTIVE
    fees_description: Text = None
    eligibility_description: Text = None
    application_process: Text = None
    interpretation_services: Text = None
    minimum_age: Age = None
    maximum_age: Age = None
    alert: Text = None
    topics: Annotated[list[str], AfterValidator(_known_topics)] = Field(default_factory=list)
    source: Annotated[str, Field(max_length=300)] = ""
    verified_on: Day = None
    valid_to: Day = None

    @model_validator(mode="after")
    def _is_possible(self) -> ServiceFacts:
        _in_order("valid_to", self.verified_on, self.valid_to)
        if self.minimum_age is not None and self.maximum_age is not None:
            _refuse("maximum_age", self.maximum_age < self.minimum_age)
        return self


class LocationFacts(Facts):
    """A place. `latitude` and `longitude` are rounded to three digits."""

    location_type: LocationType = LocationType.PHYSICAL
    url: WebAddress = None
    name: Line = None
    description: Text = None
    transportation: Text = None
    address: Line = None
    town: Annotated[str | None, Field(max_length=80), _EMPTY] = None
    province: Annotated[str | None, Field(max_length=80), _EMPTY] = None
    postal_code: Annotated[str | None, Field(max_length=10), _EMPTY] = None
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] = "IT"
    latitude: Annotated[Decimal | None, Field(ge=-90, le=90), _EMPTY, AfterValidator(_rounded)] = None
    longitude: Annotated[Decimal | None, Field(ge=-180, le=180), _EMPTY, AfterValidator(_rounded)] = None
    step_free: Annotated[bool | None, _EMPTY] = None

    @model_validator(mode="after")
    def _is_possible(self) -> LocationFacts:
        _refuse("longitude", (self.latitude is None) != (self.longitude is None))
        return self


class PhoneFacts(Facts):
    """A number as people dial it."""

    number: Annotated[str, Field(min_length=2, max_length=40, pattern=r"^[0-9+*#()/ .-]+$"), _EMPTY]
    kind: Annotated[str, Field(pattern=r"^(voice|cell|text|fax|video|pager|textphone)$")] = "voice"
    description: Text = None
    languages: list[LanguageTag] = Field(default_factory=list)


class ScheduleFacts(Facts):
    """Hours, special hours, or closed days."""

    kind: ScheduleKind = ScheduleKind.REGULAR
    on_holidays: HolidayRule = HolidayRule.CLOSED
    freq: Annotated[Frequency | None, _EMPTY] = None
    every: Annotated[int, Field(ge=1, le=52)] = 1
    byday: Annotated[str | None, Field(max_length=60), _EMPTY, AfterValidator(_days)] = None
    bymonthday: Annotated[str | None, Field(max_length=100), _EMPTY, AfterValidator(_monthdays)] = None
    dtstart: Day = None
    until: Day = None
    valid_from: Day = None
    valid_to: Day = None
    opens_at: Annotated[time | None, _EMPTY] = None
    closes_at: Annotated[time | None, _EMPTY] = None
    description: Text = None

    @model_validator(mode="after")
    def _is_possible(self) -> ScheduleFacts:
        _refuse("closes_at", (self.opens_at is None) != (self.closes_at is None))
        _refuse("opens_at", self.kind is ScheduleKind.CLOSED and self.opens_at is not None)
        _in_order("valid_to", self.valid_from, self.valid_to)
        _in_order("until", self.dtstart, self.until)
        _refuse("dtstart", self.every > 1 and self.dtstart is None)
        nth = self.byday is not None and any(each for each, _ in read_byday(self.byday))
        _refuse("byday", nth and self.freq is not Frequency.MONTHLY)
        return self


class CostFacts(Facts):
    """What it costs, in one case; `currency` is ISO 4217."""

    option: Line = None
    amount: Annotated[Decimal | None, Field(ge=0, le=1_000_000, decimal_places=2), _EMPTY] = None
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = "EUR"
    amount_description: Annotated[str | None, Field(max_length=300), _EMPTY] = None
    valid_from: Day = None
    valid_to: Day = None


class DocumentFacts(Facts):
    """A paper that one brings."""

    document: Annotated[str, Field(min_length=1, max_length=5000), _EMPTY]
    uri: WebAddress = None


class AccessibilityFacts(Facts):
    """How a place is reached and used."""

    description: Annotated[str, Field(min_length=1, max_length=5000), _EMPTY]
    details: Text = None
    url: WebAddress = None


class ContactFacts(Facts):
    """An office that one turns to; `department`, because people's names do not belong here."""

    department: Name
    email: Email = None
    phones: list[PhoneFacts] = Field(default_factory=list)


Read = TypeVar("Read", bound=Facts)


def read_facts(kind: type[Read], raw: Mapping[str, Any]) -> Read:
    """Read what is known of an entry.

    Raises:
        EntryRefused: fields are wrong.
    """
    try:
        return kind.model_validate(dict(raw))
    except ValidationError as error:
        raise EntryRefused(_field_of(each) for each in error.errors()) from error


def _field_of(error: Any) -> str:
    """Return the field that is wrong: a rule over several of them names the one to mend."""
    if error["loc"]:
        return ".".join(str(part) for part in error["loc"])
    return str(error["ctx"]["error"]) if "ctx" in error else ""


def _refuse(field: str, wrong: bool) -> None:
    if wrong:
        raise ValueError(field)


def _in_order(field: str, first: date | None, last: date | None) -> None:
    _refuse(field, first is not None and last is not None and last < first)
