"""Has the backoffice store what Telegram hands over, and only then lets Telegram forget it."""

from __future__ import annotations

import asyncio
from collections import OrderedDict, defaultdict
from collections.abc import Coroutine, Iterable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import structlog
from telegram.error import RetryAfter, TelegramError

from backoffice.client.client import BackofficeClient
from backoffice.client.errors import BackofficeRefused, BackofficeUnavailable, TooManyMessages
from backoffice.client.guide_copy import GuideCopies
from backoffice.client.schemas import MessageKind
from bot.incoming import FileNotFetched, record
from bot.messages import FileReference, IncomingMessage
from bot.pauses import Backoff, Sleep
from bot.telegram.chat_languages import ChatLanguages
from bot.telegram.gateway_bot import FILE_LIMIT_BYTES, GatewayBot, seconds_of
from bot.telegram.guide_meanwhile import GuideMeanwhile
from bot.telegram.updates import MalformedUpdate, Reading, read_update
from translations.catalog import text

log = structlog.get_logger(__name__)

_TRIES = 4
"""How often a file is asked for, or an update that makes us stumble is tried, before it is let go."""

_REFUSALS_WHILE_WELL = 12
"""How often a backoffice in good health may fail on one update: about a minute."""

_TRIES_BEFORE_NOTICE = 6
"""How often the backoffice is asked in vain before a person is told: a restart does not concern them."""

_CHATS_REMEMBERED = 10_000

_REFUSED_FILES = {
    "file_too_large": "telegram.file_too_big",
    "picture_unreadable": "telegram.file_unreadable",
    "picture_too_large": "telegram.file_unreadable",
    "too_many_files": "telegram.too_many_files",
}
"""What a person is told, by the reason that the backoffice gives."""


