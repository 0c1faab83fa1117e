"""A reminder is said once: whatever stops in between, and however many processes look."""

from __future__ import annotations

import multiprocessing
import os
import signal
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backoffice.conversation.models import Conversation, Message
from backoffice.database import Database
from backoffice.reminder.jobs import say_reminders
from backoffice.reminder.models import Reminder, ReminderEnd, ReminderKind
from backoffice.reminder.service import say_due
from backoffice.settings import Settings
from backoffice.viewing.reminding import SAYERS
from tests.backoffice.databases import FrozenClock
from tests.backoffice.databases import backend as backend
from tests.backoffice.viewing.test_viewings import THURSDAY, fixed

DUE = THURSDAY - timedelta(hours=2)


def reminders_said(session: Session) -> int:
    session.expire_all()
    wanted = select(func.count()).select_from(Message).where(Message.author == "system")
    count = session.scalar(wanted) or 0
    session.commit()  # nobody waits for the lock of a test that only looks
    return count


def clock_at(clock: FrozenClock, moment: datetime) -> FrozenClock:
    clock.advance(seconds=(moment - clock()).total_seconds())
    return clock


def test_it_is_said_when_its_time_has_come_and_not_before(
    session: Session, database: Database, clock: FrozenClock
) -> None:
    fixed(session)
    session.commit()
    before = reminders_said(session)
    assert say_reminders(database, SAYERS, clock) == 0
    assert say_reminders(database, SAYERS, clock_at(clock, DUE)) == 1
    assert say_reminders(database, SAYERS, clock) == 0
    assert reminders_said(session) == before + 1
    ends = dict(session.execute(select(Reminder.kind, Reminder.end)).all())
    assert ends == {
        ReminderKind.VIEWING_SOON: ReminderEnd.SENT,
        ReminderKind.VIEWING_TOMORROW: ReminderEnd.TOO_LATE,
    }


def test_many_who_look_at_once_say_it_once(session: Session, database: Database, clock: FrozenClock) -> None:
    fixed(session)
    session.commit()
    before = reminders_said(session)
    clock_at(clock, DUE)
    with ThreadPoolExecutor(8) as pool:
        counts = list(pool.map(lambda _number: say_reminders(database, SAYERS, clock), range(16)))
    assert sum(counts) == 1
    assert reminders_said(session) == before + 1


def _die_before_the_commit(settings: Settings) -> None:
    database = Database(settings.url, secret=settings.secret, data_dir=Path(settings.data_dir))
    with database.transaction() as session:
        say_due(session, SAYERS, now=DUE)
        session.flush()
        os.kill(os.getpid(), signal.SIGKILL)


def test_a_process_that_is_killed_in_the_midst_of_it_loses_and_doubles_nothing(
    session: Session, database: Database, settings: Settings, clock: FrozenClock
) -> None:
    fixed(session)
    session.commit()
    before = reminders_said(session)
    process = multiprocessing.get_context("spawn").Process(target=_die_before_the_commit, args=(settings,))
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL
    assert reminders_said(session) == before
    assert say_reminders(database, SAYERS, clock_at(clock, DUE)) == 1
    assert reminders_said(session) == before + 1


def test_nobody_is_reminded_of_what_is_not_any_more(
    session: Session, database: Database, clock: FrozenClock
) -> None:
    viewing, conversation = fixed(session)
    session.commit()
    before = reminders_said(session)
    viewing.starts_at = DUE - timedelta(hours=1)
    session.commit()
    assert say_reminders(database, SAYERS, clock_at(clock, DUE)) == 0
    assert reminders_said(session) == before
    assert session.get_one(Conversation, conversation.id) is not None
