"""Fetches what has to be delivered on a channel, has it sent, and reports what became of it.

The backoffice hands out at most one delivery of a conversation at a time, the lowest number first:
so several chats are served at once and each in order.
"""

from __future__ import annotations

import asyncio
from typing import Protocol

import structlog

from backoffice.client import failpoints
from backoffice.client.client import BackofficeClient
from backoffice.client.errors import BackofficeRefused, BackofficeUnavailable
from backoffice.client.schemas import Channel, Delivery, DeliveryClaim, DeliveryOutcome, DeliveryReport
from bot.pauses import Backoff, Sleep

log = structlog.get_logger(__name__)

AT_ONCE = 20
_SHUTDOWN_SECONDS = 1.0


class Sender(Protocol):
    """How one channel sends."""

    async def ready(self) -> None:
        """Wait until the channel may be used again."""

    async def send(self, delivery: Delivery) -> DeliveryReport:
        """Send one delivery and say what became of it; never raises for a refusal of the channel."""


class DeliveryLoop:
    """Claims, sends and reports until cancelled."""

    def __init__(
        self,
        client: BackofficeClient,
        sender: Sender,
        *,
        channel: Channel,
        worker: str,
        at_once: int = AT_ONCE,
        claim_wait_seconds: float = 20.0,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._client = client
        self._sender = sender
        self._channel = channel
        self._worker = worker
        self._wait_seconds = claim_wait_seconds
        self._sleep = sleep
        self._at_once = at_once
        self._under_way: set[asyncio.Task[None]] = set()
        self._room = asyncio.Event()
        self._in_hand: set[str] = set()
        self._unreported: dict[str, DeliveryReport] = {}

    async def run(self) -> None:
        """Go on until cancelled; then let what is being sent be sent, for a second."""
        backoff = Backoff(limit=2.0)
        try:
            while True:
                await self._sender.ready()
                await self._wait_for_room()
                try:
                    deliveries = await self._claim()
                except BackofficeUnavailable:
                    await self._sleep(backoff.next())
                    continue
                backoff.reset()
                for delivery in deliveries:
                    self._start(delivery)
        finally:
            await self._finish()

    async def _claim(self) -> list[Delivery]:
        claimed = await self._client.claim_deliveries(
            DeliveryClaim(
                channel=self._channel,
                worker=self._worker,
                limit=self._at_once - len(self._under_way),
                wait_seconds=self._wait_seconds,
            )
        )
        return claimed.deliveries

    async def _wait_for_room(self) -> None:
        while len(self._under_way) >= self._at_once:
            self._room.clear()
            await self._room.wait()

    def _start(self, delivery: Delivery) -> None:
        if delivery.id in self._in_hand:
            return  # slow, not lost: its lease ran out while it is still being sent here
        self._in_hand.add(delivery.id)
        task = asyncio.create_task(self._deliver(delivery), name=delivery.id)
        self._under_way.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        self._in_hand.discard(task.get_name())
        self._room.set()
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("delivery.crashed", delivery=task.get_name(), exc_info=error)

    async def _finish(self) -> None:
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=_SHUTDOWN_SECONDS)
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    async def _deliver(self, delivery: Delivery) -> None:
        # Sent, but the backoffice did not hear of it and hands it out again: say it once more,
        # do not send it once more.
        report = self._unreported.get(delivery.id) or await self._send(delivery)
        await self._report(delivery, report)

    async def _send(self, delivery: Delivery) -> DeliveryReport:
        failpoints.reached("before-send")
        try:
            report = await self._sender.send(delivery)
        except Exception as error:
            log.exception("delivery.sender_crashed", delivery=delivery.id)
            return DeliveryReport(
                outcome=DeliveryOutcome.RETRY,
                error=type(error).__name__,  # counted, and ended one day
            )
        if report.outcome is DeliveryOutcome.SENT:
            failpoints.reached("sent-not-reported")
        return report

    async def _report(self, delivery: Delivery, report: DeliveryReport) -> None:
        self._unreported[delivery.id] = report
        backoff = Backoff()
        while True:
            try:
                await self._client.report_delivery(delivery.id, report)
            except BackofficeUnavailable:
                await self._sleep(backoff.next())
                continue
            except BackofficeRefused as refusal:
                log.warning("delivery.report_refused", delivery=delivery.id, status=refusal.status)
            break
        del self._unreported[delivery.id]
        log.info("delivery.reported", delivery=delivery.id, outcome=report.outcome.value)
