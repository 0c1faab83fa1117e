"""A proxy before the action server that makes every action take longer, by the same for both sides."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final

_CHUNK: Final = 256 * 1024
_CALL: Final = b"POST /webhook"


@asynccontextmanager
async def slow_actions(port: int, to: int, seconds: float) -> AsyncIterator[None]:
    """Listen on a port and pass everything on, calls of an action so much later."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        back, forth = await asyncio.open_connection("127.0.0.1", to)
        answers = asyncio.create_task(_pass(back, writer))
        with suppress(OSError):
            while chunk := await reader.read(_CHUNK):
                if chunk.startswith(_CALL):
                    await asyncio.sleep(seconds)
                forth.write(chunk)
                await forth.drain()
        forth.close()
        await answers

    server = await asyncio.start_server(serve, "127.0.0.1", port)
    async with server:
        yield


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while chunk := await reader.read(_CHUNK):
            writer.write(chunk)
            await writer.drain()
    writer.close()
