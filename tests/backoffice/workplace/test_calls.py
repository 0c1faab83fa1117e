from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from backoffice.client.schemas import WaitingReason
from backoffice.conversation.floor import make_wait
from backoffice.conversation.models import Conversation
from backoffice.conversation.permissions import readable_conversations
from backoffice.conversation.read_marks import mark_read
from backoffice.handoff.service import claim
from backoffice.staff.models import Staff
from backoffice.workplace.calls import Calls, read_calls
from tests.backoffice.factories import NOW, create_conversation, create_staff, send


@pytest.fixture
def amina(session: Session) -> Staff:
    return create_staff(session, name="Amina Haddad", languages=("ar",))


def waits(session: Session, language: str, *, urgent: bool = False) -> Conversation:
    conversation = create_conversation(session, language=language)
    send(session, conversation, "?")
    make_wait(session, conversation, reason=WaitingReason.ASKED, urgent=urgent, now=NOW)
    session.flush()
    return conversation


def calls(session: Session, staff: Staff) -> Calls:
    return read_calls(session, readable_conversations(staff), staff)


def test_who_waits_in_my_languages_calls_me_and_urgent_ones_in_any(session: Session, amina: Staff) -> None:
    arabic, urgent = waits(session, "ar"), waits(session, "pa", urgent=True)
    waits(session, "uk")
    kinds = {call.conversation_id: call.kind.value for call in calls(session, amina).calls}
    assert kinds == {arabic.id: "waiting", urgent.id: "urgent"}


def test_an_urgent_one_that_is_paged_again_has_a_new_mark(session: Session, amina: Staff) -> None:
    urgent = waits(session, "ar", urgent=True)
    before = calls(session, amina).calls[0].mark
    assert calls(session, amina).calls[0].mark == before
    urgent.paged_at = NOW + timedelta(seconds=60)
    session.flush()
    assert calls(session, amina).calls[0].mark != before


def test_a_message_to_me_calls_until_i_have_read_it(session: Session, amina: Staff) -> None:
    mine = waits(session, "ar")
    claim(session, mine.id, staff=amina, epoch=mine.epoch, now=NOW)
    session.refresh(mine)
    mark_read(session, mine.id, amina.id, seq=mine.last_seq)
    assert calls(session, amina) == Calls(0, [])
    send(session, mine, "ci sei?")
    called = calls(session, amina)
    assert (called.unread, [call.kind.value for call in called.calls]) == (1, ["message"])
    mark_read(session, mine.id, amina.id, seq=mine.last_seq)
    assert calls(session, amina).unread == 0
