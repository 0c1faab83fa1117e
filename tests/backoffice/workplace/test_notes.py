"""A note is for staff: no delivery, no word of it in the chat, whatever the channel."""

from __future__ import annotations

import httpx
import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backoffice.client.client import BackofficeClient
from backoffice.client.schemas import Author, Channel, DeliveryClaim, Mode
from backoffice.conversation.errors import EmptyNote
from backoffice.conversation.messages import Draft
from backoffice.conversation.models import Audience, Conversation, Delivery, Message, NoteKind
from backoffice.conversation.notes import write_note
from backoffice.conversation.outbox import claim_deliveries
from backoffice.conversation.reading import read_chat
from backoffice.staff.roles import Role
from tests.backoffice.factories import NOW, create_conversation, create_staff, send, sign_in

SECRET = "dice che il marito non deve sapere"


def noted(session: Session, channel: Channel = Channel.TELEGRAM) -> Conversation:
    conversation = create_conversation(session, channel=channel, language="ar")
    send(session, conversation, "مرحبا")
    staff = create_staff(session, roles=frozenset({Role.HOUSING_DESK}))
    for kind in NoteKind:
        write_note(session, conversation, staff=staff, kind=kind, text=SECRET, language="it", now=NOW)
    session.commit()
    return conversation


@pytest.mark.parametrize("channel", list(Channel))
def test_a_note_makes_no_delivery_and_stands_in_no_chat(session: Session, channel: Channel) -> None:
    conversation = noted(session, channel)
    assert session.scalars(select(Delivery)).all() == []
    claimed = DeliveryClaim(worker="bot", channel=Channel.TELEGRAM)
    assert claim_deliveries(session, claimed, now=NOW) == []
    chat = read_chat(session, conversation.id, after=0)
    assert SECRET not in chat.model_dump_json()
    assert [message.author for message in chat.messages] == [Author.CITIZEN]


async def test_the_bot_never_hears_of_a_note(session: Session, client: BackofficeClient) -> None:
    conversation = noted(session, Channel.WEB)
    chat = await client.read_messages(conversation.id)
    assert SECRET not in chat.model_dump_json()


def test_a_note_leaves_the_floor_where_it_is(session: Session) -> None:
    conversation = noted(session)
    assert (conversation.mode, conversation.epoch, conversation.holder_id) == (Mode.ASSISTANT, 1, None)


async def test_staff_read_it_in_the_thread_with_its_kind(session: Session, http: httpx.AsyncClient) -> None:
    conversation = noted(session)
    headers = sign_in(session, create_staff(session))
    session.commit()
    answer = await http.get(f"/api/v1/conversations/{conversation.id}/messages", headers=headers)
    kinds = [(item["note_kind"], item["audience"]) for item in answer.json()["items"]]
    assert kinds == [(None, "everybody"), ("internal", "staff"), ("cultural", "staff")]


def test_no_program_can_write_a_note_for_everybody(session: Session) -> None:
    with pytest.raises(ValueError, match="staff only"):
        Draft(Author.MEDIATOR, SECRET, note_kind=NoteKind.INTERNAL)


def test_the_database_itself_refuses_to_make_a_note_public(session: Session) -> None:
    noted(session)
    opened = update(Message).where(Message.note_kind.is_not(None)).values(audience=Audience.EVERYBODY)
    with pytest.raises(IntegrityError):
        session.execute(opened)
    session.rollback()


def test_a_note_without_words_is_refused(session: Session) -> None:
    conversation = create_conversation(session)
    staff = create_staff(session)
    with pytest.raises(EmptyNote):
        write_note(
            session, conversation, staff=staff, kind=NoteKind.INTERNAL, text=" \n ", language="it", now=NOW
        )
