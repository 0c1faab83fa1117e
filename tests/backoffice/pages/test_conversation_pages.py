from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.audit.models import AuditEntry
from backoffice.client.schemas import Author, Channel, Mode, ReplyButton, WaitingReason
from backoffice.conversation.floor import make_wait
from backoffice.conversation.messages import Draft, write
from backoffice.conversation.models import Audience, Conversation
from backoffice.handoff.service import claim
from backoffice.staff.models import Staff
from backoffice.staff.roles import Role
from tests.backoffice.case.cases import create_case, create_person
from tests.backoffice.factories import (
    NOW,
    create_conversation,
    create_organisation,
    create_staff,
    send,
)
from tests.backoffice.pages.browser import HTML, Browser, give_password, reread


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


def waiting(
    session: Session, name: str, *, language: str = "ar", minutes: int = 5, urgent: bool = False
) -> Conversation:
    conversation = create_conversation(session, language=language, channel=Channel.TELEGRAM)
    conversation.person_id = create_person(session, name=name).id
    send(session, conversation, "أريد أن أتكلم مع شخص")
    since = NOW - timedelta(minutes=minutes)
    make_wait(session, conversation, reason=WaitingReason.ASKED, urgent=urgent, now=since)
    session.commit()
    return conversation


def epoch_in(html: str) -> str:
    found = re.search(r'name="epoch" value="(\d+)"', html)
    assert found is not None
    return found.group(1)


async def test_who_waits_stands_first_urgent_before_long(signed_in: Browser, session: Session) -> None:
    talking = create_conversation(session)
    talking.person_id = create_person(session, name="Quarta").id
    waiting(session, "Terza", minutes=3)
    waiting(session, "Seconda", minutes=40)
    waiting(session, "Prima", minutes=1, urgent=True)
    html = await signed_in.read("/conversations")
    places = [html.index(name) for name in ("Prima", "Seconda", "Terza", "Quarta")]
    assert places == sorted(places)
    assert "attende da 40 minuti" in html
    assert "attende da 1 minuto<" in html


async def test_filters_narrow_the_list(signed_in: Browser, session: Session) -> None:
    waiting(session, "Araba")
    waiting(session, "Ucraina", language="uk")
    html = await signed_in.read("/conversations?language=mine")
    assert "Araba" in html
    assert "Ucraina" not in html
    assert "Ucraina" in await signed_in.read("/conversations?language=uk&channel=telegram&mode=waiting")
    assert "Ucraina" not in await signed_in.read("/conversations?channel=web")


async def test_empty_lists_say_what_will_come(signed_in: Browser) -> None:
    html = await signed_in.read("/conversations")
    assert "Nessuno è in attesa" in html
    assert "Ancora nessuna conversazione" in html


async def test_a_thread_shows_each_message_in_its_language_and_direction(
    signed_in: Browser, session: Session
) -> None:
    conversation = waiting(session, "يوسف")
    html = await signed_in.read(f"/conversations/{conversation.id}")
    assert '<p class="words" lang="ar" dir="rtl">أريد أن أتكلم مع شخص</p>' in html
    assert "<bdi>يوسف</bdi>" in html
    assert '<html lang="it" dir="ltr">' in html


async def test_what_was_never_sent_is_marked_and_buttons_are_shown(
    signed_in: Browser, session: Session
) -> None:
    conversation = waiting(session, "يوسف")
    late = Draft(Author.ASSISTANT, "تأخرت", audience=Audience.STAFF, suppressed=True)
    asked = Draft(Author.ASSISTANT, "Serve altro?", buttons=[ReplyButton(title="Sì", payload="/affirm")])
    write(session, conversation, late, asked, now=NOW)
    session.commit()
    html = await signed_in.read(f"/conversations/{conversation.id}")
    assert "bubble-suppressed" in html
    assert "Non inviato" in html
    assert ">Sì</li>" in html
    assert "/affirm" not in html


async def test_taking_replying_and_handing_back(signed_in: Browser, session: Session, amina: Staff) -> None:
    conversation = waiting(session, "يوسف")
    page = f"/conversations/{conversation.id}"
    taken = await signed_in.post(f"{page}/claim", page=page, epoch=epoch_in(await signed_in.read(page)))
    assert taken.status_code == 303
    html = await signed_in.read(page)
    epoch = epoch_in(html)
    assert "data-reply" in html
    fields = {"epoch": epoch, "text": "أهلاً", "language": "ar", "key": "one"}
    for _ in range(2):
        assert (await signed_in.post(f"{page}/reply", page=page, **fields)).status_code == 303
    assert (await signed_in.read(page)).count("أهلاً</p>") == 1
    beat = await signed_in.post(f"{page}/heartbeat", page=page, epoch=epoch)
    assert beat.status_code == 204
    await signed_in.post(f"{page}/release", page=page, epoch=epoch, summary="Tutto chiaro")
    reread(session, conversation)
    assert (conversation.mode, conversation.summary) == (Mode.ASSISTANT, ["Tutto chiaro"])


