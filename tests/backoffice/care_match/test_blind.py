"""Who somebody is never enters matching: not their name, nationality, religion, age or skin."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from sqlalchemy import true
from sqlalchemy.orm import Session

from backoffice.care_match.candidates import SHELF, pair_of, requests_for, workers_for
from backoffice.care_match.engine import why
from backoffice.care_match.preferences import DEFAULT_WEIGHTS
from backoffice.care_match.sides import (
    Register,
    Request,
    Worker,
    request_of_answers,
    worker_of_answers,
)
from backoffice.care_match.tables import RequestTable, WorkerTable
from backoffice.care_worker.models import WorkerState
from backoffice.client.schemas import CareRequestIntake, CareWorkIntake
from backoffice.person.details import Details
from backoffice.person.models import Person, PersonDetails
from tests.backoffice.care import REQUEST, WORKER, create_request, create_worker
from tests.backoffice.care_match.pairs import DAY, a_request, a_worker
from tests.backoffice.case.cases import create_person
from tests.backoffice.factories import NOW, create_conversation

PAIRS = 2000

OF_WORKER = {
    "key", "is_registered", "shows_profile", "towns", "years", "skills", "recognised", "good_references",
    "schedules", "languages", "free_from", "may_work", "right_ends", "works_until", "is_renewed",
    "abilities", "certificates", "transport", "italian", "hours_most", "free_days", "limits", "cares_for",
    "gender", "absences", "engaged_hours", "lives_in",
}  # fmt: skip
OF_REQUEST = {
    "starts_on", "town", "needs", "schedules", "hours_week", "self_sufficient", "abilities", "tasks", "days",
    "pets", "smokers", "stairs", "languages", "gender_wished", "known",
}  # fmt: skip

NAMES = ("Олена Коваленко", "محمد المنصوري", "ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ", "Rosa Inventata", "王芳", "Aminata Sow", "")
WORDS = ("sono musulmana e prego in casa", "siamo cattolici", "we are Sikh", "famiglia ucraina", None)
COUNTRIES = ("IT", "UA", "EG", "IN", "BD", "CN", "SN", "RO")


@dataclass(frozen=True)
class Identity:
    """Who somebody is, as far as Sportello may know it."""

    name: str
    citizenship: str
    born_on: date
    words: str | None
    is_eu: bool


def an_identity(dice: random.Random) -> Identity:
    born_on = date(1950 + dice.randrange(56), 1 + dice.randrange(12), 1)
    is_eu = dice.random() < 0.5
    return Identity(dice.choice(NAMES), dice.choice(COUNTRIES), born_on, dice.choice(WORDS), is_eu)


def test_the_types_of_matching_have_no_place_for_who_somebody_is() -> None:
    assert {field.name for field in fields(Worker)} == OF_WORKER
    assert {field.name for field in fields(Request)} == OF_REQUEST


def worker_of(identity: Identity, like: Worker) -> Worker:
    """Make a worker of answers as the chat takes them: only the identity is another.

    A citizen of the EU and one who needs no permit for another reason are the same to the law.
    """
    answers: dict[str, Any] = {
        "municipalities": list(like.towns),
        "years_experience": like.years or 0,
        "skills": list(like.skills),
        "schedules": list(like.schedules),
        "languages": list(like.languages),
        "availability_from": like.free_from,
        "abilities": list(like.abilities),
        "certificates": list(like.certificates),
        "transport": list(like.transport),
        "italian": like.italian,
        "hours_week_most": like.hours_most,
        "limits": list(like.limits),
        "cares_for": like.cares_for,
    }
    answers |= {"eu_citizen": True} if identity.is_eu else {"eu_citizen": False, "permit": "not_needed"}
    intake = CareWorkIntake.model_validate(answers).model_dump(mode="json")
    known = Details(citizenships=[identity.citizenship], born_on=identity.born_on)
    beside = {"name": identity.name, "religion": identity.words, **known.model_dump(mode="json")}
    register = Register(WorkerState.REGISTERED, shows_profile=True, absences=like.absences)
    return worker_of_answers(like.key, {**beside, **intake}, register, today=DAY)


def request_of(identity: Identity, like: Request) -> Request:
    """Make a request of answers as the chat takes them."""
    answers: dict[str, Any] = {
        "municipality": like.town,
        "needs": list(like.needs),
        "schedules": list(like.schedules),
        "hours_week": like.hours_week,
        "self_sufficient": like.self_sufficient,
        "abilities": list(like.abilities),
        "tasks": list(like.tasks),
        "start_from": like.starts_on,
        "pets": like.pets,
        "stairs": like.stairs,
        "days": list(like.days),
        "languages": list(like.languages),
        "note": identity.words,
    }
    intake = CareRequestIntake.model_validate(answers).model_dump(mode="json")
    return request_of_answers({"name": identity.name, **intake}, like.known, today=DAY)


def test_of_2000_pairs_that_differ_only_in_who_they_are_each_gets_the_same_matches_ranks_and_reasons() -> (
    None
):
    dice, fitting = random.Random(7), 0
    for _ in range(PAIRS):
        worker, beside = a_worker(dice, "this"), a_worker(dice, "beside")
        wanted = [a_request(dice), a_request(dice)]
        one, other = an_identity(dice), an_identity(dice)
        found = [everything_of(each, worker, beside, wanted) for each in (one, other)]
        assert found[0] == found[1]
        fitting += any(fits for fits in found[0][0].values())
    assert fitting > PAIRS / 10  # it is told of pairs that fit, not only of those that do not


def everything_of(
    identity: Identity, like: Worker, beside: Worker, wanted: Sequence[Request]
) -> tuple[dict[str, Any], Any, Any]:
    """Return the ranks, both ways, and the reasons of somebody with an identity."""
    this = worker_of(identity, like)
    looking = {str(number): request_of(identity, each) for number, each in enumerate(wanted)}
    table = WorkerTable({"beside": beside, "this": this})
    ranks = {key: table.workers_for(each, DEFAULT_WEIGHTS) for key, each in looking.items()}
    said = [why(each, this) for each in looking.values()]
    reasons = [(each.rules, each.reasons, each.drawbacks, each.score) for each in said]
    return ranks, RequestTable(looking).requests_for(this, DEFAULT_WEIGHTS), reasons


def test_a_person_who_becomes_somebody_else_in_the_database_keeps_every_match_and_rank(
    session: Session,
) -> None:
    requests = [create_request(session, hours_week=54 - number) for number in range(3)]
    person = create_person(session)
    worker = create_worker(session, person=person, conversation=create_conversation(session))
    create_worker(session, years_experience=1)
    session.flush()

    def everything() -> tuple[Any, ...]:
        session.expire_all()
        SHELF.clear()  # who is changed here is changed without an event
        ranks = [workers_for(session, each, true(), now=NOW) for each in requests]
        said = [pair_of(session, each, worker, now=NOW).why for each in requests]
        return ranks, requests_for(session, worker, true(), now=NOW), said

    before = everything()
    assert len(before[0][0]) == 2
    for number, name in enumerate(NAMES):
        become(session, person, name, number)
        worker.intake = {**worker.intake, "religion": WORDS[number % len(WORDS)]}
        session.flush()
        assert everything() == before


def become(session: Session, person: Person, name: str, number: int) -> None:
    """Make somebody else of a person: another name, country and age."""
    person.name = name or None
    known = Details(
        gender=("donna", "uomo")[number % 2],
        citizenships=[COUNTRIES[number]],
        born_on=date(1960 + 5 * number, 1, 1),
    )
    row = session.get(PersonDetails, person.id)
    if row is None:
        row = PersonDetails(person_id=person.id, version=1, changed_by="service", changed_at=NOW)
        session.add(row)
    row.document = known.model_dump(mode="json")


def test_only_who_is_washed_and_dressed_may_wish_for_a_woman_or_a_man(session: Session) -> None:
    woman, man, unsaid = (create_person(session) for _ in range(3))
    people = {person.id: create_worker(session, person=person) for person in (woman, man, unsaid)}
    for person, gender in ((woman, "donna"), (man, "uomo")):
        document = Details(gender=gender).model_dump(mode="json")
        session.add(
            PersonDetails(
                person_id=person.id, document=document, version=1, changed_by="service", changed_at=NOW
            )
        )
    session.flush()

    def who(**answers: Any) -> set[str]:
        request = create_request(session, gender_wished="woman", **answers)
        return {fit.id for fit in workers_for(session, request, true(), now=NOW)}

    everybody = {case.id for case in people.values()}
    assert who(abilities=["washing"]) == everybody - {people[man.id].id}
    assert who(abilities=["italian_cooking"]) == everybody


def test_what_matching_reads_of_answers_is_what_they_say() -> None:
    worker = worker_of_answers("k", WORKER, Register(WorkerState.REGISTERED, shows_profile=True), today=DAY)
    request = request_of_answers(REQUEST, (), today=DAY)
    assert (worker.towns, worker.free_from, worker.may_work) == (("Crema",), DAY, True)
    assert (request.town, request.starts_on, request.lives_in) == ("Crema", DAY, True)
    assert worker_of_answers("k", {}, Register(), today=DAY).towns == ()
    assert request_of_answers({"municipality": "Milano"}, (), today=DAY).town is None
