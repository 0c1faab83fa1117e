from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.client.schemas import WaitingReason
from backoffice.conversation.floor import make_wait
from backoffice.conversation.follow_ups import set_follow_up
from backoffice.conversation.inbox import Reader, count_queues, excerpt, other_rows, waiting_rows
from backoffice.conversation.labels import add_label
from backoffice.conversation.models import Conversation, Message, NoteKind, Rendering
from backoffice.conversation.notes import write_note
from backoffice.conversation.permissions import readable_conversations
from backoffice.conversation.read_marks import mark_read
from backoffice.conversation.search import ConversationSearch
from backoffice.handoff.service import claim
from backoffice.italy import day_in_italy
from backoffice.staff.models import Staff
from tests.backoffice.case.cases import create_person
from tests.backoffice.factories import NOW, create_conversation, create_staff, send


@pytest.fixture
def amina(session: Session) -> Staff:
    return create_staff(session, name="Amina Haddad", languages=("ar", "it"))


def said(session: Session, words: str, *, name: str | None = None, phone: str | None = None) -> Conversation:
    conversation = create_conversation(session)
    if name is not None:
        person = create_person(session, name=name)
        person.phone = phone
        conversation.person_id = person.id
    send(session, conversation, words)
    session.flush()
    return conversation


def found(session: Session, staff: Staff, **filters: str) -> set[str]:
    statement = ConversationSearch(**filters).narrow(session, readable_conversations(staff), staff, now=NOW)
    return {conversation.id for conversation in session.scalars(statement)}


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Cerco casa a Crema", "CERCO CASA"),
        ("шукаю житло у Кремі", "ЖИТЛО"),
        ("ШУКАЮ ЖИТЛО", "житло"),
        ("أبحث عن بيت في كريما", "بيت"),
        ("我想找房子", "房子"),
        ("ਮੈਨੂੰ ਘਰ ਚਾਹੀਦਾ ਹੈ", "ਘਰ"),
        ("sconto del 50% subito", "50%"),
    ],
)
def test_words_are_found_in_any_script_and_case(
    session: Session, amina: Staff, written: str, typed: str
) -> None:
    wanted = said(session, written)
    said(session, "500 euro per la stanza")
    assert found(session, amina, q=typed) == {wanted.id}


def test_a_person_is_found_by_name_and_by_a_part_of_the_number(session: Session, amina: Staff) -> None:
    wanted = said(session, "ciao", name="Олена Коваленко", phone="+393330000002")
    said(session, "ciao", name="Maria", phone="+393330000008")
    assert found(session, amina, q="коваленко") == {wanted.id}
    assert found(session, amina, q="333 000 0002") == {wanted.id}


def test_one_letter_looks_for_nothing(session: Session, amina: Staff) -> None:
    both = {said(session, "aaa").id, said(session, "bbb").id}
    assert found(session, amina, q="a") == both
    assert found(session, amina, q=" \0 ") == both
    assert len(found(session, amina, q="aaa")) == 1


def test_a_note_of_staff_is_found_too(session: Session, amina: Staff) -> None:
    wanted = said(session, "ciao")
    write_note(session, wanted, staff=amina, kind=NoteKind.INTERNAL, text="Ramadan", language="it", now=NOW)
    assert found(session, amina, q="ramadan") == {wanted.id}


def test_a_message_is_found_by_the_words_of_its_translation(session: Session, amina: Staff) -> None:
    wanted = said(session, "шукаю житло")
    message = session.scalars(select(Message).where(Message.conversation_id == wanted.id)).one()
    rendering = Rendering(
        message_id=message.id, language="it", text="Cerco un alloggio", next_at=NOW, created_at=NOW
    )
    session.add(rendering)
    session.flush()
    assert found(session, amina, q="alloggio") == {wanted.id}
    row = other_rows(
        session, readable_conversations(amina), Reader(amina, NOW, "alloggio"), limit=5, cursor=None
    )[0][0]
    assert (row.found_seq, [piece.text for piece in row.pieces]) == (1, ["шукаю житло"])


def test_labels_and_days_narrow_the_list(session: Session, amina: Staff) -> None:
    labelled, due, later = said(session, "a"), said(session, "b"), said(session, "c")
    add_label(session, labelled, "casa", staff=amina, now=NOW)
    today = day_in_italy(NOW)
    set_follow_up(session, due, today, staff=amina, now=NOW)
    set_follow_up(session, later, today + timedelta(days=1), staff=amina, now=NOW)
    assert found(session, amina, label="casa") == {labelled.id}
    assert found(session, amina, follow="due") == {due.id}
    assert found(session, amina, follow="any") == {due.id, later.id}


