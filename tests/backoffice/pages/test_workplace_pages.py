"""The workplace as its pages answer: filters in addresses, notes, labels, days, ready answers, kept lists."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import quote

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.client.schemas import Channel, WaitingReason
from backoffice.conversation.floor import make_wait
from backoffice.conversation.models import Conversation, Message, ReadMark
from backoffice.staff.models import Staff
from backoffice.staff.roles import Role
from backoffice.workplace.models import CannedReply, SavedFilter
from tests.backoffice.case.cases import create_person
from tests.backoffice.factories import NOW, create_conversation, create_organisation, create_staff, send
from tests.backoffice.pages.browser import Browser, give_password, reread


@pytest.fixture
def amina(session: Session) -> Staff:
    staff = create_staff(session, name="Amina Haddad", languages=("ar", "it"))
    give_password(session, staff)
    session.commit()
    return staff


@pytest.fixture
async def signed_in(window: Browser, amina: Staff) -> Browser:
    await window.sign_in(amina)
    return window


def waiting(session: Session, name: str = "يوسف", words: str = "أريد أن أتكلم مع شخص") -> Conversation:
    conversation = create_conversation(session, language="ar", channel=Channel.TELEGRAM)
    conversation.person_id = create_person(session, name=name).id
    send(session, conversation, words)
    make_wait(session, conversation, reason=WaitingReason.ASKED, now=NOW - timedelta(minutes=5))
    session.commit()
    return conversation


async def test_each_tab_is_an_address_and_says_how_many(signed_in: Browser, session: Session) -> None:
    waiting(session)
    html = await signed_in.read("/conversations?mode=waiting&language=ar")
    tabs = re.findall(
        r'<a href="(/conversations[^"]*)" (aria-current="page")?>(\w[\w ]*) <span[^>]*>(\d+)', html
    )
    assert tabs == [
        ("/conversations?language=ar&amp;holder=me", "", "Mie", "0"),
        ("/conversations?mode=waiting&amp;language=ar", 'aria-current="page"', "In attesa", "1"),
        ("/conversations?language=ar", "", "Tutte", "1"),
    ]


async def test_found_words_are_marked_and_lead_to_their_message(signed_in: Browser, session: Session) -> None:
    conversation = waiting(session, words="dove <b>pago</b> la mensa?")
    waiting(session, name="Altra", words="altro")
    html = await signed_in.read("/conversations?q=PAGO")
    assert "dove &lt;b&gt;<mark>pago</mark>&lt;/b&gt; la mensa?" in html
    assert f"/conversations/{conversation.id}?q=PAGO&amp;after=0#m1" in html
    assert "Altra" not in html
    assert "Cerca le stesse parole nelle pratiche" in html


async def test_too_short_words_are_told_and_narrow_nothing(signed_in: Browser, session: Session) -> None:
    waiting(session)
    html = await signed_in.read("/conversations?q=x")
    assert "Scrivi almeno due lettere." in html
    assert "يوسف" in html


@pytest.mark.parametrize(
    "query",
    [
        "mode=%00&language=%00&label=%00&q=%00%00",
        "follow=x&unread=x&channel=x&holder=x",
        "cursor=%F0%9F%98%80",
    ],
)
async def test_filters_that_nobody_knows_narrow_nothing(
    signed_in: Browser, session: Session, query: str
) -> None:
    waiting(session)
    assert "يوسف" in await signed_in.read(f"/conversations?{query}") or query.startswith("cursor")


async def test_a_note_stands_in_the_thread_and_is_told_to_be_never_sent(
    signed_in: Browser, session: Session
) -> None:
    conversation = waiting(session)
    page = f"/conversations/{conversation.id}"
    fields = {"kind": "cultural", "text": "Il \u202e venerdì <script>", "key": "one"}
    for _ in range(2):
        answer = await signed_in.post(f"{page}/notes", page=page, **fields)
    seq = answer.headers["location"].rpartition("#m")[2]
    html = await signed_in.read(page)
    bubble = next(each for each in html.split("<article")[1:] if f'id="m{seq}"' in each)
    assert "bubble-note-cultural" in bubble
    assert "Nota culturale" in bubble
    assert "mai inviata" in bubble
    assert "Amina Haddad" in bubble
    assert "&lt;script&gt;" in bubble
    assert html.count("venerdì") == 1


async def test_an_empty_note_is_refused_with_a_sentence(signed_in: Browser, session: Session) -> None:
    conversation = waiting(session)
    page = f"/conversations/{conversation.id}"
    answer = await signed_in.post(f"{page}/notes", page=page, text="  ")
    assert answer.status_code == 422
    assert "La nota è vuota" in answer.text


async def test_who_reads_conversations_writes_notes_without_taking_them(
    window: Browser, session: Session
) -> None:
    conversation = waiting(session)
    desk = create_staff(session, roles=frozenset({Role.CARE_DESK}))
    give_password(session, desk)
    session.commit()
    await window.sign_in(desk)
    page = f"/conversations/{conversation.id}"
    assert (await window.post(f"{page}/notes", page=page, text="Vista la richiesta")).status_code == 303
    assert "Vista la richiesta" in await window.read(page)


async def test_labels_and_a_day_are_put_on_and_taken_off(signed_in: Browser, session: Session) -> None:
    conversation = waiting(session)
    page = f"/conversations/{conversation.id}"
    await signed_in.post(f"{page}/labels", page=page, name="mensa")
    await signed_in.post(f"{page}/follow-up", page=page, day="2026-12-02")
    listed = await signed_in.read("/conversations?label=mensa&follow=due")
    assert "يوسف" in listed
    assert "da rivedere il 02.12.2026" in listed
    assert "Da rivedere oggi" in await signed_in.read("/")
    assert '<option value="mensa">' in await signed_in.read(page)
    await signed_in.post(f"{page}/labels/remove", page=page, name="mensa")
    await signed_in.post(f"{page}/follow-up", page=page, day="")
    assert "يوسف" not in await signed_in.read("/conversations?label=mensa")
    reread(session, conversation)
    assert conversation.follow_up_on is None


async def test_what_is_no_day_is_refused_with_a_sentence(signed_in: Browser, session: Session) -> None:
    conversation = waiting(session)
    page = f"/conversations/{conversation.id}"
    answer = await signed_in.post(f"{page}/follow-up", page=page, day="domani")
    assert answer.status_code == 422
    assert "Questa non è una data" in answer.text


async def test_opening_a_thread_is_reading_it_and_the_line_stands_where_one_had_stopped(
    signed_in: Browser, session: Session, amina: Staff
) -> None:
    conversation = waiting(session)
    page = f"/conversations/{conversation.id}"
    assert 'class="unread">1<' in await signed_in.read("/conversations")
    assert (
        "new-line" not in (await signed_in.read(page)).partition('id="messages"')[2].partition("<article")[0]
    )
    assert 'class="unread"' not in await signed_in.read("/conversations")
    reread(session, conversation)
    send(session, conversation, "وأيضاً")
    session.commit()
    html = await signed_in.read(page)
    line, before = html.index('id="new-line"'), html.index("أريد أن أتكلم")
    assert before < line < html.index("وأيضاً")


async def test_a_page_moves_the_mark_no_further_than_there_are_messages(
    signed_in: Browser, session: Session, amina: Staff
) -> None:
    conversation = waiting(session)
    page = f"/conversations/{conversation.id}"
    answer = await signed_in.post(f"{page}/read", page="/conversations/" + conversation.id, seq="999")
    assert answer.status_code == 204
    assert session.scalars(select(ReadMark.seq)).one() == conversation.last_seq


async def test_each_fact_shows_where_it_is_from(signed_in: Browser, session: Session) -> None:
    conversation = waiting(session)
    conversation.summary = ["Affitto: 600 € (scelto con un pulsante)", "Numero 112 (assistente)"]
    session.commit()
    html = await signed_in.read(f"/conversations/{conversation.id}")
    assert '<span class="known-words" dir="auto">Affitto: 600 €</span>' in html
    assert re.search(r'origin-button">.*?scelto con un pulsante', html, re.DOTALL)
    assert '<span class="origin">assistente</span>' in html


async def test_a_list_is_kept_shown_and_forgotten(signed_in: Browser, session: Session) -> None:
    page = "/conversations?language=ar"
    answer = await signed_in.post("/saved-filters", page=page, name="Arabo", query="language=ar&x=1")
    assert answer.headers["location"] == "/conversations?language=ar&notice=filter_kept"
    assert 'href="/conversations?language=ar"><bdi>Arabo</bdi>' in await signed_in.read("/saved-filters/list")
    kept = session.scalars(select(SavedFilter)).one()
    session.commit()
    await signed_in.post(f"/saved-filters/{kept.id}/delete", page="/saved-filters")
    assert "Nessun elenco conservato" in await signed_in.read("/saved-filters")


async def test_ready_answers_are_added_changed_and_deleted(signed_in: Browser, session: Session) -> None:
    fields = {"code": "ciao", "language": "ar", "text": "أهلاً {person}، أنا {mediator}"}
    assert (await signed_in.post("/canned-replies", page="/canned-replies", **fields)).status_code == 303
    assert "أنا \u2068Amina\u2069" in await signed_in.read("/canned-replies?language=ar&q=ciao")
    reply = session.scalars(select(CannedReply)).one()
    session.commit()
    page = f"/canned-replies/{reply.id}"
    refused = await signed_in.post(page, page=page, code="ciao", language="ar", text="اسمي {name}")
    assert refused.status_code == 422
    assert "اسمي {name}" in refused.text
    assert "Nessuno sa riempire" in refused.text
    await signed_in.post(f"{page}/delete", page=page)
    assert "Ancora nessuna risposta pronta" in await signed_in.read("/canned-replies")


async def test_the_composer_gets_the_answers_of_its_conversation(
    signed_in: Browser, session: Session
) -> None:
    conversation = waiting(session, name="Olena")
    fields = {"code": "ciao", "language": "it", "text": "Ciao {person}!"}
    await signed_in.post("/canned-replies", page="/canned-replies", **fields)
    answer = await signed_in.get(f"/canned-replies/for/{conversation.id}")
    assert answer.json() == {
        "items": [{"code": "ciao", "language": "it", "direction": "ltr", "text": "Ciao Olena!"}]
    }


async def test_what_calls_a_page_says_no_word_of_anybody(signed_in: Browser, session: Session) -> None:
    conversation = waiting(session)
    answer = await signed_in.get("/workplace/calls")
    assert [call["conversation"] for call in answer.json()["calls"]] == [conversation.id]
    assert "يوسف" not in answer.text
    assert "أريد" not in answer.text


async def test_another_body_s_staff_have_no_workplace(window: Browser, session: Session) -> None:
    partner = create_organisation(session)
    elena = create_staff(session, roles=frozenset({Role.CASEWORKER}), organisation=partner)
    planner = create_staff(session, roles=frozenset({Role.PLANNER}))
    conversation = waiting(session)
    for staff in (elena, planner):
        give_password(session, staff)
    session.commit()
    for staff in (elena, planner):
        await window.sign_in(staff)
        for path in ("notes", "labels", "read", "follow-up"):
            fields = {"text": "x", "name": "x", "seq": "1", "day": ""}
            address = f"/conversations/{conversation.id}/{path}"
            assert (await window.post(address, page="/", **fields)).status_code == 404, path
        assert (await window.get(f"/canned-replies/for/{conversation.id}")).status_code == 404
        calls = await window.get("/workplace/calls")
        assert calls.status_code == 404 or calls.json()["calls"] == []
    assert len(session.scalars(select(Message)).all()) == 1


async def test_a_search_in_arabic_survives_the_tabs(signed_in: Browser, session: Session) -> None:
    html = await signed_in.read(f"/conversations?q={quote('بيت')}")
    assert f"/conversations?q={quote('بيت')}&amp;holder=me" in html
