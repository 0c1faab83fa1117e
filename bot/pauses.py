"""How long to wait before something is tried again."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable

Sleep = Callable[[float], Awaitable[None]]
Clock = Callable[[], float]


class Backoff:
    """Pauses in seconds that double up to a limit, each a little shorter or longer by chance."""

    def __init__(
        self, *, first: float = 0.2, limit: float = 5.0, chance: random.Random | None = None
    ) -> None:
        self._first = first
        self._limit = limit
        self._next = first
        self._chance = chance or random.Random()  # noqa: S311 - spreads load, hides nothing

    def next(self) -> float:
        """Return the next pause."""
        pause = self._next
        self._next = min(self._next * 2, self._limit)
        return pause * self._chance.uniform(0.8, 1.2)

    def reset(self) -> None:
        """Begin again with the shortest pause."""
        self._next = self._first


class Gate:
    """A pause that holds for everybody: what Telegram's 429 asks for."""

    def __init__(self, *, clock: Clock = time.monotonic, sleep: Sleep = asyncio.sleep) -> None:
        self._clock = clock
        self._sleep = sleep
        self._open_at = 0.0

    @property
    def remaining_seconds(self) -> float:
        """How long the gate stays shut."""
        return max(0.0, self._open_at - self._clock())

    def shut(self, seconds: float) -> None:
        """Shut the gate for that long from now, unless it is shut for longer already."""
        self._open_at = max(self._open_at, self._clock() + seconds)

    async def passed(self) -> None:
        """Wait until the gate is open."""
        while (remaining := self.remaining_seconds) > 0:
            await self._sleep(remaining)


class Pace:
    """At most `per_second` passes a second, in order of asking."""

    def __init__(
        self, per_second: float, *, clock: Clock = time.monotonic, sleep: Sleep = asyncio.sleep
    ) -> None:
        self._gap = 1.0 / per_second
        self._clock = clock
        self._sleep = sleep
        self._next_at = 0.0

    async def passed(self) -> None:
        """Wait for one's turn."""
        now = self._clock()
        turn_at = max(self._next_at, now)
        self._next_at = turn_at + self._gap
        if turn_at > now:
            await self._sleep(turn_at - now)
