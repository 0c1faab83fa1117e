from __future__ import annotations

from typing import Any

import httpx
import pytest

from actions.application import create_application, make_executor
from actions.registry import STEPS, build_steps
from actions.step import Step
from actions.turn import Event, Turn
from backoffice.client.errors import BackofficeUnavailable
from tests.actions.fakes import FakeBackoffice, fixed_clock
from tests.actions.trackers import tracker


class Crashing(Step):
    action_name = "action_crashing"

    async def act(self, turn: Turn, replies: Any) -> list[Event]:
        raise ValueError(turn.text)


def client_of(backoffice: FakeBackoffice) -> httpx.AsyncClient:
    steps = [*build_steps(backoffice, fixed_clock), Crashing(backoffice, fixed_clock)]
    app = create_application(make_executor(steps), backoffice, secret="s")
    headers = {"Authorization": "Bearer s"}
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://actions", headers=headers)


def call(action: str, text: str = "parole private") -> dict[str, Any]:
    return {
        "next_action": action,
        "sender_id": "conversation.1",
        "tracker": tracker("stop", text).current_state(),
    }


async def test_an_action_runs_without_the_domain() -> None:
    async with client_of(FakeBackoffice()) as client:
        answer = await client.post("/webhook", json=call("action_stop"))
    assert answer.status_code == 200
    assert answer.json()["responses"][0]["text"]


async def test_a_crash_gives_back_neither_the_tracker_nor_a_word(capsys: pytest.CaptureFixture[str]) -> None:
    async with client_of(FakeBackoffice()) as client:
        answer = await client.post("/webhook", json=call("action_crashing"))
    assert answer.status_code == 500
    assert answer.json() == {"error": "action failed"}
    assert "parole private" not in "".join(capsys.readouterr())


async def test_an_unknown_action_and_a_bad_body_are_errors_and_no_rejection() -> None:
    async with client_of(FakeBackoffice()) as client:
        assert (await client.post("/webhook", json=call("action_nobody"))).status_code == 404
        assert (await client.post("/webhook", content=b"{")).status_code == 422
        assert (await client.post("/webhook", json={})).status_code == 422


async def test_health_is_down_with_the_backoffice() -> None:
    backoffice = FakeBackoffice()
    async with client_of(backoffice) as client:
        assert (await client.get("/health")).json() == {"status": "ok", "backoffice": "ok"}
        backoffice.failure = BackofficeUnavailable("down")
        answer = await client.get("/health")
    assert answer.status_code == 503
    assert answer.json()["backoffice"] == "down"


def test_every_action_of_the_domain_is_built_and_no_other(domain: dict[str, Any]) -> None:
    assert sorted(step.action_name for step in STEPS) == sorted(domain["actions"])
