from __future__ import annotations

import json
import sqlite3
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from conftest import ActionServer
from rasa.core.agent import Agent
from rasa.shared.core.events import UserUttered

from nlu import patches
from nlu.channel import SportelloInput, _show_turn, _take_turn, find_answer
from nlu.failures import TrackerStoreFailed
from nlu.memory import opened_with
from nlu.serve import load_agent
from nlu.settings import Settings
from nlu.turn_request import LONGEST_TEXT, harmless


@pytest.fixture
def settings(tmp_path: Path, action_server: ActionServer) -> Settings:
    return Settings(
        data_dir=tmp_path,
        rasa_port=1,
        actions_url=f"http://127.0.0.1:{action_server.port}",
        service_token="token",
        log_level="INFO",
    )


MEMORY_KEY = "bWVtb3J5IGtleSBvZiB0aGUgdGVzdHMgMzIgYnl0ZXM="


@pytest.fixture
def agent(settings: Settings, small_model: Path) -> Agent:
    patches.apply()
    return load_agent(settings, small_model)


async def post(agent: Agent, **fields: Any) -> tuple[int, dict[str, Any]]:
    body = {
        "sender": "c1",
        "turn_id": "t1",
        "epoch": 3,
        "language": "it",
        "attempt": 1,
        "memory_key": MEMORY_KEY,
        **fields,
    }
    response = await _take_turn(agent, agent.handle_message, json.dumps(body).encode())
    return response.status, json.loads(response.body)


async def user_events(agent: Agent, sender: str = "c1") -> list[UserUttered]:
    with opened_with(MEMORY_KEY):
        tracker = await agent.tracker_store.retrieve(sender)
    return [] if tracker is None else [event for event in tracker.events if isinstance(event, UserUttered)]


async def test_a_turn_is_answered_in_its_language_with_intent_and_confidence(agent: Agent) -> None:
    status, answer = await post(agent, text="grazie mille")
    assert status == 200
    assert answer["turn_id"] == "t1"
    assert answer["intent"] == "thank"
    assert 0 < answer["confidence"] <= 1
    assert [reply["text"] for reply in answer["replies"]] != ["bot.thank"]
    assert len(answer["replies"]) == 1


async def test_the_message_carries_turn_epoch_language_and_conversation(agent: Agent) -> None:
    await post(agent, sender="c9.2", text="grazie")
    (said,) = await user_events(agent, "c9.2")
    expected = {"turn_id": "t1", "epoch": 3, "language": "it", "conversation_id": "c9"}
    assert expected.items() <= said.metadata.items()


async def test_the_answer_says_which_form_is_open(agent: Agent) -> None:
    _, before = await post(agent, text="grazie")
    _, answer = await post(agent, turn_id="t2", payload="/search_housing")
    assert (before["form"], answer["form"]) == (None, "housing_form")
    _, again = await post(agent, turn_id="t2", attempt=2, payload="/search_housing")
    assert again == answer


async def test_buttons_say_whether_they_last(agent: Agent) -> None:
    _, answer = await post(agent, payload="/ask_menu")
    assert [button["lasting"] for button in answer["replies"][0]["buttons"]] == [True, False]
    assert not any(button["title"].startswith("bot.") for button in answer["replies"][0]["buttons"])


async def test_an_action_speaks_with_its_own_words_and_buttons(
    agent: Agent, action_server: ActionServer
) -> None:
    _, answer = await post(agent, text="ciao")
    assert answer["replies"][0] == {
        "text": "Pratica 17",
        "buttons": [{"title": "Ok", "payload": "/thank", "lasting": True}],
    }
    assert action_server.calls[0]["tracker"]["latest_message"]["metadata"]["turn_id"] == "t1"
    assert "domain" not in action_server.calls[0], "no action reads it, and it is longer than all else"


async def test_a_retry_reads_the_answer_instead_of_making_it_again(
    agent: Agent, action_server: ActionServer
) -> None:
    _, first = await post(agent, text="ciao")
    await post(agent, turn_id="t2", text="grazie")
    status, again = await post(agent, attempt=2, text="ciao")
    assert status == 200
    assert again == first
    assert len(action_server.calls) == 1


async def test_a_retry_of_a_turn_that_never_ended_is_made(agent: Agent) -> None:
    status, answer = await post(agent, attempt=2, text="grazie")
    assert (status, answer["intent"]) == (200, "thank")


@pytest.mark.parametrize("status", [500, 404, 449])
async def test_a_failing_action_ends_the_turn_and_leaves_no_trace(
    agent: Agent, action_server: ActionServer, status: int
) -> None:
    action_server.status = status
    answered, body = await post(agent, text="ciao")
    assert (answered, body["reason"], body["intent"]) == (503, "action_server_failed", "greet")
    assert await user_events(agent) == []
    action_server.status = 200
    assert (await post(agent, attempt=2, text="ciao"))[0] == 200
    assert len(await user_events(agent)) == 1


