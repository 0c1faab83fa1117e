"""The pages and forms of the floor: dialogs, presence, call-backs."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.conversation.models import Conversation
from backoffice.handoff.models import Activity, Callback, DayPart, Presence
from backoffice.handoff.participants import invite
from backoffice.handoff.presence import beat
from backoffice.handoff.service import claim
from backoffice.staff.models import Gender, Staff
from backoffice.staff.roles import Role
from tests.backoffice.case.cases import create_person
from tests.backoffice.factories import NOW, create_staff
from tests.backoffice.handoff.floor import waiting
from tests.backoffice.pages.browser import HTML, Browser, give_password, reread


@pytest.fixture
def amina(session: Session) -> Staff:
    staff = create_staff(session, name="Amina Haddad", languages=("it",), gender=Gender.WOMAN)
    give_password(session, staff)
    session.commit()
    return staff


@pytest.fixture
def sara(session: Session) -> Staff:
    staff = create_staff(session, name="Sara Ferri", roles=frozenset({Role.CASEWORKER}), languages=("it",))
    session.commit()
    return staff


@pytest.fixture
async def signed_in(window: Browser, amina: Staff) -> Browser:
    await window.sign_in(amina)
    return window


def mine(session: Session, staff: Staff) -> Conversation:
    conversation = waiting(session)
    claim(session, conversation.id, staff=staff, epoch=conversation.epoch, now=NOW)
    session.commit()
    return conversation


async def test_the_holder_passes_the_talk_on_in_a_dialog_that_is_a_page_too(
    signed_in: Browser, session: Session, amina: Staff, sara: Staff
) -> None:
    create_staff(session, name="Altra Lingua", languages=("uk",))
    conversation = mine(session, amina)
    page = f"/conversations/{conversation.id}"
    assert f'href="{page}/floor/transfer" data-dialog' in await signed_in.read(page)
    dialog = await signed_in.read(f"{page}/floor/transfer")
    assert dialog.index("Sara Ferri") < dialog.index("Altra Lingua")
    assert "Parla la lingua della persona: italiano" in dialog
    passed = await signed_in.post(f"{page}/transfer", page=page, epoch=str(conversation.epoch), to=sara.id)
    assert passed.status_code == 303
    reread(session, conversation)
    assert conversation.holder_id == sara.id


async def test_the_holder_invites_and_takes_out_a_second_person(
    signed_in: Browser, session: Session, amina: Staff, sara: Staff
) -> None:
    conversation = mine(session, amina)
    page = f"/conversations/{conversation.id}"
    assert "Sara Ferri" in await signed_in.read(f"{page}/floor/invite")
    await signed_in.post(f"{page}/participants", page=page, epoch=str(conversation.epoch), to=sara.id)
    assert "Sara Ferri può scrivere in questa conversazione." in await signed_in.read(page)
    await signed_in.post(f"{page}/participants/remove", page=page, staff_id=sara.id)
    assert "Sara Ferri può scrivere" not in await signed_in.read(page)


async def test_a_second_person_writes_and_leaves_but_hands_nothing_back(
    window: Browser, session: Session, amina: Staff, sara: Staff
) -> None:
    conversation = mine(session, sara)
    await window.sign_in(amina)
    page = f"/conversations/{conversation.id}"
    assert "data-reply" not in await window.read(page)
    invite(session, conversation.id, staff=sara, epoch=conversation.epoch, to=amina.id, now=NOW)
    session.commit()
    html = await window.read(page)
    assert "data-reply" in html
    assert 'data-opens="hand-back"' not in html
    assert "Scrivi insieme a Sara Ferri" in html
    news = await window.read(f"{page}/news?after=0&mine=yes")
    assert "non è più tua" not in news
    said = await window.post(f"{page}/reply", page=page, epoch=str(conversation.epoch), text="Ciao")
    assert said.status_code == 303
    await window.post(f"{page}/participants/remove", page=page, staff_id=amina.id)
    assert "data-reply" not in await window.read(page)


async def test_a_conversation_is_closed_with_a_reason(
    signed_in: Browser, session: Session, amina: Staff
) -> None:
    conversation = mine(session, amina)
    page = f"/conversations/{conversation.id}"
    assert "Ha avuto risposta" in await signed_in.read(f"{page}/floor/close")
    closed = await signed_in.post(
        f"{page}/close", page=page, epoch=str(conversation.epoch), reason="no_reply"
    )
    assert closed.headers["location"] == "/conversations?notice=conversation_closed"
    assert "Motivo: La persona non risponde più." in await signed_in.read(page)


async def test_a_coordinator_is_offered_the_take_over_and_others_are_not(
    window: Browser, session: Session, coordinator: Staff, amina: Staff, sara: Staff
) -> None:
    conversation = mine(session, sara)
    page = f"/conversations/{conversation.id}"
    await window.sign_in(amina)
    assert "take-over" not in await window.read(page)
    await window.post("/sign-out", page=page)
    await window.sign_in(coordinator)
    assert f"{page}/floor/take-over" in await window.read(page)
    assert "Sara Ferri" in await window.read(f"{page}/floor/take-over")
    fields = {"epoch": str(conversation.epoch), "reason": "È in ferie"}
    assert (await window.post(f"{page}/take-over", page=page, **fields)).status_code == 303
    reread(session, conversation)
    assert conversation.holder_id == coordinator.id


async def test_a_wish_for_the_other_gender_asks_for_a_confirmation(
    signed_in: Browser, session: Session
) -> None:
    conversation = waiting(session)
    conversation.wishes_gender = Gender.MAN
    session.commit()
    page, epoch = f"/conversations/{conversation.id}", str(conversation.epoch)
    html = await signed_in.read(page)
    assert "Preferisce un uomo" in html
    assert f'action="{page}/claim"' not in html
    assert "Preferisce un uomo" in await signed_in.read("/conversations")
    refused = await signed_in.post(f"{page}/claim", page=page, epoch=epoch)
    assert refused.status_code == 409
    assert "Lascia la conversazione a chi corrisponde" in refused.text
    assert 'name="override" value="true"' in await signed_in.read(f"{page}/floor/claim")
    taken = await signed_in.post(f"{page}/claim", page=page, epoch=epoch, override="true")
    assert taken.status_code == 303


async def test_who_states_a_conflict_no_longer_sees_the_conversation(
    signed_in: Browser, session: Session, amina: Staff
) -> None:
    conversation = mine(session, amina)
    page = f"/conversations/{conversation.id}"
    assert "Il motivo non si scrive" in await signed_in.read(f"{page}/floor/conflict")
    stated = await signed_in.post(f"{page}/conflict", page=page)
    assert stated.headers["location"] == "/conversations?notice=conflict_stated"
    for path in (page, f"{page}/presence", f"{page}/floor/conflict", f"{page}/news?after=0"):
        assert (await signed_in.get(path)).status_code == 404
    assert page not in await signed_in.read("/conversations")
    assert page not in await signed_in.read("/")


async def test_presence_is_shown_to_colleagues(
    signed_in: Browser, session: Session, amina: Staff, sara: Staff
) -> None:
    conversation = waiting(session)
    beat(session, conversation.id, staff=sara, activity=Activity.WRITING, now=NOW)
    session.commit()
    page = f"/conversations/{conversation.id}"
    html = await signed_in.read(page)
    assert f'data-presence="{page}/presence"' in html
    assert "presence.js" in html
    assert "Sara Ferri sta scrivendo" in await signed_in.read(f"{page}/presence")
    told = await signed_in.post(f"{page}/presence", page=page, activity="reading")
    assert "Sara Ferri sta scrivendo" in told.text
    assert "Amina" not in told.text
    here = select(Presence.activity).where(Presence.staff_id == amina.id)
    assert session.scalars(here).all() == [Activity.READING]
    session.commit()
    await signed_in.post(f"{page}/presence", page=page, activity="gone")
    assert session.scalars(here).all() == []


async def test_the_page_of_call_backs_shows_number_and_hour_until_done(
    signed_in: Browser, session: Session
) -> None:
    assert "Nessuna richiamata" in await signed_in.read("/callbacks")
    conversation = waiting(session)
    person = create_person(session, name="Samir")
    person.phone = "+393331234567"
    conversation.person_id = person.id
    callback = Callback(conversation_id=conversation.id, day_part=DayPart.MORNING, asked_at=NOW, due_at=NOW)
    session.add(callback)
    session.commit()
    html = await signed_in.read("/callbacks/list")
    assert 'href="tel:+393331234567"' in html
    assert "Samir" in html
    done = await signed_in.post(f"/callbacks/{callback.id}/done", page="/callbacks")
    assert done.status_code == 303
    assert "Samir" not in await signed_in.read("/callbacks")


async def test_a_dialog_that_does_not_exist_is_not_found(signed_in: Browser, session: Session) -> None:
    conversation = waiting(session)
    session.commit()
    answer = await signed_in.http.get(f"/conversations/{conversation.id}/floor/sleep", headers=HTML)
    assert answer.status_code in (404, 422)
