"""The floor of the relay: one raw commit and one raw server-sent event, with nothing else in between.

`python -m benchmarks.bare <SQLite file> <port>`.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
import sys
from collections.abc import AsyncIterator

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, StreamingResponse
from starlette.routing import Route


def create_application(path: str) -> Starlette:
    """Return an application with `POST /messages` and `GET /events`."""
    database = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        database.execute(f"PRAGMA {pragma}")
    database.execute("CREATE TABLE IF NOT EXISTS message (id INTEGER PRIMARY KEY, text TEXT)")
    listening: set[asyncio.Queue[str]] = set()

    async def write(request: Request) -> JSONResponse:
        text = (await request.json())["text"]
        database.execute("BEGIN IMMEDIATE")
        database.execute("INSERT INTO message (text) VALUES (?)", (text,))
        database.execute("COMMIT")
        for queue in listening:
            queue.put_nowait(text)
        return JSONResponse({}, status_code=202)

    async def follow(_request: Request) -> StreamingResponse:
        async def events() -> AsyncIterator[str]:
            queue: asyncio.Queue[str] = asyncio.Queue()
            listening.add(queue)
            yield ": ready\n\n"
            while True:
                yield f"data: {json.dumps({'text': await queue.get()})}\n\n"

        return StreamingResponse(events(), media_type="text/event-stream")

    return Starlette(
        routes=[Route("/messages", write, methods=["POST"]), Route("/events", follow, methods=["GET"])]
    )


if __name__ == "__main__":
    uvicorn.run(
        create_application(sys.argv[1]),
        port=int(sys.argv[2]),
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=1,
    )
