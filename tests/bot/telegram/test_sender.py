import pytest
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TimedOut,
)

from backoffice.client.errors import NotFound
from backoffice.client.schemas import Button, DeliveryOutcome
from bot.pauses import Gate, Pace
from bot.telegram.chat_languages import ChatLanguages
from bot.telegram.sender import TelegramSender
from tests.bot.fakes import FakeTelegramBot, FakeTime, delivery

BUTTONS = [Button(label="Sì", token="tok-yes"), Button(label="No", token="tok-no")]


@pytest.fixture
def bot() -> FakeTelegramBot:
    return FakeTelegramBot()


@pytest.fixture
def time() -> FakeTime:
    return FakeTime()


@pytest.fixture
def languages() -> ChatLanguages:
    return ChatLanguages()


@pytest.fixture
def sender(bot: FakeTelegramBot, time: FakeTime, languages: ChatLanguages) -> TelegramSender:
    return TelegramSender(
        bot,
        gate=Gate(clock=time, sleep=time.sleep),
        pace=Pace(1000, clock=time, sleep=time.sleep),
        languages=languages,
    )


async def test_a_message_goes_as_plain_text_with_tokens_under_its_buttons(
    bot: FakeTelegramBot, sender: TelegramSender
) -> None:
    report = await sender.send(delivery(text="Vuoi *davvero* <b>?", buttons=BUTTONS))
    assert (report.outcome, report.provider_id) == (DeliveryOutcome.SENT, "1")
    assert bot.sent[0]["text"] == "Vuoi *davvero* <b>?"
    (row,) = bot.sent[0]["reply_markup"].inline_keyboard
    assert [(key.text, key.callback_data) for key in row] == [("Sì", "tok-yes"), ("No", "tok-no")]


async def test_a_long_text_goes_in_parts_with_the_buttons_under_the_last(
    bot: FakeTelegramBot, sender: TelegramSender
) -> None:
    await sender.send(delivery(text="parola " * 1500, buttons=BUTTONS))
    assert [sent["reply_markup"] is None for sent in bot.sent] == [True, True, False]
    assert all(len(sent["text"]) <= 4096 for sent in bot.sent)


async def test_a_429_is_obeyed_to_the_second_by_everybody(
    bot: FakeTelegramBot, sender: TelegramSender, time: FakeTime
) -> None:
    bot.script.append(RetryAfter(7))
    report = await sender.send(delivery(1))
    assert (report.outcome, report.retry_after_seconds) == (DeliveryOutcome.RETRY, 7)
    other = await sender.send(delivery(2))
    assert other.outcome is DeliveryOutcome.SENT
    assert time.slept == [7]


async def test_during_a_long_429_nothing_waits_here(
    bot: FakeTelegramBot, sender: TelegramSender, time: FakeTime
) -> None:
    bot.script.append(RetryAfter(300))
    await sender.send(delivery(1))
    other = await sender.send(delivery(2))
    assert (other.outcome, other.retry_after_seconds) == (DeliveryOutcome.RETRY, 300)
    assert bot.sent == []
    await sender.ready()
    assert time.slept == [300]


async def test_what_a_429_interrupted_goes_on_where_it_stopped(
    bot: FakeTelegramBot, sender: TelegramSender
) -> None:
    long = delivery(text="a" * 4096 + " " + "b" * 10)
    bot.script.extend([None, RetryAfter(1)])
    assert (await sender.send(long)).outcome is DeliveryOutcome.RETRY
    assert (await sender.send(long)).outcome is DeliveryOutcome.SENT
    assert [sent["text"][0] for sent in bot.sent] == ["a", "b"]


@pytest.mark.parametrize(
    "error",
    [
        Forbidden("Forbidden: bot was blocked by the user"),
        BadRequest("Chat not found"),
        ChatMigrated(-100),
    ],
)
async def test_a_person_who_is_gone_is_unreachable(
    bot: FakeTelegramBot, sender: TelegramSender, error: Exception
) -> None:
    bot.script.append(error)
    assert (await sender.send(delivery())).outcome is DeliveryOutcome.UNREACHABLE


async def test_a_400_falls_back_to_plain_text_with_the_labels(
    bot: FakeTelegramBot, sender: TelegramSender
) -> None:
    bot.script.append(BadRequest("BUTTON_DATA_INVALID"))
    report = await sender.send(delivery(text="Scegli", buttons=BUTTONS))
    assert report.outcome is DeliveryOutcome.SENT
    assert bot.sent == [{"chat_id": 5_000_001, "text": "Scegli\n• Sì\n• No", "reply_markup": None}]


