from __future__ import annotations

import asyncio
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from nlu.action_endpoint import ActionEndpoint


@pytest.fixture
async def server() -> Any:
    """An action server that tells each caller over which connection it was asked."""

    async def answer(request: web.Request) -> web.Response:
        assert request.transport is not None
        return web.json_response({"port": request.transport.get_extra_info("peername")[1]})

    application = web.Application()
    application.router.add_post("/webhook", answer)
    async with TestServer(application) as running:
        yield running


async def test_calls_after_one_another_go_over_one_connection(server: TestServer) -> None:
    endpoint = ActionEndpoint(url=str(server.make_url("/webhook")))
    first = await endpoint.request(method="post", json={})
    second = await endpoint.request(method="post", json={})
    await endpoint.aclose()
    assert first["port"] == second["port"]


async def test_calls_at_once_wait_for_no_other(server: TestServer) -> None:
    endpoint = ActionEndpoint(url=str(server.make_url("/webhook")))
    answers = await asyncio.gather(*(endpoint.request(method="post", json={}) for _ in range(8)))
    await endpoint.aclose()
    assert len({answer["port"] for answer in answers}) > 1


async def test_after_it_was_closed_it_opens_again(server: TestServer) -> None:
    endpoint = ActionEndpoint(url=str(server.make_url("/webhook")))
    await endpoint.request(method="post", json={})
    await endpoint.aclose()
    assert (await endpoint.request(method="post", json={}))["port"]
    await endpoint.aclose()