async def test_an_action_server_that_is_away_is_a_503(agent: Agent) -> None:
    agent.processor.action_endpoint.url = "http://127.0.0.1:9/webhook"
    assert (await post(agent, text="ciao"))[0] == 503
    assert await user_events(agent) == []


async def test_an_answer_that_is_none_is_a_503(agent: Agent, action_server: ActionServer) -> None:
    action_server.events = [{"event": 7}]
    assert (await post(agent, text="ciao"))[0] == 503


async def test_a_text_without_catalogue_key_fails_the_turn(agent: Agent) -> None:
    status, body = await post(agent, payload="/report_emergency")
    assert (status, body["reason"], body["intent"]) == (500, "rasa_failed", "report_emergency")
    assert await user_events(agent) == []


async def test_a_broken_tracker_file_fails_the_turn_instead_of_forgetting(
    agent: Agent, settings: Settings
) -> None:
    await post(agent, text="grazie")
    with sqlite3.connect(settings.tracker_file) as connection:
        connection.execute("ALTER TABLE events RENAME TO away")
    assert (await post(agent, turn_id="t2", text="grazie"))[0] == 500
    with sqlite3.connect(settings.tracker_file) as connection:
        connection.execute("ALTER TABLE away RENAME TO events")
    status, _ = await post(agent, turn_id="t2", attempt=2, text="grazie")
    assert status == 200
    assert [event.metadata["turn_id"] for event in await user_events(agent)] == ["t1", "t2"]


async def test_the_lock_is_free_after_a_failure(agent: Agent, action_server: ActionServer) -> None:
    action_server.status = 500
    await post(agent, text="ciao")
    assert agent.lock_store.get_lock("c1") is None


async def test_a_turn_can_be_asked_for(agent: Agent) -> None:
    _, answer = await post(agent, text="grazie")
    shown = await _show_turn(agent, "c1", "t1", MEMORY_KEY)
    assert json.loads(shown.body) == answer
    assert (await _show_turn(agent, "c1", "t9", MEMORY_KEY)).status == 404
    assert await find_answer(agent, "nobody", "t1") is None


@pytest.mark.parametrize(
    "text", ['/inform{"people": 99}', "  /thank", "\u2003/thank", "\u200b/\u200b/thank", "\x1c/thank", "///"]
)
async def test_a_typed_command_is_only_a_text(agent: Agent, text: str) -> None:
    status, _ = await post(agent, text=text)
    assert status == 200
    (said,) = await user_events(agent)
    assert not said.text.startswith("/")
    with opened_with(MEMORY_KEY):
        tracker = await agent.tracker_store.retrieve("c1")
    assert tracker.get_slot("people") is None


def test_no_character_before_the_slash_makes_a_text_a_command() -> None:
    for point in range(0x11000):
        character = chr(point)
        if unicodedata.category(character) == "Cs":
            continue
        for text in (f"{character}/thank", f"/{character}/thank", f"{character * 2}//thank"):
            assert not harmless(text).strip().startswith("/"), hex(point)


def test_a_long_text_is_cut_for_understanding() -> None:
    assert len(harmless("a" * 5000)) == LONGEST_TEXT


@pytest.mark.parametrize(
    "fields",
    [
        {"text": None},
        {"text": "ciao", "payload": "/greet"},
        {"payload": "greet"},
        {"payload": "/greet and more"},
        {"text": "ciao", "sender": ""},
        {"text": "ciao", "turn_id": None},
        {"text": "ciao", "epoch": "3"},
        {"text": "ciao", "attempt": 0},
        {"text": "ciao", "language": "italiano"},
        {"text": 7},
    ],
)
async def test_a_body_that_is_not_as_agreed_is_refused(agent: Agent, fields: dict[str, Any]) -> None:
    assert (await post(agent, **fields))[0] == 422


def test_the_channel_has_a_name_and_a_secret() -> None:
    assert SportelloInput("s").url_prefix() == "sportello"


async def test_what_rasa_remembers_is_noise_without_the_key_of_its_conversation(
    agent: Agent, settings: Settings
) -> None:
    await post(agent, text="grazie segretissimo")
    stored = b"".join(path.read_bytes() for path in settings.tracker_file.parent.glob("*"))
    assert b"segretissimo" not in stored
    with opened_with(MEMORY_KEY[::-1].lstrip("=") + "="), pytest.raises(TrackerStoreFailed):
        await agent.tracker_store.retrieve("c1")
    with pytest.raises(TrackerStoreFailed):
        await agent.tracker_store.retrieve("c1")


async def test_a_turn_without_a_key_is_refused(agent: Agent) -> None:
    assert (await post(agent, text="ciao", memory_key="short"))[0] == 422
