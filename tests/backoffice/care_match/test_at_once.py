"""Desks that propose, and sides that answer, at the same moment leave one state of each match."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backoffice.care_match.candidates import propose_pair
from backoffice.care_match.errors import CareMoveRefused, TooManyCandidates
from backoffice.care_match.models import CareMatch, CareMatchEvent, CareMatchState, CareRefusal, CareSide
from backoffice.care_match.offers import note_answer, offer, withdraw
from backoffice.care_match.permissions import get_match
from backoffice.care_match.states import OPEN
from backoffice.case.models import Case
from backoffice.database import Database
from backoffice.staff.models import Staff
from backoffice.staff.roles import Role
from tests.backoffice.care import create_care_match, create_request, create_worker
from tests.backoffice.databases import backend as backend
from tests.backoffice.factories import NOW, create_staff

PEOPLE = 8


@pytest.mark.timeout(120)
def test_many_desks_at_once_propose_three_and_each_worker_once(session: Session, database: Database) -> None:
    family, workers = create_request(session).id, [create_worker(session).id for _ in range(5)]
    session.commit()

    def propose(number: int) -> str:
        try:
            with database.transaction() as mine:
                request, worker = (mine.get_one(Case, key) for key in (family, workers[number % 5]))
                propose_pair(mine, request, worker, by="service", now=NOW)
        except TooManyCandidates:
            return "too many"
        return "proposed"

    with ThreadPoolExecutor(PEOPLE) as people:
        said = Counter(people.map(propose, range(40)))
    with database.read() as reading:
        matches = reading.scalars(select(CareMatch).where(CareMatch.request_id == family)).all()
        events = reading.scalar(select(func.count()).select_from(CareMatchEvent))
    assert len(matches) == len({match.worker_id for match in matches}) == 3
    assert events == 3
    assert said["too many"] > 0
    assert said["proposed"] >= 3


@pytest.mark.timeout(120)
def test_two_who_answer_and_withdraw_at_once_leave_one_end_with_one_event(
    session: Session, database: Database
) -> None:
    staff = create_staff(session, roles=frozenset({Role.CARE_DESK})).id
    ids = [create_care_match(session).id for _ in range(6)]
    for key in ids:
        offer(session, session.get_one(CareMatch, key), None, by="service", now=NOW)
    session.commit()

    def act(number: int) -> str:
        try:
            with database.transaction() as mine:
                match = get_match(mine, mine.get_one(Staff, staff), ids[number % 6], lock=True)
                if number % 2:
                    withdraw(mine, match, by=staff, now=NOW)
                    return "withdrawn"
                reason = CareRefusal.PAY
                note_answer(
                    mine, match, CareSide.WORKER, is_yes=False, reason=reason, words=None, by=staff, now=NOW
                )
                return "refused"
        except CareMoveRefused:
            return "too late"

    with ThreadPoolExecutor(PEOPLE) as people:
        said = Counter(people.map(act, [*range(6), *range(5, -1, -1), *range(1, 7)]))
    with database.read() as reading:
        ended = Counter(
            match.state for match in reading.scalars(select(CareMatch).where(CareMatch.id.in_(ids)))
        )
        after = select(func.count()).select_from(CareMatchEvent)
        ends = reading.scalar(
            after.where(CareMatchEvent.after.in_([CareMatchState.REFUSED, CareMatchState.WITHDRAWN]))
        )
    assert not set(ended) & OPEN
    assert ends == said["withdrawn"] + said["refused"] == 6
    assert said["too late"] == 12
