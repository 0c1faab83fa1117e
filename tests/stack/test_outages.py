"""A process that is stopped for good: people are told, nothing they wrote is lost."""

from __future__ import annotations

import time
import uuid
from datetime import UTC, datetime

import httpx
import pytest

from bot.guide_wording import day_in
from tests.stack.people import StaffMember, WebCitizen
from tests.stack.processes import Stack, wait_for
from translations.catalog import text

pytestmark = pytest.mark.stack

TOLD_WITHIN_SECONDS = 10.0
QUESTIONS = {"en": "How do I renew my residence permit?", "uk": "Як отримати сімейного лікаря?"}


@pytest.mark.parametrize("language", ["en", "uk"])
@pytest.mark.parametrize("name", ["rasa", "actions"])
def test_the_person_is_told_in_their_language_and_waits_for_a_human(
    stack: Stack, mediator: StaffMember, name: str, language: str
) -> None:
    citizen = WebCitizen(stack.bot_url, language)
    conversation = str(citizen.session["conversation_id"])
    with stack.stopped(name):
        start = time.monotonic()
        seq = citizen.send(QUESTIONS[language])
        said = citizen.answer_to(seq, seconds=TOLD_WITHIN_SECONDS)
        assert time.monotonic() - start < TOLD_WITHIN_SECONDS
        assert {(message["from"], message["language"]) for message in said} == {("system", language)}
        assert "112" in said[0]["text"]
        office = stack_office(stack, citizen)
        assert office["phone"] in said[0]["text"]
        mediator.wait_for_mode(conversation, "waiting")
    mediator.wait_for_mode(conversation, "assistant", seconds=60)
    answer = citizen.answer_to(seq, seconds=60, speaker="assistant")
    assert answer[0]["language"] == language
    assert len([m for m in citizen.messages() if m["text"] == QUESTIONS[language]]) == 1


def test_a_claim_during_the_outage_keeps_the_assistant_out(stack: Stack, mediator: StaffMember) -> None:
    citizen = WebCitizen(stack.bot_url, "en")
    conversation = str(citizen.session["conversation_id"])
    with stack.stopped("rasa"):
        seq = citizen.send(QUESTIONS["en"])
        citizen.answer_to(seq, seconds=TOLD_WITHIN_SECONDS)
        mediator.claim(conversation)
    assert mediator.conversation(conversation)["mode"] == "mediator"
    assert citizen.answers(seq, speaker="assistant") == []


def test_with_the_backoffice_stopped_the_page_hears_so_and_may_send_again(stack: Stack) -> None:
    citizen = WebCitizen(stack.bot_url, "en")
    message_id = str(uuid.uuid4())
    body = {"id": message_id, "text": "Is anybody there?"}
    with stack.stopped("backoffice"):
        refused = citizen.http.post("/chat/messages", json=body)
        assert refused.status_code == 503
        assert refused.headers["content-type"] == "application/problem+json"
        assert int(refused.headers["retry-after"]) > 0
        assert httpx.get(f"{stack.bot_url}/health").status_code == 503
        assert httpx.get(stack.bot_url).status_code == 200
    seq = citizen.send("Is anybody there?", message_id=message_id)
    assert citizen.send("Is anybody there?", message_id=message_id) == seq
    wait_for("an answer", lambda: citizen.answers(seq))
    assert sum(message["from"] == "citizen" for message in citizen.messages()) == 1


@pytest.mark.parametrize("language", ["en", "ar"])
def test_with_the_backoffice_stopped_the_guide_answers_from_its_last_copy(
    stack: Stack, language: str
) -> None:
    address, day = f"{stack.bot_url}/guide", day_in(language, datetime.now(UTC))
    wait_for("a copy", lambda: httpx.get(address, params={"language": language}).status_code == 200)
    with stack.stopped("backoffice"):
        topics = httpx.get(address, params={"language": language})
        permit = httpx.get(f"{address}/residence_permit", params={"language": language})
    assert (topics.status_code, permit.status_code) == (200, 200)
    assert text("guide_copy.copied", language, day=day) in topics.text
    assert text("guide_topics.residence_permit.renew.option", language) in permit.text
    assert text("guide_copy.copied", language, day=day) in permit.text


def test_an_emergency_brings_the_numbers_when_the_actions_are_down(
    stack: Stack, mediator: StaffMember
) -> None:
    citizen = WebCitizen(stack.bot_url, "en")
    with stack.stopped("actions"):
        said = citizen.answer_to(citizen.send("my husband is hitting me, help"), seconds=TOLD_WITHIN_SECONDS)
        assert any("112" in message["text"] for message in said)
        waiting = mediator.wait_for_mode(str(citizen.session["conversation_id"]), "waiting")
        assert waiting["urgent"] is True


def stack_office(stack: Stack, citizen: WebCitizen) -> dict[str, str]:
    answer = citizen.http.get("/chat/office", params={"language": "en"})
    assert answer.status_code == 200, answer.text
    office: dict[str, str] = answer.json()
    return office


def test_the_words_of_an_outage_exist_in_every_language() -> None:
    for language in QUESTIONS:
        assert "112" in text("system.assistant_unavailable", language, office="-")
