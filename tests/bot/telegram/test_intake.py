"""The polling loop against an emulated Telegram: what is lost when things break must be nothing."""

import asyncio

import pytest

from backoffice.client.errors import Conflict, InvalidRequest
from backoffice.client.schemas import AttachmentKind, MessageKind
from bot.telegram.acceptance import UpdateAcceptance
from bot.telegram.chat_languages import ChatLanguages
from bot.telegram.gateway_bot import FILE_LIMIT_BYTES, GatewayBot
from bot.telegram.intake import TelegramIntake
from tests.bot.conftest import Run
from tests.bot.fakes import FakeBackoffice, too_many
from tests.bot.telegram.conftest import briefly
from tests.telegram_emulator import Person, TelegramEmulator
from translations.catalog import text


@pytest.fixture
def intake(bot: GatewayBot, acceptance: UpdateAcceptance) -> TelegramIntake:
    return TelegramIntake(bot, acceptance, poll_seconds=2, sleep=briefly)


def texts(backoffice: FakeBackoffice) -> list[str | None]:
    return [request.text for request in backoffice.recorded.values()]


async def test_messages_arrive_in_order_and_are_then_forgotten_by_telegram(
    backoffice: FakeBackoffice, telegram: TelegramEmulator, olena: Person, intake: TelegramIntake, run: Run
) -> None:
    for number in range(5):
        olena.send_text(f"m{number}")
    run(intake.run())
    await backoffice.until(lambda: len(backoffice.recorded) == 5)
    olena.send_text("m5")
    await backoffice.until(lambda: len(backoffice.recorded) == 6)
    assert texts(backoffice) == [f"m{number}" for number in range(6)]
    await telegram.world.until(lambda: not telegram.world.updates)


async def test_nothing_is_confirmed_before_the_backoffice_has_it(
    backoffice: FakeBackoffice, telegram: TelegramEmulator, olena: Person, intake: TelegramIntake, run: Run
) -> None:
    backoffice.away = True
    olena.send_text("uno")
    olena.send_text("due")
    running = run(intake.run())
    await backoffice.until(lambda: backoffice.calls["record_message"] >= 3)
    assert len(telegram.world.updates) == 2
    running.cancel()  # the process dies between fetching and storing
    await asyncio.wait({running})
    assert len(telegram.world.updates) == 2


async def test_after_a_crash_the_same_batch_comes_again_and_each_message_is_stored_once(
    backoffice: FakeBackoffice,
    telegram: TelegramEmulator,
    olena: Person,
    bot: GatewayBot,
    acceptance: UpdateAcceptance,
    run: Run,
) -> None:
    olena.send_text("uno")
    olena.send_photo(b"jpg", caption="due")
    telegram.person(5_000_002).send_text("tre")
    batch = await bot.fetch_updates(offset=None, timeout_seconds=1)
    await acceptance.accept_all(batch)  # stored, and then the process dies before the offset moves
    run(TelegramIntake(bot, acceptance, poll_seconds=2, sleep=briefly).run())
    await telegram.world.until(lambda: not telegram.world.updates)
    assert sorted(texts(backoffice), key=str) == ["due", "tre", "uno"]
    assert len(backoffice.attachments) == 1


async def test_when_the_backoffice_returns_the_waiting_batch_is_stored(
    backoffice: FakeBackoffice, telegram: TelegramEmulator, olena: Person, intake: TelegramIntake, run: Run
) -> None:
    backoffice.away = True
    olena.send_text("uno")
    run(intake.run())
    await backoffice.until(lambda: backoffice.calls["record_message"] >= 2)
    backoffice.away = False
    await telegram.world.until(lambda: not telegram.world.updates)
    assert texts(backoffice) == ["uno"]


async def test_an_outage_of_telegram_is_waited_out(
    backoffice: FakeBackoffice, telegram: TelegramEmulator, olena: Person, intake: TelegramIntake, run: Run
) -> None:
    run(intake.run())
    await telegram.world.until(lambda: telegram.world.fetches >= 1)
    await asyncio.to_thread(telegram.stop)
    olena.send_text("scritto durante il guasto")
    await asyncio.to_thread(telegram.start)
    await backoffice.until(lambda: len(backoffice.recorded) == 1, seconds=10)


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 502},
        {"status": 500, "description": "Internal Server Error"},
        {"status": 429, "retry_after": 3, "description": "Too Many Requests: retry after 3"},
        {"status": 409, "description": "Conflict: terminated by other getUpdates request"},
        {"status": 401, "description": "Unauthorized"},
        {"after_accepting": "drop"},
        {"after_accepting": "hang"},
    ],
)
async def test_a_failing_poll_is_repeated_and_loses_nothing(
    backoffice: FakeBackoffice,
    telegram: TelegramEmulator,
    olena: Person,
    bot: GatewayBot,
    acceptance: UpdateAcceptance,
    run: Run,
    fault: dict[str, object],
) -> None:
    telegram.fail_next(2, method="getUpdates", **fault)
    olena.send_text("uno")
    run(TelegramIntake(bot, acceptance, poll_seconds=0, sleep=briefly).run())
    await backoffice.until(lambda: len(backoffice.recorded) == 1, seconds=10)
    assert texts(backoffice) == ["uno"]


