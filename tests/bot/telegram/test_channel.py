import pytest

from backoffice.client.guide_copy import GuideCopies
from backoffice.client.schemas import Button, DeliveryOutcome
from bot.telegram.channel import TelegramChannel
from bot.telegram.gateway_bot import GatewayBot
from tests.bot.conftest import Run
from tests.bot.fakes import FakeBackoffice, delivery
from tests.bot.telegram.conftest import briefly
from tests.telegram_emulator import Person, TelegramEmulator


@pytest.fixture
async def channel(backoffice: FakeBackoffice, bot: GatewayBot, copies: GuideCopies) -> TelegramChannel:
    return TelegramChannel(backoffice, bot, worker="w", guide=copies, sleep=briefly)


async def test_a_person_writes_and_is_answered(
    backoffice: FakeBackoffice, telegram: TelegramEmulator, olena: Person, channel: TelegramChannel, run: Run
) -> None:
    run(channel.receive())
    run(channel.deliveries.run())
    olena.send_text("/start")
    await backoffice.until(lambda: len(backoffice.recorded) == 1)
    buttons = [Button(label="Casa", token="tok-home")]
    backoffice.deliveries = [delivery(chat_id=olena.id, text="Вітаємо", buttons=buttons)]
    await backoffice.changed()
    await telegram.world.until(lambda: olena.texts == ["Вітаємо"])
    assert olena.press("Casa") == "tok-home"
    await backoffice.until(lambda: len(backoffice.recorded) == 2)
    assert backoffice.reports[0][1].outcome is DeliveryOutcome.SENT


async def test_the_order_in_a_chat_holds_while_another_chat_fails(
    backoffice: FakeBackoffice, telegram: TelegramEmulator, olena: Person, channel: TelegramChannel, run: Run
) -> None:
    other = telegram.person(5_000_002)
    other.block()
    run(channel.deliveries.run())
    backoffice.deliveries = [
        delivery(1, chat_id=olena.id, text="uno"),
        delivery(2, chat_id=other.id, text="x"),
    ]
    await backoffice.changed()
    await backoffice.until(lambda: len(backoffice.reports) == 2)
    outcomes = {name: report.outcome for name, report in backoffice.reports}
    assert outcomes == {"delivery-1": DeliveryOutcome.SENT, "delivery-2": DeliveryOutcome.UNREACHABLE}


async def test_a_429_on_sending_holds_every_chat_for_its_second(
    backoffice: FakeBackoffice, telegram: TelegramEmulator, olena: Person, channel: TelegramChannel, run: Run
) -> None:
    telegram.fail_next(1, method="sendMessage", status=429, retry_after=1, description="Too Many Requests")
    run(channel.deliveries.run())
    backoffice.deliveries = [delivery(1, chat_id=olena.id)]
    await backoffice.changed()
    await backoffice.until(lambda: len(backoffice.reports) == 1)
    backoffice.deliveries = [delivery(2, chat_id=olena.id)]
    await backoffice.changed()
    await backoffice.until(lambda: len(backoffice.reports) == 2)
    refused, sent = telegram.world.calls("sendMessage", accepted=None)
    assert sent.at - refused.at >= 1.0
    assert backoffice.reports[0][1].retry_after_seconds == 1


@pytest.mark.parametrize("how", ["drop", "hang"])
async def test_silence_after_sending_is_a_delivery_in_doubt_to_be_tried_again(
    backoffice: FakeBackoffice,
    telegram: TelegramEmulator,
    olena: Person,
    channel: TelegramChannel,
    run: Run,
    how: str,
) -> None:
    telegram.fail_next(1, method="sendMessage", after_accepting=how)
    run(channel.deliveries.run())
    backoffice.deliveries = [delivery(1, chat_id=olena.id)]
    await backoffice.changed()
    await backoffice.until(lambda: len(backoffice.reports) == 1)
    assert backoffice.reports[0][1].outcome is DeliveryOutcome.RETRY


async def test_the_commands_are_published_in_four_languages(
    telegram: TelegramEmulator, channel: TelegramChannel, run: Run
) -> None:
    run(channel.receive())
    await telegram.world.until(lambda: len(telegram.world.commands) == 5)
    assert set(telegram.world.commands) == {"", "it", "en", "ar", "uk"}
    assert telegram.world.commands["uk"] != telegram.world.commands["it"]


async def test_a_telegram_that_is_away_at_the_start_is_waited_for(
    backoffice: FakeBackoffice, telegram: TelegramEmulator, olena: Person, channel: TelegramChannel, run: Run
) -> None:
    telegram.world.is_out = True
    run(channel.receive())
    telegram.fail_next(3, status=502)
    telegram.world.is_out = False
    olena.send_text("ciao")
    await backoffice.until(lambda: len(backoffice.recorded) == 1)


async def test_with_an_address_the_webhook_is_set_with_its_secret_and_nothing_is_polled(
    backoffice: FakeBackoffice,
    telegram: TelegramEmulator,
    olena: Person,
    bot: GatewayBot,
    copies: GuideCopies,
    run: Run,
) -> None:
    olena.send_text("scritto prima")
    channel = TelegramChannel(
        backoffice,
        bot,
        worker="w",
        guide=copies,
        webhook_url="https://chat.example.org",
        webhook_secret="abc_DEF-1",
        sleep=briefly,
    )
    run(channel.receive())
    await telegram.world.until(lambda: bool(telegram.world.commands))
    assert telegram.world.webhook is not None
    assert telegram.world.webhook.url == "https://chat.example.org/telegram/webhook"
    assert telegram.world.webhook.secret == "abc_DEF-1"
    assert (telegram.world.fetches, len(telegram.world.updates)) == (0, 1)
    assert [route.path for route in channel.routes] == ["/telegram/webhook"]
