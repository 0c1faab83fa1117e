import asyncio

import pytest

from backoffice.client.errors import NotFound
from backoffice.client.schemas import Channel, Delivery, DeliveryOutcome, DeliveryReport
from bot.delivery import DeliveryLoop
from tests.bot.conftest import Run
from tests.bot.fakes import Doorbell, FakeBackoffice, FakeTime, delivery

SENT = DeliveryReport(outcome=DeliveryOutcome.SENT, provider_id="1")


class FakeSender:
    """Sends by noting; holds each send until the gate opens."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.usable = asyncio.Event()
        self.usable.set()
        self.error: Exception | None = None
        self.bell = Doorbell()

    async def ready(self) -> None:
        await self.usable.wait()

    async def send(self, delivery: Delivery) -> DeliveryReport:
        self.sent.append(delivery.id)
        await self.bell.ring()
        await self.gate.wait()
        if self.error is not None:
            raise self.error
        return SENT


@pytest.fixture
def sender() -> FakeSender:
    return FakeSender()


@pytest.fixture
def loop(backoffice: FakeBackoffice, sender: FakeSender) -> DeliveryLoop:
    time = FakeTime()
    return DeliveryLoop(
        backoffice,
        sender,
        channel=Channel.TELEGRAM,
        worker="w",
        at_once=3,
        claim_wait_seconds=0.05,
        sleep=time.sleep,
    )


async def test_what_is_sent_is_reported(
    backoffice: FakeBackoffice, sender: FakeSender, loop: DeliveryLoop, run: Run
) -> None:
    backoffice.deliveries = [delivery(1), delivery(2)]
    run(loop.run())
    await backoffice.until(lambda: len(backoffice.reports) == 2)
    assert sorted(backoffice.reports) == [("delivery-1", SENT), ("delivery-2", SENT)]


async def test_several_chats_are_served_at_once_but_no_more_than_agreed(
    backoffice: FakeBackoffice, sender: FakeSender, loop: DeliveryLoop, run: Run
) -> None:
    sender.gate.clear()
    backoffice.deliveries = [delivery(number) for number in range(1, 6)]
    run(loop.run())
    await backoffice.until(lambda: len(backoffice.deliveries) == 2)
    await sender.bell.until(lambda: len(sender.sent) == 3)
    assert len(backoffice.deliveries) == 2
    sender.gate.set()
    await backoffice.until(lambda: len(backoffice.reports) == 5)


async def test_nothing_is_claimed_while_the_channel_must_rest(
    backoffice: FakeBackoffice, sender: FakeSender, loop: DeliveryLoop, run: Run
) -> None:
    sender.usable.clear()
    backoffice.deliveries = [delivery()]
    run(loop.run())
    for _ in range(20):
        await asyncio.sleep(0)
    assert backoffice.calls["claim_deliveries"] == 0
    sender.usable.set()
    await backoffice.until(lambda: len(backoffice.reports) == 1)


async def test_a_report_that_was_not_heard_is_made_again_and_the_message_is_not_sent_again(
    backoffice: FakeBackoffice, sender: FakeSender, loop: DeliveryLoop, run: Run
) -> None:
    backoffice.fail("report_delivery", times=3)
    backoffice.deliveries = [delivery()]
    run(loop.run())
    await backoffice.until(lambda: backoffice.calls["report_delivery"] >= 1)
    backoffice.deliveries = [delivery(attempt=2)]
    await backoffice.changed()
    await backoffice.until(lambda: len(backoffice.reports) >= 1)
    assert sender.sent.count("delivery-1") <= 2
    assert backoffice.reports[0] == ("delivery-1", SENT)


async def test_what_is_handed_out_again_while_it_is_being_sent_is_sent_once(
    backoffice: FakeBackoffice, sender: FakeSender, loop: DeliveryLoop, run: Run
) -> None:
    sender.gate.clear()
    backoffice.deliveries = [delivery(1)]
    run(loop.run())
    await sender.bell.until(lambda: len(sender.sent) == 1)
    backoffice.deliveries = [delivery(1, attempt=2), delivery(2)]
    await backoffice.changed()
    await sender.bell.until(lambda: len(sender.sent) == 2)
    sender.gate.set()
    await backoffice.until(lambda: len(backoffice.reports) == 2)
    assert sender.sent == ["delivery-1", "delivery-2"]


async def test_a_report_that_is_refused_is_let_go(
    backoffice: FakeBackoffice, loop: DeliveryLoop, run: Run
) -> None:
    backoffice.refusals["report_delivery"] = NotFound(404, "Not Found")
    backoffice.deliveries = [delivery(1)]
    run(loop.run())
    await backoffice.until(lambda: backoffice.calls["report_delivery"] == 1)
    del backoffice.refusals["report_delivery"]
    backoffice.deliveries = [delivery(2)]
    await backoffice.changed()
    await backoffice.until(lambda: len(backoffice.reports) == 1)
    assert backoffice.reports[0][0] == "delivery-2"


async def test_a_stumble_of_ours_is_a_delivery_to_try_again(
    backoffice: FakeBackoffice, sender: FakeSender, loop: DeliveryLoop, run: Run
) -> None:
    sender.error = RuntimeError("of ours")
    backoffice.deliveries = [delivery()]
    run(loop.run())
    await backoffice.until(lambda: len(backoffice.reports) == 1)
    report = backoffice.reports[0][1]
    assert (report.outcome, report.error) == (DeliveryOutcome.RETRY, "RuntimeError")


async def test_an_outage_of_the_backoffice_is_waited_out(
    backoffice: FakeBackoffice, loop: DeliveryLoop, run: Run
) -> None:
    backoffice.fail("claim_deliveries", times=2)
    backoffice.deliveries = [delivery()]
    run(loop.run())
    await backoffice.until(lambda: len(backoffice.reports) == 1)