async def test_the_second_mediator_is_told_the_name_of_the_first(
    signed_in: Browser, session: Session
) -> None:
    conversation = waiting(session, "يوسف")
    page = f"/conversations/{conversation.id}"
    seen = epoch_in(await signed_in.read(page))
    olena = create_staff(session, name="Olena Bondar")
    claim(session, conversation.id, staff=olena, epoch=conversation.epoch, now=NOW)
    session.commit()
    answer = await signed_in.post(f"{page}/claim", page=page, epoch=seen)
    assert answer.status_code == 409
    assert "Olena Bondar ha già preso questa conversazione." in answer.text


async def test_news_bring_what_is_missing_and_say_that_the_floor_is_lost(
    signed_in: Browser, session: Session
) -> None:
    conversation = waiting(session, "يوسف")
    send(session, conversation, "هل من أحد؟")
    olena = create_staff(session, name="Olena Bondar")
    claim(session, conversation.id, staff=olena, epoch=conversation.epoch, now=NOW)
    session.commit()
    news = await signed_in.read(f"/conversations/{conversation.id}/news?after=1&mine=yes")
    assert "هل من أحد؟" in news
    assert "أريد أن أتكلم مع شخص" not in news
    assert "ora la segue Olena Bondar" in news
    assert "<html" not in news


async def test_the_cases_of_the_person_stand_beside_the_thread(window: Browser, session: Session) -> None:
    conversation = waiting(session, "يوسف")
    staff = create_staff(session, roles=frozenset({Role.CASEWORKER}))
    give_password(session, staff)
    case = create_case(session, conversation=conversation)
    session.commit()
    await window.sign_in(staff)
    assert case.number in await window.read(f"/cases/of-conversation/{conversation.id}")


async def test_reading_a_thread_is_noted_once_a_visit(
    signed_in: Browser, session: Session, amina: Staff
) -> None:
    conversation = waiting(session, "يوسف")
    await signed_in.read(f"/conversations/{conversation.id}")
    await signed_in.read(f"/conversations/{conversation.id}/news?after=0")
    read = select(AuditEntry).where(AuditEntry.action == "conversation.read")
    entries = session.scalars(read).all()
    assert [(entry.actor, entry.subject_id) for entry in entries] == [(amina.id, conversation.id)]


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.PLANNER, Role.AUDITOR])
async def test_roles_without_conversations_see_none(window: Browser, session: Session, role: Role) -> None:
    conversation = waiting(session, "يوسف")
    staff = create_staff(session, roles=frozenset({role}))
    give_password(session, staff)
    session.commit()
    await window.sign_in(staff)
    for path in ("/conversations", f"/conversations/{conversation.id}"):
        assert (await window.get(path)).status_code == 404
    home = await window.read("/")
    assert "Con il tuo ruolo non vedi conversazioni né pratiche." in home
    assert "يوسف" not in home


async def test_a_partner_sees_neither_list_entry_nor_thread(window: Browser, session: Session) -> None:
    conversation = waiting(session, "يوسف")
    roles, partner = frozenset({Role.CASEWORKER}), create_organisation(session)
    staff = create_staff(session, roles=roles, organisation=partner)
    give_password(session, staff)
    session.commit()
    await window.sign_in(staff)
    assert "يوسف" not in await window.read("/conversations")
    assert (await window.get(f"/conversations/{conversation.id}")).status_code == 404
    assert 'href="/conversations"' not in await window.read("/cases")


async def test_a_housing_desk_reads_but_does_not_take(window: Browser, session: Session) -> None:
    conversation = waiting(session, "يوسف")
    staff = create_staff(session, roles=frozenset({Role.HOUSING_DESK}))
    give_password(session, staff)
    session.commit()
    await window.sign_in(staff)
    page = f"/conversations/{conversation.id}"
    assert "Prendi la conversazione" not in await window.read(page)
    fields = {"csrf": await window.csrf(page), "epoch": "2"}
    answer = await window.http.post(f"{page}/claim", data=fields, headers=HTML)
    assert answer.status_code == 404
