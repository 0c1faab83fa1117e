from collections.abc import AsyncIterator

import httpx
import pytest

from backoffice.client.schemas import AssistantStatus
from bot.assistant import ActionServer, AssistantWatch
from bot.rasa_client import RasaClient
from tests.bot.fakes import FakeBackoffice, FakeRasa


class FakeActions:
    def __init__(self) -> None:
        self.status = 200

    def __call__(self, request: httpx.Request) -> httpx.Response:
        assert request.url.path == "/health"
        return httpx.Response(self.status, json={})


@pytest.fixture
def actions() -> FakeActions:
    return FakeActions()


@pytest.fixture
async def watch(
    backoffice: FakeBackoffice, rasa: FakeRasa, actions: FakeActions
) -> AsyncIterator[AssistantWatch]:
    server = ActionServer("http://actions.test", transport=httpx.MockTransport(actions))
    async with RasaClient("http://rasa.test", "s", transport=rasa.transport) as client:
        yield AssistantWatch(backoffice, client, server)
    await server.aclose()


async def test_the_first_good_probe_reports_for_those_given_up_before_this_process(
    backoffice: FakeBackoffice, watch: AssistantWatch
) -> None:
    await watch.probe()
    await watch.probe()
    assert backoffice.statuses == [AssistantStatus(available=True)]


@pytest.mark.parametrize("down", ["rasa", "actions"])
async def test_a_return_from_an_outage_is_reported_once(
    backoffice: FakeBackoffice, rasa: FakeRasa, actions: FakeActions, watch: AssistantWatch, down: str
) -> None:
    await watch.probe()
    rasa.alive, actions.status = down != "rasa", 503 if down == "actions" else 200
    await watch.probe()
    assert not watch.is_down
    await watch.probe()
    assert watch.is_down
    rasa.alive, actions.status = True, 200
    await watch.probe()
    await watch.probe()
    assert len(backoffice.statuses) == 2
    assert not watch.is_down


async def test_a_turn_given_up_without_any_outage_seen_is_reported_too(
    backoffice: FakeBackoffice, watch: AssistantWatch
) -> None:
    await watch.probe()
    watch.turn_given_up()
    await watch.probe()
    assert len(backoffice.statuses) == 2


async def test_a_report_that_was_not_heard_is_made_again(
    backoffice: FakeBackoffice, watch: AssistantWatch
) -> None:
    backoffice.fail("report_assistant")
    await watch.probe()
    assert backoffice.statuses == []
    await watch.probe()
    assert len(backoffice.statuses) == 1


async def test_it_is_reported_until_nobody_waits_any_more(
    backoffice: FakeBackoffice, watch: AssistantWatch
) -> None:
    backoffice.waiting_for_assistant = [f"conversation-{number}" for number in range(250)]
    for _ in range(5):
        await watch.probe()
    assert backoffice.waiting_for_assistant == []
    assert len(backoffice.statuses) == 3
