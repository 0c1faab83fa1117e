from __future__ import annotations

import httpx
import pytest
from prometheus_client import REGISTRY
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from backoffice.client.metrics import Measured

TOKEN = "shown-by-prometheus"


async def greet(request: Request) -> PlainTextResponse:
    if request.path_params["name"] == "nobody":
        raise RuntimeError
    return PlainTextResponse(f"ciao {request.path_params['name']}")


def application(token: str | None = TOKEN) -> Starlette:
    return Starlette(
        routes=[Route("/metrics-test/{name}", greet)], middleware=[Middleware(Measured, token=token)]
    )


def caller(token: str | None = TOKEN, address: str = "203.0.113.9") -> httpx.AsyncClient:
    transport = httpx.ASGITransport(application(token), client=(address, 1), raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://test")


def counted(status: str, route: str = "/metrics-test/{name}") -> float:
    labels = {"method": "GET", "route": route, "status": status}
    return REGISTRY.get_sample_value("sportello_http_requests_total", labels) or 0.0


async def test_requests_are_counted_by_their_route_and_never_by_what_stood_in_it() -> None:
    before = counted("200"), counted("500")
    async with caller() as http:
        await http.get("/metrics-test/Amina")
        await http.get("/metrics-test/nobody")
        await http.get("/no/such/Amina")
        told = (await http.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})).text
    assert (counted("200"), counted("500")) == (before[0] + 1, before[1] + 1)
    assert counted("404", "unmatched") >= 1
    assert 'sportello_http_request_seconds_count{method="GET",route="/metrics-test/{name}"}' in told
    assert "Amina" not in told


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("203.0.113.9", {"Authorization": f"Bearer {TOKEN}"}, 200),
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("203.0.113.9", {}, 404),
        ("203.0.113.9", {"Authorization": "Bearer wrong"}, 404),
        ("203.0.113.9", {"Authorization": "Bearer "}, 404),
        ("127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}, 404),
        ("127.0.0.1", {"Forwarded": "for=127.0.0.1"}, 404),
        ("127.0.0.1", {"X-Real-IP": "127.0.0.1"}, 404),
    ],
)
async def test_only_this_machine_or_who_shows_the_token_may_look(
    address: str, headers: dict[str, str], status: int
) -> None:
    async with caller(address=address) as http:
        assert (await http.get("/metrics", headers=headers)).status_code == status


@pytest.mark.parametrize("token", [None, ""])
async def test_without_a_token_nobody_from_elsewhere_may_look(token: str | None) -> None:
    async with caller(token) as http:
        for shown in ("Bearer ", "Bearer None", ""):
            answer = await http.get("/metrics", headers={"Authorization": shown})
            assert answer.status_code == 404


async def test_nothing_can_be_posted_to_it() -> None:
    async with caller(address="127.0.0.1") as http:
        assert (await http.post("/metrics")).status_code == 404
