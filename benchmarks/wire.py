"""HTTP/1.1 on a bare asyncio connection: what measures must cost less than what is measured.

A client library takes a millisecond of the processor for a request, on the same two cores as the answer.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit


class Wire:
    """One connection to one address, kept open; one request at a time."""

    def __init__(self, address: str, headers: Mapping[str, str] | None = None) -> None:
        self.address = address
        self._at = urlsplit(address)
        self.headers = dict(headers or {})
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def ask(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Send one request; return the status and the JSON of the answer, None where it is not JSON."""
        if self.is_closed_by_server():
            await self.aclose()
        if self._writer is None:
            await self._open()
        await self._send(method, path, body)
        status, headers = await self._head()
        content = b"".join([chunk async for chunk in self._body(headers)])
        if headers.get("connection") == "close":
            await self.aclose()
        is_json = "json" in headers.get("content-type", "")
        return status, json.loads(content) if is_json and content else None

    async def lines(self, path: str) -> AsyncIterator[str]:
        """Open a stream and yield its lines until it ends.

        Raises:
            ConnectionError: it was refused.
        """
        await self._open()
        await self._send("GET", path, None)
        status, headers = await self._head()
        if status != 200:
            raise ConnectionError(f"{path}: {status}")
        rest = b""
        async for chunk in self._body(headers):
            *whole, rest = (rest + chunk).split(b"\n")
            for line in whole:
                yield line.decode()

    async def aclose(self) -> None:
        """Close the connection; the next request opens another one."""
        if self._writer is not None:
            self._writer.close()
            with suppress(OSError):
                await self._writer.wait_closed()
        self._reader = self._writer = None

    def is_closed_by_server(self) -> bool:
        """Tell whether the other side hung up meanwhile: Uvicorn does after five seconds of silence."""
        return self._reader is not None and self._reader.at_eof()

    async def _open(self) -> None:
        self._reader, self._writer = await asyncio.open_connection(self._at.hostname, self._at.port)

    async def _send(self, method: str, path: str, body: Any) -> None:
        assert self._writer is not None
        content = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
        head = [f"{method} {path} HTTP/1.1", f"Host: {self._at.netloc}"]
        head += [f"{name}: {value}" for name, value in self.headers.items()]
        if body is not None:
            head += ["Content-Type: application/json", f"Content-Length: {len(content)}"]
        elif method != "GET":
            head.append("Content-Length: 0")
        self._writer.write("\r\n".join([*head, "", ""]).encode() + content)
        await self._writer.drain()

    async def _head(self) -> tuple[int, dict[str, str]]:
        assert self._reader is not None
        raw = await self._reader.readuntil(b"\r\n\r\n")
        first, *rest = raw.decode("latin-1").rstrip().split("\r\n")
        pairs = (line.partition(":") for line in rest)
        return int(first.split()[1]), {name.strip().lower(): value.strip() for name, _, value in pairs}

    async def _body(self, headers: Mapping[str, str]) -> AsyncIterator[bytes]:
        assert self._reader is not None
        if headers.get("transfer-encoding") != "chunked":
            if length := int(headers.get("content-length", 0)):
                yield await self._reader.readexactly(length)
            return
        while size := int(await self._reader.readuntil(b"\r\n"), 16):
            yield (await self._reader.readexactly(size + 2))[:-2]
        await self._reader.readexactly(2)
