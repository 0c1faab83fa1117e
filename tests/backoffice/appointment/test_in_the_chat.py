"""Booking, moving, cancelling and waiting in the chat, by its buttons alone, in several languages."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from icalendar import Calendar
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backoffice.appointment.acts import cancel_appointment
from backoffice.appointment.calendar import appointment_of_token, calendar_file
from backoffice.appointment.chat import Chat
from backoffice.appointment.hand import free_days
from backoffice.appointment.jobs import offer_appointments
from backoffice.appointment.models import (
    Appointment,
    AppointmentDesk,
    AppointmentState,
    DeskException,
    WaitEnd,
    WaitingForAppointment,
)
from backoffice.appointment.service import Wanted, book, free_slots, get_desk
from backoffice.appointment.waiting import KEPT, kept_until
from backoffice.client.client import BackofficeClient
from backoffice.client.schemas import AppointmentBegin
from backoffice.conversation.models import Button, Conversation, Message
from backoffice.conversation.queries import lock_conversation
from backoffice.database import Database
from backoffice.italy import ROME, day_in_italy
from backoffice.person.models import Person
from backoffice.reminder.models import Reminder, ReminderEnd
from backoffice.rights.choices import answer_choice
from tests.backoffice.appointment.desks import create_desk
from tests.backoffice.case.cases import create_person
from tests.backoffice.databases import backend as backend
from tests.backoffice.factories import NOW, create_conversation, create_front_door, send
from translations.catalog import text

BASE = "https://sportello.example.org"
AS_EACH_WRITES = {"it": "lunedì", "ar": "الاثنين", "zh": "星期一", "uk": "понеділок", "bn": "সোমবার"}


def talk(session: Session, language: str = "it") -> Conversation:
    conversation = create_conversation(session)
    conversation.language = language
    send(session, conversation, "appuntamento")
    return conversation


def press(session: Session, conversation: Conversation, title: str, *, now: datetime = NOW) -> str:
    """Press the newest button with a title, and return what is said to it."""
    buttons = session.execute(
        select(Button.payload)
        .join(Message, Message.id == Button.message_id)
        .where(Button.conversation_id == conversation.id, Button.label == title)
        .order_by(Message.seq.desc())
    ).first()
    assert buttons is not None, title
    return choose(session, conversation, buttons[0].removeprefix("choice:"), now=now)


def choose(session: Session, conversation: Conversation, choice: str, *, now: datetime = NOW) -> str:
    answer_choice(session, conversation, choice, now=now, base_url=BASE)
    session.flush()
    return last(session, conversation)


def last(session: Session, conversation: Conversation) -> str:
    statement = select(Message.text).where(Message.conversation_id == conversation.id)
    return session.scalars(statement.order_by(Message.seq.desc()).limit(1)).one()


def titles(session: Session, conversation: Conversation) -> list[str]:
    """Return the buttons under the last message."""
    newest = select(func.max(Message.seq)).where(Message.conversation_id == conversation.id).scalar_subquery()
    statement = (
        select(Button.label)
        .join(Message, Message.id == Button.message_id)
        .where(Message.conversation_id == conversation.id, Message.seq == newest)
        .order_by(Button.position)
    )
    return list(session.scalars(statement))


def button(key: str, language: str) -> str:
    return text(f"system.button.appointment_{key}", language)


def book_by_buttons(session: Session, conversation: Conversation, *, now: datetime = NOW) -> Appointment:
    language = conversation.language
    choose(session, conversation, "appointment:new", now=now)
    press(session, conversation, button("topic_documents", language), now=now)
    press(session, conversation, titles(session, conversation)[0], now=now)
    press(session, conversation, titles(session, conversation)[0], now=now)
    press(session, conversation, button("yes", language), now=now)
    statement = select(Appointment).where(Appointment.conversation_id == conversation.id)
    return session.scalars(statement.order_by(Appointment.created_at.desc())).first()  # type: ignore[return-value]


@pytest.mark.parametrize("language", sorted(AS_EACH_WRITES))
def test_an_appointment_is_booked_by_buttons_in_the_language_of_the_chat(
    session: Session, language: str
) -> None:
    desk = create_desk(session, organisation_id=create_front_door(session).id, weekdays=(0,), step_free=True)
    conversation = talk(session, language)
    made = book_by_buttons(session, conversation)
    told = last(session, conversation)
    assert (made.state, made.desk_id, made.language) == (AppointmentState.BOOKED, desk.id, language)
    assert AS_EACH_WRITES[language] in told
    assert f"{made.starts_at.astimezone(ROME):%H:%M}" in told
    assert desk.address in told
    assert text("system.appointment_step_free", language) in told
    assert f"{BASE}/appointments/calendar/" in told
    assert made.interpreter == (None if language == "it" else language)
    assert session.get_one(Person, made.person_id).name is None
    assert len(session.scalars(select(Reminder).where(Reminder.about_id == made.id)).all()) == 2


def test_the_same_button_twice_books_once_and_shows_what_there_is(session: Session) -> None:
    create_desk(session, organisation_id=create_front_door(session).id)
    conversation = talk(session)
    book_by_buttons(session, conversation)
    again = press(session, conversation, button("yes", "it"))
    assert again.startswith("Hai già un appuntamento")
    assert session.scalar(select(func.count()).select_from(Appointment)) == 1


def test_moving_keeps_one_place_replaces_the_calendar_entry_and_plans_anew(session: Session) -> None:
    create_desk(session, organisation_id=create_front_door(session).id, weekdays=(0, 1))
    conversation = talk(session)
    first = book_by_buttons(session, conversation)
    assert first.calendar_link is not None
    token = first.calendar_link.rsplit("/", 1)[1].removesuffix(".ics")
    before = _entry(session, token)
    press(session, conversation, button("move", "it"))
    press(session, conversation, titles(session, conversation)[1])
    press(session, conversation, titles(session, conversation)[0])
    told = press(session, conversation, button("yes", "it"))
    assert told.startswith("L'appuntamento è spostato")
    second = session.get_one(Appointment, first.moved_to_id)
    assert (first.state, second.state) == (AppointmentState.MOVED, AppointmentState.BOOKED)
    after = _entry(session, token)
    assert (after["UID"], after["DTSTART"].dt) == (before["UID"], second.starts_at)
    assert int(after["SEQUENCE"]) > int(before["SEQUENCE"])
    old = session.scalars(select(Reminder).where(Reminder.about_id == first.id)).all()
    assert {reminder.end for reminder in old} == {ReminderEnd.CANCELLED}
    assert len(session.scalars(select(Reminder).where(Reminder.about_id == second.id)).all()) == 2


def test_cancelling_asks_once_and_the_calendar_says_so(session: Session) -> None:
    create_desk(session, organisation_id=create_front_door(session).id)
    conversation = talk(session, "ur")
    made = book_by_buttons(session, conversation)
    press(session, conversation, button("cancel", "ur"))
    assert made.state.value == "booked"
    press(session, conversation, button("keep", "ur"))
    press(session, conversation, button("cancel", "ur"))
    press(session, conversation, button("cancel_yes", "ur"))
    assert made.state.value == "cancelled"
    assert made.calendar_link is not None
    entry = _entry(session, made.calendar_link.rsplit("/", 1)[1].removesuffix(".ics"))
    assert entry["STATUS"] == "CANCELLED"
    assert choose(session, conversation, f"appointment:gone:{made.id}") == text(
        "system.appointment_too_late", "ur"
    )


def test_nobody_reaches_the_appointment_of_somebody_else_by_a_button(session: Session) -> None:
    create_desk(session, organisation_id=create_front_door(session).id)
    theirs = book_by_buttons(session, talk(session))
    conversation = talk(session)
    for what in ("cancel", "gone", "move", "keep"):
        said = choose(session, conversation, f"appointment:{what}:{theirs.id}")
        assert "2026" not in said
    assert theirs.state is AppointmentState.BOOKED


@pytest.mark.parametrize(
    "choice", ["x", "at:x:documents:1", "day:x:y:2026-99-99", "yes", "topic:x", "take:x"]
)
def test_a_button_that_means_nothing_begins_again(session: Session, choice: str) -> None:
    create_desk(session, organisation_id=create_front_door(session).id)
    conversation = talk(session)
    assert choose(session, conversation, f"appointment:{choice}") == text("system.appointment_topic", "it")


def test_a_place_that_went_meanwhile_is_said_to_be_gone(session: Session) -> None:
    create_desk(session, organisation_id=create_front_door(session).id)
    slow, quick = talk(session), talk(session)
    choose(session, slow, "appointment:new")
    press(session, slow, button("topic_documents", "it"))
    press(session, slow, titles(session, slow)[0])
    press(session, slow, titles(session, slow)[0])
    book_by_buttons(session, quick)
    assert press(session, slow, button("yes", "it")) == text("system.appointment_taken", "it")
    assert titles(session, slow) == [button("hours", "it")]


def test_two_at_once_for_the_last_place_through_the_chat(session: Session, database: Database) -> None:
    desk = create_desk(session, organisation_id=create_front_door(session).id)
    talks = [talk(session).id for _ in range(6)]
    slot = _first_slot(session, desk.id)
    session.commit()

    def want(number: int) -> str:
        with database.transaction() as one:
            conversation = lock_conversation(one, talks[number])
            choice = f"appointment:yes:{desk.id}:documents:{int(slot.timestamp()) // 60}"
            answer_choice(one, conversation, choice, now=NOW, base_url=BASE)
            return last(one, conversation)

    with ThreadPoolExecutor(6) as crowd:
        said = list(crowd.map(want, range(6)))
    assert sum(each.startswith("L'appuntamento è preso") for each in said) == 1
    assert said.count(text("system.appointment_taken", "it")) == 5


def test_who_waits_is_offered_the_place_that_becomes_free_then_the_next(
    session: Session, database: Database
) -> None:
    desk, made = _full_desk(session)
    first, second = talk(session, "ar"), talk(session, "pa")
    for minute, conversation in enumerate((first, second)):
        choose(session, conversation, "appointment:topic:documents", now=NOW)
        assert titles(session, conversation) == [button("wait", conversation.language)]
        press(
            session, conversation, button("wait", conversation.language), now=NOW + timedelta(minutes=minute)
        )
    cancelled = NOW + timedelta(hours=1)
    cancel_appointment(session, made, None, by="service", now=cancelled)
    later = talk(session)
    assert choose(session, later, "appointment:topic:documents", now=cancelled).startswith(
        f"{desk.name}: per ora non ci sono posti liberi"
    )
    assert titles(session, first) == [button("stop", "ar")]
    assert offered(session, database, cancelled) == 1
    assert titles(session, first) == [button("take", "ar"), button("pass", "ar")]
    assert titles(session, second) == [button("stop", "pa")]
    after = kept_until(cancelled)
    assert offered(session, database, after) == 1
    assert titles(session, second) == [button("take", "pa"), button("pass", "pa")]
    press(session, second, button("take", "pa"), now=after)
    ends = session.scalars(select(WaitingForAppointment.end_reason).order_by(WaitingForAppointment.since))
    assert list(ends) == [WaitEnd.NO_ANSWER, WaitEnd.BOOKED]
    assert press(session, first, button("take", "ar"), now=after) == text(
        "system.appointment_offer_over", "ar"
    )


def test_who_was_not_told_of_a_place_in_time_keeps_their_turn(session: Session, database: Database) -> None:
    _desk, made = _full_desk(session)
    conversation = talk(session)
    choose(session, conversation, "appointment:topic:documents", now=NOW)
    press(session, conversation, button("wait", "it"), now=NOW)
    cancel_appointment(session, made, None, by="service", now=NOW)
    assert offered(session, database, kept_until(NOW) + timedelta(hours=1)) == 1
    assert titles(session, conversation) == [button("take", "it"), button("pass", "it")]


def offered(session: Session, database: Database, now: datetime) -> int:
    """Let the job look at a moment, and read what it has changed."""
    session.commit()
    count = offer_appointments(database, lambda: now)
    session.expire_all()
    return count


def test_an_offer_is_kept_for_hours_of_the_day_alone() -> None:
    evening = datetime(2026, 12, 1, 18, 30, tzinfo=ROME)
    assert kept_until(evening).astimezone(ROME) == datetime(2026, 12, 2, 9, 30, tzinfo=ROME)
    morning = datetime(2026, 12, 1, 9, 0, tzinfo=ROME)
    assert kept_until(morning) == morning + KEPT


def test_where_no_desk_is_set_up_nothing_is_said(session: Session) -> None:
    conversation = talk(session)
    assert Chat(session, conversation, base_url=BASE, now=NOW).begin() == []


async def test_the_actions_begin_and_hear_of_what_there_is(
    session: Session, client: BackofficeClient
) -> None:
    create_desk(session, organisation_id=create_front_door(session).id)
    conversation = talk(session, "fr")
    session.commit()
    asked = AppointmentBegin(conversation_id=conversation.id)
    said = (await client.begin_appointment(asked)).said
    assert [each.text for each in said] == [text("system.appointment_topic", "fr")]
    changes = AppointmentBegin(conversation_id=conversation.id, changes=True)
    said = (await client.begin_appointment(changes)).said
    assert [each.text for each in said] == [text("system.appointment_none", "fr")]


@pytest.mark.parametrize(("topic", "is_known"), [("documents", True), ("asylum", False), ("rent", False)])
def test_a_topic_that_is_known_is_said_and_not_asked(session: Session, topic: str, is_known: bool) -> None:
    create_desk(session, organisation_id=create_front_door(session).id, topics=["documents"])
    (said,) = Chat(session, talk(session), base_url=BASE, now=NOW).begin(topic=topic)
    assert (said.text == text("system.appointment_topic", "it")) is not is_known
    assert said.text.startswith("Vuoi parlare di: Documenti.\nSportello di prova.") is is_known
    assert (button("other_topic", "it") in {each.title for each in said.buttons}) is is_known


def _first_slot(session: Session, desk_id: str) -> datetime:
    desk = get_desk(session, desk_id)
    day = free_days(session, desk, now=NOW)[0]
    return free_slots(session, desk, first=day, last=day, now=NOW)[0].starts_at


def _full_desk(session: Session) -> tuple[AppointmentDesk, Appointment]:
    """Make a desk whose only place of the next sixty days is taken."""
    day = day_in_italy(NOW) + timedelta(days=9)
    desk = create_desk(session, organisation_id=create_front_door(session).id, weekdays=())
    desk.exceptions.append(DeskException(day=day, opens=time(9), closes=time(9, 30)))
    session.flush()
    wanted = Wanted(create_person(session).id, "documents", "it")
    made = book(session, desk, _first_slot(session, desk.id), wanted, by="service", now=NOW)
    return desk, made


def _entry(session: Session, token: str) -> Any:
    file = Calendar.from_ical(calendar_file(appointment_of_token(session, token), "it", now=NOW))
    return file.walk("VEVENT")[0]