@dataclass
class _Line:
    """Those of one chat who wait for their turn, in order; `length` counts the one at work too."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    length: int = 0


class UpdateAcceptance:
    """Takes updates, in order within a chat, and returns when each is stored or rightly skipped.

    An update is skipped, and its number logged, when it is malformed or the backoffice refuses it:
    asking again could not help, and the queue must not stand still. While the backoffice is away
    it waits: Telegram keeps the updates.
    """

    def __init__(
        self,
        client: BackofficeClient,
        bot: GatewayBot,
        languages: ChatLanguages,
        *,
        guide: GuideCopies,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._client = client
        self._bot = bot
        self._languages = languages
        self._meanwhile = GuideMeanwhile(bot, languages, guide)
        self._sleep = sleep
        self._answered_ahead: OrderedDict[int, None] = OrderedDict()
        self._refused_chats: OrderedDict[int, None] = OrderedDict()
        self._lines: dict[Any, _Line] = {}
        self._errands: set[asyncio.Task[None]] = set()
        self.username: str | None = None

    async def accept_all(self, updates: Iterable[Any]) -> None:
        """Accept a batch; chats are served at once, each in the order of the batch."""
        chats: defaultdict[Any, list[Any]] = defaultdict(list)
        for raw in updates:
            chats[_chat_of(raw)].append(raw)
        await asyncio.gather(*(self._accept_in_order(of_chat) for of_chat in chats.values()))

    async def accept(self, raw: Any) -> None:
        """Accept one update after those of its chat that came before."""
        chat = _chat_of(raw)
        line = self._lines.setdefault(chat, _Line())
        line.length += 1
        try:
            async with line.lock:
                await self._accept(raw)
        finally:
            line.length -= 1
            if line.length == 0:
                del self._lines[chat]

    async def stop(self) -> None:
        """Drop the errands that are still under way: none of them carries a person's message."""
        for errand in self._errands:
            errand.cancel()
        await asyncio.gather(*self._errands, return_exceptions=True)

    async def _accept_in_order(self, updates: list[Any]) -> None:
        for raw in updates:
            await self.accept(raw)

    async def _accept(self, raw: Any) -> None:
        try:
            reading = read_update(raw, bot_id=self._bot.number, username=self.username)
        except MalformedUpdate as error:
            log.error("update.malformed", update=error.update_id)
            return
        if self._meanwhile.is_press(reading):
            self._answer_from_copy(reading)
            return
        if reading.message is not None:
            await self._store(reading, reading.message)
        self._attend(reading)

    async def look_ahead(self, updates: Iterable[Any]) -> None:
        """Answer what can be answered of updates that are not accepted yet, while the backoffice is away.

        Telegram keeps them all: they come again, and only what was answered from the copy is done with.
        """
        if await self._client.is_healthy():
            return
        for raw in updates:
            try:
                reading = read_update(raw, bot_id=self._bot.number, username=self.username)
            except MalformedUpdate:
                continue
            if self._meanwhile.is_press(reading):
                self._answer_from_copy(reading)
            elif reading.message is not None:
                self._run(self._meanwhile.message_waits(reading))

    def _answer_from_copy(self, reading: Reading) -> None:
        """Answer a press on a button of the guide's copy, once."""
        if reading.update_id in self._answered_ahead:
            return
        self._answered_ahead[reading.update_id] = None
        if len(self._answered_ahead) > _CHATS_REMEMBERED:
            self._answered_ahead.popitem(last=False)
        self._attend(reading)
        self._run(self._meanwhile.pressed(reading))

    async def _store(self, reading: Reading, message: IncomingMessage) -> None:
        """Have one message stored, without its file when that cannot be had; wait while nobody is there."""
        waiting: IncomingMessage | None = message
        backoff, stumbles, refusals, away = Backoff(limit=5.0), 0, 0, 0
        while waiting is not None:
            try:
                accepted = await record(self._client, waiting, fetch=self._fetch)
            except BackofficeUnavailable:
                # It is well and still does not take this one: no message may stop all others.
                refusals += await self._client.is_healthy()
                if refusals >= _REFUSALS_WHILE_WELL:
                    log.error("update.not_taken", update=reading.update_id)
                    return
                away += 1
                if away == _TRIES_BEFORE_NOTICE:
                    self._run(self._meanwhile.message_waits(reading))
                await self._sleep(backoff.next())
            except (TooManyMessages, RetryAfter) as error:
                await self._sleep(_pause_of(error))
            except BackofficeRefused as refusal:
                log.error("update.refused", update=reading.update_id, status=refusal.status)
                # 409: it was stored before, by a version of ours that read it otherwise.
                known = refusal.status == HTTPStatus.CONFLICT
                key = _REFUSED_FILES.get(refusal.code, "telegram.file_not_kept")
                waiting = None if known else self._without_file(reading, waiting, key)
            except FileNotFetched as error:
                key = "telegram.file_too_big" if error.too_big else "telegram.file_not_received"
                waiting = self._without_file(reading, waiting, key)
            except Exception as error:  # a stumble of ours, or Telegram's file server away
                stumbles += 1
                log.warning("update.stumbled", update=reading.update_id, exc_info=error)
                if stumbles >= _TRIES:
                    waiting = self._without_file(reading, waiting, "telegram.file_not_received")
                await self._sleep(backoff.next())
            else:
                self._meanwhile.stored(reading)
                log.info("update.stored", update=reading.update_id, repeated=accepted.repeated)
                return

    def _without_file(self, reading: Reading, message: IncomingMessage, key: str) -> IncomingMessage | None:
        """Tell the person that the file is not here, and return its caption as a text, if it has one."""
        if message.file is None:
            return None
        self._run(self._say(reading, key))
        if not message.request.text:
            return None
        return IncomingMessage(message.request.model_copy(update={"kind": MessageKind.TEXT}))

    async def _fetch(self, file: FileReference) -> bytes:
        if (file.size_bytes or 0) > FILE_LIMIT_BYTES:
            raise FileNotFetched(too_big=True)
        return await self._bot.fetch_file(file.reference)

    def _attend(self, reading: Reading) -> None:
        """Do what may fail without harm, beside the stream of updates."""
        if reading.callback_id is not None:
            self._run(self._answer_press(reading.callback_id))
        if reading.leave:
            self._refuse(reading)
        elif reading.notice is not None:
            self._run(self._say(reading, reading.notice))

    def _refuse(self, reading: Reading) -> None:
        """Leave a group; say why the first time, and go again when added again."""
        if reading.chat_id is None:
            return
        known = reading.chat_id in self._refused_chats
        self._refused_chats[reading.chat_id] = None
        if len(self._refused_chats) > _CHATS_REMEMBERED:
            self._refused_chats.popitem(last=False)
        if not known or reading.joined:
            self._run(self._leave(reading, say=not known))

    async def _leave(self, reading: Reading, *, say: bool) -> None:
        if say and reading.notice is not None:
            await self._say(reading, reading.notice)
        assert reading.chat_id is not None
        await self._bot.leave_chat(reading.chat_id)

    async def _answer_press(self, callback_id: str) -> None:
        await self._bot.answer_callback_query(callback_id)

    async def _say(self, reading: Reading, key: str) -> None:
        if reading.chat_id is not None:
            language = self._languages.language_for(reading.chat_id, hint=reading.language_hint)
            await self._bot.send_message(reading.chat_id, text(key, language))

    def _run(self, errand: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(_best_effort(errand))
        self._errands.add(task)
        task.add_done_callback(self._errands.discard)


async def _best_effort(errand: Coroutine[Any, Any, None]) -> None:
    try:
        await errand
    except TelegramError as error:
        log.info("telegram.errand_failed", error=type(error).__name__)
    except Exception:
        log.exception("telegram.errand_crashed")


def _pause_of(error: TooManyMessages | RetryAfter) -> float:
    return seconds_of(error) if isinstance(error, RetryAfter) else error.retry_after_seconds


def _chat_of(raw: Any) -> Any:
    """Return what tells chats apart in a raw update, without trusting its shape."""
    if not isinstance(raw, dict):
        return None
    for kind in ("message", "edited_message", "my_chat_member"):
        if isinstance(raw.get(kind), dict):
            chat = raw[kind].get("chat")
            return chat.get("id") if isinstance(chat, dict) and isinstance(chat.get("id"), int) else None
    query = raw.get("callback_query")
    sender = query.get("from") if isinstance(query, dict) else None
    return sender.get("id") if isinstance(sender, dict) and isinstance(sender.get("id"), int) else None
