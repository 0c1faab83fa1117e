from __future__ import annotations

import httpx
import pytest
from prometheus_client import REGISTRY

from bot.assistant import ActionServer, AssistantWatch
from bot.metrics import outcome_of
from bot.rasa_client import RasaClient
from bot.turns import TurnDispatcher
from tests.bot.conftest import Run
from tests.bot.fakes import FakeBackoffice, FakeRasa, turn


def counted(outcome: str) -> float:
    labels = {"channel": "web", "language": "uk", "outcome": outcome}
    return REGISTRY.get_sample_value("sportello_turns_total", labels) or 0.0


@pytest.mark.parametrize(
    ("intent", "outcome"),
    [("greet", "answered"), (None, "answered"), ("nlu_fallback", "misunderstood")],
)
def test_a_turn_that_the_assistant_asks_back_about_was_misunderstood(
    intent: str | None, outcome: str
) -> None:
    assert outcome_of(intent) == outcome


async def test_turns_are_counted_by_language_and_by_what_came_of_them(
    backoffice: FakeBackoffice, rasa: FakeRasa, run: Run
) -> None:
    before = {outcome: counted(outcome) for outcome in ("answered", "misunderstood", "given_up")}
    not_understood = {"turn_id": "turn-2", "replies": [], "intent": "nlu_fallback", "confidence": 0.1}
    rasa.script = [
        httpx.Response(200, json=not_understood | {"turn_id": "turn-1", "intent": "greet"}),
        httpx.Response(200, json=not_understood),
        httpx.ConnectError("refused"),
    ]
    actions = ActionServer(
        "http://actions.test", transport=httpx.MockTransport(lambda _: httpx.Response(200))
    )
    async with RasaClient("http://rasa.test", "s", transport=rasa.transport) as client:
        watch = AssistantWatch(backoffice, client, actions)
        dispatcher = TurnDispatcher(
            backoffice, client, watch, worker="w", at_once=1, budget_seconds=0.1, claim_wait_seconds=0.05
        )
        backoffice.turns = [turn(number, language="uk") for number in (1, 2, 3)]
        run(dispatcher.run())
        await backoffice.until(lambda: len(backoffice.answers) == 2 and len(backoffice.turn_failures) == 1)
        await watch.probe()
    await actions.aclose()
    assert {outcome: counted(outcome) - number for outcome, number in before.items()} == {
        "answered": 1,
        "misunderstood": 1,
        "given_up": 1,
    }
    assert REGISTRY.get_sample_value("sportello_assistant_up") == 1
