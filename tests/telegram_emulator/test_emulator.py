"""The emulator is what the published description says, and what PTB expects."""

from __future__ import annotations

import asyncio
import inspect
import re
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.error import BadRequest, Conflict, Forbidden, NetworkError, RetryAfter

from bot.telegram.gateway_bot import GatewayBot, seconds_of
from tests.telegram_emulator import Person, TelegramEmulator, World
from tests.telegram_emulator.description import description, misfits, parameters_of, required_of
from tests.telegram_emulator.methods import METHODS

OF_PTB_ONLY = {
    "self",
    "read_timeout",
    "write_timeout",
    "connect_timeout",
    "pool_timeout",
    "api_kwargs",
    "allow_sending_without_reply",
    "reply_to_message_id",
    "disable_web_page_preview",
    "filename",
}


@pytest.fixture
def telegram() -> Iterator[TelegramEmulator]:
    with TelegramEmulator() as emulator:
        yield emulator


@pytest.fixture
async def bot(telegram: TelegramEmulator) -> AsyncIterator[GatewayBot]:
    bot = GatewayBot(telegram.token, telegram.url, read_seconds=1.0)
    yield bot
    await bot.close_connections()


@pytest.fixture
def olena(telegram: TelegramEmulator) -> Person:
    return telegram.person(language_code="uk", last_name="Bondar")


def everything_a_person_does(world: World) -> list[dict[str, Any]]:
    olena = Person(world, 5_000_001, "Olena", "Bondar", "uk")
    first = olena.send_text("/start ciao")
    olena.edit_text(first, "ciao")
    olena.press_data("tok")
    olena.share_contact("+393331234567")
    olena.share_card_without_account("+393331234567")
    olena.send_photo(b"jpg", caption="foto")
    olena.send_document(b"%PDF")
    olena.send_voice(b"ogg")
    olena.send_sticker()
    olena.send_location()
    olena.send_video(caption="video")
    olena.send_text("ciao", chat=olena.add_to_group())
    olena.block()
    olena.unblock()
    return world.updates


def test_every_update_has_the_published_shape() -> None:
    for update in everything_a_person_does(World()):
        assert misfits("Update", update) == []


def test_ptb_reads_every_update_and_finds_nothing_unknown_in_it() -> None:
    for update in everything_a_person_does(World()):
        parsed = Update.de_json(update, None)
        assert not parsed.api_kwargs
        assert _holds(parsed.to_dict(), update)


def _holds(whole: Any, part: Any) -> bool:
    """Tell whether everything in `part` is in `whole`; PTB adds what is false or empty."""
    if isinstance(part, dict):
        return all(name in whole and _holds(whole[name], part[name]) for name in part)
    if isinstance(part, list):
        return len(whole) == len(part) and all(map(_holds, whole, part))
    return bool(whole == part)


def _ptb_parameters(method: str) -> set[str]:
    name = re.sub(r"([A-Z])", r"_\1", method).lower()
    return set(inspect.signature(getattr(Bot, name)).parameters) - OF_PTB_ONLY


@pytest.mark.parametrize("method", sorted(description()["methods"]))
def test_ptb_sends_only_published_parameters_and_all_that_are_required(method: str) -> None:
    assert _ptb_parameters(method) <= set(parameters_of(method))
    assert required_of(method) <= _ptb_parameters(method)


def test_the_emulator_has_every_described_method_and_no_other() -> None:
    assert set(METHODS) == set(description()["methods"])


async def test_what_the_methods_return_has_the_published_shape(
    telegram: TelegramEmulator, bot: GatewayBot, olena: Person
) -> None:
    world = telegram.world
    keyboard = {"inline_keyboard": [[{"text": "Sì", "callback_data": "t"}]]}
    document = olena.send_document(b"%PDF")["document"]
    query = olena.press_data("t")
    arguments: dict[str, dict[str, Any]] = {
        "sendMessage": {"chat_id": olena.id, "text": "ciao", "reply_markup": keyboard},
        "sendPhoto": {"chat_id": olena.id, "photo": "file of 9 bytes"},
        "editMessageReplyMarkup": {"chat_id": olena.id, "message_id": 0},
        "answerCallbackQuery": {"callback_query_id": query},
        "getFile": {"file_id": document["file_id"]},
        "setMyCommands": {"commands": [{"command": "start", "description": "Inizia"}]},
        "leaveChat": {"chat_id": olena.add_to_group()["id"]},
        "sendChatAction": {"chat_id": olena.id, "action": "typing"},
        "setWebhook": {"url": "https://example.org"},
    }
    for method in ["sendMessage", "getUpdates", *METHODS]:
        given = dict(arguments.get(method, {}))
        if method == "editMessageReplyMarkup":
            given["message_id"] = world.sent_to(olena.id)[-1]["message_id"]
        if method in {"getUpdates", "deleteWebhook"}:
            world.webhook = None
        result = await METHODS[method](world, given)
        kinds = description()["methods"][method]["returns"]
        assert any(misfits(kind, result) == [] for kind in kinds), (method, result)


