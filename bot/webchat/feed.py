"""One long poll of the backoffice for the whole process, which wakes the open streams."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from backoffice.client.client import BackofficeClient
from backoffice.client.errors import BackofficeClientError
from bot.pauses import Backoff, Sleep

log = structlog.get_logger(__name__)

STREAMS_OF_ONE_CONVERSATION = 5
"""A person has a few tabs and devices; of more, the oldest stream ends (and its page comes again)."""

MOST_STREAMS = 1200
"""In all; of more, the oldest ends too. Its page asks for what it missed and comes again: all take turns."""


class Subscription:
    """One open stream's ear: set when its conversation changed, closed when it has to end."""

    def __init__(self, conversation_id: str) -> None:
        self.conversation_id = conversation_id
        self._changed = asyncio.Event()
        self.closed = False

    def wake(self) -> None:
        """Say that there may be something new."""
        self._changed.set()

    def close(self) -> None:
        """Say that the stream has to end."""
        self.closed = True
        self._changed.set()

    async def changed(self, timeout_seconds: float) -> bool:
        """Wait for news; false when the time is over without any."""
        try:
            async with asyncio.timeout(timeout_seconds):
                await self._changed.wait()
        except TimeoutError:
            return False
        self._changed.clear()
        return True


class EventFeed:
    """Reads the events of the backoffice and wakes who listens.

    An event is only a doorbell: a stream reads the messages by their numbers, and every 15 s anyway,
    so that a lost event costs seconds and never a message.
    """

    def __init__(
        self,
        client: BackofficeClient,
        *,
        wait_seconds: float = 20.0,
        most_streams: int = MOST_STREAMS,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._client = client
        self._most_streams = most_streams
        self._wait_seconds = wait_seconds
        self._sleep = sleep
        self._listening: defaultdict[str, list[Subscription]] = defaultdict(list)
        self._by_age: dict[Subscription, None] = {}
        self._stopping = False

    @property
    def listening(self) -> int:
        """How many streams are open."""
        return len(self._by_age)

    @contextmanager
    def subscribed(self, conversation_id: str) -> Iterator[Subscription]:
        """Listen for a conversation while the block runs."""
        of_this = self._listening[conversation_id]
        if len(of_this) >= STREAMS_OF_ONE_CONVERSATION:
            self._end(of_this[0])
        if len(self._by_age) >= self._most_streams:
            self._end(next(iter(self._by_age)))
        subscription = Subscription(conversation_id)
        self._listening[conversation_id].append(subscription)
        self._by_age[subscription] = None
        if self._stopping:
            subscription.close()
        try:
            yield subscription
        finally:
            self._forget(subscription)

    def _end(self, subscription: Subscription) -> None:
        subscription.close()
        self._forget(subscription)

    def _forget(self, subscription: Subscription) -> None:
        if subscription not in self._by_age:
            return
        del self._by_age[subscription]
        of_this = self._listening[subscription.conversation_id]
        of_this.remove(subscription)
        if not of_this:
            del self._listening[subscription.conversation_id]

    def stop(self) -> None:
        """End every stream, now and later: the process is going."""
        self._stopping = True
        for subscription in self._all():
            subscription.close()

    async def run(self) -> None:
        """Poll until cancelled."""
        last_id, backoff, failed = -1, Backoff(limit=2.0), False
        while True:
            try:
                news = await self._client.read_events(after=last_id, wait_seconds=self._wait_seconds)
            except BackofficeClientError as error:
                if not failed:
                    log.warning("events.unavailable", error=type(error).__name__)
                failed = True
                await self._sleep(backoff.next())
                continue
            backoff.reset()
            if failed or last_id < 0 or news.last_id < last_id:
                # What happened meanwhile is not known by name: everybody looks.
                for subscription in self._all():
                    subscription.wake()
            failed, last_id = False, news.last_id
            for conversation_id in {event.conversation_id for event in news.events}:
                for subscription in self._listening.get(conversation_id, ()):
                    subscription.wake()

    def _all(self) -> list[Subscription]:
        return list(self._by_age)
