"""What is known of a course, read from forms and from the API alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from backoffice.care_training.errors import CourseRefused
from backoffice.care_training.models import Course, CourseKind
from backoffice.case.municipalities import municipality_names


def _none_if_empty(value: Any) -> Any:
    if isinstance(value, str):
        value = value.strip()
    return None if value == "" else value


def _town(value: str | None) -> str | None:
    if value is not None and value not in municipality_names():
        raise ValueError("not one of the 48 towns")
    return value


Empty = BeforeValidator(_none_if_empty)


class CourseFacts(BaseModel):
    """A course as the desk writes it. `hours` are those that count for the register; sums are euros."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: CourseKind
    title: Annotated[str, Empty, Field(max_length=200)]
    provider: Annotated[str, Empty, Field(max_length=200)]
    hours: Annotated[int, Field(ge=1, le=2000)]
    seats: Annotated[int, Field(ge=1, le=500)]
    municipality: Annotated[str | None, Field(max_length=80), Empty] = None
    place: Annotated[str | None, Field(max_length=300), Empty] = None
    timetable: Annotated[str | None, Field(max_length=500), Empty] = None
    starts_on: Annotated[date | None, Empty] = None
    ends_on: Annotated[date | None, Empty] = None
    cost_eur: Annotated[int | None, Field(ge=0, le=100_000), Empty] = None

    @model_validator(mode="after")
    def _is_possible(self) -> CourseFacts:
        _town(self.municipality)
        return self


@dataclass(frozen=True)
class CourseRead:
    """What was read, or the fields that are wrong."""

    facts: CourseFacts | None
    wrong: tuple[str, ...] = ()


def read_course(raw: Mapping[str, Any]) -> CourseRead:
    """Read a course; each field that cannot be so is named once, in the order of the form."""
    wrong: list[str] = []
    try:
        facts = CourseFacts.model_validate(dict(raw))
    except ValidationError as error:
        wrong = [str(each["loc"][0]) if each["loc"] else "municipality" for each in error.errors()]
        return CourseRead(None, tuple(name for name in CourseFacts.model_fields if name in wrong))
    if facts.starts_on and facts.ends_on and facts.ends_on < facts.starts_on:
        return CourseRead(None, ("ends_on",))
    return CourseRead(facts)


def require_course(raw: Mapping[str, Any]) -> CourseFacts:
    """Return a course as read.

    Raises:
        CourseRefused: fields are wrong.
    """
    read = read_course(raw)
    if read.facts is None:
        raise CourseRefused(read.wrong)
    return read.facts


def facts_of(course: Course) -> dict[str, Any]:
    """Return what is known of a course, by field."""
    return {name: getattr(course, name) for name in CourseFacts.model_fields}
