"""Connections from outside, by raw sockets and real processes: attacks 13 and 50."""

from __future__ import annotations

import asyncio
import hashlib
import re
import resource
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest
import uvicorn
from sqlalchemy import select
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import Message, Receive, Scope, Send

from backoffice import limits as backoffice_limits
from backoffice.client.senders import counted_address, trusted_proxies
from backoffice.client.strict_http import StrictProtocol, room_for_connections
from backoffice.database import Database
from backoffice.staff.models import SignInFailure
from bot.webchat import limits as bot_limits
from bot.webchat.limits import BodyLimit
from tests.attacks.processes import ROOT, free_port, process, wait_for
from tests.attacks.processes import installation as installation

PROXY, STRANGER = "127.0.0.1", "127.0.0.2"
"""Two addresses of this machine: the one from which the proxy speaks, and one that is nobody's proxy."""


def call_from(peer: str, address: str) -> httpx.Client:
    """Return a client whose connections come from an address of this machine."""
    return httpx.Client(base_url=address, transport=httpx.HTTPTransport(local_address=peer), timeout=20)


def test_attack_13_a_conversation_is_counted_for_the_peer_or_for_whom_the_proxy_saw(tmp_path: Path) -> None:
    port = free_port()
    told = {
        "SPORTELLO_DATA_DIR": str(tmp_path),
        "SPORTELLO_HOST": "0.0.0.0",
        "SPORTELLO_BOT_PORT": str(port),
        "SPORTELLO_BACKOFFICE_PORT": str(free_port()),  # nobody is there: what was counted gets a 503
        "SPORTELLO_RASA_PORT": str(free_port()),
        "SPORTELLO_ACTIONS_PORT": str(free_port()),
        "SPORTELLO_SERVICE_TOKEN": "t",
        "SPORTELLO_SECRET_KEY": "k",
        "SPORTELLO_CHAT_SESSIONS_PER_MINUTE": "2",
    }

    def opened(peer: str, *forwarded: str) -> int:
        headers = [("X-Forwarded-For", each) for each in forwarded]
        headers += [("X-Real-IP", forwarded[0]), ("Forwarded", f"for={forwarded[0]}")] if forwarded else []
        with call_from(peer, f"http://127.0.0.1:{port}") as http:
            return http.post("/chat/sessions", json={"language": "it"}, headers=headers).status_code

    with process("bot", tmp_path / "log", **told) as bot:
        wait_for(f"http://127.0.0.1:{port}/health", bot, well=False)
        # Who is no proxy is counted by the peer's address, whatever is said.
        said = [opened(STRANGER, f"198.51.100.{number}") for number in range(3)]
        assert said == [503, 503, 429]
        assert opened(STRANGER, PROXY) == 429
        assert opened(STRANGER, f"198.51.100.9, {PROXY}") == 429
        # Of what the proxy says only its own word counts, the last: the rest came from the sender.
        said = [opened(PROXY, f"198.51.100.{number}, 203.0.113.7") for number in range(3)]
        assert said == [503, 503, 429]
        assert opened(PROXY, "198.51.100.9", "203.0.113.7") == 429
        assert opened(PROXY, "203.0.113.7, 203.0.113.8") == 503


def test_attack_13_a_wrong_password_is_counted_for_the_peer_where_another_proxy_is_named(
    installation: Path,
) -> None:
    port, url = free_port(), f"sqlite:///{installation / 'sportello.db'}"
    told = {
        "SPORTELLO_DATA_DIR": str(installation),
        "SPORTELLO_DATABASE_URL": url,
        "SPORTELLO_HOST": "0.0.0.0",
        "SPORTELLO_BACKOFFICE_PORT": str(port),
        "SPORTELLO_SERVICE_TOKEN": "t",
        "SPORTELLO_SECRET_KEY": "k",
        "FORWARDED_ALLOW_IPS": "127.0.0.3",
    }
    form = {"username": "nobody@test.example", "password": "not the password"}
    with process("backoffice", installation / "log", **told) as backoffice:
        wait_for(f"http://127.0.0.1:{port}/health", backoffice)
        for peer, number in ((PROXY, 1), (PROXY, 2), ("127.0.0.3", 3), ("127.0.0.3", 4)):
            headers = {"X-Forwarded-For": f"198.51.100.{number}, 203.0.113.7"}
            with call_from(peer, f"http://127.0.0.1:{port}") as http:
                assert http.post("/api/v1/auth/token", data=form, headers=headers).status_code == 401
    database = Database(url)
    with database.read() as session:
        counted = {row.key: row.failures for row in session.scalars(select(SignInFailure))}
    database.close()
    peers = {peer: _key(form["username"], peer) for peer in (PROXY, "203.0.113.7")}
    assert counted == {peers[PROXY]: 2, peers["203.0.113.7"]: 2}


