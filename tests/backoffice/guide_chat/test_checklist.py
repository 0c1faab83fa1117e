"""A list that somebody saves from the guide: told, ticked, kept apart, on paper, and gone."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from backoffice.audit.models import AuditEntry
from backoffice.checklist.models import Checklist
from backoffice.checklist.service import MOST, list_of_link, lists_of
from backoffice.client.schemas import Channel, MessageKind
from backoffice.conversation.models import Button, Conversation, Message
from backoffice.guide.topics import read_guide
from backoffice.guide.words import CatalogueWords, GuideSentence
from backoffice.guide_chat.points import KeptGuide, listed_case
from backoffice.guide_chat.sheet import make_sheet
from backoffice.people.linking import begin_as_somebody_else
from backoffice.retention.erase import erase_person
from backoffice.rights.choices import answer_choice
from tests.backoffice.case.cases import create_person
from tests.backoffice.factories import NOW, create_conversation, send
from translations.languages import LANGUAGES

SAVE = "checklist:save:residence_permit:renew"
GUIDE = KeptGuide(CatalogueWords())
HOUSE = "https://sportello.example.org"


def chat(session: Session, *, language: str = "it") -> Conversation:
    conversation = create_conversation(session, channel=Channel.WEB, language=language)
    send(session, conversation, "permesso")
    return conversation


def choose(session: Session, conversation: Conversation, choice: str) -> Message:
    """Act on a choice as the button does, and return what is said to it."""
    answer_choice(session, conversation, choice, base_url=HOUSE, now=NOW)
    session.flush()
    newest = select(Message).where(Message.conversation_id == conversation.id).order_by(Message.seq.desc())
    said = session.scalars(newest).first()
    assert said is not None
    return said


def buttons_of(session: Session, message: Message) -> list[Button]:
    statement = select(Button).where(Button.message_id == message.id).order_by(Button.position)
    return list(session.scalars(statement))


def press(session: Session, conversation: Conversation, button: Button) -> Message:
    """Press a button as the channel does."""
    send(session, conversation, None, kind=MessageKind.BUTTON, button=button.token)
    newest = select(Message).where(Message.conversation_id == conversation.id).order_by(Message.seq.desc())
    return session.scalars(newest).all()[0]


def test_a_list_is_saved_shown_and_ticked_by_buttons(session: Session) -> None:
    conversation = chat(session)
    said = choose(session, conversation, SAVE)
    assert "La tua lista: Permesso di soggiorno – Rinnovo" in said.text
    assert "☐ 1. Passaporto" in said.text
    assert "Controllato il 23 novembre 2026" in said.text
    ticked = press(session, conversation, buttons_of(session, said)[0])
    assert "☑ 1. Passaporto" in ticked.text
    assert "☐ 2. Il permesso vecchio" in ticked.text
    again = press(session, conversation, buttons_of(session, ticked)[0])
    assert "☐ 1. Passaporto" in again.text


def test_it_is_found_again_by_the_button_of_the_menu(session: Session) -> None:
    conversation = chat(session)
    first = choose(session, conversation, SAVE)
    press(session, conversation, buttons_of(session, first)[1])
    shown = choose(session, conversation, "checklist:show")
    assert "☑ 2. Il permesso vecchio" in shown.text
    choose(session, conversation, "checklist:save:asylum:want")
    both = choose(session, conversation, "checklist:show")
    assert sorted(button.label for button in buttons_of(session, both)[:2]) == [
        "Rinnovo", "Voglio chiedere asilo",
    ]  # fmt: skip


def test_saved_twice_it_is_one_list_with_its_ticks(session: Session) -> None:
    conversation = chat(session)
    said = choose(session, conversation, SAVE)
    press(session, conversation, buttons_of(session, said)[0])
    assert "☑ 1. Passaporto" in choose(session, conversation, SAVE).text
    assert len(lists_of(session, conversation)) == 1


def test_a_tick_stays_when_the_language_changes_and_goes_when_the_guide_does(session: Session) -> None:
    conversation = chat(session)
    said = choose(session, conversation, SAVE)
    press(session, conversation, buttons_of(session, said)[0])
    conversation.language = "uk"
    assert "☑ 1. " in choose(session, conversation, "checklist:show").text
    [kept] = lists_of(session, conversation)
    kept.content = {**kept.content, "version": "old", "ticked": ["gone"]}
    conversation.language = "it"
    changed = choose(session, conversation, "checklist:show").text
    assert "La guida è cambiata" in changed
    assert "☑" not in changed
    assert "La guida è cambiata" not in choose(session, conversation, "checklist:show").text


def test_every_message_has_a_way_on(session: Session) -> None:
    conversation = chat(session)
    said = [choose(session, conversation, "checklist:show"), choose(session, conversation, SAVE)]
    [kept] = lists_of(session, conversation)
    told = ("card", "open", "drop", "open")
    said += [choose(session, conversation, f"checklist:{what}:{kept.id}") for what in told]
    said.append(choose(session, conversation, "checklist:save:asylum:no_such_case"))
    for message in said:
        payloads = {button.payload for button in buttons_of(session, message)}
        assert {"/ask_human", "/ask_menu"} <= payloads, message.text


def test_there_is_room_for_so_many_lists_and_no_more(session: Session) -> None:
    conversation = chat(session)
    listable = [
        f"checklist:save:{topic}:{name}"
        for topic, entry in read_guide().topics.items()
        for name in entry.cases
        if listed_case(topic, name, guide=GUIDE, language="it", now=NOW)
    ]
    assert len(listable) > MOST
    for choice in listable[:MOST]:
        choose(session, conversation, choice)
    assert f"Hai già {MOST} liste" in choose(session, conversation, listable[MOST]).text
    assert len(lists_of(session, conversation)) == MOST


def test_a_list_that_was_deleted_is_gone(session: Session) -> None:
    conversation = chat(session)
    choose(session, conversation, SAVE)
    [kept] = lists_of(session, conversation)
    assert "cancellato" in choose(session, conversation, f"checklist:drop:{kept.id}").text
    assert "non c'è più" in choose(session, conversation, f"checklist:open:{kept.id}").text
    acts = set(session.scalars(select(AuditEntry.action).where(AuditEntry.action.like("checklist.%"))))
    assert acts == {"checklist.saved", "checklist.deleted"}


def test_attack_4_nobody_reaches_the_list_of_another_conversation_or_person(session: Session) -> None:
    conversation, other = chat(session), chat(session)
    conversation.person_id = create_person(session).id
    choose(session, conversation, SAVE)
    [kept] = lists_of(session, conversation)
    assert "non c'è più" in choose(session, other, f"checklist:open:{kept.id}").text
    begin_as_somebody_else(session, conversation.id, by="service", now=NOW)
    assert lists_of(session, conversation) == []
    assert "Non hai ancora una lista" in choose(session, conversation, "checklist:show").text


def test_attack_4_after_90_days_of_silence_no_list_is_shown(session: Session) -> None:
    conversation = chat(session)
    said = choose(session, conversation, SAVE)
    later = NOW + timedelta(days=91)
    send(
        session,
        conversation,
        None,
        kind=MessageKind.BUTTON,
        button=buttons_of(session, said)[0].token,
        now=later,
    )
    newest = select(Message).where(Message.conversation_id == conversation.id).order_by(Message.seq.desc())
    assert "Passaporto" not in session.scalars(newest).all()[0].text


@pytest.mark.parametrize("is_known", [True, False])
def test_a_list_of_who_was_there_before_is_theirs_or_goes(session: Session, is_known: bool) -> None:
    conversation = chat(session)
    choose(session, conversation, SAVE)
    before = create_person(session).id if is_known else None
    conversation.person_id = before
    begin_as_somebody_else(session, conversation.id, by="service", now=NOW)
    assert lists_of(session, conversation) == []
    assert session.scalars(select(Checklist.person_id)).all() == ([before] if is_known else [])


def test_what_a_list_is_about_is_sealed_and_erased_with_the_conversation(session: Session) -> None:
    conversation = chat(session)
    person = create_person(session)
    conversation.person_id = person.id
    choose(session, conversation, "checklist:save:asylum:want")
    raw = str(session.execute(text("SELECT content FROM checklist")).scalar_one())
    assert "asylum" not in raw
    session.commit()
    erase_person(session, person.id, by="x", now=NOW)
    session.commit()
    assert session.scalars(select(Checklist)).all() == []


# --- The sheet ------------------------------------------------------------------------------------


def token_in(message: Message) -> str:
    found = re.search(rf"{re.escape(HOUSE)}/checklist/([\w-]+)", message.text)
    assert found is not None
    return found[1]


def test_attack_5_the_link_opens_for_a_week_and_a_newer_one_ends_it(session: Session) -> None:
    conversation = chat(session)
    choose(session, conversation, SAVE)
    [kept] = lists_of(session, conversation)
    first = token_in(choose(session, conversation, f"checklist:card:{kept.id}"))
    assert list_of_link(session, first, now=NOW + timedelta(days=6)) is kept
    assert list_of_link(session, first, now=NOW + timedelta(days=7)) is None
    second = token_in(choose(session, conversation, f"checklist:card:{kept.id}"))
    assert list_of_link(session, first, now=NOW) is None
    assert list_of_link(session, second, now=NOW) is kept
    assert list_of_link(session, kept.id, now=NOW) is None
    assert second not in str(session.execute(text("SELECT * FROM checklist")).all())


def test_the_sheet_has_both_languages_the_ticks_and_every_source_with_its_day(session: Session) -> None:
    conversation = chat(session, language="ar")
    said = choose(session, conversation, SAVE)
    press(session, conversation, buttons_of(session, said)[0])
    [kept] = lists_of(session, conversation)
    sheet = make_sheet(kept, guide=GUIDE, language="ar", phone=None, now=NOW)
    assert sheet is not None
    assert [side.language for side in sheet.sides] == ["ar", "it"]
    italian = sheet.sides[1]
    assert [line.label for line in italian.lines][:2] == ["Che cosa portare", "Come si fa"]
    assert "[x] Passaporto" in italian.lines[0].words
    assert all("Controllato il 23 novembre 2026" in line.words for line in italian.lines)
    assert len(sheet.sides[0].lines) == len(italian.lines) == 6


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_case_that_can_be_listed_has_as_many_points_as_in_italian(language: str) -> None:
    for topic, entry in read_guide().topics.items():
        for name in entry.cases:
            italian = listed_case(topic, name, guide=GUIDE, language="it", now=NOW)
            own = listed_case(topic, name, guide=GUIDE, language=language, now=NOW)
            marks = [point.mark for point in own.points] if own else None
            assert marks == ([point.mark for point in italian.points] if italian else None), topic


class OldWords(CatalogueWords):
    """The delivered sentences, all of them older than their Italian."""

    def sentence(self, key: str, language: str) -> GuideSentence | None:
        said = super().sentence(key, language)
        return GuideSentence(said.text, is_stale=language != "it") if said else None


@pytest.mark.parametrize(("phone", "end"), [("0373 1", "0373 1."), (None, "людину з нашого офісу.")])
def test_the_sheet_says_that_a_translation_is_old(session: Session, phone: str | None, end: str) -> None:
    conversation = chat(session, language="uk")
    choose(session, conversation, SAVE)
    [kept] = lists_of(session, conversation)
    sheet = make_sheet(kept, guide=KeptGuide(OldWords()), language="uk", phone=phone, now=NOW)
    assert sheet is not None
    assert all(end in line.words for line in sheet.sides[0].lines)
    assert not any(end in line.words for line in sheet.sides[1].lines)
