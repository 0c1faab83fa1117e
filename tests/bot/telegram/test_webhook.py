import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from backoffice.client.guide_copy import GuideCopies
from bot.rasa_client import RasaClient
from bot.telegram.acceptance import UpdateAcceptance
from bot.telegram.webhook import PATH, SECRET_HEADER, webhook_route
from bot.webchat.application import create_application
from bot.webchat.feed import EventFeed
from tests.bot.fakes import FakeBackoffice, FakeRasa
from tests.telegram_emulator import Person, World

SECRET = "s3cret_of-the-webhook"


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
async def http(
    backoffice: FakeBackoffice, rasa: FakeRasa, acceptance: UpdateAcceptance, tmp_path: Path
) -> AsyncIterator[httpx.AsyncClient]:
    async with RasaClient("http://rasa.test", "s", transport=rasa.transport) as client:
        route = webhook_route(acceptance, SECRET, accept_seconds=0.3)
        app = create_application(
            backoffice, client, EventFeed(backoffice), guide=GuideCopies(tmp_path), channel_routes=[route]
        )
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://bot.test") as http:
            yield http


def update(world: World) -> dict[str, Any]:
    Person(world, 5_000_001).send_text("ciao")
    newest: dict[str, Any] = world.updates[-1]
    return newest


async def test_an_update_with_the_secret_is_stored_before_it_is_acknowledged(
    backoffice: FakeBackoffice, http: httpx.AsyncClient, world: World
) -> None:
    answer = await http.post(PATH, json=update(world), headers={SECRET_HEADER: SECRET})
    assert answer.status_code == 200
    assert [request.text for request in backoffice.recorded.values()] == ["ciao"]


@pytest.mark.parametrize("headers", [{}, {SECRET_HEADER: "wrong"}, {SECRET_HEADER: SECRET + "x"}])
async def test_a_forged_update_is_refused_and_its_body_not_read(
    backoffice: FakeBackoffice, http: httpx.AsyncClient, world: World, headers: dict[str, str]
) -> None:
    read: list[bytes] = []

    async def body() -> AsyncIterator[bytes]:
        read.append(b"")
        yield json.dumps(update(world)).encode()

    answer = await http.post(PATH, content=body(), headers=headers)
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert backoffice.recorded == {}


async def test_a_replayed_update_is_acknowledged_and_stored_once(
    backoffice: FakeBackoffice, http: httpx.AsyncClient, world: World
) -> None:
    same = update(world)
    for _ in range(3):
        assert (await http.post(PATH, json=same, headers={SECRET_HEADER: SECRET})).status_code == 200
    assert len(backoffice.recorded) == 1


async def test_while_the_backoffice_is_away_telegram_is_asked_to_come_again(
    backoffice: FakeBackoffice, http: httpx.AsyncClient, world: World
) -> None:
    backoffice.away = True
    answer = await http.post(PATH, json=update(world), headers={SECRET_HEADER: SECRET})
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"update_id": "x"}', b"[" * 3000, b"\xff\xfe"])
async def test_nonsense_with_the_secret_is_skipped_so_that_it_does_not_come_again(
    backoffice: FakeBackoffice, http: httpx.AsyncClient, body: bytes
) -> None:
    answer = await http.post(PATH, content=body, headers={SECRET_HEADER: SECRET})
    assert answer.status_code == 200
    assert backoffice.recorded == {}


async def test_an_update_of_megabytes_is_refused(http: httpx.AsyncClient) -> None:
    answer = await http.post(PATH, content=b"x" * (1024 * 1024 + 1), headers={SECRET_HEADER: SECRET})
    assert answer.status_code == 413
