"""Books, moves and cancels appointments. Functions flush, never commit; rights have been asked before.

A place is taken once, also by two at the same moment: the unique index decides, and who comes second takes
the next place or hears that the moment is taken. A place that is kept for somebody who waits is free for
them alone.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backoffice.appointment.errors import AlreadyBooked, NoSuchSlot, NotBooked, SlotTaken
from backoffice.appointment.models import (
    Appointment,
    AppointmentDesk,
    AppointmentState,
    WaitingForAppointment,
)
from backoffice.appointment.queries import get_desk as get_desk
from backoffice.appointment.slots import Opening, OtherDay, Stretch, WeeklyHours, is_slot, slots_between
from backoffice.person.models import Person

FURTHEST = timedelta(days=60)
"""How far ahead an appointment can be booked."""


@dataclass(frozen=True)
class Wanted:
    """Who wants an appointment and what for. `topic` is a code of `case.needs.Need`."""

    person_id: str
    topic: str
    language: str
    conversation_id: str | None = None
    case_id: str | None = None
    interpreter: str | None = None
    note: str | None = None


@dataclass(frozen=True)
class FreeSlot:
    """A moment at a desk that still has places."""

    starts_at: datetime
    ends_at: datetime
    places: int


def opening_of(desk: AppointmentDesk) -> Opening:
    """Return when a desk receives; its hours have been read with it."""
    hours = [
        WeeklyHours(each.weekday, Stretch(each.opens, each.closes), each.valid_from, each.valid_to)
        for each in desk.hours
    ]
    others = [
        OtherDay(each.day, Stretch(each.opens, each.closes) if each.opens and each.closes else None)
        for each in desk.exceptions
    ]
    return Opening(hours, others, desk.slot_minutes)


def free_slots(
    session: Session,
    desk: AppointmentDesk,
    *,
    first: date,
    last: date,
    now: datetime,
    person_id: str | None = None,
) -> list[FreeSlot]:
    """Return the moments of some days that still have places, the earliest first.

    `person_id`: what is kept for this person counts as free.
    """
    known = [(a, b) for a, b in slots_between(opening_of(desk), first, last) if now < a <= now + FURTHEST]
    if not known:
        return []
    statement = (
        select(Appointment.starts_at, func.count())
        .where(
            Appointment.desk_id == desk.id,
            Appointment.state == AppointmentState.BOOKED,
            Appointment.starts_at.between(known[0][0], known[-1][0]),
        )
        .group_by(Appointment.starts_at)
    )
    taken = Counter({row[0]: row[1] for row in session.execute(statement)})
    taken.update(_kept(session, desk, person_id, now=now))
    free = [FreeSlot(a, b, desk.places - taken[a]) for a, b in known]
    return [slot for slot in free if slot.places > 0]


def book(
    session: Session, desk: AppointmentDesk, starts_at: datetime, wanted: Wanted, *, by: str, now: datetime
) -> Appointment:
    """Book a moment at a desk.

    Raises:
        NoSuchSlot: the desk does not receive then, it is past, or too far ahead.
        AlreadyBooked: the person has an appointment to come at this desk.
        SlotTaken: no place is left.
    """
    _require_slot(desk, starts_at, now=now)
    lock_person(session, wanted.person_id)
    if to_come_at(session, desk.id, wanted.person_id, now=now) is not None:
        raise AlreadyBooked
    return _take_place(session, desk, starts_at, wanted, by=by, now=now)


def move(
    session: Session,
    appointment: Appointment,
    starts_at: datetime,
    *,
    conversation_id: str | None,
    by: str,
    now: datetime,
) -> Appointment:
    """Book another moment at the same desk instead, and return it; the old one is kept until it is had.

    The calendar's address goes along, so that a calendar replaces the old entry. `conversation_id`: where
    the person hears of the new one.

    Raises:
        NotBooked: it was moved, cancelled or has begun.
        NoSuchSlot: the desk does not receive then.
        SlotTaken: no place is left: the old appointment stands.
    """
    _require_to_come(appointment, now=now)
    desk = get_desk(session, appointment.desk_id)
    _require_slot(desk, starts_at, now=now)
    if starts_at == appointment.starts_at:
        return appointment
    wanted = Wanted(
        appointment.person_id,
        appointment.topic,
        appointment.language,
        conversation_id,
        appointment.case_id,
        appointment.interpreter,
        appointment.note,
    )
    instead = _take_place(session, desk, starts_at, wanted, by=by, now=now)
    appointment.state, appointment.moved_to_id = AppointmentState.MOVED, instead.id
    link, digest = appointment.calendar_link, appointment.calendar_sha256
    appointment.calendar_link = appointment.calendar_sha256 = None
    _changed(appointment)
    session.flush()
    instead.calendar_link, instead.calendar_sha256 = link, digest
    instead.sequence = appointment.sequence
    session.flush()
    return instead


def cancel(session: Session, appointment: Appointment, *, reason: str | None, now: datetime) -> None:
    """Give a place back.

    Raises:
        NotBooked: it was moved, cancelled or has begun.
    """
    _require_to_come(appointment, now=now)
    appointment.state, appointment.cancelled_reason = AppointmentState.CANCELLED, reason
    _changed(appointment)
    session.flush()


def close(session: Session, appointment: Appointment, *, came: bool, now: datetime) -> None:
    """Note whether the person came.

    Raises:
        NotBooked: it was moved or cancelled, or it has not begun.
    """
    if appointment.state in (AppointmentState.MOVED, AppointmentState.CANCELLED):
        raise NotBooked
    if appointment.starts_at > now:
        raise NotBooked
    appointment.state = AppointmentState.DONE if came else AppointmentState.NO_SHOW
    _changed(appointment)
    session.flush()


def lock_person(session: Session, person_id: str) -> None:
    """Let one after the other act for a person: two chats of theirs book one appointment."""
    session.execute(select(Person.id).where(Person.id == person_id).with_for_update(key_share=True))


def _take_place(
    session: Session, desk: AppointmentDesk, starts_at: datetime, wanted: Wanted, *, by: str, now: datetime
) -> Appointment:
    for _attempt in range(desk.places):
        place = _free_place(session, desk, starts_at, wanted.person_id, now=now)
        if place is None:
            raise SlotTaken
        appointment = Appointment(
            organisation_id=desk.organisation_id,
            desk_id=desk.id,
            person_id=wanted.person_id,
            case_id=wanted.case_id,
            conversation_id=wanted.conversation_id,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=desk.slot_minutes),
            place=place,
            state=AppointmentState.BOOKED,
            topic=wanted.topic,
            language=wanted.language,
            interpreter=wanted.interpreter,
            note=wanted.note,
            created_by=by,
            created_at=now,
        )
        try:
            with session.begin_nested():
                session.add(appointment)
        except IntegrityError:
            continue  # somebody was quicker: the next free place
        return appointment
    raise SlotTaken


def _free_place(
    session: Session, desk: AppointmentDesk, starts_at: datetime, person_id: str, *, now: datetime
) -> int | None:
    statement = select(Appointment.place).where(
        Appointment.desk_id == desk.id,
        Appointment.starts_at == starts_at,
        Appointment.state == AppointmentState.BOOKED,
    )
    taken = set(session.scalars(statement))
    free = [place for place in range(1, desk.places + 1) if place not in taken]
    kept = _kept(session, desk, person_id, now=now)[starts_at]
    return free[0] if len(free) > kept else None


def _kept(
    session: Session, desk: AppointmentDesk, person_id: str | None, *, now: datetime
) -> Counter[datetime]:
    """Return how many places of each moment are kept for others who wait."""
    statement = select(WaitingForAppointment.offered_starts_at).where(
        WaitingForAppointment.desk_id == desk.id,
        WaitingForAppointment.ended_at.is_(None),
        WaitingForAppointment.offer_until > now,
    )
    if person_id is not None:
        statement = statement.where(WaitingForAppointment.person_id != person_id)
    return Counter(moment for moment in session.scalars(statement) if moment is not None)


def _require_slot(desk: AppointmentDesk, starts_at: datetime, *, now: datetime) -> None:
    if not now < starts_at <= now + FURTHEST or not is_slot(opening_of(desk), starts_at):
        raise NoSuchSlot


def _require_to_come(appointment: Appointment, *, now: datetime) -> None:
    if appointment.state is not AppointmentState.BOOKED or appointment.starts_at <= now:
        raise NotBooked


def to_come_at(session: Session, desk_id: str, person_id: str, *, now: datetime) -> Appointment | None:
    """Return the appointment that a person has at a desk, if there is one to come."""
    statement = select(Appointment).where(
        Appointment.desk_id == desk_id,
        Appointment.person_id == person_id,
        Appointment.state == AppointmentState.BOOKED,
        Appointment.starts_at > now,
    )
    return session.scalars(statement.order_by(Appointment.starts_at).limit(1)).one_or_none()


def _changed(appointment: Appointment) -> None:
    appointment.version += 1
    appointment.sequence += 1
