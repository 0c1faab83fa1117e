"""What is kept of workers is what the database says now; nothing stays of who is erased."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select, true
from sqlalchemy.orm import Session

from backoffice.care_match.candidates import workers_for
from backoffice.care_match.models import CareMatch, CareMatchState, CareRefusal, CareSide
from backoffice.care_match.service import refuse
from backoffice.care_request.models import CareRequest, RequestState
from backoffice.care_worker.models import WorkerReason, WorkerState
from backoffice.care_worker.service import change_profile, move_worker
from backoffice.case.models import Case
from backoffice.engagement.models import Engagement, EngagementEnd, EngagementState
from backoffice.family_link.models import FamilyLink
from backoffice.family_link.service import send_link
from backoffice.own_copy.proposals import proposals_of, request_of
from backoffice.retention.erase import erase_person
from tests.backoffice.care import create_care_match, create_request, create_worker
from tests.backoffice.factories import NOW


def who(session: Session, request: Case) -> list[str]:
    return [fit.id for fit in workers_for(session, request, true(), now=NOW)]


def test_a_change_of_a_worker_counts_at_once(session: Session) -> None:
    request, worker, other = create_request(session), create_worker(session), create_worker(session)
    assert set(who(session, request)) == {worker.id, other.id}
    change_profile(session, worker, {"schedules": ["hourly"]}, by="service", now=NOW)
    assert who(session, request) == [other.id]
    reason = WorkerReason.ASKED_BY_WORKER
    move_worker(session, other, WorkerState.SUSPENDED, by="service", now=NOW, reason=reason)
    assert who(session, request) == []
    change_profile(session, worker, {"schedules": ["live_in"]}, by="service", now=NOW)
    assert who(session, request) == [worker.id]


def contract(session: Session, request: Case, worker: Case, state: EngagementState) -> Engagement:
    made = Engagement(
        organisation_id=request.organisation_id,
        request_id=request.id,
        worker_id=worker.id,
        state=state,
        state_since=NOW,
        hours_week=54,
        live_in=True,
        created_by="service",
        created_at=NOW,
        updated_at=NOW,
    )
    if state is EngagementState.ENDED:
        made.ended_on, made.end_reason = NOW.date(), EngagementEnd.PERSON_DIED
    session.add(made)
    session.flush()
    return made


def test_who_lives_with_another_family_is_not_proposed_and_who_did_well_here_comes_first(
    session: Session,
) -> None:
    engaged, known = create_worker(session), create_worker(session, years_experience=4)
    stranger = create_worker(session)
    contract(session, create_request(session), engaged, EngagementState.RUNNING)
    first = create_request(session)
    contract(session, first, known, EngagementState.ENDED)
    again = create_request(session, person=first.person)
    assert who(session, again) == [known.id, stranger.id]


def test_an_erased_family_leaves_no_link_no_words_and_no_open_match(session: Session) -> None:
    match, other = create_care_match(session), create_care_match(session)
    refuse(session, match, CareSide.FAMILY, CareRefusal.OTHER, words="parole", by="service", now=NOW)
    again = create_care_match(
        session, request=session.get_one(Case, match.request_id), worker=create_worker(session)
    )
    request = session.get_one(CareRequest, match.request_id)
    request.email = "family@example.org"
    send_link(session, request, base_url="http://x", by="service", now=NOW)
    ids = match.id, again.id, other.id
    erase_person(session, session.get_one(Case, match.request_id).person_id, by="x", now=NOW)
    gone, ended, stays = (session.get_one(CareMatch, key) for key in ids)
    assert (gone.refusal_words, gone.refusal) == (None, CareRefusal.OTHER)
    assert (ended.state, stays.state) == (CareMatchState.WITHDRAWN, CareMatchState.PROPOSED)
    assert session.get_one(CareRequest, gone.request_id).state is RequestState.CLOSED
    assert session.scalars(select(FamilyLink)).all() == []


def test_a_copy_tells_each_side_of_proposals_and_nothing_of_the_other(session: Session) -> None:
    match = create_care_match(session)
    match.trial_from, match.trial_until = date(2026, 12, 10), date(2026, 12, 10) + timedelta(days=9)
    refuse(session, match, CareSide.FAMILY, CareRefusal.HOURS, words="di sera no", by="x", now=NOW)
    family, worker = (session.get_one(Case, key) for key in (match.request_id, match.worker_id))
    [theirs], [of_worker] = proposals_of(session, family), proposals_of(session, worker)
    assert (theirs.words, theirs.number, theirs.reason) == ("di sera no", 1, "hours")
    assert (of_worker.words, of_worker.number, of_worker.town) == (None, None, "Crema")
    told = request_of(session, family)
    assert told is not None
    assert told.state == "matching"
    assert request_of(session, worker) is None
