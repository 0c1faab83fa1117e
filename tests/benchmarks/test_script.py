"""What is played on both sides: everybody has words, and time begins when a turn is due."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from benchmarks.script import LANGUAGES, question
from benchmarks.turns import Pace
from benchmarks.wire import Wire


def test_there_is_a_question_in_every_language() -> None:
    assert len({question(language) for language in LANGUAGES}) == len(LANGUAGES) == 12


async def test_who_comes_late_is_told_by_how_much() -> None:
    pace = Pace(10)
    begun = time.perf_counter()
    assert await pace.next() < 0.1
    await asyncio.sleep(0.35)
    late = await pace.next()
    assert late >= 0.24
    assert late <= time.perf_counter() - begun


@asynccontextmanager
async def server(answer: bytes) -> AsyncIterator[str]:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await writer.drain()
        writer.close()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with listening:
        yield f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"


async def test_the_wire_reads_an_answer_of_a_known_length() -> None:
    answer = b'HTTP/1.1 202 Accepted\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{"seq":7}'
    async with server(answer) as address:
        wire = Wire(address)
        assert await wire.ask("GET", "/") == (202, {"seq": 7})
        await wire.aclose()


async def test_the_wire_reads_a_stream_in_pieces() -> None:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    async with server(head + b"7\r\nretry: \r\n9\r\n1\n\ndata: \r\n3\r\nab\n\r\n0\r\n\r\n") as address:
        wire = Wire(address)
        assert [line async for line in wire.lines("/events")] == ["retry: 1", "", "data: ab"]
        await wire.aclose()