def _key(email: str, address: str) -> str:
    return hashlib.sha256(f"{email}\n{address}".encode()).hexdigest()


@pytest.mark.parametrize("everybody", ["*", "127.0.0.1, *", "0.0.0.0/0", "::/0"])
def test_attack_13_not_everybody_can_be_believed(monkeypatch: pytest.MonkeyPatch, everybody: str) -> None:
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", everybody)
    with pytest.raises(SystemExit, match="FORWARDED_ALLOW_IPS"):
        trusted_proxies()
    for main in ("bot/__main__.py", "backoffice/__main__.py"):
        assert "forwarded_allow_ips=trusted_proxies()" in (ROOT / main).read_text()


def test_attack_13_an_address_of_ipv6_is_counted_by_its_network() -> None:
    assert counted_address("2001:db8:1:2::1") == counted_address("2001:db8:1:2:ffff:ffff:ffff:ffff")
    assert counted_address("2001:db8:1:2::1") != counted_address("2001:db8:1:3::1")
    assert counted_address("::ffff:203.0.113.7") == counted_address("203.0.113.7") == "203.0.113.7"
    assert counted_address("testclient") == "testclient"


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@pytest.fixture
async def address(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[str, int]]:
    """The bot's own HTTP in front of an application that repeats the path and reads the body."""
    monkeypatch.setattr(StrictProtocol, "head_seconds", 0.3)

    async def repeat(request: Request) -> Response:
        await request.body()
        return PlainTextResponse(f"served {request.url.path}")

    app = Starlette(
        routes=[Route("/{path:path}", repeat, methods=["GET", "POST"])], middleware=[Middleware(BodyLimit)]
    )
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        lifespan="off",
        http=StrictProtocol,
        ws="none",
        h11_max_incomplete_event_size=32 * 1024,
        timeout_graceful_shutdown=1,
    )
    server = _Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    yield listener.getsockname()
    server.should_exit = True
    await serving
    listener.close()


async def talk(address: tuple[str, int], *pieces: bytes) -> bytes:
    """Send pieces, and return everything that comes until the other side closes (or two seconds pass)."""
    reader, writer = await asyncio.open_connection(*address)
    heard = b""
    try:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
        async with asyncio.timeout(2):
            while part := await reader.read(65536):
                heard += part
    except (TimeoutError, ConnectionError):
        pass
    finally:
        writer.close()
    return heard


EVIL = b"GET /evil HTTP/1.1\r\nHost: x\r\n\r\n"
HEAD = b"POST / HTTP/1.1\r\nHost: x\r\n"
READ_TWO_WAYS = {
    "length and chunks": HEAD + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + EVIL,
    "two lengths": HEAD + b"Content-Length: 5\r\nContent-Length: 0\r\n\r\n" + EVIL,
    "unknown coding": HEAD + b"Transfer-Encoding: chunked, xchunked\r\n\r\n0\r\n\r\n" + EVIL,
    "signed length": HEAD + b"Content-Length: +5\r\n\r\n" + EVIL,
    "two hosts": HEAD + b"Host: y\r\n\r\n",
    "NUL": HEAD + b"X-A: \x00\r\n\r\n",
    "space in the path": b"GET /a b HTTP/1.1\r\nHost: x\r\n\r\n",
    "space after a name": b"GET / HTTP/1.1\r\nHost : x\r\n\r\n",
    "endless header": HEAD + b"X: " + b"a" * 2_000_000 + b"\r\n\r\n",
    "endless headers": HEAD + b"X: a\r\n" * 200_000 + b"\r\n",
    "another protocol": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
}


@pytest.mark.parametrize("how", list(READ_TWO_WAYS))
async def test_attack_50_what_two_servers_could_read_two_ways_smuggles_nothing(
    address: tuple[str, int], how: str
) -> None:
    heard = await talk(address, READ_TWO_WAYS[how])
    assert b"served /evil" not in heard
    assert b" 200 " not in heard.partition(b"\r\n")[0]


async def test_attack_50_half_a_head_is_not_waited_for(address: tuple[str, int]) -> None:
    for pieces in ((), (b"GET / HT",), (b"GET / HTTP/1.1\r\n", b"Host: x\r\nX: y")):
        reader, writer = await asyncio.open_connection(*address)
        for piece in pieces:
            writer.write(piece)
        async with asyncio.timeout(5):
            assert await reader.read() == b""
        writer.close()
    async with httpx.AsyncClient(base_url=f"http://{address[0]}:{address[1]}") as client:
        for _ in range(3):
            assert (await client.get("/x")).text == "served /x"
            await asyncio.sleep(0.4)  # longer than a head may take: an idle connection is no half request


