from __future__ import annotations

import asyncio
import threading
import time

from backoffice.live.broker import Broker

LONG = 30.0


async def test_a_ring_wakes_who_waits_for_its_topic_at_once() -> None:
    broker = Broker()
    with broker.listen("turns") as ear:
        threading.Timer(0.05, broker.ring, [frozenset({"turns"})]).start()
        started = time.monotonic()
        await ear.wait(LONG)
    assert time.monotonic() - started < 5


async def test_a_ring_before_the_wait_is_not_missed() -> None:
    broker = Broker()
    with broker.listen("turns") as ear:
        broker.ring(frozenset({"turns"}))
        await asyncio.wait_for(ear.wait(LONG), 5)


async def test_other_topics_wake_nobody() -> None:
    broker = Broker()
    with broker.listen("turns") as ear:
        broker.ring(frozenset({"events"}))
        started = time.monotonic()
        await ear.wait(0.05)
    assert time.monotonic() - started >= 0.05


async def test_a_poll_returns_what_the_ring_brought() -> None:
    broker = Broker()
    found: list[str] = []

    async def look() -> list[str] | None:
        return found or None

    waiting = asyncio.create_task(broker.poll(look, "turns", seconds=LONG))
    await asyncio.sleep(0)
    found.append("turn")
    broker.ring(frozenset({"turns"}))
    assert await asyncio.wait_for(waiting, 5) == ["turn"]


async def test_a_poll_sees_within_a_second_what_nobody_rang_for() -> None:
    broker = Broker()
    looks = 0

    async def look() -> int | None:
        nonlocal looks
        looks += 1
        return looks if looks > 1 else None

    assert await asyncio.wait_for(broker.poll(look, "turns", seconds=LONG), 5) == 2


async def test_a_poll_ends_with_nothing_when_its_time_is_over() -> None:
    async def look() -> str | None:
        return None

    assert await Broker().poll(look, "turns", seconds=0.05) is None


async def test_when_the_process_stops_everybody_is_sent_home() -> None:
    broker = Broker()

    async def look() -> None:
        return None

    waiting = [asyncio.create_task(broker.poll(look, "turns", seconds=LONG)) for _ in range(3)]
    await asyncio.sleep(0)
    broker.close()
    await asyncio.wait_for(asyncio.gather(*waiting), 5)
    assert [each async for each in broker.rings("turns", every=LONG)] == []
