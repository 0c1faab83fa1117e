"""The hard rules: each asks one thing of a request and a family assistant, and says yes, no, or "ask".

A worker fits where no rule says no. What is not known excludes nobody: it is asked. The sentences are
`backoffice.care_matching.rule.*`; where each comes from is `domain, care_work.md 10`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from backoffice.care_match.sides import WEEK, Request, Worker
from backoffice.client.schemas import (
    CareAbility,
    CareLimit,
    CareSchedule,
    CaresFor,
    CareSkill,
    DomesticTask,
)

WAITS_AT_MOST = timedelta(days=30)
"""Who is free later than wished still fits, within this time."""

MOST_HOURS_LIVING_IN, MOST_HOURS = 54, 40
"""Hours of a week that the contract allows (CCNL lavoro domestico; domain, care_work.md 3)."""

WITH_ADULTS = (CareSkill.ELDERLY, CareSkill.DEMENTIA, CareSkill.DISABILITY)
"""Who has one of these has cared for grown-up people: what somebody who is not self-sufficient needs."""

ALTERNATIVES = (CareSchedule.LIVE_IN, CareSchedule.HOURLY)
"""A family that names both takes either."""

HEAVY = (CareAbility.LIFTING, CareAbility.HOIST)


class Answer(StrEnum):
    """What a rule says."""

    YES = "yes"
    NO = "no"
    ASK = "ask"


class Reference(StrEnum):
    """Where a rule comes from; its words are `backoffice.care_matching.reference.*`."""

    REGISTER = "register"
    LAW = "law"
    CONTRACT = "contract"
    FAMILY_NEEDS = "family_needs"
    WORKER_LIMIT = "worker_limit"
    PERSON_WISHES = "person_wishes"


Value = int | date | str | tuple[str, ...]
"""A text is shown as it stands; a tuple holds codes such as `care_skill.elderly`, shown in words."""


@dataclass(frozen=True)
class Verdict:
    """What one rule says of one pair: `sentence` is a key of the catalogue, `values` are put into it."""

    code: str
    answer: Answer
    sentence: str
    reference: Reference
    values: dict[str, Value] = field(default_factory=dict)


Rule = Callable[[Request, Worker], Verdict]

R = Reference
YES, NO, ASK = Answer.YES, Answer.NO, Answer.ASK


def registered(_request: Request, worker: Worker) -> Verdict:
    """Only who is in the register and agreed that families see the profile."""
    if not worker.is_registered:
        return _say("registered", NO, R.REGISTER)
    if not worker.shows_profile:
        return _say("registered", NO, R.REGISTER, "profile")
    return _say("registered", YES, R.REGISTER)


def may_work(request: Request, worker: Worker) -> Verdict:
    """The law allows the work on the day on which it begins."""
    if worker.may_work is not True:
        return _say("may_work", ASK if worker.may_work is None else NO, R.LAW)
    if not worker.right_ends:
        return _say("may_work", YES, R.LAW)
    if worker.works_until is None:
        return _say("may_work", ASK, R.LAW, "no_day")
    ends: dict[str, Value] = {"day": worker.works_until, "start": request.starts_on}
    if worker.works_until >= request.starts_on:
        return _say("may_work", YES, R.LAW, "until", **ends)
    return _say("may_work", ASK if worker.is_renewed else NO, R.LAW, "until", **ends)


def schedule(request: Request, worker: Worker) -> Verdict:
    """The worker takes on every kind of hours that is wanted; living in or by the hour where both are."""
    if not request.schedules or not worker.schedules:
        return _say("schedule", ASK, R.FAMILY_NEEDS)
    either = [each for each in ALTERNATIVES if each in request.schedules]
    lacking = [
        each for each in request.schedules if each not in ALTERNATIVES and each not in worker.schedules
    ]
    if either and not any(each in worker.schedules for each in either):
        lacking = [*either, *lacking]
    if lacking:
        return _say("schedule", NO, R.FAMILY_NEEDS, lacking=_codes("care_schedule", lacking))
    return _say("schedule", YES, R.FAMILY_NEEDS, wanted=_codes("care_schedule", request.schedules))


def days(request: Request, worker: Worker) -> Verdict:
    """The worker can on the days that are wanted."""
    if not request.days:
        return _say("days", YES if len(worker.free_days) == len(WEEK) else ASK, R.FAMILY_NEEDS, "any")
    lacking = [day for day in request.days if day not in worker.free_days]
    if lacking:
        return _say("days", NO, R.FAMILY_NEEDS, days=_codes("care_matching.weekday", lacking))
    return _say("days", YES, R.FAMILY_NEEDS)


def start(request: Request, worker: Worker) -> Verdict:
    """The worker is free when the work begins, or not much later."""
    if worker.free_from is None:
        return _say("start", ASK, R.FAMILY_NEEDS)
    values: dict[str, Value] = {"free": worker.free_from, "wanted": request.starts_on}
    late = (worker.free_from - request.starts_on).days
    if late <= 0:
        return _say("start", YES, R.FAMILY_NEEDS, **values)
    return _say(
        "start", YES if late <= WAITS_AT_MOST.days else NO, R.FAMILY_NEEDS, "later", days=late, **values
    )


def present(request: Request, worker: Worker) -> Verdict:
    """The worker is not away on the day on which the work begins."""
    away = [until for begins, until in worker.absences if begins <= request.starts_on <= until]
    if away:
        return _say("present", NO, R.WORKER_LIMIT, until=max(away))
    return _say("present", YES, R.WORKER_LIMIT)


def hours(request: Request, worker: Worker) -> Verdict:
    """The worker takes on so many hours a week."""
    if worker.hours_most is None:
        return _say("hours", YES, R.WORKER_LIMIT, "no_limit")
    if request.hours_week is None:
        return _say("hours", ASK, R.WORKER_LIMIT, most=worker.hours_most)
    fits = YES if request.hours_week <= worker.hours_most else NO
    return _say("hours", fits, R.WORKER_LIMIT, hours=request.hours_week, most=worker.hours_most)


def engaged(request: Request, worker: Worker) -> Verdict:
    """No contract that runs takes the same hours: nobody lives in two homes, or works more than allowed."""
    if worker.engaged_hours == 0 and not worker.lives_in:
        return _say("engaged", YES, R.CONTRACT)
    if worker.lives_in and request.lives_in:
        return _say("engaged", NO, R.CONTRACT, "lives_in")
    most = most_hours(worker.lives_in or request.lives_in)
    if request.hours_week is None or worker.engaged_hours is None:
        return _say("engaged", ASK, R.CONTRACT, most=most)
    together = worker.engaged_hours + request.hours_week
    return _say("engaged", YES if together <= most else NO, R.CONTRACT, "hours", hours=together, most=most)


def place(request: Request, worker: Worker) -> Verdict:
    """The town is one that the worker goes to; who lives in does not go there every day."""
    if request.lives_in:
        return _say("place", YES, R.FAMILY_NEEDS, "lives_in")
    if request.town is None or not worker.towns:
        return _say("place", ASK, R.WORKER_LIMIT)
    fits = YES if request.town in worker.towns else NO
    return _say("place", fits, R.WORKER_LIMIT, None, town=request.town)


def skill(request: Request, worker: Worker) -> Verdict:
    """The worker has the skill that the need asks for; another one of the same kind is asked about."""
    children, adults, home = needed_skills(request)
    if children and CareSkill.CHILDREN not in worker.skills:
        return _say("skill", NO, R.FAMILY_NEEDS, lacking=_codes("care_skill", [CareSkill.CHILDREN]))
    if adults and not any(each in worker.skills for each in WITH_ADULTS):
        return _say("skill", NO, R.FAMILY_NEEDS, lacking=_codes("care_skill", adults))
    named = [each for each in (*adults, *home) if each in request.needs]
    if lacking := [each for each in named if each not in worker.skills]:
        return _say("skill", ASK, R.FAMILY_NEEDS, lacking=_codes("care_skill", lacking))
    return _say("skill", YES, R.FAMILY_NEEDS)


def abilities(request: Request, worker: Worker) -> Verdict:
    """The worker can do what the person needs: no only against a limit of theirs, else it is asked."""
    heavy = [each for each in HEAVY if each in request.abilities]
    if heavy and CareLimit.HEAVY_LIFTING in worker.limits:
        return _say("abilities", NO, R.WORKER_LIMIT, lacking=_codes("care_ability", heavy))
    lacking = [each for each in request.abilities if each not in worker.abilities]
    if lacking:
        return _say("abilities", ASK, R.FAMILY_NEEDS, lacking=_codes("care_ability", lacking))
    return _say("abilities", YES, R.FAMILY_NEEDS)


def intimate(request: Request, worker: Worker) -> Verdict:
    """The worker takes on the intimate care of the person; whose it is, is asked."""
    if not request.is_intimate or worker.cares_for is CaresFor.BOTH:
        return _say("intimate", YES, R.WORKER_LIMIT, None if request.is_intimate else "not_needed")
    return _say("intimate", ASK, R.WORKER_LIMIT, worker.cares_for.value if worker.cares_for else None)


def gender(request: Request, worker: Worker) -> Verdict:
    """Who is washed and dressed may wish for a woman or a man; nobody else may."""
    if request.gender_wished is None:
        return _say("gender", YES, R.PERSON_WISHES, "no_wish")
    if worker.gender is None:
        return _say("gender", ASK, R.PERSON_WISHES)
    return _say("gender", YES if worker.gender is request.gender_wished else NO, R.PERSON_WISHES)


def pets(request: Request, worker: Worker) -> Verdict:
    """No pets for who cannot be with them."""
    return _limit("pets", request.pets, CareLimit.PETS in worker.limits)


def smokers(request: Request, worker: Worker) -> Verdict:
    """No smokers for who cannot be with them."""
    return _limit("smokers", request.smokers, CareLimit.SMOKERS in worker.limits)


def stairs(request: Request, worker: Worker) -> Verdict:
    """No stairs for who cannot climb them."""
    return _limit("stairs", request.stairs, CareLimit.STAIRS in worker.limits)


RULES: tuple[Rule, ...] = (
    registered, may_work, schedule, days, start, present, hours, engaged, place, skill, abilities, intimate,
    gender, pets, smokers, stairs,
)  # fmt: skip
"""Every rule, in the order in which they are told."""


def needed_skills(request: Request) -> tuple[bool, tuple[CareSkill, ...], tuple[CareSkill, ...]]:
    """Return whether children are cared for, the skills with grown-ups that are needed, those in the home.

    Somebody who is not self-sufficient and for whom no skill was named needs any one of those with grown-ups.
    """
    children = CareSkill.CHILDREN in request.needs or DomesticTask.BABYSITTING in request.tasks
    named = tuple(each for each in WITH_ADULTS if each in request.needs)
    is_dependent = request.self_sufficient is False or DomesticTask.CARE_DEPENDENT in request.tasks
    adults = named or (WITH_ADULTS if is_dependent and not children else ())
    home = tuple(each for each in (CareSkill.CLEANING, CareSkill.COOKING) if each in request.needs)
    return children, adults, home


def most_hours(lives_in: bool) -> int:
    """Return how many hours a week are allowed."""
    return MOST_HOURS_LIVING_IN if lives_in else MOST_HOURS


def _limit(code: str, is_there: bool | None, cannot: bool) -> Verdict:
    if not cannot or is_there is False:
        return _say(code, YES, R.WORKER_LIMIT)
    return _say(code, ASK if is_there is None else NO, R.WORKER_LIMIT)


def _codes(group: str, codes: Iterable[str | int]) -> tuple[str, ...]:
    return tuple(f"{group}.{code}" for code in codes)


def _say(
    code: str, answer: Answer, reference: Reference, shade: str | None = None, /, **values: Value
) -> Verdict:
    sentence = f"care_matching.rule.{code}.{answer.value}" + (f".{shade}" if shade else "")
    return Verdict(code, answer, sentence, reference, values)
