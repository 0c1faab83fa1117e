"""What another body reads of a history: the parts that it was given, nothing of the owner's own work."""

from __future__ import annotations

import httpx
import pytest
from sqlalchemy.orm import Session

from backoffice.case.history import record_event
from backoffice.case.models import CaseEventKind, NoteKind
from backoffice.case.parts import PART_OF_EVENT
from backoffice.sharing.parts import CasePart
from tests.backoffice.databases import backend as backend
from tests.backoffice.factories import NOW
from tests.backoffice.sharing.conftest import Bodies
from tests.backoffice.sharing.shares import an_offer, create_share

OWN_WORK = {
    CaseEventKind.OUTCOME_SET,
    CaseEventKind.GROUND_SET,
    CaseEventKind.ACCEPTED,
    CaseEventKind.INTERVIEWED,
    CaseEventKind.REVIEWED,
    CaseEventKind.COWORKER_ADDED,
    CaseEventKind.COWORKER_REMOVED,
    CaseEventKind.LINKED,
    CaseEventKind.MATCH_CHANGED,
    CaseEventKind.VIEWING_CHANGED,
    CaseEventKind.CHECKLIST_CHANGED,
    CaseEventKind.CHECKLIST_OVERDUE,
    CaseEventKind.TENANCY_CHANGED,
    CaseEventKind.WORKER_MOVED,
    CaseEventKind.WORKER_CHANGED,
    CaseEventKind.CARE_MATCH_CHANGED,
    CaseEventKind.ENGAGEMENT_CHANGED,
    CaseEventKind.ENGAGEMENT_OVERDUE,
    CaseEventKind.TRAINING_CHANGED,
    CaseEventKind.PERMIT_EXPIRES,
    CaseEventKind.APPOINTMENT_CHANGED,
    CaseEventKind.MEDIATION_CHANGED,
    CaseEventKind.MEDIATION_CONFIRMED,
}


def test_every_kind_of_event_belongs_to_a_part_or_to_the_body_s_own_work() -> None:
    assert set(PART_OF_EVENT) | OWN_WORK == set(CaseEventKind)
    assert not set(PART_OF_EVENT) & OWN_WORK


@pytest.mark.parametrize("path", ["/api/v1/cases/{}/events", "/cases/{}/timeline"])
async def test_attack_17_a_history_tells_only_of_the_parts_that_were_given(
    http: httpx.AsyncClient, session: Session, bodies: Bodies, path: str
) -> None:
    for number, kind in enumerate(CaseEventKind):
        after = NoteKind.INTERNAL.value if kind is CaseEventKind.NOTED else None
        record_event(
            session, bodies.case, kind, by=bodies.owner.id, now=NOW, after=after, reason=f"w{number}x"
        )
    offer = an_offer(bodies.partner, CasePart.HISTORY, CasePart.NEEDS)
    create_share(session, bodies.case, offer, by=bodies.owner, accepted_by=bodies.worker)
    told = (await http.get(path.format(bodies.case.id), headers=bodies.by_worker)).text
    given = {CasePart.SUMMARY, CasePart.NEEDS}
    for number, kind in enumerate(CaseEventKind):
        if PART_OF_EVENT.get(kind) not in given:
            assert f"w{number}x" not in told, kind
