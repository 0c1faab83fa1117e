"""What the emulated Telegram knows: updates not yet confirmed, messages, files, faults, the ledger."""

from __future__ import annotations

import asyncio
import itertools
import random
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Literal

Json = dict[str, Any]

TOKEN = "123456789:emulated-token"


@dataclass(frozen=True)
class Call:
    """One call of a method as it arrived, and how it was answered. `accepted` means it had its effect,
    `withheld` that the caller never got its answer."""

    method: str
    parameters: Json
    status: int
    accepted: bool
    at: float
    withheld: bool = False


@dataclass
class Fault:
    """Makes the next `times` calls of `method` (any when none) fail.

    `hang` has the call do its work and then give no answer; `drop` breaks the connection after it.
    """

    status: int = 502
    times: int = 1
    method: str | None = None
    retry_after: int | None = None
    description: str = "Bad Gateway"
    after_accepting: Literal["", "hang", "drop"] = ""
    chat_id: int | None = None

    def hits(self, method: str, parameters: Json) -> bool:
        right_chat = self.chat_id is None or str(parameters.get("chat_id")) == str(self.chat_id)
        return self.times > 0 and self.method in {None, method} and right_chat


@dataclass
class StoredFile:
    path: str
    content: bytes
    size: int


@dataclass
class Webhook:
    url: str
    secret: str


@dataclass
class World:
    """Shared between the server's thread and the test's; everything goes through `lock`."""

    token: str = TOKEN
    username: str = "sportello_bot"
    lock: threading.RLock = field(default_factory=threading.RLock)
    updates: list[Json] = field(default_factory=list)
    ledger: list[Call] = field(default_factory=list)
    messages: dict[tuple[int, int], Json] = field(default_factory=dict)
    files: dict[str, StoredFile] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    commands: dict[str, list[Json]] = field(default_factory=dict)
    left_chats: set[int] = field(default_factory=set)
    blocked_by: set[int] = field(default_factory=set)
    chats: dict[int, Json] = field(default_factory=dict)
    open_queries: set[str] = field(default_factory=set)
    webhook: Webhook | None = None
    allowed_updates: list[str] | None = None
    is_out: bool = False
    disorder: random.Random | None = None
    """Has each fetch bring only some of the updates, chats in any order, each chat in its own."""
    poller: int = 0
    fetches: int = 0

    def __post_init__(self) -> None:
        self._changed = threading.Condition(self.lock)
        self._waiters: dict[object, Callable[[], None]] = {}
        self._update_ids = itertools.count(700_000_001)
        self._message_ids = itertools.count(1)
        self._others = itertools.count(1)

    # --- ids ---

    @property
    def bot_id(self) -> int:
        return int(self.token.partition(":")[0])

    def next_message_id(self) -> int:
        return next(self._message_ids)

    def next_number(self) -> int:
        return next(self._others)

    # --- updates ---

    def add_update(self, **content: Json) -> int:
        """Queue an update, as Telegram does, whether or not anybody polls."""
        with self.lock:
            update_id = next(self._update_ids)
            (kind,) = content
            if self.allowed_updates is None or kind in self.allowed_updates:
                self.updates.append({"update_id": update_id, **content})
            self._ring()
            return update_id

    def add_raw_update(self, update: Any) -> None:
        """Queue something that is perhaps no update at all."""
        with self.lock:
            self.updates.append(update)
            self._ring()

    def next_update_id(self) -> int:
        return next(self._update_ids)

    def confirm(self, offset: int) -> None:
        """Forget updates below an offset; a negative one keeps that many of the last."""
        with self.lock:
            if offset < 0:
                self.updates = self.updates[offset:]
            else:
                self.updates = [one for one in self.updates if _number(one) >= offset]
            self._ring()

    def forget(self, update: Any) -> None:
        """Forget one update, which was brought."""
        with self.lock:
            self.updates = [one for one in self.updates if one is not update]
            self._ring()

    def next_updates(self, limit: int) -> list[Any]:
        """What a fetch brings."""
        with self.lock:
            first = self.updates[:limit]
            if self.disorder is None or len(first) < 2:
                return list(first)
            chosen = first[: self.disorder.randint(1, len(first))]
            places = [chat_of(update) for update in chosen]
            waiting = {
                chat: iter([update for update in chosen if chat_of(update) == chat]) for chat in set(places)
            }
            self.disorder.shuffle(places)
            return [next(waiting[chat]) for chat in places]

    # --- faults ---

    def fail_next(self, times: int = 1, **how: Any) -> Fault:
        """Have the next calls fail, see `Fault`."""
        fault = Fault(times=times, **how)
        with self.lock:
            self.faults.append(fault)
        return fault

    def take_fault(self, method: str, parameters: Json) -> Fault | None:
        with self.lock:
            for fault in self.faults:
                if fault.hits(method, parameters):
                    fault.times -= 1
                    return fault
            return None

    # --- ledger ---

    def record(
        self, method: str, parameters: Json, status: int, *, accepted: bool, withheld: bool = False
    ) -> None:
        with self.lock:
            self.ledger.append(Call(method, parameters, status, accepted, time.monotonic(), withheld))
            self._ring()

    def calls(self, method: str, *, accepted: bool | None = True) -> list[Call]:
        with self.lock:
            return [
                call
                for call in self.ledger
                if call.method == method and (accepted is None or call.accepted is accepted)
            ]

    def sent_to(self, chat_id: int) -> list[Json]:
        """Every message of the bot in a chat, in order."""
        with self.lock:
            return [
                message
                for (chat, _), message in sorted(self.messages.items())
                if chat == chat_id and message["from"]["id"] == self.bot_id
            ]

    # --- waiting ---

    def wait_for(self, condition: Callable[[], bool], *, seconds: float = 10.0, what: str = "it") -> None:
        """Block until a condition holds.

        Raises:
            TimeoutError: it did not within the time.
        """
        deadline = time.monotonic() + seconds
        with self._changed:
            while not condition():
                remaining = deadline - time.monotonic()
                if remaining <= 0:
                    raise TimeoutError(f"waited {seconds} s for {what}")
                self._changed.wait(remaining)

    def wait_for_change(self, seconds: float) -> None:
        """Block until something happens, or the time is over."""
        with self._changed:
            self._changed.wait(seconds)

    async def until(self, condition: Callable[[], bool], *, seconds: float = 30.0, what: str = "it") -> None:
        """As `wait_for`, without blocking the event loop."""
        loop, rung, key = asyncio.get_running_loop(), asyncio.Event(), object()

        def wake() -> None:
            loop.call_soon_threadsafe(rung.set)

        with self.lock:
            self._waiters[key] = wake
        try:
            async with asyncio.timeout(seconds):
                while not condition():
                    await rung.wait()
                    rung.clear()
        except TimeoutError:
            raise TimeoutError(f"waited {seconds} s for {what}") from None
        finally:
            with self.lock:
                del self._waiters[key]

    def ring(self) -> None:
        """Have everybody who waits look again."""
        with self.lock:
            self._ring()

    def _ring(self) -> None:
        self._changed.notify_all()
        for wake in list(self._waiters.values()):
            with suppress(RuntimeError):  # a waiter whose event loop has ended
                wake()


def chat_of(update: Any) -> Any:
    """Return what tells chats apart."""
    content: Json = next((part for name, part in update.items() if name != "update_id"), {})
    return content.get("from", {}).get("id")


def _number(update: Any) -> int:
    number = update.get("update_id") if isinstance(update, dict) else None
    return number if isinstance(number, int) else 0
