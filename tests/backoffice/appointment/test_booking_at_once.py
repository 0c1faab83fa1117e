"""Five hundred people want a hundred appointments at the same moment: each is had once."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, time, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from backoffice.appointment.errors import SlotTaken
from backoffice.appointment.models import Appointment, AppointmentState
from backoffice.appointment.service import Wanted, book, free_slots, get_desk
from backoffice.database import Database
from backoffice.italy import day_in_italy
from tests.backoffice.appointment.desks import create_desk
from tests.backoffice.case.cases import create_person
from tests.backoffice.databases import backend as backend
from tests.backoffice.factories import NOW

PEOPLE, SLOTS, AT_ONCE = 500, 100, 8


def try_to_book(database: Database, desk_id: str, starts_at: datetime, person_id: str) -> str:
    while True:
        try:
            with database.transaction() as session:
                desk = get_desk(session, desk_id)
                wanted = Wanted(person_id, "documents", "uk")
                book(session, desk, starts_at, wanted, by="service", now=NOW)
        except SlotTaken:
            return "taken"
        except OperationalError:
            if database.engine.dialect.name != "sqlite":
                raise
            continue  # a writer waits for some seconds at most; who called comes again, as the bot does
        return "booked"


@pytest.mark.timeout(180)
def test_five_hundred_for_a_hundred_book_a_hundred_each_once(session: Session, database: Database) -> None:
    desk = create_desk(session, opens=time(8), closes=time(18), slot_minutes=30)
    day = day_in_italy(NOW)
    found = free_slots(session, desk, first=day, last=day + timedelta(days=30), now=NOW)
    slots = [slot.starts_at for slot in found[:SLOTS]]
    people = [create_person(session).id for _ in range(PEOPLE)]
    session.commit()

    def want(number: int) -> str:
        return try_to_book(database, desk.id, slots[number % SLOTS], people[number])

    with ThreadPoolExecutor(AT_ONCE) as crowd:
        said = Counter(crowd.map(want, range(PEOPLE)))

    assert said == {"booked": SLOTS, "taken": PEOPLE - SLOTS}
    is_booked = Appointment.state == AppointmentState.BOOKED
    with database.read() as reading:
        each = select(Appointment.starts_at, func.count()).where(is_booked).group_by(Appointment.starts_at)
        assert {row[0]: row[1] for row in reading.execute(each)} == dict.fromkeys(slots, 1)
