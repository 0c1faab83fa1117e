"""What the pages of the register post and are asked for, read from forms and addresses."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, TypeVar
from urllib.parse import urlencode

from fastapi import Query
from pydantic import BaseModel, Field

from backoffice.care_worker.availability import DAY_MINUTES, Span
from backoffice.care_worker.errors import PartRefused
from backoffice.care_worker.models import WorkerState
from backoffice.care_worker.queries import WorkerFilters
from backoffice.care_worker.skills import SkillFacts
from backoffice.care_worker.work import PeriodFacts
from backoffice.client.schemas import CareSchedule, CareSkill, SkillOrigin
from backoffice.italy import ROME
from backoffice.posted import Fields, one

Code = TypeVar("Code", bound=StrEnum)

YES_NO = {"yes": True, "no": False}


class WorkerSearch(BaseModel):
    """The filters of workers as they stand in the address. What no list knows narrows nothing."""

    state: Annotated[str, Field(max_length=40)] = ""
    skill: Annotated[str, Field(max_length=40)] = ""
    language: Annotated[str, Field(max_length=10)] = ""
    schedule: Annotated[str, Field(max_length=40)] = ""
    municipality: Annotated[str, Field(max_length=80)] = ""
    permit: Annotated[str, Field(max_length=10)] = ""
    q: Annotated[str, Field(max_length=200)] = ""
    cursor: Annotated[str, Field(max_length=200)] = ""

    def filters(self, today: date) -> WorkerFilters:
        """Return them as a list is narrowed by them."""
        return WorkerFilters(
            today=today,
            state=_known(WorkerState, self.state),
            skill=_known(CareSkill, self.skill),
            language=self.language or None,
            schedule=_known(CareSchedule, self.schedule),
            municipality=self.municipality or None,
            permit_ends=self.permit == "ends",
            q=self.q,
        )

    @property
    def is_narrowed(self) -> bool:
        """Whether any filter is set."""
        return any(self.model_dump(exclude={"cursor"}).values())

    def address(self, **changed: str) -> str:
        """Return the address of the list with some parts changed."""
        asked = {name: value for name, value in {**self.model_dump(), **changed}.items() if value}
        return f"/care/workers?{urlencode(asked)}" if asked else "/care/workers"


WorkersAsked = Annotated[WorkerSearch, Query()]


def code_of(kind: type[Code], fields: Fields, name: str) -> Code:
    """Return a chosen code.

    Raises:
        PartRefused: the form does not offer it.
    """
    found = _known(kind, one(fields, name))
    if found is None:
        raise PartRefused({name: "care_workers.wrong.choice"})
    return found


def day_of(fields: Fields, name: str) -> date | None:
    """Return a day; None for an empty field.

    Raises:
        PartRefused: it is none.
    """
    typed = one(fields, name)
    if not typed:
        return None
    try:
        return date.fromisoformat(typed)
    except ValueError as error:
        raise PartRefused({name: "care_workers.wrong.day"}) from error


def wanted_day(fields: Fields, name: str) -> date:
    """Return a day that must be there.

    Raises:
        PartRefused: it is none.
    """
    day = day_of(fields, name)
    if day is None:
        raise PartRefused({name: "care_workers.wrong.day"})
    return day


def moment_of(fields: Fields, name: str) -> datetime:
    """Return a moment, typed in Italy's time.

    Raises:
        PartRefused: it is none.
    """
    try:
        return datetime.fromisoformat(one(fields, name)).replace(tzinfo=ROME)
    except ValueError as error:
        raise PartRefused({name: "care_workers.wrong.moment"}) from error


def whole(fields: Fields, name: str) -> int | None:
    """Return a whole number; None for an empty field.

    Raises:
        PartRefused: it is none.
    """
    typed = one(fields, name)
    if not typed:
        return None
    if not (typed.isascii() and typed.isdecimal() and len(typed) < 6):
        raise PartRefused({name: "care_workers.wrong.number"})
    return int(typed)


def id_of(fields: Fields, name: str) -> str | None:
    """Return an id; None for an empty field."""
    return one(fields, name)[:36] or None


def read_skill(fields: Fields) -> SkillFacts:
    """Return a skill as typed.

    Raises:
        PartRefused: something of it cannot be read.
    """
    return SkillFacts(
        skill=code_of(CareSkill, fields, "skill"),
        origin=code_of(SkillOrigin, fields, "origin"),
        years=whole(fields, "years"),
        document_id=id_of(fields, "document"),
        note=one(fields, "note"),
    )


def read_period(fields: Fields) -> PeriodFacts:
    """Return a time of work as typed.

    Raises:
        PartRefused: something of it cannot be read.
    """
    return PeriodFacts(
        started_on=wanted_day(fields, "started_on"),
        ended_on=day_of(fields, "ended_on"),
        is_regular=one(fields, "is_regular") == "yes",
        hours_week=whole(fields, "hours_week"),
        is_in_italy=one(fields, "is_in_italy") != "no",
        document_id=id_of(fields, "document"),
        note=one(fields, "note"),
    )


def read_week(fields: Fields) -> list[Span]:
    """Return the usual week as typed: `from_<day>` and `to_<day>`, as many times as there are times.

    Raises:
        PartRefused: what is no time of the day, or half of one.
    """
    spans: list[Span] = []
    for weekday in range(7):
        begins, ends = fields.get(f"from_{weekday}", []), fields.get(f"to_{weekday}", [])
        for begin, end in zip(begins, ends, strict=False):
            if begin.strip() or end.strip():
                name = f"day_{weekday}"
                until = _minute(end, name)
                spans.append(Span(weekday, _minute(begin, name), until or DAY_MINUTES))
    return spans


def _minute(typed: str, name: str) -> int:
    hour, _, minute = typed.strip().partition(":")
    if not (hour.isdecimal() and minute.isdecimal() and len(hour) <= 2 and len(minute) == 2):
        raise PartRefused({name: "care_workers.wrong.time"})
    found = int(hour) * 60 + int(minute)
    if int(minute) > 59 or found > DAY_MINUTES:
        raise PartRefused({name: "care_workers.wrong.time"})
    return found


def _known(kind: type[Code], value: str) -> Code | None:
    try:
        return kind(value)
    except ValueError:
        return None