async def test_a_400_that_plain_text_does_not_mend_ends_the_delivery(
    bot: FakeTelegramBot, sender: TelegramSender
) -> None:
    bot.script.extend([BadRequest("Bad Request: no"), BadRequest("Bad Request: no")])
    report = await sender.send(delivery())
    assert (report.outcome, report.error) == (DeliveryOutcome.FAILED, "No")


async def test_a_text_without_anything_to_see_is_not_sent(
    bot: FakeTelegramBot, sender: TelegramSender
) -> None:
    assert (await sender.send(delivery(text=" \x00 "))).outcome is DeliveryOutcome.FAILED
    assert bot.sent == []


@pytest.mark.parametrize(("attempt", "pause"), [(1, 1), (3, 4), (20, 60)])
@pytest.mark.parametrize("error", [NetworkError("Bad Gateway"), TimedOut()])
async def test_silence_and_5xx_are_tried_again_with_growing_pauses(
    bot: FakeTelegramBot, sender: TelegramSender, error: Exception, attempt: int, pause: float
) -> None:
    bot.script.append(error)
    report = await sender.send(delivery(attempt=attempt))
    assert (report.outcome, report.retry_after_seconds) == (DeliveryOutcome.RETRY, pause)


async def test_a_refused_token_rests_the_channel(
    bot: FakeTelegramBot, sender: TelegramSender, time: FakeTime
) -> None:
    bot.script.append(InvalidToken("Unauthorized"))
    assert (await sender.send(delivery())).outcome is DeliveryOutcome.RETRY
    await sender.ready()
    assert time.slept == [60]


async def test_the_language_of_a_chat_is_learned_from_what_is_delivered(
    sender: TelegramSender, languages: ChatLanguages
) -> None:
    assert languages.language_for(5_000_001) == "it"
    await sender.send(delivery(language="uk"))
    assert languages.language_for(5_000_001, hint="en") == "uk"


async def test_a_correction_answers_the_message_that_it_corrects(
    bot: FakeTelegramBot, sender: TelegramSender
) -> None:
    await sender.send(delivery(text="Nuovo", corrects=True, reply_to="41"))
    assert bot.sent[0]["reply_parameters"].message_id == 41
    assert bot.sent[0]["reply_parameters"].allow_sending_without_reply


async def test_a_text_in_another_language_does_not_change_what_the_chat_speaks(
    sender: TelegramSender, languages: ChatLanguages
) -> None:
    said = delivery(text="Ciao", language="it", person_language="uk", translated_by="none")
    await sender.send(said)
    assert languages.language_for(said.chat_id) == "uk"


async def read_picture(attachment_id: str, *, conversation_id: str) -> tuple[bytes, str]:
    if attachment_id == "gone":
        raise NotFound(404, "There is no such file.")
    return f"{conversation_id}/{attachment_id}".encode(), "image/jpeg"


async def test_a_picture_goes_before_the_words(bot: FakeTelegramBot) -> None:
    sender = TelegramSender(bot, pictures=read_picture)
    await sender.send(delivery(text="Casa", picture_id="p1", conversation_id="c1", buttons=BUTTONS))
    assert [sorted(sent)[-1] for sent in bot.sent] == ["photo", "text"]
    assert bot.sent[0]["photo"] == b"c1/p1"


@pytest.mark.parametrize(("picture", "script"), [("gone", []), ("p1", [BadRequest("IMAGE_PROCESS_FAILED")])])
async def test_a_picture_that_cannot_be_sent_holds_no_words_up(
    bot: FakeTelegramBot, picture: str, script: list[Exception]
) -> None:
    bot.script.extend(script)
    report = await TelegramSender(bot, pictures=read_picture).send(delivery(text="Casa", picture_id=picture))
    assert report.outcome is DeliveryOutcome.SENT
    assert [sent["text"] for sent in bot.sent] == ["Casa"]


async def test_a_picture_that_was_sent_is_not_sent_again_with_its_words(bot: FakeTelegramBot) -> None:
    sender, shown = TelegramSender(bot, pictures=read_picture), delivery(text="Casa", picture_id="p1")
    bot.script.extend([None, NetworkError("gone")])
    assert (await sender.send(shown)).outcome is DeliveryOutcome.RETRY
    assert (await sender.send(shown)).outcome is DeliveryOutcome.SENT
    assert [sorted(sent)[-1] for sent in bot.sent] == ["photo", "text"]
