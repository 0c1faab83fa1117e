"""The family assistants of the demo and a family that looks for one: invented, each brought to its state."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy.orm import Session

from backoffice.care_request.service import request_of
from backoffice.care_worker.availability import Span, add_absence, set_week
from backoffice.care_worker.eligibility import Proof
from backoffice.care_worker.models import ReferenceAnswer, WantedDocument, WorkerState
from backoffice.care_worker.profile import show_profile, want_documents
from backoffice.care_worker.proofs import note_proof
from backoffice.care_worker.references import add_reference, note_call
from backoffice.care_worker.service import change_profile, move_worker, worker_of
from backoffice.care_worker.work import PeriodFacts, add_period
from backoffice.case.models import Case, CaseSource
from backoffice.case.needs import Need
from backoffice.case.service import NewCase, open_case
from backoffice.client.schemas import CareRequestIntake, CareWorkIntake, CaseType
from backoffice.home_owner.registering import new_person
from backoffice.italy import day_in_italy
from backoffice.person.models import Person, PersonDetails
from backoffice.staff.models import Staff

Story = Mapping[str, Any]
S = WorkerState

_STEPS: Mapping[WorkerState, tuple[WorkerState, ...]] = {
    S.APPLIED: (),
    S.DOCUMENTS_MISSING: (S.DOCUMENTS_MISSING,),
    S.INTERVIEW: (S.INTERVIEW,),
    S.REGISTERED: (S.INTERVIEW, S.ELIGIBLE, S.REGISTERED),
}
"""How each worker of the stories comes to their state."""


def seed_care(session: Session, staff: Staff, *, now: datetime) -> None:
    """Write the workers and requests of `demo_care.yml`."""
    stories = yaml.safe_load((Path(__file__).parent / "demo_care.yml").read_text(encoding="utf-8"))
    for story in stories["workers"]:
        _worker(session, staff, story, now)
    for story in stories["requests"]:
        _request(session, staff, story, now)


def _worker(session: Session, staff: Staff, story: Story, now: datetime) -> None:
    then, today = now - timedelta(minutes=story["ago"]), day_in_italy(now)
    intake = CareWorkIntake.model_validate(story["intake"]).model_dump(mode="json")
    person = _person(session, staff, story, then)
    born = {"born_on": story["born_on"].isoformat()}
    session.add(PersonDetails(person_id=person.id, document=born, changed_by=staff.id, changed_at=then))
    case = _case(session, staff, story, person, CaseType.CARE_WORK, intake, then)
    worker_of(session, case, now=then)
    if "permit_days" in story:
        ends = (today + timedelta(days=story["permit_days"])).isoformat()
        change_profile(session, case, {"permit_expires_on": ends}, by=staff.id, now=then)
    _parts(session, staff, case, story, then)
    state = WorkerState(story["state"])
    if state is S.REGISTERED:
        for proof in Proof:
            note_proof(session, case, proof, True, by=staff.id, now=then)
    wanted = [WantedDocument(code) for code in story.get("wanted", ())]
    want_documents(session, case, wanted, by=staff.id, now=then)
    for step in _STEPS[state]:
        move_worker(session, case, step, by=staff.id, now=then)


def _parts(session: Session, staff: Staff, case: Case, story: Story, now: datetime) -> None:
    by, today = staff.id, day_in_italy(now)
    if "shows_profile" in story:
        show_profile(session, case, story["shows_profile"], by=by, now=now)
    for told in story.get("periods", ()):
        first, last = (today + timedelta(days=told[name]) for name in ("start_days", "end_days"))
        worked = PeriodFacts(first, last, told["regular"], hours_week=told["hours"])
        add_period(session, case, worked, by=by, now=now)
    if "reference" in story:
        told = story["reference"]
        allowed = told["may_be_called"]
        row = add_reference(session, case, told["name"], told["phone"], may_be_called=allowed, by=by, now=now)
        note_call(session, case, row.id, ReferenceAnswer(told["answer"]), None, by=by, now=now)
    spans = [_span(day, words) for day, times in story.get("week", {}).items() for words in times]
    set_week(session, case, spans, by=by, now=now)
    if "absence_days" in story:
        first, last = (today + timedelta(days=days) for days in story["absence_days"])
        add_absence(session, case, first, last, None, by=by, now=now)


def _request(session: Session, staff: Staff, story: Story, now: datetime) -> None:
    then = now - timedelta(minutes=story["ago"])
    start = day_in_italy(now) + timedelta(days=story["start_days"])
    told = CareRequestIntake.model_validate({**story["intake"], "start_from": start})
    person = _person(session, staff, story, then)
    intake = told.model_dump(mode="json")
    case = _case(session, staff, story, person, CaseType.CARE_REQUEST, intake, then)
    request_of(session, case, now=then)


def _person(session: Session, staff: Staff, story: Story, now: datetime) -> Person:
    language = story["language"]
    return new_person(session, staff, story["person"], story["phone"], language=language, now=now)


def _case(
    session: Session,
    staff: Staff,
    story: Story,
    person: Person,
    kind: CaseType,
    intake: dict[str, Any],
    now: datetime,
) -> Case:
    towns = intake.get("municipalities") or [intake.get("municipality")]
    new = NewCase(
        type=kind,
        person=person,
        organisation_id=staff.organisation_id,
        language=story["language"],
        source=CaseSource.DESK,
        intake=intake,
        needs=(Need.CARE_WORK,),
        municipality=towns[0],
    )
    return open_case(session, new, by=staff.id, now=now)


def _span(weekday: int, words: str) -> Span:
    begins, ends = ([int(part) for part in each.split(":")] for each in words.split("-"))
    return Span(weekday, begins[0] * 60 + begins[1], ends[0] * 60 + ends[1])
