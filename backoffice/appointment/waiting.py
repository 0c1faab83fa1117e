"""Who waits for an appointment. A place that becomes free is kept for the first, then for the next.

It is offered by day alone and kept for some hours of the day; who does not answer waits no longer.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from backoffice.appointment.models import AppointmentDesk, WaitEnd, WaitingForAppointment
from backoffice.appointment.service import FURTHEST, FreeSlot, free_slots, get_desk, lock_person
from backoffice.appointment.telling import choice
from backoffice.appointment.wording import moment_in
from backoffice.audit import service as audit
from backoffice.case.reaching import reachable
from backoffice.conversation.messages import say
from backoffice.conversation.models import Conversation
from backoffice.conversation.queries import lock_conversation
from backoffice.italy import ROME, day_in_italy

KEPT = timedelta(hours=3)
"""How many hours of the day an offered place is kept."""

KEPT_FOR_A_CALL = timedelta(hours=24)
"""How long it is kept for somebody whom the desk has to call."""

FROM, UNTIL = time(8), time(20)
NOTICE = timedelta(hours=4)
"""A place sooner than this is offered to nobody: there is no time to answer and to come."""


def wait_for(
    session: Session,
    desk: AppointmentDesk,
    person_id: str,
    topic: str,
    *,
    conversation_id: str | None,
    by: str,
    now: datetime,
) -> WaitingForAppointment:
    """Let a person wait for a desk; who waits already keeps their turn."""
    if conversation_id is not None:
        lock_conversation(session, conversation_id)
    lock_person(session, person_id)
    found = waits_for(session, desk.id, person_id)
    if found is not None:
        return found
    waiting = WaitingForAppointment(
        organisation_id=desk.organisation_id,
        desk_id=desk.id,
        person_id=person_id,
        conversation_id=conversation_id,
        topic=topic,
        since=now,
    )
    session.add(waiting)
    session.flush()
    _note(session, waiting, "appointment.waits", by=by, now=now)
    return waiting


def waits_for(session: Session, desk_id: str, person_id: str) -> WaitingForAppointment | None:
    """Return how a person waits for a desk, if they do."""
    statement = select(WaitingForAppointment).where(
        WaitingForAppointment.desk_id == desk_id,
        WaitingForAppointment.person_id == person_id,
        WaitingForAppointment.ended_at.is_(None),
    )
    return session.scalars(statement.limit(1)).one_or_none()


def give_up(session: Session, waiting: WaitingForAppointment, *, by: str, now: datetime) -> None:
    """Let somebody wait no longer; a place that was kept for them goes to the next."""
    _lock(session, waiting)
    if waiting.ended_at is not None:
        return
    _end(waiting, WaitEnd.GIVEN_UP, now=now)
    session.flush()
    _note(session, waiting, "appointment.waits_no_more", by=by, now=now)
    if waiting.desk_id is not None:
        keep_places(session, get_desk(session, waiting.desk_id), now=now)


def end_waiting(session: Session, desk_id: str, person_id: str, *, now: datetime) -> None:
    """Note that somebody who waited has an appointment."""
    waiting = waits_for(session, desk_id, person_id)
    if waiting is not None:
        _end(waiting, WaitEnd.BOOKED, now=now)
        session.flush()


def keep_places(session: Session, desk: AppointmentDesk, *, now: datetime) -> int:
    """Keep what is free for those who wait longest, each one place; return how many have one now.

    They are told by `tell_of_place`, each in a transaction of their own. At night nothing is offered.
    """
    if not desk.is_open or not _is_day(now):
        return 0
    queue = session.scalars(
        select(WaitingForAppointment)
        .where(
            WaitingForAppointment.desk_id == desk.id,
            WaitingForAppointment.ended_at.is_(None),
            WaitingForAppointment.offer_until.is_(None),
        )
        .order_by(WaitingForAppointment.since, WaitingForAppointment.id)
        .with_for_update(skip_locked=True)
    ).all()
    places = _places(session, desk, now=now) if queue else []
    for waiting, slot in zip(queue, places, strict=False):
        waiting.offered_starts_at = slot.starts_at
        waiting.offer_until = _until(kept_until(now), slot.starts_at)
    session.flush()
    return min(len(queue), len(places))


def tell_of_place(session: Session, waiting_id: str, *, now: datetime) -> bool:
    """Tell somebody of the place that is kept for them, or is no more; return whether it was offered now.

    Who cannot be written to is called by the desk, which sees the list. Who did not answer in time waits no
    longer; one whom nobody had told keeps their turn.
    """
    waiting = session.get_one(WaitingForAppointment, waiting_id)
    conversation = reachable(session, waiting.person_id, waiting.conversation_id, now=now)
    _lock(session, waiting)
    if waiting.ended_at is not None or waiting.offer_until is None or waiting.offered_starts_at is None:
        return False
    if waiting.offer_until <= now:
        _let_go(session, waiting, conversation, now=now)
        return False
    if waiting.offered_at is not None or not _is_day(now):
        return False
    kept = now + KEPT_FOR_A_CALL if conversation is None else kept_until(now)
    waiting.offered_at, waiting.offer_until = now, _until(kept, waiting.offered_starts_at)
    session.flush()
    if conversation is not None:
        _offer(session, waiting, conversation, waiting.offered_starts_at, waiting.offer_until, now=now)
    return True


def to_tell(session: Session, desk_id: str, *, now: datetime) -> list[str]:
    """Return who has to be told that a place is kept for them, or is no more."""
    statement = select(WaitingForAppointment.id).where(
        WaitingForAppointment.desk_id == desk_id,
        WaitingForAppointment.ended_at.is_(None),
        WaitingForAppointment.offer_until.is_not(None),
        or_(WaitingForAppointment.offered_at.is_(None), WaitingForAppointment.offer_until <= now),
    )
    return list(session.scalars(statement.order_by(WaitingForAppointment.since, WaitingForAppointment.id)))


def desks_with_waiting(session: Session) -> list[str]:
    """Return the desks for which somebody waits."""
    statement = select(WaitingForAppointment.desk_id).where(WaitingForAppointment.ended_at.is_(None))
    return sorted({desk_id for desk_id in session.scalars(statement) if desk_id is not None})


def kept_until(now: datetime) -> datetime:
    """Return until when a place that is offered now is kept: some hours, of the day alone."""
    local = now.astimezone(ROME)
    night = datetime.combine(local.date(), UNTIL, tzinfo=ROME).astimezone(UTC)
    rest = KEPT - (night - now)
    if rest <= timedelta():
        return now + KEPT
    morning = datetime.combine(local.date() + timedelta(days=1), FROM, tzinfo=ROME)
    return morning.astimezone(UTC) + rest


def _places(session: Session, desk: AppointmentDesk, *, now: datetime) -> list[FreeSlot]:
    today = day_in_italy(now)
    last = day_in_italy(now + FURTHEST)
    free = free_slots(session, desk, first=today, last=last, now=now)
    return [slot for slot in free if slot.starts_at >= now + NOTICE for _place in range(slot.places)]


def _offer(
    session: Session,
    waiting: WaitingForAppointment,
    conversation: Conversation,
    starts_at: datetime,
    until: datetime,
    *,
    now: datetime,
) -> None:
    language = conversation.language
    desk = session.get_one(AppointmentDesk, waiting.desk_id)
    buttons = [choice("take", language, "take", waiting.id), choice("pass", language, "pass", waiting.id)]
    say(
        session,
        conversation,
        "appointment_offer",
        now=now,
        buttons=buttons,
        moment=moment_in(starts_at, language),
        desk=desk.name,
        address=desk.address,
        until=moment_in(until, language),
    )


def _let_go(
    session: Session, waiting: WaitingForAppointment, conversation: Conversation | None, *, now: datetime
) -> None:
    if waiting.offered_at is None:
        waiting.offered_starts_at = waiting.offer_until = None
        session.flush()
        return
    _end(waiting, WaitEnd.NO_ANSWER, now=now)
    session.flush()
    if conversation is not None:
        button = choice("book", conversation.language, "begin")
        say(session, conversation, "appointment_offer_over", now=now, buttons=[button])


def _until(kept: datetime, starts_at: datetime) -> datetime:
    """Return until when a place is kept: an hour before it at the latest."""
    return min(kept, starts_at - timedelta(hours=1))


def _is_day(now: datetime) -> bool:
    return FROM <= now.astimezone(ROME).time() < UNTIL


def _lock(session: Session, waiting: WaitingForAppointment) -> None:
    session.refresh(waiting, with_for_update=True)


def _end(waiting: WaitingForAppointment, why: WaitEnd, *, now: datetime) -> None:
    waiting.ended_at, waiting.end_reason = now, why
    waiting.offer_until = None


def _note(session: Session, waiting: WaitingForAppointment, action: str, *, by: str, now: datetime) -> None:
    audit.record(session, by=by, action=action, subject_kind="person", subject_id=waiting.person_id, now=now)
