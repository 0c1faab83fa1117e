"""The Telegram channel put together: one bot, what comes in, what goes out."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from starlette.routing import Route
from telegram.error import RetryAfter, TelegramError

from backoffice.client.client import BackofficeClient
from backoffice.client.guide_copy import GuideCopies
from backoffice.client.schemas import Channel
from bot.delivery import DeliveryLoop
from bot.pauses import Backoff, Sleep
from bot.telegram.acceptance import UpdateAcceptance
from bot.telegram.chat_languages import ChatLanguages
from bot.telegram.gateway_bot import ALLOWED_UPDATES, GatewayBot, seconds_of
from bot.telegram.intake import TelegramIntake
from bot.telegram.keyboards import command_menu
from bot.telegram.sender import TelegramSender
from bot.telegram.webhook import PATH, webhook_route
from translations.languages import SOURCE, SUPPORTED

log = structlog.get_logger(__name__)

_MENU_TRIES = 5


class TelegramChannel:
    """Runs beside the web chat, which goes on when Telegram cannot be reached.

    Args:
        guide: the last copy of the services guide, told while the backoffice is away.
        webhook_url: public address of this process; without it, long polling.
        webhook_secret: what Telegram must show at the webhook.
    """

    def __init__(
        self,
        client: BackofficeClient,
        bot: GatewayBot,
        *,
        worker: str,
        guide: GuideCopies,
        webhook_url: str | None = None,
        webhook_secret: str = "",
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        languages = ChatLanguages()
        self._bot = bot
        self._webhook_url = webhook_url
        self._secret = webhook_secret
        self._sleep = sleep
        self.acceptance = UpdateAcceptance(client, bot, languages, guide=guide, sleep=sleep)
        self._intake = TelegramIntake(bot, self.acceptance, sleep=sleep)
        self.deliveries = DeliveryLoop(
            client,
            TelegramSender(bot, languages=languages, pictures=client.read_attachment),
            channel=Channel.TELEGRAM,
            worker=worker,
        )

    @property
    def routes(self) -> list[Route]:
        """The webhook, when one is wanted."""
        return [webhook_route(self.acceptance, self._secret)] if self._webhook_url else []

    async def receive(self) -> None:
        """Open the channel and take in what comes, until cancelled."""
        await self._until_done(self._open, "telegram.not_opened")
        menu = asyncio.create_task(
            self._until_done(self._publish_menu, "telegram.menu_failed", tries=_MENU_TRIES)
        )
        try:
            await self._until_done(self._learn_name, "telegram.name_unknown", tries=_MENU_TRIES)
            if self._webhook_url is None:
                await self._intake.run()
            await asyncio.Event().wait()  # the webhook brings updates to `routes`
        finally:
            menu.cancel()
            await self.acceptance.stop()

    async def aclose(self) -> None:
        """Close the connections to Telegram."""
        await self._bot.close_connections()

    async def _open(self) -> None:
        # drop_pending_updates is never true: it throws away what people wrote during a restart.
        if self._webhook_url is None:
            await self._bot.delete_webhook(drop_pending_updates=False)
        else:
            url = self._webhook_url
            await self._bot.set_webhook(
                url if url.endswith(PATH) else f"{url}{PATH}",
                allowed_updates=list(ALLOWED_UPDATES),
                drop_pending_updates=False,
                secret_token=self._secret,
            )
        log.info("telegram.open", webhook=self._webhook_url is not None)

    async def _learn_name(self) -> None:
        self.acceptance.username = (await self._bot.get_me()).username

    async def _publish_menu(self) -> None:
        await self._bot.set_my_commands(command_menu(SOURCE))
        for language in SUPPORTED:
            await self._bot.set_my_commands(command_menu(language), language_code=language)

    async def _until_done(
        self, step: Callable[[], Awaitable[None]], event: str, *, tries: int | None = None
    ) -> None:
        backoff, failures = Backoff(first=0.5, limit=30.0), 0
        while tries is None or failures < tries:
            try:
                await step()
                return
            except TelegramError as error:
                failures += 1
                if failures == 1:
                    log.warning(event, error=type(error).__name__)
                await self._sleep(seconds_of(error) if isinstance(error, RetryAfter) else backoff.next())
