from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.accompaniment.checklist import Milestone
from backoffice.accompaniment.jobs import tell_overdue
from backoffice.accompaniment.service import record_day, write_tenancy
from backoffice.accompaniment.steps import tell_overdue_steps
from backoffice.case.models import CaseEvent, CaseEventKind
from backoffice.database import Database
from backoffice.housing_match.models import MatchSide, RefusalReason
from backoffice.housing_match.service import refuse
from tests.backoffice.accompaniment.households import FACTS, signed
from tests.backoffice.databases import FrozenClock
from tests.backoffice.factories import NOW


def alarms(session: Session) -> list[str | None]:
    statement = select(CaseEvent).where(CaseEvent.kind == CaseEventKind.CHECKLIST_OVERDUE)
    return [event.after for event in session.scalars(statement.order_by(CaseEvent.id))]


def test_a_day_that_has_passed_raises_its_alarm_once(
    session: Session, database: Database, clock: FrozenClock
) -> None:
    signed(session)
    session.commit()
    clock.moment = clock.moment.replace(month=12, day=12, hour=22)  # 23 o'clock in Italy: the last hour
    assert tell_overdue(database, clock) == 0
    clock.advance(hours=1)  # the 13th in Italy, the 12th in UTC
    assert [tell_overdue(database, clock) for _ in range(3)] == [1, 0, 0]
    clock.advance(days=30)
    assert [tell_overdue(database, clock) for _ in range(2)] == [1, 0]
    session.expire_all()
    assert alarms(session) == ["hospitality_notice", "registration"]


def test_a_process_that_dies_before_its_commit_has_told_nothing_and_the_next_tells_it(
    session: Session, database: Database, clock: FrozenClock
) -> None:
    signed(session)
    session.commit()
    clock.advance(days=11)

    def die() -> None:
        with database.transaction() as dying:
            assert tell_overdue_steps(dying, now=clock()) == 1
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        die()
    assert tell_overdue(database, clock) == 1
    session.expire_all()
    assert alarms(session) == ["hospitality_notice"]


def test_a_new_day_may_be_missed_anew_and_what_is_done_is_never_late(
    session: Session, database: Database, clock: FrozenClock
) -> None:
    home = signed(session)
    session.commit()
    clock.advance(days=11)
    assert tell_overdue(database, clock) == 1
    later = replace(FACTS, starts_on=date(2026, 12, 14))
    write_tenancy(session, home.case, later, by=home.desk.id, now=clock())
    session.commit()
    assert tell_overdue(database, clock) == 0
    clock.advance(days=10)
    assert tell_overdue(database, clock) == 1
    record_day(session, home.case, Milestone.REGISTERED, date(2026, 12, 20), by=home.desk.id, now=clock())
    session.commit()
    clock.advance(days=60)
    assert tell_overdue(database, clock) == 0


def test_a_home_that_was_refused_raises_no_alarm_whatever_refused_it(
    session: Session, database: Database, clock: FrozenClock
) -> None:
    home = signed(session)
    refuse(
        session,
        home.match,
        MatchSide.OWNER,
        RefusalReason.OTHER,
        words=None,
        by=home.desk.id,
        now=NOW,
    )
    session.commit()
    clock.advance(days=60)
    assert tell_overdue(database, clock) == 0
