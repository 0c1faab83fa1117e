"""Long polling of our own: the offset moves only after the backoffice has accepted the whole batch.

PTB's `Updater` confirms updates that lie only in memory; here a crash between fetching and storing
costs nothing, since Telegram gives the same batch again and the backoffice knows what it has.
"""

from __future__ import annotations

import asyncio
from typing import Any

import structlog
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.pauses import Backoff, Sleep
from bot.telegram.acceptance import UpdateAcceptance
from bot.telegram.gateway_bot import GatewayBot, seconds_of
from bot.telegram.updates import id_of

log = structlog.get_logger(__name__)

POLL_SECONDS = 25
LOOK_SECONDS = 8.0
"""How long a batch may take before the next updates are looked at: by then the backoffice is away."""
_BAD_TOKEN_SECONDS = 60.0


class TelegramIntake:
    """Fetches updates and has them accepted, until cancelled."""

    def __init__(
        self,
        bot: GatewayBot,
        acceptance: UpdateAcceptance,
        *,
        poll_seconds: int = POLL_SECONDS,
        look_seconds: float = LOOK_SECONDS,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._bot = bot
        self._acceptance = acceptance
        self._poll_seconds = poll_seconds
        self._look_seconds = look_seconds
        self._sleep = sleep
        self._backoff = Backoff(first=0.5, limit=30.0)
        self._silent = False

    async def run(self) -> None:
        """Poll for ever; an outage of Telegram is waited out."""
        offset: int | None = None
        while True:
            try:
                updates = await self._bot.fetch_updates(offset=offset, timeout_seconds=self._poll_seconds)
            except TelegramError as error:
                await self._sleep(await self._pause_after(error))
                continue
            self._recovered()
            if updates:
                await self._accept(updates, offset)
                numbers = [number for number in map(id_of, updates) if number is not None]
                offset = max(numbers) + 1 if numbers else offset

    async def _accept(self, updates: list[Any], offset: int | None) -> None:
        """Have a batch accepted; where that takes long, look at what else has come, without confirming it."""
        accepting = asyncio.create_task(self._acceptance.accept_all(updates))
        try:
            while not (await asyncio.wait({accepting}, timeout=self._look_seconds))[0]:
                await self._look_ahead(offset)
            await accepting
        finally:
            accepting.cancel()

    async def _look_ahead(self, offset: int | None) -> None:
        try:
            seen = await self._bot.fetch_updates(offset=offset, timeout_seconds=0)
        except TelegramError:
            return  # nothing is lost: the next look, or the next poll, brings them
        await self._acceptance.look_ahead(seen)

    async def _pause_after(self, error: TelegramError) -> float:
        """Return how long to wait, and undo what can be undone."""
        if not self._silent:
            # One line for an outage, not one for each try.
            log.warning("telegram.poll_failed", error=type(error).__name__)
        self._silent = True
        if isinstance(error, RetryAfter):
            return seconds_of(error)
        if isinstance(error, InvalidToken):
            return _BAD_TOKEN_SECONDS
        if isinstance(error, Conflict) and "webhook" in error.message.lower():
            await self._drop_webhook()
        return self._backoff.next()

    async def _drop_webhook(self) -> None:
        try:
            await self._bot.delete_webhook(drop_pending_updates=False)
        except TelegramError as error:
            log.warning("telegram.webhook_not_deleted", error=type(error).__name__)

    def _recovered(self) -> None:
        if self._silent:
            log.info("telegram.poll_recovered")
        self._silent = False
        self._backoff.reset()
