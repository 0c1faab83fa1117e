"""What the pages of mediation post, read field by field: the whole form, or every fault of it at once."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, TypeVar

from backoffice.case.municipalities import municipality_names
from backoffice.mediation.errors import FormIncomplete
from backoffice.mediation.models import (
    LanguageLevel,
    MediationMode,
    MediationSetting,
)
from backoffice.mediation.roster import ProfileFacts
from backoffice.mediation.states import QUARTER
from backoffice.mediation.varieties import is_variety
from backoffice.posted import Fields, day_typed, one
from backoffice.staff.models import Gender
from backoffice.viewing.errors import MomentRefused
from backoffice.viewing.moments import in_italy
from translations.languages import LANGUAGES

MINUTES = (30, 45, 60, 75, 90, 120, 150, 180, 240, 300, 360, 480)
"""How long a mediator can be asked for."""

FURTHEST = timedelta(days=366)
LONGEST_WORDS = 2000
MOST_QUARTERS = 48
MOST_HOURS_YEAR = 10_000

Code = TypeVar("Code", bound=StrEnum)


@dataclass
class Reading:
    """A form that is being read, and what was wrong with it so far."""

    fields: Fields
    faults: dict[str, str] = field(default_factory=dict)

    def one(self, name: str, longest: int = 200) -> str:
        """Return what was typed, no longer than so many letters."""
        return one(self.fields, name)[:longest].strip()

    def words(self, name: str, longest: int = LONGEST_WORDS) -> str | None:
        """Return words of several lines; None for an empty field."""
        return self.one(name, longest).replace("\r\n", "\n") or None

    def ticked(self, name: str) -> bool:
        """Tell whether a box was ticked."""
        return self.one(name) == "yes"

    def code(self, kind: type[Code], name: str) -> Code | None:
        """Return a chosen code; None where the form does not offer it."""
        try:
            return kind(self.one(name))
        except ValueError:
            return None

    def wanted(self, kind: type[Code], name: str, why: str) -> Code | None:
        """Return a code that must be chosen; a fault where none is."""
        found = self.code(kind, name)
        if found is None:
            self.faults[name] = why
        return found

    def whole(self, name: str, *, most: int, why: str, is_wanted: bool = True) -> int | None:
        """Return a whole number from nought to `most`; a fault for what is none."""
        typed = self.one(name)
        if not typed and not is_wanted:
            return None
        if not (typed.isascii() and typed.isdecimal() and len(typed) < 7 and int(typed) <= most):
            self.faults[name] = why
            return None
        return int(typed)

    def all_of(self, kind: type[Code], name: str) -> tuple[Code, ...]:
        """Return the codes that were ticked, in the order of the list."""
        ticked = set(self.fields.get(name, ()))
        return tuple(each for each in kind if each.value in ticked)

    def end(self) -> None:
        """Go on where nothing was wrong.

        Raises:
            FormIncomplete: something was.
        """
        if self.faults:
            raise FormIncomplete(self.faults)


@dataclass(frozen=True)
class RequestFacts:
    """What a service asks for; the names are those of `MediationRequest`."""

    values: dict[str, Any]


def read_request(fields: Fields, *, now: datetime) -> RequestFacts:
    """Return what is asked for.

    Raises:
        FormIncomplete: something is missing or cannot be.
    """
    form = Reading(fields)
    language = form.one("language")
    if language not in LANGUAGES or language == "it":
        form.faults["language"] = "language"
    of_language, _, variety = form.one("variety").partition(".")
    setting = form.wanted(MediationSetting, "setting", "setting")
    mode = form.wanted(MediationMode, "mode", "mode")
    minutes = form.whole("minutes", most=480, why="minutes")
    if minutes not in MINUTES:
        form.faults["minutes"] = "minutes"
    starts_at = read_moment(form, now=now)
    town, place = form.one("municipality"), form.words("place", 500)
    if mode is MediationMode.PRESENCE:
        if town not in municipality_names():
            form.faults["municipality"] = "municipality"
        if place is None:
            form.faults["place"] = "place"
    contact = form.words("contact", 300)
    if contact is None:
        form.faults["contact"] = "contact"
    form.end()
    return RequestFacts(
        {
            "language": language,
            "variety": variety if of_language == language and is_variety(language, variety) else None,
            "setting": setting,
            "mode": mode,
            "municipality": town if town in municipality_names() else None,
            "place": place,
            "starts_at": starts_at,
            "is_latest": form.one("when") == "within",
            "minutes": minutes,
            "gender_wished": form.code(Gender, "gender"),
            "topic": form.words("topic"),
            "contact": contact,
            "urgent": form.ticked("urgent"),
            "confidential": form.ticked("confidential"),
        }
    )


def read_moment(form: Reading, *, now: datetime) -> datetime | None:
    """Return the moment of the fields `day` and `time`, typed in Italy's time; a fault for what is none."""
    try:
        moment = in_italy(f"{form.one('day', 10)}T{form.one('time', 5)}")
    except MomentRefused:
        form.faults["day"] = "moment"
        return None
    if moment <= now:
        form.faults["day"] = "past"
    elif moment > now + FURTHEST:
        form.faults["day"] = "far"
    return moment


