"""The same as `engine`, for thousands of pairs at once: columns of numbers instead of single pairs.

What is not known is NaN, which no comparison is true of: so it excludes nobody, as in `rules`. Sets of codes
are bits of a number. The sums are made in the order of `preferences`, so that the scores are the same to
the last digit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from backoffice.care_match import preferences as p
from backoffice.care_match.places import TOWN_NUMBER, distances
from backoffice.care_match.rules import (
    ALTERNATIVES,
    HEAVY,
    MOST_HOURS,
    MOST_HOURS_LIVING_IN,
    WAITS_AT_MOST,
    WITH_ADULTS,
    needed_skills,
)
from backoffice.care_match.sides import Request, Worker
from backoffice.client.schemas import CareAbility, CareLimit, CareSchedule, CareSkill, GenderWished
from backoffice.matching.columns import NAN, Column, Numbers, Rows, all_within, ranked, transposed
from backoffice.matching.scores import NEUTRAL, Fit, Weights

Bools = npt.NDArray[np.bool_]

_NOWHERE = len(TOWN_NUMBER)
_KILOMETRES: Numbers = np.full((_NOWHERE + 1, _NOWHERE + 1), NAN)
_KILOMETRES[:_NOWHERE, :_NOWHERE] = distances()
_BITS: Numbers = np.array([bin(mask).count("1") for mask in range(1 << len(CareAbility))], dtype=np.float64)
_GENDER = {GenderWished.WOMAN: 1.0, GenderWished.MAN: 2.0}


@dataclass(frozen=True)
class _Needs:
    """Requests as columns, or one of them as numbers."""

    starts_on: Column
    town: Column
    schedules: Column
    """What is wanted beside living in or by the hour."""
    either: Column
    """Living in or by the hour, or both where either will do."""
    lives_in: Column
    hours: Column
    days: Column
    children: Column
    with_adults: Column
    counted: Column
    abilities: Column
    heavy: Column
    pets: Column
    smokers: Column
    stairs: Column
    gender: Column


@dataclass(frozen=True)
class _Offers:
    """Family assistants as columns, or one of them as numbers."""

    is_shown: Column
    may_work: Column
    works_until: Column
    """The last day as far as it excludes: NaN where papers are being renewed."""
    towns: Column
    home: Column
    schedules: Column
    days_lacking: Column
    free_from: Column
    hours_most: Column
    engaged_hours: Column
    is_engaged: Column
    lives_in: Column
    skills: Column
    recognised: Column
    abilities: Column
    limits: Column
    gender: Column
    reach: Column
    experience: Column
    italian: Column
    training: Column


class WorkerTable:
    """Family assistants, ready to be held against requests."""

    def __init__(self, workers: Mapping[str, Worker]) -> None:
        self.ids = sorted(workers)
        listed = [workers[key] for key in self.ids]
        self._table = transposed([_offer(each) for each in listed], len(fields(_Offers)))
        self._shown: Rows = np.flatnonzero(self._table[0] == 1)
        self._spoken = _Spoken([p.spoken_beside(each.languages) for each in listed])
        self._speaks = np.array([bool(each.languages) for each in listed], dtype=np.bool_)
        self._away = _absences(listed)
        self._key = {each.key: row for row, each in enumerate(listed)}

    def workers_for(self, request: Request, weights: Weights) -> list[Fit]:
        """Return the workers that fit a request, the best first."""
        needs, rows = _Needs(*_need(request)), self._shown
        if rows.size:
            offers = _Offers(*self._table[:, rows])
            rows = rows[~(_excluded(needs, offers) | _is_away(self._away[:, :, rows], needs.starts_on))]
        if not rows.size:
            return []
        apart = {"language": self._languages(request, rows), "continuity": self._continuity(request, rows)}
        return ranked(self.ids, rows, _scores(needs, _Offers(*self._table[:, rows]), apart, weights))

    def _languages(self, request: Request, rows: Rows) -> Column:
        wished = p.spoken_beside(request.languages)
        if not wished:
            return NAN
        in_common = self._spoken.any_of(wished)[rows]
        return np.where(self._speaks[rows], in_common.astype(np.float64), NAN)

    def _continuity(self, request: Request, rows: Rows) -> Column:
        if not request.known:
            return NAN
        known = [self._key[key] for key in request.known if key in self._key]
        return np.isin(rows, known).astype(np.float64)


class RequestTable:
    """Requests of families, ready to be held against family assistants."""

    def __init__(self, requests: Mapping[str, Request]) -> None:
        self.ids = sorted(requests, key=lambda key: (requests[key].starts_on, key))
        self._listed = [requests[key] for key in self.ids]
        self._table = transposed([_need(each) for each in self._listed], len(fields(_Needs)))

    def requests_for(self, worker: Worker, weights: Weights) -> list[Fit]:
        """Return the requests that a worker fits, the best first."""
        if not self.ids or not (worker.is_registered and worker.shows_profile):
            return []
        needs, offer = _Needs(*self._table), _Offers(*_offer(worker))
        rows = np.flatnonzero(~(_excluded(needs, offer) | _is_away(_absences([worker]), needs.starts_on)))
        if not rows.size:
            return []
        some = [self._listed[row] for row in rows]
        apart: dict[str, Column] = {
            "language": np.array([_number(p.language(each, worker)) for each in some]),
            "continuity": np.array([_number(p.continuity(each, worker)) for each in some]),
        }
        return ranked(self.ids, rows, _scores(_Needs(*self._table[:, rows]), offer, apart, weights))


class _Spoken:
    """Which rows speak a language."""

    def __init__(self, rows: Sequence[set[str]]) -> None:
        self._size = len(rows)
        self._by_language = {
            each: np.array([each in row for row in rows], dtype=np.bool_) for each in set().union(*rows)
        }

    def any_of(self, languages: Iterable[str]) -> Bools:
        found = np.zeros(self._size, dtype=np.bool_)
        for each in languages:
            if each in self._by_language:
                found |= self._by_language[each]
        return found


def every_match(
    requests: Mapping[str, Request], workers: Mapping[str, Worker], weights: Weights
) -> Iterator[tuple[str, list[Fit]]]:
    """Match all with all: each request with the workers that fit it, the best first."""
    table = WorkerTable(workers)
    for key, request in requests.items():
        yield key, table.workers_for(request, weights)


def _need(request: Request) -> tuple[float, ...]:
    children, adults, _home = needed_skills(request)
    either = [each for each in request.schedules if each in ALTERNATIVES]
    return (
        float(request.starts_on.toordinal()),
        float(_NOWHERE if request.town is None else TOWN_NUMBER[request.town]),
        _mask(CareSchedule, [each for each in request.schedules if each not in ALTERNATIVES]),
        _mask(CareSchedule, either),
        float(request.lives_in),
        _number(request.hours_week),
        float(sum(1 << day for day in request.days)),
        float(children),
        float(bool(adults)),
        _mask(CareSkill, p.skills_counted(request)),
        _mask(CareAbility, request.abilities),
        float(any(each in HEAVY for each in request.abilities)),
        float(request.pets is True),
        float(request.smokers is True),
        float(request.stairs is True),
        NAN if request.gender_wished is None else _GENDER[request.gender_wished],
    )


def _offer(worker: Worker) -> tuple[float, ...]:
    ends = worker.works_until if worker.right_ends and not worker.is_renewed else None
    return (
        float(worker.is_registered and worker.shows_profile),
        _number(worker.may_work),
        NAN if ends is None else float(ends.toordinal()),
        float(sum(1 << TOWN_NUMBER[town] for town in set(worker.towns))),
        float(TOWN_NUMBER[worker.towns[0]] if worker.towns else _NOWHERE),
        _mask(CareSchedule, worker.schedules),
        float(sum(1 << day for day in range(7) if day not in worker.free_days)),
        NAN if worker.free_from is None else float(worker.free_from.toordinal()),
        _number(worker.hours_most),
        _number(worker.engaged_hours),
        float(worker.engaged_hours != 0 or worker.lives_in),
        float(worker.lives_in),
        _mask(CareSkill, worker.skills),
        _mask(CareSkill, worker.recognised),
        _mask(CareAbility, worker.abilities),
        _mask(CareLimit, worker.limits),
        NAN if worker.gender is None else _GENDER[worker.gender],
        _number(p.reach_of(worker)),
        _number(p.experience(_NO_REQUEST, worker)),
        _number(p.italian(_NO_REQUEST, worker)),
        _number(p.training(_NO_REQUEST, worker)),
    )


def _excluded(needs: _Needs, worker: _Offers) -> Bools:
    """Tell of each pair whether a rule says no; absences are asked apart."""
    skills, limits = _bits(worker.skills), _bits(worker.limits)
    wanted, there = _bits(needs.schedules), _bits(worker.schedules)
    either = _bits(needs.either)
    asked = (there != 0) & ((wanted | either) != 0)
    most = np.where((needs.lives_in == 1) | (worker.lives_in == 1), MOST_HOURS_LIVING_IN, MOST_HOURS)
    in_town = (_bits(worker.towns) >> np.minimum(_bits(needs.town), _NOWHERE - 1)) & 1
    town_known = (needs.town != _NOWHERE) & (_bits(worker.towns) != 0)
    return np.asarray(
        (worker.is_shown == 0)
        | (worker.may_work == 0)
        | ((worker.may_work == 1) & (worker.works_until < needs.starts_on))
        | (asked & (((wanted & ~there) != 0) | ((either != 0) & ((either & there) == 0))))
        | ((_bits(needs.days) & _bits(worker.days_lacking)) != 0)
        | (worker.free_from - needs.starts_on > WAITS_AT_MOST.days)
        | (needs.hours > worker.hours_most)
        | ((worker.lives_in == 1) & (needs.lives_in == 1))
        | ((worker.is_engaged == 1) & (worker.engaged_hours + needs.hours > most))
        | ((needs.lives_in == 0) & town_known & (in_town == 0))
        | ((needs.children == 1) & ((skills & _CHILDREN) == 0))
        | ((needs.with_adults == 1) & ((skills & _ADULTS) == 0))
        | ((needs.heavy == 1) & ((limits & _HEAVY) != 0))
        | ((worker.gender != needs.gender) & (worker.gender > 0) & (needs.gender > 0))
        | ((needs.pets == 1) & ((limits & _PETS) != 0))
        | ((needs.smokers == 1) & ((limits & _SMOKERS) != 0))
        | ((needs.stairs == 1) & ((limits & _STAIRS) != 0))
    )


def _scores(needs: _Needs, worker: _Offers, apart: Mapping[str, Column], weights: Weights) -> Numbers:
    """Return the weighted mean of the preferences of each pair; `apart`: those that are no numbers."""
    values = {**_values(needs, worker), **apart}
    heavy = sum(weights[code] for code in p.PREFERENCES)
    total: Numbers = np.zeros(max(np.size(needs.starts_on), np.size(worker.home)))
    if heavy == 0:
        return total + NEUTRAL
    for code in p.PREFERENCES:
        value = values[code]
        total += weights[code] * np.where(np.isnan(value), NEUTRAL, value)
    return total / heavy


def _values(needs: _Needs, worker: _Offers) -> dict[str, Column]:
    way = _KILOMETRES[_bits(needs.town), _bits(worker.home)]
    by_way = np.where(way == 0, 1.0, all_within(1 - way / worker.reach))
    return {
        "skill": _skill(needs, worker),
        "experience": worker.experience,
        "distance": np.where(needs.lives_in == 1, 1.0, by_way),
        "italian": worker.italian,
        "soon": all_within(1 - (worker.free_from - needs.starts_on) / p.SOON_DAYS),
        "training": worker.training,
    }


def _skill(needs: _Needs, worker: _Offers) -> Numbers:
    needed, wished = _bits(needs.counted), _bits(needs.abilities)
    there = needed & _bits(worker.skills)
    with np.errstate(divide="ignore", invalid="ignore"):
        gained = p.RECOGNISED * _BITS[there & _bits(worker.recognised)]
        skills = (p.SAID * _BITS[there] + gained) / _BITS[needed]
        able = _BITS[wished & _bits(worker.abilities)] / _BITS[wished]
    both = p.SKILLS_SHARE * skills + p.ABILITIES_SHARE * able
    found: Numbers = np.where(wished == 0, skills, np.where(needed == 0, able, both))
    return found  # NaN where neither is needed


def _absences(workers: Sequence[Worker]) -> Numbers:
    """Return the absences as `[nth, begins or ends, worker]`."""
    deep = max((len(each.absences) for each in workers), default=0)
    table: Numbers = np.full((deep, 2, len(workers)), NAN)
    for row, worker in enumerate(workers):
        for nth, (begins, until) in enumerate(worker.absences):
            table[nth, :, row] = begins.toordinal(), until.toordinal()
    return table


def _is_away(absences: Numbers, starts_on: Column) -> Bools:
    away = (absences[:, 0, :] <= starts_on) & (starts_on <= absences[:, 1, :])
    return np.asarray(away.any(axis=0), dtype=np.bool_)


def _bits(column: Column) -> Rows:
    return np.asarray(column, dtype=np.intp)


def _mask(codes: type[StrEnum], values: Iterable[str]) -> float:
    return float(sum(1 << number for number, each in enumerate(codes) if each in set(values)))


def _number(value: float | None) -> float:
    return NAN if value is None else float(value)


_CHILDREN = int(_mask(CareSkill, [CareSkill.CHILDREN]))
_ADULTS = int(_mask(CareSkill, WITH_ADULTS))
_HEAVY = int(_mask(CareLimit, [CareLimit.HEAVY_LIFTING]))
_PETS = int(_mask(CareLimit, [CareLimit.PETS]))
_SMOKERS = int(_mask(CareLimit, [CareLimit.SMOKERS]))
_STAIRS = int(_mask(CareLimit, [CareLimit.STAIRS]))
_NO_REQUEST = Request(starts_on=date.min)