async def test_a_429_of_the_poll_is_obeyed_to_the_second(
    telegram: TelegramEmulator, bot: GatewayBot, acceptance: UpdateAcceptance, run: Run
) -> None:
    slept: list[float] = []

    async def note(seconds: float) -> None:
        slept.append(seconds)

    telegram.fail_next(1, method="getUpdates", status=429, retry_after=14)
    run(TelegramIntake(bot, acceptance, poll_seconds=1, sleep=note).run())
    await telegram.world.until(lambda: telegram.world.fetches >= 1)
    assert slept == [14]


async def test_a_webhook_left_behind_is_removed_without_dropping_what_waits(
    backoffice: FakeBackoffice,
    telegram: TelegramEmulator,
    olena: Person,
    bot: GatewayBot,
    intake: TelegramIntake,
    run: Run,
) -> None:
    await bot.set_webhook("https://old.example.org/hook")
    olena.send_text("uno")
    run(intake.run())
    await backoffice.until(lambda: len(backoffice.recorded) == 1)
    assert telegram.world.webhook is None


async def test_a_malformed_update_does_not_stop_the_others(
    backoffice: FakeBackoffice, telegram: TelegramEmulator, olena: Person, intake: TelegramIntake, run: Run
) -> None:
    number = telegram.world.next_update_id()
    telegram.world.add_raw_update({"update_id": number, "message": {"text": "no chat, no date"}})
    olena.send_text("dopo")
    run(intake.run())
    await telegram.world.until(lambda: not telegram.world.updates)
    assert texts(backoffice) == ["dopo"]


@pytest.mark.parametrize("refusal", [InvalidRequest(422, "no"), Conflict(409, "other body")])
async def test_a_refused_message_does_not_stop_the_others(
    backoffice: FakeBackoffice,
    telegram: TelegramEmulator,
    olena: Person,
    intake: TelegramIntake,
    run: Run,
    refusal: Exception,
) -> None:
    backoffice.refusals["record_message"] = refusal
    olena.send_text("rifiutato")
    run(intake.run())
    await telegram.world.until(lambda: not telegram.world.updates)
    del backoffice.refusals["record_message"]
    olena.send_text("accolto")
    await backoffice.until(lambda: texts(backoffice) == ["accolto"])


async def test_a_message_on_which_a_healthy_backoffice_always_stumbles_is_let_go(
    backoffice: FakeBackoffice, telegram: TelegramEmulator, olena: Person, intake: TelegramIntake, run: Run
) -> None:
    backoffice.fail("record_message", times=12)
    olena.send_text("veleno")
    olena.send_text("dopo")
    run(intake.run())
    await backoffice.until(lambda: texts(backoffice) == ["dopo"])


async def test_a_budget_used_up_is_waited_for(
    backoffice: FakeBackoffice, olena: Person, intake: TelegramIntake, run: Run
) -> None:
    backoffice.refusals["record_message"] = too_many(1)
    olena.send_text("uno")
    run(intake.run())
    await backoffice.until(lambda: backoffice.calls["record_message"] >= 2)
    backoffice.refusals.clear()
    await backoffice.until(lambda: texts(backoffice) == ["uno"])


async def test_a_press_is_stored_and_then_answered(
    backoffice: FakeBackoffice, telegram: TelegramEmulator, olena: Person, intake: TelegramIntake, run: Run
) -> None:
    olena.press_data("tok-1")
    run(intake.run())
    await telegram.world.until(lambda: bool(telegram.world.calls("answerCallbackQuery")))
    (request,) = backoffice.recorded.values()
    assert (request.kind, request.button) == (MessageKind.BUTTON, "tok-1")


async def test_a_press_whose_answer_telegram_refuses_is_stored_all_the_same(
    backoffice: FakeBackoffice, telegram: TelegramEmulator, olena: Person, intake: TelegramIntake, run: Run
) -> None:
    telegram.fail_next(
        1, method="answerCallbackQuery", status=400, description="Bad Request: query is too old"
    )
    olena.press_data("tok-1")
    run(intake.run())
    await telegram.world.until(lambda: not telegram.world.updates)
    assert len(backoffice.recorded) == 1


@pytest.mark.parametrize(
    ("kind", "content"),
    [(AttachmentKind.PHOTO, b"jpg" * 50), (AttachmentKind.DOCUMENT, b"%PDF"), (AttachmentKind.VOICE, b"ogg")],
)
async def test_a_file_is_downloaded_and_stored_before_its_message(
    backoffice: FakeBackoffice,
    olena: Person,
    intake: TelegramIntake,
    run: Run,
    kind: AttachmentKind,
    content: bytes,
) -> None:
    send = {
        AttachmentKind.PHOTO: olena.send_photo,
        AttachmentKind.DOCUMENT: olena.send_document,
        AttachmentKind.VOICE: olena.send_voice,
    }[kind]
    send(content)
    run(intake.run())
    await backoffice.until(lambda: len(backoffice.recorded) == 1)
    (request,) = backoffice.recorded.values()
    ((stored_content, stored),) = backoffice.attachments.values()
    assert (request.kind, request.attachment_id) == (MessageKind.ATTACHMENT, stored.id)
    assert (stored_content, stored.kind) == (content, kind)