@dataclass(frozen=True)
class ReportFacts:
    """What a mediator reports; times in quarters of an hour."""

    worked_quarters: int
    travel_quarters: int
    words: str | None
    cultural: str | None
    follow_up_wanted: bool


def read_report(fields: Fields) -> ReportFacts:
    """Return what was done.

    Raises:
        FormIncomplete: a time is missing.
    """
    form = Reading(fields)
    worked = form.whole("worked", most=MOST_QUARTERS, why="worked")
    travel = form.whole("travel", most=MOST_QUARTERS, why="travel")
    if worked == 0:
        form.faults["worked"] = "worked"
    form.end()
    assert worked is not None
    assert travel is not None
    return ReportFacts(worked, travel, form.words("report"), form.words("cultural"), form.ticked("follow_up"))


def read_code(fields: Fields, kind: type[Code], name: str, why: str) -> Code:
    """Return a code that must be chosen.

    Raises:
        FormIncomplete: none is.
    """
    form = Reading(fields)
    found = form.wanted(kind, name, why)
    form.end()
    assert found is not None
    return found


def read_words(fields: Fields, name: str, why: str) -> str:
    """Return words that must be there.

    Raises:
        FormIncomplete: there are none.
    """
    form = Reading(fields)
    found = form.words(name)
    if found is None:
        form.faults[name] = why
    form.end()
    return found or ""


def read_quarters(fields: Fields, name: str, *, most: int = MOST_QUARTERS) -> int:
    """Return quarters of an hour.

    Raises:
        FormIncomplete: it is no such number.
    """
    form = Reading(fields)
    found = form.whole(name, most=most, why="worked")
    form.end()
    assert found is not None
    return found


def read_hours(fields: Fields) -> int:
    """Return the quarters of an hour of a year's budget, typed in hours.

    Raises:
        FormIncomplete: it is no whole number.
    """
    form = Reading(fields)
    found = form.whole("hours", most=MOST_HOURS_YEAR, why="hours")
    form.end()
    assert found is not None
    return found * 60 // QUARTER


def read_week(fields: Fields) -> list[tuple[int, time, time]]:
    """Return the stretches of a week: `from_<day>` and `to_<day>`, as many times as there are.

    Raises:
        FormIncomplete: half of one, one that ends before it begins, or two that lie over each other.
    """
    form = Reading(fields)
    spans: list[tuple[int, time, time]] = []
    for weekday in range(7):
        pairs = zip(fields.get(f"from_{weekday}", ()), fields.get(f"to_{weekday}", ()), strict=False)
        of_day = [_span(begins, ends) for begins, ends in pairs if begins.strip() or ends.strip()]
        known = sorted(each for each in of_day if each is not None)
        overlaps = any(first[1] > second[0] for first, second in itertools.pairwise(known))
        if len(known) < len(of_day) or overlaps:
            form.faults[f"from_{weekday}"] = "week"
        spans += [(weekday, begins, ends) for begins, ends in known]
    form.end()
    return spans


def read_days(fields: Fields) -> tuple[date, date]:
    """Return the first and the last day of an absence; one day where no last one is typed.

    Raises:
        FormIncomplete: no day, or they are the wrong way round.
    """
    form = Reading(fields)
    first = day_typed(form.one("from_on"))
    last = day_typed(form.one("until_on")) if form.one("until_on") else first
    if first is None:
        form.faults["from_on"] = "day"
    elif last is None or last < first or last > first + FURTHEST:
        form.faults["until_on"] = "days"
    form.end()
    assert first is not None
    assert last is not None
    return first, last


def read_profile(fields: Fields, languages: Iterable[str]) -> ProfileFacts:
    """Return what is known of a mediator who speaks some languages.

    Raises:
        FormIncomplete: the most hours are no number.
    """
    form = Reading(fields)
    spoken = list(languages)
    levels = {each: form.code(LanguageLevel, f"level_{each}") for each in spoken}
    most = form.whole("most_hours", most=300, why="most_hours", is_wanted=False)
    form.end()
    towns = set(fields.get("municipality", ()))
    return ProfileFacts(
        varieties={
            each: [code for code in fields.get(f"variety_{each}", ()) if is_variety(each, code)]
            for each in spoken
        },
        levels={each: level for each, level in levels.items() if level is not None},
        settings=form.all_of(MediationSetting, "setting"),
        modes=form.all_of(MediationMode, "mode"),
        municipalities=tuple(name for name in municipality_names() if name in towns),
        certificate=form.one("certificate") or None,
        most_hours_month=most,
        phone=form.one("phone", 40) or None,
    )


def _span(begins: str, ends: str) -> tuple[time, time] | None:
    try:
        found = time.fromisoformat(begins.strip()), time.fromisoformat(ends.strip())
    except ValueError:
        return None
    if any(each.tzinfo for each in found):
        return None
    return found if found[0] < found[1] else None
