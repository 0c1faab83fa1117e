"""Chat, desk and jobs change the same appointments at the same moment: nobody is stopped by a deadlock.

PostgreSQL alone: SQLite has one writer at a time.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import product

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.appointment.acts import book_appointment, cancel_appointment, move_appointment
from backoffice.appointment.hand import free_days, wanted_by_hand
from backoffice.appointment.jobs import offer_appointments
from backoffice.appointment.models import Appointment, AppointmentState
from backoffice.appointment.reminding import SAYERS
from backoffice.appointment.service import free_slots, get_desk
from backoffice.conversation.queries import lock_conversation
from backoffice.database import Database
from backoffice.errors import Conflict
from backoffice.person.models import Person
from backoffice.reminder.jobs import say_reminders
from backoffice.reminder.models import Reminder
from backoffice.rights.choices import answer_choice
from tests.backoffice.appointment.desks import create_desk
from tests.backoffice.case.cases import create_person
from tests.backoffice.databases import POSTGRES
from tests.backoffice.factories import NOW, create_conversation, create_front_door, send

BASE = "https://sportello.example.org"
WHAT = ("book", "move", "cancel")
ROUNDS = [*product(WHAT, WHAT)] * 3


@pytest.fixture(params=[POSTGRES])
def backend(request: pytest.FixtureRequest) -> str:
    chosen: str = request.param
    return chosen


@dataclass(frozen=True)
class Life:
    """Somebody with two chats, and the one desk with its few moments."""

    database: Database
    desk_id: str
    slots: list[datetime]
    person_id: str
    talks: tuple[str, str]

    def own(self, session: Session) -> Appointment | None:
        statement = select(Appointment).where(
            Appointment.person_id == self.person_id, Appointment.state == AppointmentState.BOOKED
        )
        return session.scalars(statement).one_or_none()

    def in_the_chat(self, what: str, number: int, talk: int) -> None:
        with self.database.transaction() as session:
            conversation = lock_conversation(session, self.talks[talk])
            own = self.own(session)
            minute = int(self.slots[number % len(self.slots)].timestamp()) // 60
            of = own.id if own is not None else "none"
            choice = {
                "book": f"yes:{self.desk_id}:documents:{minute}",
                "move": f"yes:{self.desk_id}:{of}:{minute}",
                "cancel": f"gone:{of}",
            }[what]
            answer_choice(session, conversation, f"appointment:{choice}", now=NOW, base_url=BASE)
            if what == "book":
                answer_choice(
                    session,
                    conversation,
                    f"appointment:wait:{self.desk_id}:documents",
                    now=NOW,
                    base_url=BASE,
                )

    def at_the_desk(self, what: str, number: int) -> None:
        slot = self.slots[number % len(self.slots)]
        try:
            with self.database.transaction() as session:
                own = self.own(session)
                if what == "book":
                    person = session.get_one(Person, self.person_id)
                    wanted = wanted_by_hand(session, person, "documents", interpreter=None, note=None)
                    desk = get_desk(session, self.desk_id)
                    book_appointment(session, desk, slot, wanted, base_url=BASE, by="staff", now=NOW)
                elif own is not None and what == "move":
                    move_appointment(session, own, slot, by="staff", now=NOW)
                elif own is not None:
                    cancel_appointment(session, own, None, by="staff", now=NOW)
        except Conflict:
            return  # taken, moved or cancelled by the other side meanwhile

    def by_themselves(self, number: int) -> None:
        soon = self.slots[number % len(self.slots)] - timedelta(minutes=110)
        say_reminders(self.database, SAYERS, lambda: soon)
        offer_appointments(self.database, lambda: NOW)


def lives(session: Session, database: Database, people: int) -> list[Life]:
    body = create_front_door(session).id
    desk = create_desk(session, organisation_id=body, opens=time(9), closes=time(10), weekdays=(1,))
    day = free_days(session, desk, now=NOW)[0]
    slots = [
        slot.starts_at
        for first in (day, day + timedelta(days=7))
        for slot in free_slots(session, desk, first=first, last=first, now=NOW)
    ]
    found = []
    for _ in range(people):
        person, talks = create_person(session), (create_conversation(session), create_conversation(session))
        for talk in talks:
            talk.person_id = person.id
            send(session, talk, "запис")
        found.append(Life(database, desk.id, slots, person.id, (talks[0].id, talks[1].id)))
    session.commit()
    return found


@pytest.mark.timeout(120)
def test_chat_desk_and_jobs_at_once_stop_nobody_and_leave_one_appointment(
    session: Session, database: Database
) -> None:
    everybody = lives(session, database, people=2)
    with ThreadPoolExecutor(8) as crowd:
        for number, (said, done) in enumerate(ROUNDS):
            running = [crowd.submit(everybody[0].by_themselves, number)]
            for at, life in enumerate(everybody, start=number):
                running += [
                    crowd.submit(life.in_the_chat, said, at, 0),
                    crowd.submit(life.in_the_chat, done, at + 1, 1),
                    crowd.submit(life.at_the_desk, done, at + 2),
                ]
            for act in running:
                act.result()  # a deadlock is an error of the database, and raised here

    for life in everybody:
        own = life.own(session)
        statement = select(Reminder.about_id).where(
            Reminder.ended_at.is_(None), Reminder.conversation_id.in_(life.talks)
        )
        left = set(session.scalars(statement))
        assert left <= ({own.id} if own is not None else set())
