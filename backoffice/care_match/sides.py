"""What matching may know of a family assistant and of a family's request: nothing else can enter it.

There is no field for a name, a nationality, a religion, a skin, an age or an origin, and none may be added
(`docs/matching.md`): who tried would have to change these types, which a test reads. A woman or a man is
asked after only by who is washed and dressed; a permit counts only for whether the law allows the work.
None, or an empty tuple, is "not known".
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from backoffice.care_match.places import TOWN_NUMBER
from backoffice.care_request.service import INTIMATE
from backoffice.care_worker.models import WorkerState
from backoffice.client.schemas import (
    CareAbility,
    CareCertificate,
    CareLimit,
    CareSchedule,
    CaresFor,
    CareSkill,
    DomesticTask,
    GenderWished,
    ItalianLevel,
    PermitState,
    Transport,
)

WEEK = (0, 1, 2, 3, 4, 5, 6)


@dataclass(frozen=True)
class Worker:
    """What a family assistant can do and when. Hours are those of a week; weekdays count from Monday, 0.

    `key` is the case, which tells nothing of who it is. `towns`: where they can work, the first is theirs.
    `recognised`: skills that the desk made sure of. `right_ends`: the right to work is given for a time,
    `works_until` is its last day if known, `is_renewed`: the papers are being renewed. `engaged_hours`: of
    the contracts that run, None where one does not say.
    """

    key: str = ""
    is_registered: bool = False
    shows_profile: bool = False
    towns: tuple[str, ...] = ()
    years: int | None = None
    skills: tuple[str, ...] = ()
    recognised: tuple[str, ...] = ()
    good_references: int = 0
    schedules: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    free_from: date | None = None
    may_work: bool | None = None
    right_ends: bool = True
    works_until: date | None = None
    is_renewed: bool = False
    abilities: tuple[str, ...] = ()
    certificates: tuple[str, ...] = ()
    transport: tuple[str, ...] = ()
    italian: ItalianLevel | None = None
    hours_most: int | None = None
    free_days: tuple[int, ...] = WEEK
    limits: tuple[str, ...] = ()
    cares_for: CaresFor | None = None
    gender: GenderWished | None = None
    absences: tuple[tuple[date, date], ...] = ()
    engaged_hours: int | None = 0
    lives_in: bool = False


@dataclass(frozen=True)
class Request:
    """What a family needs. `starts_on` is never past; `days` empty: on any; `known`: who worked well there.

    `gender_wished` is there only with intimate care.
    """

    starts_on: date
    town: str | None = None
    needs: tuple[str, ...] = ()
    schedules: tuple[str, ...] = ()
    hours_week: int | None = None
    self_sufficient: bool | None = None
    abilities: tuple[str, ...] = ()
    tasks: tuple[str, ...] = ()
    days: tuple[int, ...] = ()
    pets: bool | None = None
    smokers: bool | None = None
    stairs: bool | None = None
    languages: tuple[str, ...] = ()
    gender_wished: GenderWished | None = None
    known: tuple[str, ...] = ()

    @property
    def lives_in(self) -> bool:
        """Whether the assistant is to live there."""
        return CareSchedule.LIVE_IN in self.schedules

    @property
    def is_intimate(self) -> bool:
        """Whether somebody is to be washed or changed."""
        return any(each in INTIMATE for each in self.abilities)


@dataclass(frozen=True)
class Register:
    """What the register says of a family assistant beside their own answers."""

    state: WorkerState = WorkerState.APPLIED
    shows_profile: bool = False
    permit_expires_on: date | None = None
    recognised: tuple[str, ...] = ()
    good_references: int = 0
    free_days: tuple[int, ...] = ()
    absences: tuple[tuple[date, date], ...] = ()
    engaged_hours: int | None = 0
    lives_in: bool = False
    gender: GenderWished | None = None


def worker_of_answers(key: str, intake: Mapping[str, Any], register: Register, *, today: date) -> Worker:
    """Return what matching may know of a family assistant, from the intake of the case and the register.

    An intake of another shape gives what it has. A citizen of the EU needs no permit, as one who has none
    to show: which of the two it is, is not kept.
    """
    permit = _one(PermitState, intake.get("permit"))
    is_free_to_work = bool(intake.get("eu_citizen")) or permit is PermitState.NOT_NEEDED
    right_ends = not is_free_to_work and permit is not PermitState.LONG_TERM
    free_from = _day(intake.get("availability_from"))
    not_possible = set(intake.get("days_not_possible") or ())
    days = register.free_days or WEEK
    return Worker(
        key=key,
        is_registered=register.state is WorkerState.REGISTERED,
        shows_profile=register.shows_profile,
        towns=_towns(intake.get("municipalities")),
        years=intake.get("years_experience"),
        skills=_known(CareSkill, intake.get("skills")),
        recognised=_known(CareSkill, register.recognised),
        good_references=register.good_references,
        schedules=_known(CareSchedule, intake.get("schedules")),
        languages=_languages(intake.get("languages")),
        free_from=None if free_from is None else max(free_from, today),
        may_work=True if is_free_to_work else _may_work(intake.get("permit_allows_work"), permit),
        right_ends=right_ends,
        works_until=register.permit_expires_on if right_ends else None,
        is_renewed=right_ends and permit is PermitState.BEING_RENEWED,
        abilities=_known(CareAbility, intake.get("abilities")),
        certificates=_known(CareCertificate, intake.get("certificates")),
        transport=_known(Transport, intake.get("transport")),
        italian=_one(ItalianLevel, intake.get("italian")),
        hours_most=intake.get("hours_week_most"),
        free_days=tuple(day for day in days if day not in not_possible),
        limits=_known(CareLimit, intake.get("limits")),
        cares_for=_one(CaresFor, intake.get("cares_for")),
        gender=register.gender,
        absences=register.absences,
        engaged_hours=register.engaged_hours,
        lives_in=register.lives_in,
    )


def request_of_answers(intake: Mapping[str, Any], known: Collection[str], *, today: date) -> Request:
    """Return what matching may know of a request, from the intake of its case.

    `known`: the cases of family assistants who worked well for this family.
    """
    starts_on = _day(intake.get("start_from"))
    abilities = _known(CareAbility, intake.get("abilities"))
    towns = _towns([intake.get("municipality") or ""])
    is_intimate = any(each in INTIMATE for each in abilities)
    return Request(
        starts_on=today if starts_on is None else max(starts_on, today),
        town=towns[0] if towns else None,
        needs=_known(CareSkill, intake.get("needs")),
        schedules=_known(CareSchedule, intake.get("schedules")),
        hours_week=intake.get("hours_week"),
        self_sufficient=intake.get("self_sufficient"),
        abilities=abilities,
        tasks=_known(DomesticTask, intake.get("tasks")),
        days=tuple(sorted({day for day in intake.get("days") or () if day in WEEK})),
        pets=intake.get("pets"),
        smokers=intake.get("smokers"),
        stairs=intake.get("stairs"),
        languages=_languages(intake.get("languages")),
        gender_wished=_one(GenderWished, intake.get("gender_wished")) if is_intimate else None,
        known=tuple(sorted(known)),
    )


def _may_work(said: str | None, permit: PermitState | None) -> bool | None:
    if said == "no" or permit is PermitState.NONE:
        return False
    return True if said == "yes" else None


def _known(codes: Any, values: Iterable[str] | None) -> tuple[str, ...]:
    there = {each.value for each in codes}
    return tuple(dict.fromkeys(str(value) for value in values or () if value in there))


def _one(codes: Any, value: str | None) -> Any:
    return codes(value) if value in {each.value for each in codes} else None


def _towns(names: Iterable[str] | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names or () if name in TOWN_NUMBER))


def _languages(codes: Iterable[str] | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(code for code in codes or ()))


def _day(value: str | date | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value
