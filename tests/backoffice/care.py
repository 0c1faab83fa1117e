"""Family assistants, families' requests and matches for tests: every argument has a default."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from backoffice.care_match.models import CareMatch
from backoffice.care_match.service import propose
from backoffice.care_request.models import RequestState
from backoffice.care_request.service import advance_request, request_of
from backoffice.care_worker.models import WorkerState
from backoffice.care_worker.service import enter_state, worker_of
from backoffice.case.models import Case
from backoffice.client.schemas import CareRequestIntake, CareWorkIntake, CaseType
from backoffice.conversation.models import Conversation
from backoffice.person.models import Person
from backoffice.staff.models import Organisation
from tests.backoffice.case.cases import create_case
from tests.backoffice.factories import NOW

WORKER: dict[str, Any] = {
    "municipalities": ["Crema"],
    "years_experience": 5,
    "skills": ["elderly", "cooking"],
    "schedules": ["live_in", "hourly"],
    "languages": ["uk", "it"],
    "availability_from": date(2026, 10, 1),
    "permit_allows_work": "yes",
    "permit": "valid",
    "permit_expires_on": date(2028, 3, 31),
    "abilities": ["washing", "lifting", "italian_cooking"],
    "certificates": ["course_160_hours"],
    "transport": ["bicycle", "bus"],
    "italian": "enough",
    "cares_for": "both",
}
REQUEST: dict[str, Any] = {
    "municipality": "Crema",
    "needs": ["elderly"],
    "schedules": ["live_in"],
    "hours_week": 54,
    "budget_eur_month": 2000,
    "people_cared_for": 1,
    "relation": "child",
    "self_sufficient": False,
    "abilities": ["washing"],
    "tasks": ["care_dependent"],
    "start_from": date(2026, 12, 1),
    "own_room": True,
}
_TO_REGISTER = (WorkerState.INTERVIEW, WorkerState.ELIGIBLE, WorkerState.REGISTERED)


def create_worker(
    session: Session,
    *,
    state: WorkerState = WorkerState.REGISTERED,
    shows_profile: bool = True,
    person: Person | None = None,
    conversation: Conversation | None = None,
    organisation: Organisation | None = None,
    **answers: Any,
) -> Case:
    """Make a case of a family assistant in a state; proofs and messages are asked for by none."""
    intake = CareWorkIntake.model_validate({**WORKER, **answers}).model_dump(mode="json")
    case = create_case(
        session,
        type=CaseType.CARE_WORK,
        person=person,
        conversation=conversation,
        organisation=organisation,
        intake=intake,
    )
    worker = worker_of(session, case, now=NOW)
    worker.shows_profile = shows_profile
    for step in _TO_REGISTER:
        if worker.state is state:
            break
        enter_state(session, case, step, by="service", now=NOW)
    session.flush()
    return case


def create_request(
    session: Session,
    *,
    state: RequestState = RequestState.PROFILE_AGREED,
    person: Person | None = None,
    conversation: Conversation | None = None,
    organisation: Organisation | None = None,
    **answers: Any,
) -> Case:
    """Make a case of a family that looks for an assistant, with its request."""
    intake = CareRequestIntake.model_validate({**REQUEST, **answers}).model_dump(mode="json")
    case = create_case(
        session,
        type=CaseType.CARE_REQUEST,
        person=person,
        conversation=conversation,
        organisation=organisation,
        intake=intake,
    )
    request_of(session, case, now=NOW)
    advance_request(session, case, state, by="service", now=NOW)
    return case


def create_care_match(
    session: Session, *, request: Case | None = None, worker: Case | None = None
) -> CareMatch:
    """Propose a family assistant to a family."""
    request, worker = request or create_request(session), worker or create_worker(session)
    return propose(session, request, worker, score=0.5, reasons=["skill"], by="service", now=NOW)
