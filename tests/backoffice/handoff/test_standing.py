"""What happens while people wait, with a clock that stands still."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backoffice.audit.models import AuditEntry
from backoffice.client.schemas import HandoffRequest, Mode, WaitingReason
from backoffice.conversation.floor import make_wait
from backoffice.conversation.models import Conversation
from backoffice.database import Database
from backoffice.handoff.jobs import DUTIES, Duty, do
from backoffice.handoff.queue import request_handoff
from backoffice.handoff.service import claim
from backoffice.handoff.standing import (
    has_somebody_to_tell,
    has_urgent_unclaimed,
    page_urgent,
    tell_standing,
)
from backoffice.live.service import events_after, last_event_id
from tests.backoffice.databases import FrozenClock
from tests.backoffice.factories import NOW, create_conversation, create_staff
from tests.backoffice.handoff.floor import told, waiting
from translations.catalog import text

EMERGENCY = HandoffRequest(reason=WaitingReason.EMERGENCY, urgent=True)


def at(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def asks(session: Session, *, seconds: float = 0, language: str = "it") -> Conversation:
    conversation = create_conversation(session, language=language)
    asked = HandoffRequest(reason=WaitingReason.ASKED)
    request_handoff(session, conversation.id, asked, turn_id=None, now=at(seconds))
    session.flush()
    return conversation


# --- Paging -------------------------------------------------------------------------------------


def test_an_urgent_conversation_calls_again_every_60_seconds_until_somebody_takes_it(
    session: Session,
) -> None:
    conversation = create_conversation(session)
    request_handoff(session, conversation.id, EMERGENCY, turn_id=None, now=NOW)
    session.flush()
    paged = []
    for seconds in range(0, 200, 5):
        assert has_urgent_unclaimed(session, now=at(seconds)) == (seconds in (60, 120, 180))
        if page_urgent(session, now=at(seconds)):
            paged.append(seconds)
        session.flush()
    assert paged == [60, 120, 180]
    assert conversation.paged_at == at(180)
    claim(session, conversation.id, staff=create_staff(session), epoch=conversation.epoch, now=at(200))
    session.flush()
    assert page_urgent(session, now=at(300)) == 0
    counted = select(func.count()).where(AuditEntry.action == "conversation.paged")
    assert session.scalar(counted) == 3


def test_a_call_is_heard_by_open_pages(database: Database, clock: FrozenClock) -> None:
    with database.transaction() as session:
        conversation = create_conversation(session)
        request_handoff(session, conversation.id, EMERGENCY, turn_id=None, now=clock())
    with database.read() as session:
        before = last_event_id(session)
    clock.advance(seconds=61)
    done = {duty.name: do(duty, database, clock) for duty in DUTIES}
    assert done["mediators_paged"] == 1
    with database.read() as session:
        assert [each.conversation_id for each in events_after(session, before)] == [conversation.id]
    assert do(DUTIES[2], database, clock) == 0


def test_what_is_not_urgent_does_not_call(session: Session) -> None:
    waiting(session)
    assert not has_urgent_unclaimed(session, now=at(600))


def test_a_new_urgent_wait_counts_from_its_own_beginning(session: Session) -> None:
    conversation = waiting(session, urgent=True)
    assert page_urgent(session, now=at(60)) == 1
    make_wait(session, conversation, reason=WaitingReason.STAFF, urgent=True, now=at(100))
    session.flush()
    assert page_urgent(session, now=at(130)) == 0
    assert page_urgent(session, now=at(160)) == 1


# --- Where they stand ---------------------------------------------------------------------------


def test_whoever_becomes_the_next_is_told_once(session: Session) -> None:
    first, second = asks(session), asks(session, seconds=1)
    assert tell_standing(session, now=at(90)) == 0
    claim(session, first.id, staff=create_staff(session), epoch=first.epoch, now=at(100))
    session.flush()
    assert tell_standing(session, now=at(105)) == 1
    assert tell_standing(session, now=at(110)) == 0
    assert told(session, second)[1:] == [text("system.next_in_line", "it")]


def test_whoever_was_told_number_one_at_the_beginning_is_not_told_again(session: Session) -> None:
    only = asks(session)
    assert not has_somebody_to_tell(session, now=at(300))
    assert told(session, only) == [text("system.queue_position", "it", position="1")]


def test_after_ten_minutes_each_hears_once_where_they_stand(session: Session) -> None:
    first, second = asks(session), asks(session, seconds=1)
    assert tell_standing(session, now=at(599)) == 0
    assert tell_standing(session, now=at(601)) == 2
    for seconds in (606, 1200, 9000):
        assert tell_standing(session, now=at(seconds)) == 0
    assert told(session, first)[1:] == [text("system.still_waiting", "it", position="1")]
    assert told(session, second)[1:] == [text("system.still_waiting", "it", position="2")]


def test_the_next_of_each_language_is_its_own(session: Session) -> None:
    asks(session)
    other = waiting(session, language="uk", now=at(5))
    assert tell_standing(session, now=at(70)) == 1
    assert told(session, other) == [text("system.next_in_line", "uk")]


def test_while_the_desk_is_closed_nobody_is_told_and_at_its_opening_each_is(session: Session) -> None:
    night = datetime(2026, 12, 4, 21, 0, tzinfo=UTC)
    conversation = waiting(session, now=night)
    assert not has_somebody_to_tell(session, now=night + timedelta(hours=8))
    assert tell_standing(session, now=night + timedelta(hours=8)) == 0
    opens = datetime(2026, 12, 7, 8, 0, tzinfo=UTC)
    assert tell_standing(session, now=opens) == 1
    assert told(session, conversation) == [text("system.still_waiting", "it", position="1")]


def test_who_waits_only_for_the_assistant_is_not_counted_down(session: Session) -> None:
    conversation = create_conversation(session)
    make_wait(session, conversation, reason=WaitingReason.ASSISTANT_UNAVAILABLE, now=NOW)
    session.flush()
    assert tell_standing(session, now=at(700)) == 0


@pytest.mark.parametrize("duty", DUTIES, ids=lambda duty: duty.name)
def test_with_nobody_there_no_duty_has_anything_to_do(
    database: Database, clock: FrozenClock, duty: Duty
) -> None:
    assert do(duty, database, clock) == 0


def test_a_wait_that_is_over_is_told_nothing(session: Session) -> None:
    conversation = asks(session)
    claim(session, conversation.id, staff=create_staff(session), epoch=conversation.epoch, now=NOW)
    session.flush()
    assert conversation.mode is Mode.MEDIATOR
    assert tell_standing(session, now=at(9000)) == 0
