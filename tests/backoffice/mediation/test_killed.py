"""Whatever stops while people are reminded, each is reminded once."""

from __future__ import annotations

import multiprocessing
import os
import signal
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backoffice.conversation.models import Message
from backoffice.database import Database
from backoffice.mail.models import Mail
from backoffice.mediation.reminding import SAYERS, tellers
from backoffice.reminder.jobs import say_reminders
from backoffice.reminder.service import say_due
from backoffice.settings import Settings
from tests.backoffice.databases import FrozenClock
from tests.backoffice.databases import backend as backend
from tests.backoffice.factories import NOW
from tests.backoffice.mediation.mediations import create_assigned

BASE = "https://sportello.test.example"
TWO_HOURS_BEFORE = NOW + timedelta(hours=22)


def count(session: Session, kind: type[Mail] | type[Message]) -> int:
    session.expire_all()
    found = session.scalar(select(func.count()).select_from(kind)) or 0
    session.commit()
    return found


def _die_before_the_commit(settings: Settings) -> None:
    database = Database(settings.url, secret=settings.secret, data_dir=Path(settings.data_dir))
    with database.transaction() as session:
        say_due(session, SAYERS, now=TWO_HOURS_BEFORE, tellers=tellers(BASE))
        session.flush()
        os.kill(os.getpid(), signal.SIGKILL)


def test_a_process_that_is_killed_while_it_reminds_loses_and_doubles_nothing(
    session: Session, database: Database, settings: Settings, clock: FrozenClock
) -> None:
    create_assigned(session)
    session.commit()
    mails, messages = count(session, Mail), count(session, Message)
    dying = multiprocessing.get_context("spawn").Process(target=_die_before_the_commit, args=(settings,))
    dying.start()
    dying.join()
    assert (dying.exitcode, count(session, Mail)) == (-signal.SIGKILL, mails)
    clock.advance(hours=22)
    for _ in range(2):
        say_reminders(database, SAYERS, clock, tellers(BASE))
    assert (count(session, Mail), count(session, Message)) == (mails + 2, messages + 1)
