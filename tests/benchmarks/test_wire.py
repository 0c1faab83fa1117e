"""A connection that the other side closes while nobody asks is opened anew, as a browser does."""

from __future__ import annotations

import asyncio

from benchmarks.wire import Wire


class OneAnswer:
    """A server that answers each connection once, and hangs up."""

    def __init__(self) -> None:
        self.connections = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()
        writer.close()
        await writer.wait_closed()


async def test_a_closed_connection_is_opened_again() -> None:
    server = OneAnswer()
    async with await asyncio.start_server(server.serve, "127.0.0.1", 0) as listening:
        address = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
        wire, other = Wire(address), Wire(address)
        statuses = [(await wire.ask("GET", "/"))[0]]
        await other.ask("GET", "/")  # the loop has seen the end of the first connection when this is answered
        statuses.append((await wire.ask("GET", "/"))[0])
        await wire.aclose()
        await other.aclose()
    assert (statuses, server.connections) == ([200, 200], 3)
