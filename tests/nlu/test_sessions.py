from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import ActionServer
from rasa.core.agent import Agent
from rasa.shared.core.events import BotUttered, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from nlu import patches, sessions
from nlu.channel import Answer, _take_turn, find_answer
from nlu.memory import opened_with
from nlu.serve import load_agent
from nlu.settings import Settings

MEMORY_KEY = "bWVtb3J5IGtleSBvZiB0aGUgdGVzdHMgMzIgYnl0ZXM="
SENDER = "c1.1"
SHORT = 30


@pytest.fixture
def agent(
    tmp_path: Path, action_server: ActionServer, small_model: Path, monkeypatch: pytest.MonkeyPatch
) -> Agent:
    monkeypatch.setattr(sessions, "LONGEST", SHORT)
    patches.apply()
    actions_url = f"http://127.0.0.1:{action_server.port}"
    settings = Settings(
        data_dir=tmp_path, rasa_port=1, actions_url=actions_url, service_token="token", log_level="INFO"
    )
    return load_agent(settings, small_model)


async def take(agent: Agent, text: str, turn_id: str) -> list[str]:
    body = {
        "sender": SENDER,
        "turn_id": turn_id,
        "epoch": 1,
        "language": "it",
        "attempt": 1,
        "text": text,
        "memory_key": MEMORY_KEY,
    }
    answer = await _take_turn(agent, agent.handle_message, json.dumps(body).encode())
    assert answer.status == 200
    return [reply["text"] for reply in json.loads(answer.body)["replies"]]


async def tracker(agent: Agent) -> DialogueStateTracker:
    with opened_with(MEMORY_KEY):
        found = await agent.tracker_store.retrieve(SENDER)
    assert found is not None
    return found


async def made(agent: Agent, turn_id: str) -> Answer | None:
    with opened_with(MEMORY_KEY):
        return await find_answer(agent, SENDER, turn_id)


async def test_a_long_conversation_never_loads_more_than_a_session(
    agent: Agent, action_server: ActionServer
) -> None:
    action_server.events = [{"event": "slot", "name": "people", "value": 4}]
    first = await take(agent, "ciao", "t0")
    action_server.events = []
    loaded = []
    for number in range(1, 25):
        assert await take(agent, "ciao", f"t{number}") == first
        loaded.append(len((await tracker(agent)).events))
    assert max(loaded) < 2 * SHORT
    assert (await tracker(agent)).get_slot("people") == 4
    assert (await tracker(agent)).latest_action_name == "action_listen"


async def test_the_last_turns_are_known_in_the_next_session(
    agent: Agent, action_server: ActionServer
) -> None:
    for number in range(30):
        await take(agent, "ciao a tutti", f"t{number}")
        events = list((await tracker(agent)).events)
        if not any(isinstance(event, BotUttered) for event in events):
            break  # the next session has begun, and nothing was said in it yet
    said = [event for event in events if isinstance(event, UserUttered)]
    assert said[-1].text == "ciao a tutti"
    assert said[-1].intent["name"] == "greet"
    assert all("turn_id" not in event.metadata for event in said)
    assert all(event.metadata["language"] == "it" for event in said)


async def test_every_turn_is_found_with_its_answer_in_whatever_session_it_was_made(
    agent: Agent, action_server: ActionServer
) -> None:
    first = await take(agent, "ciao", "t0")
    for number in range(1, 12):
        await take(agent, "ciao", f"t{number}")
    for number in range(12):
        answer = await made(agent, f"t{number}")
        assert answer is not None
        assert [reply["text"] for reply in answer.replies] == first, number


async def test_what_was_asked_last_still_counts_as_asked_last(
    agent: Agent, action_server: ActionServer
) -> None:
    for number in range(12):
        action_server.events = [{"event": "slot", "name": "people", "value": number}]
        await take(agent, "ciao", f"t{number}")
        events = list((await tracker(agent)).events)
        place = max(place for place, event in enumerate(events) if isinstance(event, UserUttered))
        assert [event.value for event in events[place:] if isinstance(event, SlotSet)] == [number]
