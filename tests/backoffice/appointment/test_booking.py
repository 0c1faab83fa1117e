"""Booking, moving and cancelling an appointment."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from backoffice.appointment.errors import AlreadyBooked, NoSuchSlot, NotBooked, SlotTaken
from backoffice.appointment.models import Appointment, AppointmentDesk, AppointmentState
from backoffice.appointment.service import Wanted, book, cancel, close, free_slots, move
from backoffice.italy import day_in_italy
from tests.backoffice.appointment.desks import create_desk
from tests.backoffice.case.cases import create_person
from tests.backoffice.databases import backend as backend
from tests.backoffice.factories import NOW


def wanted(session: Session) -> Wanted:
    return Wanted(create_person(session).id, "documents", "uk")


def first_slots(session: Session, desk: AppointmentDesk, number: int = 2) -> list[datetime]:
    day = day_in_italy(NOW)
    found = free_slots(session, desk, first=day, last=day + timedelta(days=14), now=NOW)
    return [slot.starts_at for slot in found[:number]]


def booked(session: Session, desk: AppointmentDesk, starts_at: datetime) -> Appointment:
    return book(session, desk, starts_at, wanted(session), by="service", now=NOW)


def test_a_booked_moment_is_not_free_any_more(session: Session) -> None:
    desk = create_desk(session)
    slot, _next = first_slots(session, desk)
    booked(session, desk, slot)
    assert slot not in first_slots(session, desk, 50)


def test_a_second_person_hears_that_it_is_taken(session: Session) -> None:
    desk = create_desk(session)
    slot, _next = first_slots(session, desk)
    booked(session, desk, slot)
    with pytest.raises(SlotTaken):
        booked(session, desk, slot)


def test_two_places_take_two_people(session: Session) -> None:
    desk = create_desk(session, places=2)
    slot, _next = first_slots(session, desk)
    assert [booked(session, desk, slot).place for _ in range(2)] == [1, 2]
    with pytest.raises(SlotTaken):
        booked(session, desk, slot)


def test_one_person_has_one_appointment_at_a_desk(session: Session) -> None:
    desk = create_desk(session)
    one, other = first_slots(session, desk)
    somebody = wanted(session)
    book(session, desk, one, somebody, by="service", now=NOW)
    with pytest.raises(AlreadyBooked):
        book(session, desk, other, somebody, by="service", now=NOW)


@pytest.mark.parametrize("away", [timedelta(minutes=7), timedelta(days=90), timedelta(days=-30)])
def test_a_moment_at_which_nobody_receives_is_refused(session: Session, away: timedelta) -> None:
    desk = create_desk(session)
    slot, _next = first_slots(session, desk)
    with pytest.raises(NoSuchSlot):
        booked(session, desk, slot + away)


def test_moving_gives_the_old_place_back(session: Session) -> None:
    desk = create_desk(session)
    one, other = first_slots(session, desk)
    before = booked(session, desk, one)
    after = move(session, before, other, conversation_id=None, by="service", now=NOW)
    assert (before.state, before.moved_to_id, after.starts_at) == (AppointmentState.MOVED, after.id, other)
    assert booked(session, desk, one).state is AppointmentState.BOOKED


def test_who_cannot_move_keeps_what_they_have(session: Session) -> None:
    desk = create_desk(session)
    one, other = first_slots(session, desk)
    mine = booked(session, desk, one)
    booked(session, desk, other)
    with pytest.raises(SlotTaken):
        move(session, mine, other, conversation_id=None, by="service", now=NOW)
    assert mine.state is AppointmentState.BOOKED


def test_a_cancelled_place_is_free_again(session: Session) -> None:
    desk = create_desk(session)
    slot, _next = first_slots(session, desk)
    mine = booked(session, desk, slot)
    cancel(session, mine, reason=None, now=NOW)
    with pytest.raises(NotBooked):
        cancel(session, mine, reason=None, now=NOW)
    assert booked(session, desk, slot).place == 1


def test_whether_somebody_came_is_noted_after_the_beginning(session: Session) -> None:
    desk = create_desk(session)
    slot, _next = first_slots(session, desk)
    mine = booked(session, desk, slot)
    with pytest.raises(NotBooked):
        close(session, mine, came=True, now=NOW)
    close(session, mine, came=False, now=slot + timedelta(minutes=20))
    assert mine.state is AppointmentState.NO_SHOW


def test_a_day_without_hours_has_no_free_moment(session: Session) -> None:
    desk = create_desk(session, weekdays=())
    assert free_slots(session, desk, first=date(2026, 10, 1), last=date(2026, 12, 1), now=NOW) == []
