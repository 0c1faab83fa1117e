"""Which mediators a request is offered to: hard rules first, then an order, each with its reasons.

Pure functions. A wish for a woman or a man is respected, a conflict excludes; nothing else about a mediator
as a person counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from backoffice.italy import ROME
from backoffice.mediation.models import MediationMode, MediationSetting
from backoffice.staff.models import Gender


class Hindrance(StrEnum):
    """Why a mediator is not offered a request; the words are `backoffice.mediation.hindrance.*`."""

    LANGUAGE = "language"
    GENDER = "gender"
    CONFLICT = "conflict"
    ABSENT = "absent"
    ROSTER = "roster"
    BUSY = "busy"
    MODE = "mode"
    SETTING = "setting"
    AREA = "area"
    HOURS = "hours"


@dataclass(frozen=True)
class Wanted:
    """What a request asks for. `starts_at` is aware; `knows`: mediators who were with this person."""

    language: str
    setting: MediationSetting
    mode: MediationMode
    starts_at: datetime
    minutes: int
    municipality: str | None = None
    variety: str | None = None
    gender: Gender | None = None
    knows: frozenset[str] = frozenset()
    conflicts: frozenset[str] = frozenset()

    @property
    def ends_at(self) -> datetime:
        """When it ends, as asked."""
        return self.starts_at + timedelta(minutes=self.minutes)


@dataclass(frozen=True)
class Mediator:
    """What counts of a mediator. `roster`: weekday (0 is Monday), from, to, in Italy; none: any time.

    `busy`: stretches that are taken; `quarters_month`: already given in the month that is asked about.
    """

    id: str
    languages: frozenset[str]
    gender: Gender | None = None
    varieties: frozenset[str] = frozenset()
    settings: frozenset[MediationSetting] = frozenset()
    modes: frozenset[MediationMode] = frozenset()
    municipalities: frozenset[str] = frozenset()
    roster: tuple[tuple[int, time, time], ...] = ()
    absences: tuple[tuple[date, date], ...] = ()
    busy: tuple[tuple[datetime, datetime], ...] = ()
    quarters_month: int = 0
    most_hours_month: int | None = None


@dataclass(frozen=True)
class Choice:
    """A mediator for a request: what stands in the way, if anything, and what speaks for them."""

    mediator: Mediator
    hindrances: tuple[Hindrance, ...]
    reasons: tuple[str, ...] = field(default=())

    @property
    def fits(self) -> bool:
        """Whether nothing stands in the way."""
        return not self.hindrances


def choose(wanted: Wanted, mediators: Iterable[Mediator]) -> list[Choice]:
    """Return every mediator who speaks the language, those who fit first and in their order.

    The same mediator as before comes first, then who speaks the variety, then who has given fewest hours.
    """
    known = [consider(wanted, each) for each in mediators if wanted.language in each.languages]
    return sorted(known, key=_order)


def consider(wanted: Wanted, mediator: Mediator) -> Choice:
    """Return what stands between a mediator and a request, and what speaks for them."""
    found = []
    if wanted.language not in mediator.languages:
        found.append(Hindrance.LANGUAGE)
    if wanted.gender is not None and mediator.gender is not wanted.gender:
        found.append(Hindrance.GENDER)
    if mediator.id in wanted.conflicts:
        found.append(Hindrance.CONFLICT)
    found += _of_time(wanted, mediator)
    if mediator.modes and wanted.mode not in mediator.modes:
        found.append(Hindrance.MODE)
    if mediator.settings and wanted.setting not in mediator.settings:
        found.append(Hindrance.SETTING)
    if not _reaches(wanted, mediator):
        found.append(Hindrance.AREA)
    most = mediator.most_hours_month
    if most is not None and mediator.quarters_month + -(-wanted.minutes // 15) > most * 4:
        found.append(Hindrance.HOURS)
    return Choice(mediator, tuple(found), _reasons(wanted, mediator))


def _of_time(wanted: Wanted, mediator: Mediator) -> list[Hindrance]:
    found = []
    begins, ends = wanted.starts_at.astimezone(ROME), wanted.ends_at.astimezone(ROME)
    if any(first <= begins.date() <= last for first, last in mediator.absences):
        found.append(Hindrance.ABSENT)
    in_roster = any(
        weekday == begins.weekday() and opens <= begins.time() and ends.time() <= closes
        for weekday, opens, closes in mediator.roster
    )
    if mediator.roster and not (in_roster and begins.date() == ends.date()):
        found.append(Hindrance.ROSTER)
    if any(start < wanted.ends_at and wanted.starts_at < end for start, end in mediator.busy):
        found.append(Hindrance.BUSY)
    return found


def _reaches(wanted: Wanted, mediator: Mediator) -> bool:
    if wanted.mode is not MediationMode.PRESENCE or not mediator.municipalities:
        return True
    return wanted.municipality is None or wanted.municipality in mediator.municipalities


def _reasons(wanted: Wanted, mediator: Mediator) -> tuple[str, ...]:
    reasons = []
    if mediator.id in wanted.knows:
        reasons.append("knows_person")
    if wanted.variety is not None and wanted.variety in mediator.varieties:
        reasons.append("variety")
    if wanted.gender is not None and mediator.gender is wanted.gender:
        reasons.append("gender")
    return tuple(reasons)


def _order(choice: Choice) -> tuple[bool, bool, bool, int, str]:
    return (
        not choice.fits,
        "knows_person" not in choice.reasons,
        "variety" not in choice.reasons,
        choice.mediator.quarters_month,
        choice.mediator.id,
    )
