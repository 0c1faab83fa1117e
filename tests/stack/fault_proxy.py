"""A TCP proxy that harms what passes: late, not at all, for ever silent, cut off before or within the answer.

A fault waits for a request whose first bytes hold a mark, such as `POST /webhook`; all else passes.
"""

from __future__ import annotations

import asyncio
import socket
import struct
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum

_CHUNK = 64 * 1024
_RESET = struct.pack("ii", 1, 0)
"""SO_LINGER of zero seconds: closing sends a reset."""


class Kind(StrEnum):
    """What happens to a marked request."""

    LATENCY = "latency"
    DROP = "drop"
    HALF_OPEN = "half-open"
    RESET = "reset after the request"
    TRUNCATE = "truncated answer"


LATENCY_SECONDS = 2.0
SHOWN_OF_A_TRUNCATED_ANSWER = 20


@dataclass
class Fault:
    """Harms the next `times` requests that hold `mark`."""

    kind: Kind
    mark: bytes
    times: int = 1


class FaultProxy:
    """Listens on a free port of this machine and passes everything on to another one."""

    def __init__(self, target_port: int) -> None:
        self._target = target_port
        self._faults: list[Fault] = []
        self._lock = threading.Lock()
        self._loop = asyncio.new_event_loop()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True, name="fault proxy")
        self.done: Counter[bytes] = Counter()
        """How many requests were harmed, by mark."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def start(self) -> None:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(
            asyncio.start_server(self._serve, sock=self._listener), self._loop
        ).result(10)

    def stop(self) -> None:
        async def end() -> None:
            others = asyncio.all_tasks() - {asyncio.current_task()}
            for task in others:
                task.cancel()
            await asyncio.gather(*others, return_exceptions=True)

        asyncio.run_coroutine_threadsafe(end(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._listener.close()
        self._loop.close()

    def harm(self, fault: Fault) -> None:
        """Have the next marked requests harmed."""
        with self._lock:
            self._faults.append(fault)

    def _take(self, chunk: bytes) -> Kind | None:
        with self._lock:
            for fault in self._faults:
                if fault.times > 0 and fault.mark in chunk:
                    fault.times -= 1
                    self.done[fault.mark] += 1
                    return fault.kind
        return None

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        link = _Link(reader, writer)
        try:
            await link.open(self._target)
            answers = asyncio.create_task(link.pass_answers())
            while chunk := await reader.read(_CHUNK):
                await link.treat(self._take(chunk), chunk)
            answers.cancel()
        except (OSError, _Cut):
            pass
        finally:
            link.close()


class _Cut(Exception):
    """This connection is over."""


class _Link:
    """One connection, from the client to the target."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._client_reader = reader
        self._client = writer
        self._is_cut_at_the_answer = False
        self._left: int | None = None

    async def open(self, port: int) -> None:
        self._answers, self._target = await asyncio.open_connection("127.0.0.1", port)

    async def treat(self, kind: Kind | None, chunk: bytes) -> None:
        if kind is Kind.DROP:
            raise _Cut
        if kind is Kind.HALF_OPEN:
            await self._client_reader.read(-1)  # until the client has had enough
            raise _Cut
        if kind is Kind.LATENCY:
            await asyncio.sleep(LATENCY_SECONDS)
        if kind is Kind.RESET:
            self._is_cut_at_the_answer = True
        if kind is Kind.TRUNCATE:
            self._left = SHOWN_OF_A_TRUNCATED_ANSWER
        self._target.write(chunk)
        await self._target.drain()

    async def pass_answers(self) -> None:
        with suppress(OSError):
            while chunk := await self._answers.read(_CHUNK):
                if self._is_cut_at_the_answer:
                    connection = self._client.get_extra_info("socket")
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
                    break
                if self._left is not None:
                    self._client.write(chunk[: self._left])
                    await self._client.drain()
                    break
                self._client.write(chunk)
                await self._client.drain()
        self._client.close()

    def close(self) -> None:
        for writer in (self._client, getattr(self, "_target", None)):
            if writer is not None:
                writer.close()


@contextmanager
def fault_proxy(target_port: int) -> Iterator[FaultProxy]:
    """Run a proxy while the block runs."""
    proxy = FaultProxy(target_port)
    proxy.start()
    try:
        yield proxy
    finally:
        proxy.stop()
