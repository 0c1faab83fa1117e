"""What a mediator writes in another language: looked at, corrected, sent, kept, corrected later."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.client.client import BackofficeClient
from backoffice.client.schemas import Channel, DeliveryClaim, DeliveryOutcome, DeliveryReport, Original
from backoffice.conversation.models import Message, TranslatedBy
from backoffice.conversation.outbox import claim_deliveries, report_delivery
from backoffice.handoff.speaking import correct, reply
from backoffice.translation.correction import correct_rendering
from backoffice.translation.errors import MessageNotFound, NothingChanged, OtherLanguageNow
from backoffice.translation.models import PhrasebookEntry
from backoffice.translation.outgoing import Proposal, Translation
from tests.backoffice.factories import NOW, create_staff, send, sign_in
from tests.backoffice.translation.talks import (
    HELLO,
    HELLO_IT,
    PERMIT,
    PERMIT_IT,
    KnownTranslator,
    held,
    renderings,
)

PROPOSED = Proposal(PERMIT, "argos", "it-en 1.9, en-uk 1.4", in_parts=True)
MADE = Translation(PERMIT, "uk", PROPOSED)
BETTER = "Вам потрібна посвідка на проживання."


def pairs(session: Session) -> list[PhrasebookEntry]:
    return list(session.scalars(select(PhrasebookEntry).execution_options(populate_existing=True)))


@pytest.fixture
def translator(app: FastAPI) -> KnownTranslator:
    made = KnownTranslator()
    app.state.translator.close()
    app.state.translator = made
    return made


def test_the_person_gets_the_translation_and_can_open_the_original(session: Session) -> None:
    conversation, staff = held(session)
    how: dict[str, Any] = {"staff": staff, "epoch": conversation.epoch, "language": "it", "now": NOW}
    said = reply(session, conversation.id, text=PERMIT_IT, translation=MADE, **how)
    assert (said.text, said.language) == (PERMIT, "uk")
    assert (said.original_text, said.original_language) == (PERMIT_IT, "it")
    assert said.translated_by is TranslatedBy.MACHINE
    (text, kept) = renderings(session, conversation)[-1]
    assert (text, kept.text, kept.engine, kept.version) == (PERMIT, PERMIT, "argos", "it-en 1.9, en-uk 1.4")
    assert kept.in_parts
    assert pairs(session) == []


def test_a_corrected_translation_is_sent_and_kept_as_a_pair_and_used_again(session: Session) -> None:
    conversation, staff = held(session)
    how: dict[str, Any] = {"staff": staff, "epoch": conversation.epoch, "language": "it", "now": NOW}
    said = reply(session, conversation.id, text=PERMIT_IT, translation=replace(MADE, text=BETTER), **how)
    assert (said.text, said.translated_by) == (BETTER, TranslatedBy.STAFF)
    (pair,) = pairs(session)
    assert (pair.source_text, pair.target_text, pair.machine_text) == (PERMIT_IT, BETTER, PERMIT)
    again = reply(session, conversation.id, text=PERMIT_IT, translation=Translation(BETTER, "uk"), **how)
    assert again.translated_by is TranslatedBy.PHRASEBOOK
    assert [each.used for each in pairs(session)] == [1]


def test_words_without_a_translation_go_as_they_are_marked(session: Session) -> None:
    conversation, staff = held(session)
    how: dict[str, Any] = {"staff": staff, "epoch": conversation.epoch, "now": NOW}
    said = reply(session, conversation.id, text=PERMIT_IT, language="it", **how)
    assert (said.text, said.language, said.translated_by) == (PERMIT_IT, "it", TranslatedBy.NOBODY)
    assert said.original_text is None
    own = reply(session, conversation.id, text=PERMIT, language="uk", **how)
    assert own.translated_by is None
    digits = reply(session, conversation.id, text="12:30", language="it", **how)
    assert digits.translated_by is None


def test_a_translation_into_a_language_that_the_person_has_left_is_not_sent(session: Session) -> None:
    conversation, staff = held(session)
    conversation.language = "ar"
    session.flush()
    with pytest.raises(OtherLanguageNow):
        reply(
            session,
            conversation.id,
            staff=staff,
            epoch=conversation.epoch,
            text=PERMIT_IT,
            language="it",
            translation=MADE,
            now=NOW,
        )


def test_a_later_correction_reaches_the_person_once_and_names_the_message(session: Session) -> None:
    conversation, staff = held(session, channel=Channel.TELEGRAM)
    how: dict[str, Any] = {"staff": staff, "epoch": conversation.epoch, "now": NOW}
    first = reply(session, conversation.id, text=PERMIT_IT, language="it", translation=MADE, **how)
    claim = DeliveryClaim(channel=Channel.TELEGRAM, worker="bot", wait_seconds=0)
    for number in range(10):
        due = claim_deliveries(session, claim, now=NOW)
        for each in due:
            sent = DeliveryReport(outcome=DeliveryOutcome.SENT, provider_id=str(100 + number))
            report_delivery(session, each.id, sent, now=NOW)
        if not due:
            break
        last, last_id = each, 100 + number
    assert last.text == PERMIT
    assert (last.translated_by, last.staff_name) == ("machine", "Carla")
    assert last.original == Original(text=PERMIT_IT, language="it")
    said = correct(session, conversation.id, first.id, text=BETTER, **how)
    assert (said.text, said.edited_message_id, said.translated_by) == (BETTER, first.id, TranslatedBy.STAFF)
    assert said.original_text == PERMIT_IT
    (delivery,) = claim_deliveries(session, claim, now=NOW)
    assert (delivery.text, delivery.corrects, delivery.reply_to) == (BETTER, True, str(last_id))
    assert delivery.person_language == "uk"
    assert [pair.target_text for pair in pairs(session)] == [BETTER]
    with pytest.raises(NothingChanged):
        correct(session, conversation.id, said.id, text=f" {BETTER} ", **how)


def test_what_was_sent_untranslated_can_be_sent_again_translated(session: Session) -> None:
    conversation, staff = held(session)
    how: dict[str, Any] = {"staff": staff, "epoch": conversation.epoch, "now": NOW}
    first = reply(session, conversation.id, text=PERMIT_IT, language="it", **how)
    said = correct(session, conversation.id, first.id, text=PERMIT, **how)
    assert (said.language, said.original_text, said.translated_by) == ("uk", PERMIT_IT, TranslatedBy.STAFF)


def test_only_an_own_message_can_be_corrected(session: Session) -> None:
    conversation, staff = held(session)
    send(session, conversation, HELLO, language="uk")
    theirs = next(each for each in session.scalars(select(Message)) if each.text == HELLO)
    with pytest.raises(MessageNotFound):
        correct(session, conversation.id, theirs.id, staff=staff, epoch=conversation.epoch, text="x", now=NOW)


def test_a_rendering_that_somebody_corrects_is_theirs_and_a_pair(session: Session) -> None:
    conversation, staff = held(session)
    send(session, conversation, HELLO, language="uk")
    message = next(each for each in session.scalars(select(Message)) if each.text == HELLO)
    correct_rendering(session, message, HELLO_IT, staff=staff, now=NOW)
    shown = renderings(session, conversation)[-1][1]
    assert (shown.text, shown.staff_id) == (HELLO_IT, staff.id)
    (pair,) = pairs(session)
    assert (pair.source_language, pair.target_language, pair.source_text) == ("uk", "it", HELLO)
    with pytest.raises(NothingChanged):
        correct_rendering(session, message, HELLO_IT, staff=staff, now=NOW)


async def test_a_preview_says_what_the_person_gets_and_what_that_means(
    http: httpx.AsyncClient, session: Session, translator: KnownTranslator
) -> None:
    conversation, staff = held(session)
    headers = sign_in(session, staff)
    session.commit()
    path = f"/api/v1/conversations/{conversation.id}/preview"
    found = (await http.post(path, json={"text": PERMIT_IT, "language": "it"}, headers=headers)).json()
    assert (found["translation"], found["back_translation"]) == (PERMIT, PERMIT_IT)
    assert (found["language"], found["engine"], found["flags"]) == ("uk", "known", [])
    other = (await http.post(path, json={"text": "Altro", "language": "it"}, headers=headers)).json()
    assert (other["translation"], other["flags"]) == (None, ["no_package"])
    assert other["command"] == 'make translation-packages LANGUAGES="it uk"'
    edited = {"text": "Costa 50 euro.", "language": "it", "translation": "Це коштує 70 євро."}
    alarmed = (await http.post(path, json=edited, headers=headers)).json()
    assert "numbers" in alarmed["flags"] or "sums" in alarmed["flags"]


async def test_an_engine_that_is_down_leaves_a_clear_answer(
    http: httpx.AsyncClient, session: Session, translator: KnownTranslator
) -> None:
    conversation, staff = held(session)
    headers = sign_in(session, staff)
    session.commit()
    translator.is_down = True
    path = f"/api/v1/conversations/{conversation.id}/preview"
    found = await http.post(path, json={"text": PERMIT_IT, "language": "it"}, headers=headers)
    assert (found.status_code, found.json()["flags"]) == (200, ["engine_failed"])


async def test_a_program_that_sends_words_alone_gets_them_translated_here(
    http: httpx.AsyncClient, session: Session, translator: KnownTranslator, client: BackofficeClient
) -> None:
    conversation, staff = held(session)
    headers = sign_in(session, staff)
    session.commit()
    path = f"/api/v1/conversations/{conversation.id}/reply"
    body = {"epoch": conversation.epoch, "text": PERMIT_IT, "language": "it"}
    said = (await http.post(path, json=body, headers=headers)).json()
    assert (said["text"], said["language"], said["translated_by"]) == (PERMIT, "uk", "machine")
    assert said["original"] == {"text": PERMIT_IT, "language": "it"}
    plain = (await http.post(path, json={**body, "text": "Altro"}, headers=headers)).json()
    assert (plain["text"], plain["language"], plain["translated_by"]) == ("Altro", "it", "nobody")
    correction = {"epoch": conversation.epoch, "text": BETTER}
    path = f"/api/v1/conversations/{conversation.id}/messages/{said['id']}/correction"
    assert (await http.post(path, json=correction, headers=headers)).json()["edits"] == said["id"]
    seen = (await client.read_messages(conversation.id)).messages[-3:]
    assert [each.translated_by for each in seen] == ["machine", "none", "person"]
    assert [each.corrects for each in seen] == [None, None, said["seq"]]
    assert [each.original.text if each.original else None for each in seen] == [PERMIT_IT, None, PERMIT_IT]
    assert seen[1].staff_name == "Carla"


async def test_a_page_sends_untranslated_words_only_when_told_to(
    http: httpx.AsyncClient, session: Session, translator: KnownTranslator
) -> None:
    conversation, staff = held(session)
    headers = {**sign_in(session, staff), "Accept": "text/html"}
    session.commit()
    path = f"/conversations/{conversation.id}/reply"
    fields = {"epoch": str(conversation.epoch), "text": "Altro", "language": "it", "key": "one"}
    refused = await http.post(path, data=fields, headers=headers)
    assert refused.status_code == 422
    assert "non c'è una traduzione" in refused.text.replace("&#39;", "'")
    sent = await http.post(path, data={**fields, "untranslated": "true"}, headers=headers)
    assert sent.status_code == 303


async def test_what_a_stranger_of_the_floor_previews_or_corrects_does_not_exist(
    http: httpx.AsyncClient, session: Session, translator: KnownTranslator
) -> None:
    conversation, staff = held(session)
    other = sign_in(session, create_staff(session, name="Anna Verdi"))
    said = reply(session, conversation.id, staff=staff, epoch=conversation.epoch, text="Ok", now=NOW)
    session.commit()
    path = f"/api/v1/conversations/{conversation.id}/messages/{said.id}/correction"
    answer = await http.post(path, json={"epoch": conversation.epoch, "text": "No"}, headers=other)
    assert (answer.status_code, "Carla Neri" in answer.text) == (409, True)