async def test_a_file_server_that_stumbles_is_asked_again(
    backoffice: FakeBackoffice, telegram: TelegramEmulator, olena: Person, intake: TelegramIntake, run: Run
) -> None:
    telegram.fail_next(2, method="download", status=502)
    olena.send_document(b"%PDF")
    run(intake.run())
    await backoffice.until(lambda: len(backoffice.attachments) == 1)


async def test_a_file_that_cannot_be_had_is_said_and_its_caption_kept(
    backoffice: FakeBackoffice, telegram: TelegramEmulator, olena: Person, intake: TelegramIntake, run: Run
) -> None:
    olena.send_document(b"%PDF", caption="il mio contratto")
    telegram.world.files.clear()
    run(intake.run())
    await telegram.world.until(lambda: bool(olena.texts))
    assert olena.texts == [text("telegram.file_not_received", "uk")]
    (request,) = backoffice.recorded.values()
    assert (request.kind, request.text) == (MessageKind.TEXT, "il mio contratto")


async def test_a_file_over_twenty_megabytes_is_refused_kindly(
    backoffice: FakeBackoffice, telegram: TelegramEmulator, olena: Person, intake: TelegramIntake, run: Run
) -> None:
    olena.send_document(b"%PDF", size=FILE_LIMIT_BYTES + 1)
    run(intake.run())
    await telegram.world.until(lambda: bool(olena.texts))
    assert olena.texts == [text("telegram.file_too_big", "uk")]
    assert telegram.world.calls("getFile") == []
    assert backoffice.recorded == {}


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("file_kind_refused", "telegram.file_not_kept"),
        ("picture_unreadable", "telegram.file_unreadable"),
        ("picture_too_large", "telegram.file_unreadable"),
        ("too_many_files", "telegram.too_many_files"),
    ],
)
async def test_a_file_that_the_backoffice_refuses_is_said_with_its_reason(
    backoffice: FakeBackoffice,
    telegram: TelegramEmulator,
    olena: Person,
    intake: TelegramIntake,
    run: Run,
    code: str,
    said: str,
) -> None:
    backoffice.refusals["store_attachment"] = InvalidRequest(422, "no", code=code)
    olena.send_document(b"<svg>", caption="guarda")
    run(intake.run())
    await backoffice.until(lambda: texts(backoffice) == ["guarda"])
    await telegram.world.until(lambda: olena.texts == [text(said, "uk")])


@pytest.mark.parametrize("path", ["/etc/passwd", "../../secret", "http://elsewhere/x", "a/../b", ""])
async def test_a_path_that_leads_elsewhere_is_not_followed(
    backoffice: FakeBackoffice,
    telegram: TelegramEmulator,
    olena: Person,
    intake: TelegramIntake,
    run: Run,
    path: str,
) -> None:
    olena.send_document(b"%PDF")
    for stored in telegram.world.files.values():
        stored.path = path
    run(intake.run())
    await telegram.world.until(lambda: bool(olena.texts))
    assert backoffice.attachments == {}


async def test_a_sticker_is_answered_in_the_language_last_spoken(
    telegram: TelegramEmulator, olena: Person, intake: TelegramIntake, languages: ChatLanguages, run: Run
) -> None:
    languages.remember(olena.id, "ar")
    olena.send_sticker()
    run(intake.run())
    await telegram.world.until(lambda: bool(olena.texts))
    assert olena.texts == [text("telegram.kind_not_read", "ar")]


async def test_a_group_is_told_once_and_left(
    backoffice: FakeBackoffice, telegram: TelegramEmulator, olena: Person, intake: TelegramIntake, run: Run
) -> None:
    group = olena.add_to_group()
    olena.send_text("ciao", chat=group)
    olena.send_text("mi chiamo Olena", chat=group)
    run(intake.run())
    await telegram.world.until(lambda: group["id"] in telegram.world.left_chats)
    olena.add_to_group()
    await telegram.world.until(lambda: len(telegram.world.calls("leaveChat")) == 2)
    assert len(telegram.world.sent_to(group["id"])) == 1
    assert backoffice.recorded == {}


async def test_one_slow_chat_does_not_change_the_order_in_another(
    backoffice: FakeBackoffice, telegram: TelegramEmulator, olena: Person, intake: TelegramIntake, run: Run
) -> None:
    other = telegram.person(5_000_002)
    telegram.fail_next(2, method="download", status=502)
    olena.send_document(b"%PDF", caption="a1")
    for number in range(3):
        other.send_text(f"b{number}")
        olena.send_text(f"a{number + 2}")
    run(intake.run())
    await backoffice.until(lambda: len(backoffice.recorded) == 7)
    stored = [str(words) for words in texts(backoffice)]
    assert [words for words in stored if words.startswith("a")] == ["a1", "a2", "a3", "a4"]
    assert [words for words in stored if words.startswith("b")] == ["b0", "b1", "b2"]
