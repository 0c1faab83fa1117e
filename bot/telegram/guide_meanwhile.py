"""The guide on Telegram while the backoffice is away: a notice, once, and answers from the last copy.

The buttons are the gateway's own (`guide:<topic>:<case>`): a press is answered here and never stored,
for it says nothing that anybody else has to know.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, datetime

from backoffice.client.guide_copy import GuideCopies, as_copied
from backoffice.client.schemas import Button, GuideAnswer, GuideCopy
from bot.guide_wording import case_told, day_in, topic_name, topic_told
from bot.pauses import Clock
from bot.telegram.chat_languages import ChatLanguages
from bot.telegram.gateway_bot import GatewayBot
from bot.telegram.keyboards import inline_keyboard
from bot.telegram.texts import split_text
from bot.telegram.updates import Reading
from translations.catalog import text
from translations.languages import direction

PRESS = "guide:"
_NOTICE_AGAIN_SECONDS = 1800.0
_CHATS_REMEMBERED = 10_000


class GuideMeanwhile:
    """Says that a message waits, and answers the guide's buttons."""

    def __init__(
        self,
        bot: GatewayBot,
        languages: ChatLanguages,
        copies: GuideCopies,
        *,
        clock: Clock = time.monotonic,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._bot = bot
        self._languages = languages
        self._copies = copies
        self._clock = clock
        self._now = now
        self._told: OrderedDict[int, float] = OrderedDict()

    def is_press(self, reading: Reading) -> bool:
        """Tell whether an update is a press on one of the buttons of here."""
        button = reading.message.request.button if reading.message is not None else None
        return button is not None and button.startswith(PRESS)

    def stored(self, reading: Reading) -> None:
        """Note that the backoffice is there again for a chat: the next outage is told anew."""
        if reading.chat_id is not None:
            self._told.pop(reading.chat_id, None)

    async def message_waits(self, reading: Reading) -> None:
        """Say once in an outage that the message waits, and offer the topics of the copy.

        Raises:
            TelegramError: it could not be said.
        """
        chat_id = reading.chat_id
        if chat_id is None or not self._begin_notice(chat_id):
            return
        language = self._language(reading, chat_id)
        said = text("guide_copy.telegram_kept", language)
        copy = self._copies.read(language)
        if copy is None:
            await self._say(chat_id, said, [], language)
            return
        choose = text("guide_copy.telegram_choose", language, day=day_in(language, copy.made_at))
        await self._say(chat_id, f"{said}\n\n{choose}", _topics(copy, language), language)

    async def pressed(self, reading: Reading) -> None:
        """Answer a press from the copy; where there is none, or no such topic, say so with a way on.

        Raises:
            TelegramError: it could not be said.
        """
        assert reading.message is not None
        if reading.chat_id is None:
            return
        language = self._language(reading, reading.chat_id)
        copy = self._copies.read(language)
        if copy is None:
            await self._say(reading.chat_id, text("guide_copy.none", language), [], language)
            return
        wanted = (reading.message.request.button or "").removeprefix(PRESS)
        said, buttons = self._answer(copy, wanted, language)
        await self._say(reading.chat_id, said, buttons, language)

    def _answer(self, copy: GuideCopy, wanted: str, language: str) -> tuple[str, list[Button]]:
        topic, _, name = wanted.partition(":")
        found = next((answer for answer in copy.topics if answer.topic == topic), None)
        if found is None:
            key = "guide_copy.unknown_topic" if wanted else "guide_copy.choose"
            return text(key, language), _topics(copy, language)
        answer = as_copied(found, copy, now=self._now())
        case = next((case for case in answer.cases if case.name == name), None)
        if case is not None:
            return case_told(answer, case, language), _ways(answer, language)
        return topic_told(answer, language), _ways(answer, language)

    def _begin_notice(self, chat_id: int) -> bool:
        now = self._clock()
        last = self._told.get(chat_id)
        if last is not None and now - last < _NOTICE_AGAIN_SECONDS:
            return False
        self._told[chat_id] = now
        self._told.move_to_end(chat_id)
        if len(self._told) > _CHATS_REMEMBERED:
            self._told.popitem(last=False)
        return True

    def _language(self, reading: Reading, chat_id: int) -> str:
        return self._languages.language_for(chat_id, hint=reading.language_hint)

    async def _say(self, chat_id: int, said: str, buttons: list[Button], language: str) -> None:
        *before, last = split_text(said)
        for part in before:
            await self._bot.send_message(chat_id, part)
        keyboard = inline_keyboard(buttons, direction(language))
        await self._bot.send_message(chat_id, last, reply_markup=keyboard)


def _topics(copy: GuideCopy, language: str) -> list[Button]:
    return [
        Button(label=topic_name(answer.topic, language), token=f"{PRESS}{answer.topic}")
        for answer in copy.topics
    ]


def _ways(answer: GuideAnswer, language: str) -> list[Button]:
    """Return the cases of a topic, and the way back to all topics."""
    cases = [
        Button(
            label=case.option or text("guide_topics.aspect.steps", language),
            token=f"{PRESS}{answer.topic}:{case.name}",
        )
        for case in answer.cases
    ]
    return [*cases, Button(label=text("guide_copy.all_topics", language), token=PRESS)]