async def test_updates_wait_are_redelivered_and_confirmed_by_the_offset(
    telegram: TelegramEmulator, bot: GatewayBot, olena: Person
) -> None:
    polling = asyncio.create_task(bot.get_updates(timeout=5))
    await telegram.world.until(lambda: telegram.world.fetches == 1)
    olena.send_text("uno")
    (first,) = await polling
    assert first.message is not None
    assert first.message.text == "uno"
    (again,) = await bot.get_updates(timeout=0)
    assert again.update_id == first.update_id
    assert await bot.get_updates(offset=first.update_id + 1, timeout=0) == ()
    assert telegram.world.updates == []


async def test_a_second_poll_ends_the_first_with_a_conflict(
    telegram: TelegramEmulator, bot: GatewayBot
) -> None:
    first = asyncio.create_task(bot.fetch_updates(offset=None, timeout_seconds=5))
    await telegram.world.until(lambda: telegram.world.fetches == 1)
    other = GatewayBot(telegram.token, telegram.url)
    second = asyncio.create_task(other.fetch_updates(offset=None, timeout_seconds=1))
    with pytest.raises(Conflict):
        await first
    assert await second == []
    await other.close_connections()


async def test_polling_with_a_webhook_is_a_conflict(bot: GatewayBot) -> None:
    await bot.set_webhook("https://example.org/hook", secret_token="a_b-C")
    with pytest.raises(Conflict, match="webhook is active"):
        await bot.get_updates(timeout=0)
    await bot.delete_webhook()
    assert await bot.get_updates(timeout=0) == ()


@pytest.mark.parametrize(
    ("text", "data"), [("", None), (" \n ", None), ("x" * 4097, None), ("ok", "d" * 65), ("ok", "")]
)
async def test_what_telegram_refuses_is_refused(
    bot: GatewayBot, olena: Person, text: str, data: str | None
) -> None:
    markup = None if data is None else InlineKeyboardMarkup([[InlineKeyboardButton("b", callback_data=data)]])
    with pytest.raises(BadRequest):
        await bot.send_message(olena.id, text, reply_markup=markup)
    assert olena.received == []


async def test_who_is_unknown_or_has_blocked_cannot_be_written_to(bot: GatewayBot, olena: Person) -> None:
    with pytest.raises(BadRequest, match="not found"):
        await bot.send_message(99, "ciao")
    olena.block()
    with pytest.raises(Forbidden):
        await bot.send_message(olena.id, "ciao")


async def test_faults_come_when_ordered_and_are_in_the_ledger(
    telegram: TelegramEmulator, bot: GatewayBot, olena: Person
) -> None:
    telegram.fail_next(1, status=429, retry_after=3)
    with pytest.raises(RetryAfter) as refused:
        await bot.send_message(olena.id, "uno")
    assert seconds_of(refused.value) == 3
    telegram.fail_next(1, status=502)
    with pytest.raises(NetworkError):
        await bot.send_message(olena.id, "uno")
    telegram.fail_next(1, method="sendMessage", after_accepting="drop")
    with pytest.raises(NetworkError):
        await bot.send_message(olena.id, "uno")
    await bot.send_message(olena.id, "due")
    assert olena.texts == ["uno", "due"]
    statuses = [call.status for call in telegram.world.calls("sendMessage", accepted=None)]
    assert statuses == [429, 502, 200, 200]


async def test_files_are_downloaded_up_to_twenty_megabytes(
    telegram: TelegramEmulator, bot: GatewayBot, olena: Person
) -> None:
    document = olena.send_document(b"%PDF-1.7")["document"]
    file = await bot.get_file(document["file_id"])
    assert bytes(await file.download_as_bytearray()) == b"%PDF-1.7"
    assert await bot.fetch_file(document["file_id"]) == b"%PDF-1.7"
    large = olena.send_document(b"x", size=21 * 1024 * 1024)["document"]
    with pytest.raises(BadRequest, match="too big"):
        await bot.get_file(large["file_id"])


async def test_a_picture_is_taken_as_a_file_of_its_own(bot: GatewayBot, olena: Person) -> None:
    await bot.send_photo(olena.id, b"\xff\xd8 a picture")
    assert [sorted(message)[-1] for message in olena.received] == ["photo"]
