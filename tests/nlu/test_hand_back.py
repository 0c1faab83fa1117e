from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from conftest import ActionServer
from rasa.core.agent import Agent

from nlu import patches
from nlu.channel import _take_turn
from nlu.memory import opened_with
from nlu.serve import load_agent
from nlu.settings import Settings

MEMORY_KEY = "bWVtb3J5IGtleSBvZiB0aGUgdGVzdHMgMzIgYnl0ZXM="


@pytest.fixture
def agent(tmp_path: Path, action_server: ActionServer, small_model: Path) -> Agent:
    patches.apply()
    actions_url = f"http://127.0.0.1:{action_server.port}"
    settings = Settings(
        data_dir=tmp_path, rasa_port=1, actions_url=actions_url, service_token="token", log_level="INFO"
    )
    return load_agent(settings, small_model)


async def take(agent: Agent, sender: str, text: str, turn_id: str) -> None:
    body = {
        "sender": sender,
        "turn_id": turn_id,
        "epoch": 1,
        "language": "it",
        "attempt": 1,
        "text": text,
        "memory_key": MEMORY_KEY,
    }
    answer = await _take_turn(agent, agent.handle_message, json.dumps(body).encode())
    assert answer.status == 200


async def slot(agent: Agent, sender: str, name: str) -> Any:
    with opened_with(MEMORY_KEY):
        tracker = await agent.tracker_store.retrieve(sender)
    assert tracker is not None
    assert tracker.latest_action_name == "action_listen"
    return tracker.get_slot(name)


async def test_what_was_answered_before_a_hand_back_is_known_after_it(
    agent: Agent, action_server: ActionServer
) -> None:
    action_server.events = [
        {"event": "slot", "name": "people", "value": 4},
        {"event": "slot", "name": "language", "value": "en"},
    ]
    await take(agent, "c1.1", "ciao", "t1")
    action_server.events = []
    await take(agent, "c1.2", "grazie", "t2")
    assert await slot(agent, "c1.2", "people") == 4
    # The language comes with each turn: the mediator may have changed it meanwhile.
    assert await slot(agent, "c1.2", "language") is None


async def test_another_conversation_knows_nothing_of_it(agent: Agent, action_server: ActionServer) -> None:
    action_server.events = [{"event": "slot", "name": "people", "value": 4}]
    await take(agent, "c1.1", "ciao", "t1")
    action_server.events = []
    await take(agent, "c2.2", "grazie", "t2")
    assert await slot(agent, "c2.2", "people") is None


async def test_a_later_turn_of_the_session_is_left_alone(agent: Agent, action_server: ActionServer) -> None:
    action_server.events = [{"event": "slot", "name": "people", "value": 4}]
    await take(agent, "c1.1", "ciao", "t1")
    action_server.events = [{"event": "slot", "name": "people", "value": 5}]
    await take(agent, "c1.2", "ciao", "t2")
    action_server.events = []
    await take(agent, "c1.2", "grazie", "t3")
    assert await slot(agent, "c1.2", "people") == 5


async def test_another_person_on_the_same_telephone_brings_nothing_along(
    agent: Agent, action_server: ActionServer
) -> None:
    action_server.events = [{"event": "slot", "name": "people", "value": 4}]
    await take(agent, "c1.1", "ciao", "t1")
    action_server.events = []
    await take(agent, "c1.3", "grazie", "t2")  # the backoffice leaves a number out for who begins anew
    assert await slot(agent, "c1.3", "people") is None
