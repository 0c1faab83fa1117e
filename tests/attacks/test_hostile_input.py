"""What no address and no body should hold: attacks 24, 32 and 51, on both databases."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from sqlalchemy import inspect

from backoffice.database import Database
from backoffice.staff.models import Staff
from tests.attacks.house import SERVICE, House
from tests.attacks.house import house as house
from tests.attacks.routes import calls
from tests.backoffice.databases import backend as backend

_EARLY = base64.urlsafe_b64encode(json.dumps(["0001-01-01T00:00:00+14:00", "x"]).encode()).decode()
_DEEP = base64.urlsafe_b64encode(b"[" * 5000).decode()

HOSTILE = (
    "\0",
    "' OR 1=1 --",
    "1; DROP TABLE staff",
    '"*',
    "%_\\",
    "9" * 30,
    str(2**63),
    "-1",
    "\u202e\u2066",
    "../../etc/passwd",
    "{0.__class__}",
    "x" * 5000,
    "NaN",
    _EARLY,
    _DEEP,
)

OF_THE_DATABASE = ("\0", "%_\\", "9" * 30, str(2**63), "-1", "\u202e\u2066", "NaN", _EARLY)
"""What PostgreSQL may take otherwise than SQLite; the rest does not come as far as the database."""

OF_EVERY_PAGE = "notice"
"""What pages read from their address without declaring it."""

DOCUMENTS = (
    b"",
    b"[]",
    b"null",
    b"{",
    b"\xff\xfe",
    b"[" * 100_000,
    b'{"epoch": 1e400}',
    b'{"epoch": ' + b"9" * 30 + b', "text": "\\ud800", "summary": "\\u0000", "to": "\\u0000"}',
    b'{"epoch": 1, "text": "\\u0000", "language": "it"}',
    b'{"epoch": 1, "text": "x", "to": "\\u0000"}',
    b'{"epoch": 1, "to": "\\u0000"}',
    b'{"kind": "internal", "text": "x\\u0000y"}',
    b'{"type": "housing", "language": "it", "person": {"name": "\\u0000"}}',
    b'{"assignee": "\\u0000", "municipality": "\\u0000"}',
    b'{"worker": "\\u0000", "wait_seconds": 0, "channel": "telegram"}',
)

FORMS: tuple[dict[str, Any], ...] = (
    {"epoch": "9" * 30, "text": "\0", "assignee": "\0", "email": "\0", "password": "\0"},
    {"epoch": "1", "text": "\0", "username": "\0", "password": "\0", "kind": "internal", "summary": "\0"},
)


@pytest.mark.timeout(900)
async def test_attacks_24_32_and_51_no_address_makes_the_backoffice_stumble(
    http: httpx.AsyncClient, house: House, database: Database
) -> None:
    values = HOSTILE if database.engine.dialect.name == "sqlite" else OF_THE_DATABASE
    for call in calls():
        if call.method != "GET" or call.path == "/live/events":
            continue
        headers = SERVICE if call.is_for_service else house.insider
        for value in values:
            for place in call.places:
                path = call.filled({**house.ids, place: quote(value, safe="")})
                answer = await http.get(path, params={"after": 0}, headers=headers)
                assert answer.status_code < 500, (str(call), place, value[:20], answer.text)
            alone = [{name: value} for name in call.query]
            for params in [*alone, dict.fromkeys((*call.query, OF_EVERY_PAGE), value[:2000])]:
                answer = await http.get(call.filled(house.ids), params=params, headers=headers)
                assert answer.status_code < 500, (str(call), [*params], value[:20], answer.text)
    assert inspect(database.engine).has_table(Staff.__tablename__)


async def test_attack_51_what_means_something_to_a_database_finds_as_much_as_nonsense(
    http: httpx.AsyncClient, house: House
) -> None:
    searched = [call for call in calls() if call.path.startswith("/api/v1/") and "q" in call.query]
    assert len(searched) >= 2
    for call in searched:
        path = call.filled(house.ids)
        for word in ("zzqqxxjj", "' OR 1=1 --", "' OR '1'='1", "_%", "%%%", '"*', "x') OR (1=1"):
            found = await http.get(path, params={"q": word}, headers=house.insider)
            assert (found.status_code, found.json()["items"]) == (200, []), (str(call), word)
        everything = await http.get(path, headers=house.insider)
        assert everything.status_code == 422 or everything.json()["items"], str(call)


@pytest.mark.timeout(900)
async def test_attacks_24_and_32_no_body_makes_the_backoffice_stumble(
    http: httpx.AsyncClient, house: House
) -> None:
    for call in calls():
        if call.method == "GET" or (call.method, call.path) == ("DELETE", "/api/v1/auth/token"):
            continue
        headers = SERVICE if call.is_for_service else house.insider
        path = call.filled(house.ids)
        tries: list[dict[str, Any]] = [
            {"content": document, "headers": {**headers, "Content-Type": "application/json"}}
            for document in DOCUMENTS
        ]
        for how in [*tries, *({"data": form, "headers": headers} for form in FORMS)]:
            answer = await http.request(call.method, path, **how)
            assert answer.status_code < 500, (str(call), str(how)[:80], answer.text)


@pytest.mark.parametrize("backend", ["sqlite"])
async def test_attack_24_a_stream_begins_at_no_impossible_number(
    http: httpx.AsyncClient, house: House
) -> None:
    for number in ("-1", "9" * 30, "x"):
        headers = {**house.insider, "Last-Event-ID": number}
        assert (await http.get("/live/events", headers=headers)).status_code == 422


@pytest.mark.parametrize("backend", ["sqlite"])
async def test_attack_24_no_list_is_longer_than_two_hundred(http: httpx.AsyncClient, house: House) -> None:
    for path in ("/api/v1/cases", "/api/v1/persons", "/api/v1/consents", "/api/v1/conversations"):
        for limit in ("0", "-1", "201", "10000", "x"):
            answer = await http.get(path, params={"limit": limit}, headers=house.insider)
            assert answer.status_code == 422, (path, limit)


@pytest.mark.parametrize("backend", ["sqlite"])
@pytest.mark.parametrize(
    "kind",
    [
        "application/json",
        "application/x-www-form-urlencoded",
        "text/plain",
        "multipart/form-data; boundary=b",
    ],
)
async def test_attack_24_a_stranger_s_huge_body_is_not_read(http: httpx.AsyncClient, kind: str) -> None:
    read = 0

    async def body() -> AsyncIterator[bytes]:
        nonlocal read
        if kind.startswith("multipart"):
            yield b'--b\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n'
        for _ in range(64):
            read += 256 * 1024
            yield b"a" * (256 * 1024)

    for path in ("/api/v1/cases", "/sign-in", "/api/v1/auth/token", "/conversations/x/claim"):
        read = 0
        answer = await http.post(path, content=body(), headers={"Content-Type": kind})
        assert answer.status_code in (401, 403, 413, 422), path
        assert read <= 3 * 1024 * 1024, path
    claimed = await http.post("/api/v1/cases", content=b"", headers={"Content-Length": "9" * 20})
    assert claimed.status_code == 413
    assert claimed.headers["content-type"] == "application/problem+json"
