"""The preferences: each says from 0 to 1 how well a worker does in one respect, None where nothing is known.

What is not known counts as `NEUTRAL`: neither for a pair nor against it. The score of a pair is the mean of
the preferences, weighted as a coordinator has set it; it orders what fits and excludes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from backoffice.care_match.places import kilometres
from backoffice.care_match.rules import needed_skills
from backoffice.care_match.sides import Request, Worker
from backoffice.client.schemas import CareCertificate, CareSkill, ItalianLevel, Transport
from backoffice.matching.scores import Part, Weights, within

SAID, RECOGNISED = 0.75, 0.25
"""A skill that is only said, and what it gains once the desk made sure of it."""

SKILLS_SHARE, ABILITIES_SHARE = 2 / 3, 1 / 3
YEARS_SHARE, REFERENCES_SHARE = 0.7, 0.3
MANY_YEARS, MANY_REFERENCES = 10, 2
SOON_DAYS = 30

ITALIAN: Mapping[ItalianLevel, float] = {
    ItalianLevel.NONE: 0.0,
    ItalianLevel.LITTLE: 0.3,
    ItalianLevel.ENOUGH: 0.8,
    ItalianLevel.WELL: 1.0,
}

REACH_KM: Mapping[Transport, float] = {
    Transport.CAR: 40.0,
    Transport.SCOOTER: 25.0,
    Transport.BUS: 20.0,
    Transport.BICYCLE: 10.0,
    Transport.ON_FOOT: 3.0,
}
"""How far one gets to work each day, in kilometres as the crow flies."""

TRAINING: Mapping[CareCertificate, float] = {
    CareCertificate.OSS: 1.0,
    CareCertificate.ASA: 1.0,
    CareCertificate.UNI_11766: 1.0,
    CareCertificate.CARE_DIPLOMA_EU: 1.0,
    CareCertificate.COURSE_160_HOURS: 0.8,
    CareCertificate.COMPETENCE_CERTIFICATE: 0.8,
    CareCertificate.CARE_DIPLOMA_ABROAD: 0.8,
    CareCertificate.SHORTER_COURSE: 0.4,
    CareCertificate.FIRST_AID: 0.3,
}

RATED_APART = "it"
"""Italian has a preference of its own."""


Preference = Callable[[Request, Worker], float | None]


def skill(request: Request, worker: Worker) -> float | None:
    """How much of what is needed the worker has done; what the desk made sure of counts in full."""
    needed = skills_counted(request)
    if not needed and not request.abilities:
        return None
    there = sum(each in worker.skills for each in needed)
    sure = sum(each in worker.skills and each in worker.recognised for each in needed)
    able = sum(each in worker.abilities for each in request.abilities)
    if not request.abilities:
        return (SAID * there + RECOGNISED * sure) / len(needed)
    if not needed:
        return able / len(request.abilities)
    skills = (SAID * there + RECOGNISED * sure) / len(needed)
    return SKILLS_SHARE * skills + ABILITIES_SHARE * (able / len(request.abilities))


def experience(_request: Request, worker: Worker) -> float | None:
    """Years of such work, and families that speak well of it."""
    if worker.years is None:
        return None
    references = within(worker.good_references / MANY_REFERENCES)
    return YEARS_SHARE * within(worker.years / MANY_YEARS) + REFERENCES_SHARE * references


def distance(request: Request, worker: Worker) -> float | None:
    """How near the worker's town is, for the way in which they move; who lives in has no way to go."""
    if request.lives_in:
        return 1.0
    if request.town is None or not worker.towns:
        return None
    way = kilometres(worker.towns[0], request.town)
    if way == 0:
        return 1.0
    reach = reach_of(worker)
    return None if reach is None else within(1 - way / reach)


def italian(_request: Request, worker: Worker) -> float | None:
    """Italian that is enough for the person."""
    return None if worker.italian is None else ITALIAN[worker.italian]


def language(request: Request, worker: Worker) -> float | None:
    """A language in common beside Italian."""
    wished, spoken = spoken_beside(request.languages), spoken_beside(worker.languages)
    if not wished or not worker.languages:
        return None
    return float(bool(wished & spoken))


def soon(request: Request, worker: Worker) -> float | None:
    """Free when it is wanted, or soon after."""
    if worker.free_from is None:
        return None
    return within(1 - (worker.free_from - request.starts_on).days / SOON_DAYS)


def training(_request: Request, worker: Worker) -> float | None:
    """The best of the papers that show training; none is no training."""
    return max((TRAINING[CareCertificate(each)] for each in worker.certificates), default=0.0)


def continuity(request: Request, worker: Worker) -> float | None:
    """Who worked well with this family before comes first."""
    return float(worker.key in request.known) if request.known else None


PREFERENCES: Mapping[str, Preference] = {
    "skill": skill,
    "experience": experience,
    "distance": distance,
    "italian": italian,
    "language": language,
    "soon": soon,
    "training": training,
    "continuity": continuity,
}
"""Every preference by its code, in the order in which they are added up."""

DEFAULT_WEIGHTS: Weights = {
    "skill": 6,
    "experience": 4,
    "distance": 3,
    "italian": 3,
    "language": 1,
    "soon": 2,
    "training": 1,
    "continuity": 2,
}
"""From 0, which leaves a preference out, to `HEAVIEST`, until a coordinator sets others.

The first seven are those of the domain (care_work.md 10: 30, 20, 15, 15, 5, 10, 5), a fifth of each.
"""


def parts_of(request: Request, worker: Worker, weights: Weights) -> list[Part]:
    """Return what each preference gives to a pair."""
    return [Part(code, value(request, worker), weights[code]) for code, value in PREFERENCES.items()]


def skills_counted(request: Request) -> tuple[CareSkill, ...]:
    """Return the skills of which it is counted how many a worker has."""
    children, adults, home = needed_skills(request)
    return (*((CareSkill.CHILDREN,) if children else ()), *adults, *home)


def reach_of(worker: Worker) -> float | None:
    """Return how far a worker gets to work, in kilometres; None where it is not known how they move."""
    return max((REACH_KM[Transport(each)] for each in worker.transport), default=None)


def spoken_beside(languages: Iterable[str]) -> set[str]:
    """Return languages beside Italian."""
    return set(languages) - {RATED_APART}
