"""Reminders of appointments: at the right hour of the clock on the wall, in the person's language, once."""

from __future__ import annotations

import multiprocessing
import os
import signal
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backoffice.appointment.acts import book_appointment, close_appointment
from backoffice.appointment.models import Appointment, AppointmentState
from backoffice.appointment.reminding import SAYERS, day_before
from backoffice.appointment.service import Wanted
from backoffice.conversation.models import Conversation, Message
from backoffice.database import Database
from backoffice.italy import ROME
from backoffice.reminder.jobs import say_reminders
from backoffice.reminder.models import Reminder, ReminderKind
from backoffice.reminder.service import say_due
from backoffice.settings import Settings
from tests.backoffice.appointment.desks import create_desk
from tests.backoffice.case.cases import create_person
from tests.backoffice.databases import FrozenClock
from tests.backoffice.databases import backend as backend
from tests.backoffice.factories import create_conversation, create_front_door, send

IN_WINTER = datetime(2028, 3, 18, 9, tzinfo=UTC)
SUMMER_SUNDAY = datetime(2028, 3, 26, 9, tzinfo=ROME).astimezone(UTC)
"""Nine o'clock on the Sunday whose night is an hour shorter."""


def booked(
    session: Session, starts_at: datetime = SUMMER_SUNDAY, *, now: datetime = IN_WINTER
) -> tuple[Appointment, Conversation]:
    desk = create_desk(session, organisation_id=create_front_door(session).id, weekdays=(6,), opens=time(9))
    person, conversation = create_person(session), create_conversation(session)
    conversation.language, conversation.person_id = "uk", person.id
    send(session, conversation, "запис")
    session.flush()
    for message in session.scalars(select(Message).where(Message.conversation_id == conversation.id)):
        message.created_at = now
    wanted = Wanted(person.id, "documents", "uk", conversation.id)
    made = book_appointment(
        session, desk, starts_at, wanted, base_url="https://x.example", by="service", now=now
    )
    session.commit()
    return made, conversation


def said(session: Session) -> list[str]:
    session.expire_all()
    found = session.scalars(select(Message.text).where(Message.author == "system").order_by(Message.seq))
    lines = list(found)
    session.commit()  # nobody waits for the lock of a test that only looks
    return lines


def at(clock: FrozenClock, moment: datetime) -> FrozenClock:
    clock.advance(seconds=(moment - clock()).total_seconds())
    return clock


@pytest.mark.parametrize(
    ("month", "day", "hour_before", "hour"), [(3, 26, 8, 7), (10, 29, 7, 8)], ids=["spring", "autumn"]
)
def test_what_is_booked_across_the_change_of_the_clock_is_reminded_at_the_hour_of_the_wall(
    session: Session, month: int, day: int, hour_before: int, hour: int
) -> None:
    starts_at = datetime(2028, month, day, 9, tzinfo=ROME).astimezone(UTC)
    made, _conversation = booked(session, starts_at, now=starts_at - timedelta(days=8))
    assert made.starts_at == datetime(2028, month, day, hour, tzinfo=UTC)
    due = dict(session.execute(select(Reminder.kind, Reminder.due_at)).all())
    assert due == {
        ReminderKind.APPOINTMENT_TOMORROW: datetime(2028, month, day - 1, hour_before, tzinfo=UTC),
        ReminderKind.APPOINTMENT_SOON: made.starts_at - timedelta(hours=2),
    }


@pytest.mark.parametrize(("hour", "reminded"), [(7, 8), (8, 8), (15, 15), (21, 20)])
def test_nobody_is_woken_by_the_reminder_of_the_day_before(hour: int, reminded: int) -> None:
    moment = day_before(datetime(2026, 12, 10, hour, tzinfo=ROME)).astimezone(ROME)
    assert (moment.day, moment.hour) == (9, reminded)


def test_both_are_said_once_in_the_persons_language(
    session: Session, database: Database, clock: FrozenClock
) -> None:
    made, _conversation = booked(session)
    day = made.starts_at - timedelta(hours=23)
    assert say_reminders(database, SAYERS, at(clock, day - timedelta(minutes=1))) == 0
    assert [say_reminders(database, SAYERS, at(clock, day)) for _ in range(2)] == [1, 0]
    soon = made.starts_at - timedelta(hours=2)
    assert [say_reminders(database, SAYERS, at(clock, soon)) for _ in range(2)] == [1, 0]
    tomorrow, today = said(session)
    assert "завтра" in tomorrow
    assert "неділя, 26 березня 2028" in tomorrow
    assert "09:00" in today
    assert "documents" not in tomorrow + today


def _die(settings: Settings, due: datetime, *, is_committed: bool) -> None:
    database = Database(settings.url, secret=settings.secret, data_dir=Path(settings.data_dir))
    with database.transaction() as session:
        say_due(session, SAYERS, now=due)
        if not is_committed:
            session.flush()
            os.kill(os.getpid(), signal.SIGKILL)
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.parametrize(
    ("backend", "is_committed"),
    [("sqlite", False), pytest.param("postgres", True, marks=pytest.mark.postgres)],
)
def test_a_process_that_is_killed_before_or_after_the_commit_loses_and_doubles_nothing(
    session: Session, database: Database, settings: Settings, clock: FrozenClock, is_committed: bool
) -> None:
    made, _conversation = booked(session)
    due = made.starts_at - timedelta(hours=2)
    spawned = multiprocessing.get_context("spawn")
    process = spawned.Process(target=_die, args=(settings, due), kwargs={"is_committed": is_committed})
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL
    assert len(said(session)) == is_committed
    assert say_reminders(database, SAYERS, at(clock, due)) == (not is_committed)
    assert len(said(session)) == 1


def test_who_did_not_come_is_asked_and_reminded_no_more(session: Session) -> None:
    made, _conversation = booked(session)
    close_appointment(session, made, came=False, by="service", now=made.starts_at + timedelta(minutes=20))
    assert made.state is AppointmentState.NO_SHOW
    assert "Ми вас чекали" in said(session)[-1]
    left = select(func.count()).select_from(Reminder).where(Reminder.ended_at.is_(None))
    assert session.scalar(left) == 0


def test_no_message_reaches_whom_none_may_reach(
    session: Session, database: Database, clock: FrozenClock
) -> None:
    made, conversation = booked(session)
    conversation.mode = "closed"  # type: ignore[assignment]
    session.commit()
    assert say_reminders(database, SAYERS, at(clock, made.starts_at - timedelta(hours=2))) == 0
