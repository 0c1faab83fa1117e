"""Telegram while the backoffice is away: a notice, once, and the guide from the last copy."""

from __future__ import annotations

import pytest

from backoffice.client.guide_copy import GuideCopies
from bot.telegram.acceptance import UpdateAcceptance
from bot.telegram.gateway_bot import GatewayBot
from bot.telegram.intake import TelegramIntake
from tests.bot.conftest import Run
from tests.bot.fakes import FakeBackoffice
from tests.bot.guide_copies import copied_guide
from tests.bot.telegram.conftest import briefly
from tests.telegram_emulator import Person, TelegramEmulator
from translations.catalog import text


@pytest.fixture
def intake(bot: GatewayBot, acceptance: UpdateAcceptance) -> TelegramIntake:
    return TelegramIntake(bot, acceptance, poll_seconds=2, look_seconds=0.05, sleep=briefly)


def told(olena: Person, words: str) -> list[str]:
    return [said for said in olena.texts if words in said]


async def test_in_an_outage_the_topics_are_offered_once_and_a_press_is_answered_from_the_copy(
    backoffice: FakeBackoffice,
    telegram: TelegramEmulator,
    olena: Person,
    copies: GuideCopies,
    intake: TelegramIntake,
    run: Run,
) -> None:
    copies.keep(copied_guide("uk"))
    backoffice.away = True
    olena.send_text("Як продовжити дозвіл?")
    run(intake.run())
    kept = text("guide_copy.telegram_kept", "uk")
    await telegram.world.until(lambda: bool(told(olena, kept)))
    olena.send_text("Ви тут?")  # no second notice

    olena.press(text("bot.button.intent_ask_residence_permit", "uk"))
    await telegram.world.until(lambda: bool(told(olena, "Vai alla posta.")))
    olena.press("Rinnovo")
    await telegram.world.until(lambda: bool(told(olena, "• Passaporto")))

    [case] = told(olena, "• Passaporto")
    assert "25 листопада 2026" in case
    assert "Patronato SIAS (2025)" in case
    assert len(told(olena, kept)) == 1

    backoffice.away = False
    await backoffice.until(lambda: len(backoffice.recorded) == 2)
    await telegram.world.until(lambda: not telegram.world.updates)
    assert [request.text for request in backoffice.recorded.values()] == ["Як продовжити дозвіл?", "Ви тут?"]
    assert len(told(olena, "• Passaporto")) == 1


async def test_without_a_copy_the_person_hears_that_the_message_waits(
    backoffice: FakeBackoffice, telegram: TelegramEmulator, olena: Person, intake: TelegramIntake, run: Run
) -> None:
    backoffice.away = True
    olena.send_text("Добрий день")
    run(intake.run())

    await telegram.world.until(lambda: bool(told(olena, text("guide_copy.telegram_kept", "uk"))))
    olena.press_data("guide:residence_permit")

    await telegram.world.until(lambda: bool(told(olena, text("guide_copy.none", "uk"))))


async def test_a_short_absence_is_told_to_nobody(
    backoffice: FakeBackoffice, telegram: TelegramEmulator, olena: Person, intake: TelegramIntake, run: Run
) -> None:
    backoffice.fail("record_message", times=3)
    olena.send_text("Добрий день")
    run(intake.run())

    await backoffice.until(lambda: len(backoffice.recorded) == 1)
    await telegram.world.until(lambda: not telegram.world.updates)

    assert olena.texts == []


@pytest.mark.parametrize("data", ["guide:football", "guide:", "guide:residence_permit:nothing"])
async def test_an_old_or_forged_press_has_a_way_on(
    backoffice: FakeBackoffice,
    telegram: TelegramEmulator,
    olena: Person,
    copies: GuideCopies,
    intake: TelegramIntake,
    run: Run,
    data: str,
) -> None:
    copies.keep(copied_guide("uk"))
    olena.press_data(data)
    run(intake.run())

    await telegram.world.until(lambda: bool(olena.texts))

    assert olena.labels
    assert backoffice.recorded == {}
