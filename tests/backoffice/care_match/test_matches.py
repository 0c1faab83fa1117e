"""A match of a family assistant and a family: who says what, and what follows."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.care_match.errors import CareMoveRefused, CareReasonMissing, WorkerNotFree
from backoffice.care_match.models import CareMatchState, CareRefusal, CareSide
from backoffice.care_match.service import accept, move_match, propose, propose_again, refuse
from backoffice.care_request.models import CareRequest, RefusedCareWish, RequestState
from backoffice.care_worker.models import WorkerState
from tests.backoffice.care import create_care_match, create_request, create_worker
from tests.backoffice.databases import backend as backend
from tests.backoffice.factories import NOW


def test_a_proposal_brings_the_request_to_matching(session: Session) -> None:
    match = create_care_match(session)
    assert session.get_one(CareRequest, match.request_id).state == RequestState.MATCHING


def test_a_second_proposal_of_the_same_two_is_the_first(session: Session) -> None:
    match = create_care_match(session)
    again = propose(session, match.request, match.worker, score=0.1, reasons=[], by="service", now=NOW)
    assert again is match


@pytest.mark.parametrize("worker", [{"state": WorkerState.INTERVIEW}, {"shows_profile": False}])
def test_who_is_not_in_the_register_or_does_not_show_the_profile_is_not_proposed(
    session: Session, worker: dict[str, object]
) -> None:
    with pytest.raises(WorkerNotFree):
        create_care_match(session, worker=create_worker(session, **worker))  # type: ignore[arg-type]


def test_only_when_both_said_yes_are_both_interested(session: Session) -> None:
    match = create_care_match(session)
    accept(session, match, CareSide.WORKER, by="service", now=NOW)
    states = [match.state]
    accept(session, match, CareSide.FAMILY, by="family", now=NOW)
    assert [*states, match.state] == [CareMatchState.PROPOSED, CareMatchState.BOTH_INTERESTED]


def test_trial_and_interview_bring_the_request_along(session: Session) -> None:
    match = create_care_match(session)
    for side in (CareSide.WORKER, CareSide.FAMILY):
        accept(session, match, side, by="service", now=NOW)
    request = session.get_one(CareRequest, match.request_id)
    states = []
    for step in (CareMatchState.INTERVIEW, CareMatchState.TRIAL):
        move_match(session, match, step, by="service", now=NOW)
        states.append(request.state)
    assert states == [RequestState.INTERVIEWS, RequestState.TRIAL]


def test_a_worker_may_refuse_and_stays_in_the_register(session: Session) -> None:
    match = create_care_match(session)
    refuse(session, match, CareSide.WORKER, CareRefusal.PAY, words=None, by="service", now=NOW)
    assert match.state == CareMatchState.REFUSED
    other = create_request(session)
    assert propose(session, other, match.worker, score=0.4, reasons=[], by="service", now=NOW)


def test_a_reason_of_the_other_side_is_refused(session: Session) -> None:
    match = create_care_match(session)
    with pytest.raises(CareReasonMissing):
        refuse(session, match, CareSide.WORKER, CareRefusal.UNLAWFUL_WISH, words=None, by="service", now=NOW)


def test_an_unlawful_wish_is_counted_without_its_words(session: Session) -> None:
    match = create_care_match(session)
    refuse(session, match, CareSide.DESK, CareRefusal.UNLAWFUL_WISH, words="x", by="service", now=NOW)
    (wish,) = session.scalars(select(RefusedCareWish)).all()
    assert wish.case_id == match.request_id


def test_a_no_can_be_taken_back_once(session: Session) -> None:
    match = create_care_match(session)
    with pytest.raises(CareMoveRefused):
        propose_again(session, match, by="service", now=NOW)
    refuse(session, match, CareSide.FAMILY, CareRefusal.HOURS, words=None, by="family", now=NOW)
    propose_again(session, match, by="service", now=NOW)
    assert (match.state, match.family_said, match.refusal) == (CareMatchState.PROPOSED, None, None)