async def test_attack_50_no_web_socket_is_opened(address: tuple[str, int]) -> None:
    upgrade_request = (
        b"GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
    )
    assert b" 101 " not in await talk(address, upgrade_request)


HELD = HEAD + b"Expect: 100-continue\r\nContent-Length: 1\r\n\r\n"
"""A request that is at work until its one byte comes."""

Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def send_on(connection: Connection, sent: bytes, awaited: bytes) -> None:
    connection[1].write(sent)
    async with asyncio.timeout(5):
        await connection[0].readuntil(awaited)


async def is_ended(connection: Connection) -> bool:
    async with asyncio.timeout(5):
        return await connection[0].read(1) == b""


async def test_attack_50_of_too_many_connections_the_longest_idle_makes_room(
    address: tuple[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(StrictProtocol, "most_connections", 3)
    monkeypatch.setattr(StrictProtocol, "head_seconds", 30.0)
    get = b"GET /x HTTP/1.1\r\nHost: x\r\n\r\n"
    first, second, held = [await asyncio.open_connection(*address) for _ in range(3)]
    await send_on(held, HELD, b"100 Continue")
    await send_on(second, get, b"served /x")
    await send_on(first, get, b"served /x")
    newest = await asyncio.open_connection(*address)
    await send_on(newest, get, b"served /x")
    assert await is_ended(second)
    await send_on(first, get, b"served /x")
    await send_on(held, b"1", b"served /")
    for _, writer in (first, second, held, newest):
        writer.close()


async def test_attack_50_where_every_connection_is_at_work_a_new_one_is_closed(
    address: tuple[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(StrictProtocol, "most_connections", 2)
    monkeypatch.setattr(StrictProtocol, "head_seconds", 30.0)
    held = [await asyncio.open_connection(*address) for _ in range(2)]
    for each in held:
        await send_on(each, HELD, b"100 Continue")
    refused = await asyncio.open_connection(*address)
    assert await is_ended(refused)
    for each in held:
        await send_on(each, b"1", b"served /")
    later = await asyncio.open_connection(*address)
    await send_on(later, HELD, b"100 Continue")
    for _, writer in (*held, refused, later):
        writer.close()


@pytest.mark.parametrize(
    ("limits", "room", "asked"),
    [
        ((1024, 524_288), 2000, [(2500, 524_288)]),
        ((1024, resource.RLIM_INFINITY), 2000, [(2500, resource.RLIM_INFINITY)]),
        ((256, 1024), 524, [(1024, 1024)]),
        ((256, 256), 128, [(256, 256)]),
        ((65_536, 65_536), 2000, []),
        ((resource.RLIM_INFINITY, resource.RLIM_INFINITY), 2000, []),
    ],
)
def test_attack_50_connections_leave_open_files_for_the_work(
    monkeypatch: pytest.MonkeyPatch, limits: tuple[int, int], room: int, asked: list[tuple[int, int]]
) -> None:
    changes: list[tuple[int, int]] = []
    monkeypatch.setattr(resource, "getrlimit", lambda _which: limits)
    monkeypatch.setattr(resource, "setrlimit", lambda _which, both: changes.append(both))
    assert room_for_connections() == room
    assert changes == asked
    for main in ("bot/__main__.py", "backoffice/__main__.py"):
        source = (ROOT / main).read_text()
        assert "http=StrictProtocol" in source
        assert re.search(r"StrictProtocol\.most_connections = .*room_for_connections\(\)", source)


@pytest.mark.parametrize("side", ["bot", "backoffice"])
async def test_attack_50_a_body_that_drips_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch, side: str
) -> None:
    module = bot_limits if side == "bot" else backoffice_limits
    monkeypatch.setattr(module, "PATIENCE_SECONDS", 0.2)
    taken = asyncio.Queue[bytes]()

    async def read(scope: Scope, receive: Receive, send: Send) -> None:
        async for piece in Request(scope, receive).stream():
            taken.put_nowait(piece)

    limited = bot_limits.BodyLimit(read) if side == "bot" else backoffice_limits.BodyLimit(read, 0.2)
    dripped = 0

    async def drip() -> Message:
        nonlocal dripped
        dripped += 1
        await asyncio.sleep(0.05)  # each piece comes in time, and all together never
        return {"type": "http.request", "body": b"x", "more_body": dripped < 200}

    scope: Scope = {"type": "http", "method": "POST", "path": "/", "headers": [], "query_string": b""}
    answered: list[Message] = []

    async def send(message: Message) -> None:
        answered.append(message)

    if side == "bot":  # its application makes a 408 of it
        with pytest.raises(TimeoutError):
            await limited(scope, drip, send)
    else:
        scope["app"] = SimpleNamespace(state=SimpleNamespace())
        await limited(scope, drip, send)
        assert answered[0]["status"] == 408
    assert 1 <= taken.qsize() < 10
