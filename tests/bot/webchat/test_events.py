import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from backoffice.client.schemas import Mode
from bot.webchat.feed import STREAMS_OF_ONE_CONVERSATION, EventFeed
from tests.bot.conftest import Run
from tests.bot.fakes import FakeBackoffice

CONVERSATION = "conversation-1"


class Stream:
    """A reader of server-sent events."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self.raw: list[str] = []
        self._blocks = self._read()

    async def _read(self) -> AsyncIterator[str]:
        rest = ""
        async for piece in self.response.aiter_text():
            rest += piece
            *whole, rest = rest.split("\n\n")
            for block in whole:
                self.raw.append(block)
                yield block

    async def next(self, kind: str = "message", *, seconds: float = 5) -> dict[str, Any]:
        """Return the next event of a kind, with its id if it has one."""
        async with asyncio.timeout(seconds):
            async for block in self._blocks:
                fields = dict(line.split(": ", 1) for line in block.split("\n") if not line.startswith(":"))
                if "data" in fields and fields.get("event", "message") == kind:
                    return {"id": fields.get("id"), **json.loads(fields["data"])}
        raise EOFError

    async def until_comment(self, *, seconds: float = 5) -> None:
        async with asyncio.timeout(seconds):
            async for block in self._blocks:
                if block.startswith(":"):
                    return


@asynccontextmanager
async def opened(client: httpx.AsyncClient, **headers: str) -> AsyncIterator[Stream]:
    async with client.stream("GET", "/chat/events", headers=headers) as response:
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("text/event-stream")
        assert response.headers["cache-control"] == "no-store"
        yield Stream(response)


async def test_a_new_message_is_pushed_at_once_with_its_number(
    backoffice: FakeBackoffice, streams: httpx.AsyncClient
) -> None:
    async with opened(streams) as stream:
        assert await stream.next("state") == {
            "id": None,
            "received_up_to": 0,
            "mode": "assistant",
            "language": "uk",
        }
        await backoffice.say(CONVERSATION, "due righe\ne un'altra")
        event = await stream.next()
    assert (event["id"], event["seq"]) == ("1", 1)
    assert (event["from"], event["text"]) == ("assistant", "due righe\ne un'altra")


async def test_after_a_break_the_last_number_brings_what_was_missed_once(
    backoffice: FakeBackoffice, streams: httpx.AsyncClient
) -> None:
    await backoffice.say(CONVERSATION, "uno")
    async with opened(streams) as stream:
        assert (await stream.next())["text"] == "uno"
    await backoffice.say(CONVERSATION, "due")
    await backoffice.say(CONVERSATION, "tre")
    async with opened(streams, **{"Last-Event-ID": "1"}) as stream:
        assert [(await stream.next())["text"] for _ in range(2)] == ["due", "tre"]
        await backoffice.say(CONVERSATION, "quattro")
        assert (await stream.next())["text"] == "quattro"


async def test_after_in_the_address_serves_as_well(
    backoffice: FakeBackoffice, streams: httpx.AsyncClient
) -> None:
    await backoffice.say(CONVERSATION, "uno")
    await backoffice.say(CONVERSATION, "due")
    async with streams.stream("GET", "/chat/events", params={"after": 1}) as response:
        assert (await Stream(response).next())["text"] == "due"


async def test_a_change_of_the_floor_is_a_state(
    backoffice: FakeBackoffice, streams: httpx.AsyncClient
) -> None:
    async with opened(streams) as stream:
        await stream.next("state")
        backoffice.modes[CONVERSATION] = Mode.MEDIATOR
        await backoffice.ring(CONVERSATION)
        assert (await stream.next("state"))["mode"] == "mediator"


async def test_a_quiet_stream_shows_that_it_lives(streams: httpx.AsyncClient) -> None:
    async with opened(streams) as stream:
        await stream.next("state")
        await stream.until_comment()


async def test_a_lost_event_costs_a_heartbeat_and_no_message(
    backoffice: FakeBackoffice, streams: httpx.AsyncClient
) -> None:
    async with opened(streams) as stream:
        await stream.next("state")
        await backoffice.say("another conversation", "x")
        backoffice._add(CONVERSATION, "without a bell", backoffice.messages["another conversation"][0].author)
        assert (await stream.next())["text"] == "without a bell"


async def test_a_stream_outlives_an_outage_of_the_backoffice(
    backoffice: FakeBackoffice, streams: httpx.AsyncClient
) -> None:
    async with opened(streams) as stream:
        await stream.next("state")
        backoffice.away = True
        await stream.until_comment()
        backoffice.away = False
        await backoffice.say(CONVERSATION, "di nuovo qui")
        assert (await stream.next())["text"] == "di nuovo qui"


async def test_nobody_hears_another_conversation(
    backoffice: FakeBackoffice, streams: httpx.AsyncClient
) -> None:
    async with opened(streams) as stream:
        await stream.next("state")
        await backoffice.say("conversation-2", "non per te")
        await backoffice.say(CONVERSATION, "per te")
        assert (await stream.next())["text"] == "per te"


async def test_when_the_process_stops_every_stream_ends(feed: EventFeed, streams: httpx.AsyncClient) -> None:
    async with opened(streams) as stream:
        await stream.next("state")
        feed.stop()
        with pytest.raises(EOFError):
            await stream.next()
    assert feed.listening == 0


async def test_of_too_many_streams_the_oldest_ends(feed: EventFeed, streams: httpx.AsyncClient) -> None:
    async with opened(streams) as oldest:
        await oldest.next("state")
        with feed.subscribed(CONVERSATION):
            others = [feed.subscribed(CONVERSATION) for _ in range(STREAMS_OF_ONE_CONVERSATION - 1)]
            for other in others:
                other.__enter__()
            with pytest.raises(EOFError):
                await oldest.next()
            assert feed.listening == STREAMS_OF_ONE_CONVERSATION
            for other in others:
                other.__exit__(None, None, None)


async def test_attack_50_of_too_many_streams_in_all_the_oldest_ends_and_misses_nothing(
    backoffice: FakeBackoffice, feed: EventFeed, streams: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed, "_most_streams", 2)
    async with opened(streams) as oldest:
        await oldest.next("state")
        with feed.subscribed("conversation-2") as second, feed.subscribed("conversation-3"):
            with pytest.raises(EOFError):
                await oldest.next()
            assert (feed.listening, second.closed) == (2, False)
            await backoffice.say(CONVERSATION, "intanto")
            async with opened(streams) as again:
                assert (await again.next())["text"] == "intanto"
                assert (feed.listening, second.closed) == (2, True)


async def test_one_long_poll_serves_every_stream(
    backoffice: FakeBackoffice, feed: EventFeed, run: Run
) -> None:
    run(feed.run())
    with feed.subscribed("a") as first, feed.subscribed("b") as second:
        await backoffice.until(lambda: backoffice.calls["read_events"] >= 2)
        await first.changed(1)
        await second.changed(0.05)
        await backoffice.ring("b")
        assert await second.changed(2)
        assert not await first.changed(0.05)


async def test_after_an_outage_of_the_feed_everybody_looks(
    backoffice: FakeBackoffice, feed: EventFeed, run: Run
) -> None:
    run(feed.run())
    await backoffice.until(lambda: backoffice.calls["read_events"] >= 2)
    with feed.subscribed("a") as subscription:
        backoffice.fail("read_events")
        await backoffice.ring("b")
        assert await subscription.changed(3)
