from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from backoffice.database import Base
from backoffice.engagement.models import Engagement, EngagementEnd, EngagementState
from backoffice.engagement.queries import checks_of
from backoffice.reminder.models import Reminder
from backoffice.retention.erase import erase_person
from tests.backoffice.engagement.contracts import FACTS, drafted, running
from tests.backoffice.factories import NOW

CANARY = "canarino"


@pytest.mark.parametrize("side", ["worker", "request"])
def test_nothing_of_a_contract_is_left_that_says_who_it_was(session: Session, side: str) -> None:
    contract = running(session, facts=replace(FACTS, note=f"{CANARY} lo sa", place=f"via {CANARY}"))
    checks_of(session, contract.made.id)[0].outcome = f"{CANARY} sta bene"
    session.flush()
    erase_person(session, getattr(contract, side).person_id, by="x", now=NOW)
    session.commit()
    left = session.get_one(Engagement, contract.made.id)
    assert (left.state, left.end_reason) == (EngagementState.ENDED, EngagementEnd.OTHER)
    assert (left.note, left.place, left.inps_number) == (None, None, None)
    assert left.pay_eur == FACTS.pay_eur  # statistics still count
    assert [row for row in session.scalars(select(Reminder)) if row.ended_at is None] == []
    tables = [session.execute(text(f'SELECT * FROM "{table}"')).all() for table in Base.metadata.tables]
    assert CANARY not in str(tables)


def test_a_draft_of_somebody_who_is_erased_comes_to_nothing(session: Session) -> None:
    contract = drafted(session)
    erase_person(session, contract.worker.person_id, by="x", now=NOW)
    session.commit()
    assert session.get_one(Engagement, contract.made.id).state is EngagementState.DROPPED