def test_unread_is_what_waits_or_is_mine_and_was_not_seen(session: Session, amina: Staff) -> None:
    waiting, with_assistant, mine = said(session, "a"), said(session, "b"), said(session, "c")
    make_wait(session, waiting, reason=WaitingReason.ASKED, now=NOW)
    claim(session, mine.id, staff=amina, epoch=mine.epoch, now=NOW)
    session.refresh(mine)
    assert found(session, amina, unread="yes") == {waiting.id, mine.id}
    mark_read(session, mine.id, amina.id, seq=mine.last_seq)
    assert found(session, amina, unread="yes") == {waiting.id}
    send(session, mine, "ancora io")
    assert found(session, amina, unread="yes") == {waiting.id, mine.id}
    assert with_assistant.id in found(session, amina)


def test_a_mark_never_moves_back(session: Session, amina: Staff) -> None:
    conversation = said(session, "a")
    make_wait(session, conversation, reason=WaitingReason.ASKED, now=NOW)
    send(session, conversation, "b")
    assert mark_read(session, conversation.id, amina.id, seq=2)
    assert not mark_read(session, conversation.id, amina.id, seq=1)
    assert found(session, amina, unread="yes") == set()


def test_a_row_tells_what_a_mediator_needs(session: Session, amina: Staff) -> None:
    conversation = said(session, "prima parola")
    send(session, conversation, "seconda parola")
    make_wait(session, conversation, reason=WaitingReason.ASKED, now=NOW - timedelta(minutes=5))
    conversation.topic = "ask_isee"
    add_label(session, conversation, "isee", staff=amina, now=NOW)
    set_follow_up(session, conversation, day_in_italy(NOW), staff=amina, now=NOW)
    mark_read(session, conversation.id, amina.id, seq=1)
    row = waiting_rows(session, readable_conversations(amina), Reader(amina, NOW, "prima"))[0]
    assert (row.topic, row.unread, row.labels, row.is_due) == ("ask_isee", 1, ["isee"], True)
    assert row.waiting_seconds == 300
    assert [(piece.text, piece.found) for piece in row.pieces] == [("prima", True), (" parola", False)]
    assert row.found_seq == 1


def test_a_long_list_is_read_page_by_page(session: Session, amina: Staff) -> None:
    ids = [said(session, f"numero {number}").id for number in range(7)]
    seen: list[str] = []
    cursor = None
    for _ in range(4):
        rows, cursor = other_rows(
            session, readable_conversations(amina), Reader(amina, NOW), limit=3, cursor=cursor
        )
        seen += [row.id for row in rows]
        if cursor is None:
            break
    assert sorted(seen) == sorted(ids)


def test_the_tabs_are_counted(session: Session, amina: Staff) -> None:
    waiting, mine = said(session, "a"), said(session, "b")
    said(session, "c")
    make_wait(session, waiting, reason=WaitingReason.ASKED, now=NOW)
    claim(session, mine.id, staff=amina, epoch=mine.epoch, now=NOW)
    counts = count_queues(session, readable_conversations(amina), amina.id)
    assert (counts.mine, counts.waiting, counts.all) == (1, 1, 3)


def test_an_excerpt_begins_before_what_was_looked_for() -> None:
    pieces = excerpt("parole " * 40 + "AGO nel pagliaio", "ago")
    assert [piece.text for piece in pieces if piece.found] == ["AGO"]
    assert pieces[0].text == "…"
    assert sum(len(piece.text) for piece in pieces) <= 142


def test_labels_of_colleagues_keep_their_spelling_and_are_ten_at_most(session: Session, amina: Staff) -> None:
    from backoffice.conversation.errors import LabelRefused
    from backoffice.conversation.labels import labels_of, remove_label

    first, second = said(session, "a"), said(session, "b")
    add_label(session, first, "  Casa   popolare ", staff=amina, now=NOW)
    add_label(session, second, "CASA POPOLARE", staff=amina, now=NOW)
    assert labels_of(session, [second.id]) == {second.id: ["Casa popolare"]}
    remove_label(session, second, "Casa popolare", staff=amina, now=NOW)
    assert labels_of(session, [second.id]) == {}
    for number in range(10):
        add_label(session, second, f"numero {number}", staff=amina, now=NOW)
    for name in ("una di troppo", "", "x" * 41):
        with pytest.raises(LabelRefused):
            add_label(session, second, name, staff=amina, now=NOW)
