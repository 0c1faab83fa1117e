"""`python -m bot`: web chat, Telegram, turns and deliveries in one event loop.

The process ends with 0 when it is told to stop, and with 1 when one of its parts dies: the
supervisor then starts it afresh, which is safer than to go on without, say, deliveries.
"""

from __future__ import annotations

import asyncio
import secrets
import signal
import socket
import sys
from collections.abc import Coroutine, Iterator
from contextlib import AsyncExitStack, contextmanager
from typing import Any

import structlog
import uvicorn

from backoffice.client.client import BackofficeClient
from backoffice.client.guide_copy import GuideCopies, keep_copies
from backoffice.client.pid_file import pid_file
from backoffice.client.senders import trusted_proxies
from backoffice.client.strict_http import StrictProtocol, room_for_connections
from bot.assistant import ActionServer, AssistantWatch
from bot.logs import configure_logging
from bot.metrics import STREAMS
from bot.rasa_client import RasaClient
from bot.rasa_pool import Assistant, RasaPool
from bot.settings import BotSettings, load_settings
from bot.telegram.channel import TelegramChannel
from bot.telegram.gateway_bot import GatewayBot
from bot.turns import TurnDispatcher
from bot.webchat.application import create_application
from bot.webchat.feed import MOST_STREAMS, EventFeed
from translations.languages import SUPPORTED

log = structlog.get_logger(__name__)

_STOP_SECONDS = 2.5


class Server(uvicorn.Server):
    """uvicorn without its own signal handling: this process stops all its parts together."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals alone."""
        yield


def main() -> int:
    """Run until told to stop; return the exit code."""
    settings = load_settings()
    configure_logging(settings.log_level)
    return asyncio.run(serve(settings))


async def serve(settings: BotSettings) -> int:
    """Build every part, run them, and stop them within three seconds."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with AsyncExitStack() as resources:
        client = BackofficeClient(settings.backoffice, settings.read_service_token())
        resources.push_async_callback(client.aclose)
        rasa = RasaPool([(each, RasaClient(each, settings.rasa_secret())) for each in settings.rasas])
        resources.push_async_callback(rasa.aclose)
        actions = ActionServer(settings.actions)
        resources.push_async_callback(actions.aclose)
        worker = _worker(settings)
        copies = GuideCopies(settings.data_dir)
        telegram = _telegram(settings, client, worker, copies)
        if telegram is not None:
            resources.push_async_callback(telegram.aclose)
        StrictProtocol.most_connections = room = room_for_connections()
        feed = EventFeed(client, most_streams=min(MOST_STREAMS, room * 3 // 5))
        STREAMS.set_function(lambda: feed.listening)
        watch = AssistantWatch(client, rasa, actions)
        server = _server(settings, client, rasa, feed, copies, telegram)
        parts: dict[str, Coroutine[Any, Any, None]] = {
            "web": server.serve(),
            "events": feed.run(),
            "turns": TurnDispatcher(client, rasa, watch, worker=worker).run(),
            "assistant": watch.run(),
            "guide": keep_copies(client, copies, SUPPORTED),
        }
        if telegram is not None:
            parts |= {"telegram": telegram.receive(), "deliveries": telegram.deliveries.run()}
        resources.enter_context(pid_file(settings.data_dir / "run", "bot", port=settings.bot_port))
        return await run_parts(parts, stop, server, feed)


async def run_parts(
    parts: dict[str, Coroutine[Any, Any, None]], stop: asyncio.Event, server: Server, feed: EventFeed
) -> int:
    """Run the parts until one ends or a signal comes; return the exit code."""
    tasks = {asyncio.create_task(part, name=name): name for name, part in parts.items()}
    told = asyncio.create_task(stop.wait())
    done, _ = await asyncio.wait({told, *tasks}, return_when=asyncio.FIRST_COMPLETED)
    dead = done - {told}
    for task in dead:
        error = None if task.cancelled() else task.exception()
        log.critical("part.died", part=tasks[task], exc_info=error)  # type: ignore[index]  # `told` is not in it
    feed.stop()
    server.should_exit = True
    told.cancel()
    for task, name in tasks.items():
        if name != "web":
            task.cancel()
    await asyncio.wait(tasks, timeout=_STOP_SECONDS)
    log.info("stopped", dead=len(dead))
    return 1 if dead else 0


def _server(
    settings: BotSettings,
    client: BackofficeClient,
    rasa: Assistant,
    feed: EventFeed,
    copies: GuideCopies,
    telegram: TelegramChannel | None,
) -> Server:
    application = create_application(
        client,
        rasa,
        feed,
        guide=copies,
        channel_routes=telegram.routes if telegram else (),
        telegram=_telegram_state(settings),
        sessions_a_minute=settings.chat_sessions_per_minute,
        metrics_token=settings.shown_by_scrapers(),
    )
    return Server(
        uvicorn.Config(
            application,
            host=settings.host,
            port=settings.bot_port,
            log_config=None,
            access_log=False,
            lifespan="off",
            server_header=False,
            forwarded_allow_ips=trusted_proxies(),
            http=StrictProtocol,
            ws="none",
            timeout_graceful_shutdown=1,
            timeout_keep_alive=30,
            h11_max_incomplete_event_size=32 * 1024,
        )
    )


def _telegram(
    settings: BotSettings, client: BackofficeClient, worker: str, copies: GuideCopies
) -> TelegramChannel | None:
    if settings.telegram_token is None:
        log.info("telegram.off", reason="SPORTELLO_TELEGRAM_TOKEN is not set")
        return None
    webhook = settings.telegram_webhook_url
    return TelegramChannel(
        client,
        GatewayBot(settings.telegram_token.get_secret_value(), settings.telegram_api_url),
        worker=worker,
        guide=copies,
        webhook_url=webhook,
        webhook_secret=settings.webhook_secret() if webhook else "",
    )


def _telegram_state(settings: BotSettings) -> str:
    if settings.telegram_token is None:
        return "off"
    return "webhook" if settings.telegram_webhook_url else "polling"


def _worker(settings: BotSettings) -> str:
    """Name this bot, and after `#` this start of it.

    The backoffice gives what the same name held before straight to the new start, without waiting
    for the lease of 30 s to run out.
    """
    return f"bot@{socket.gethostname()}:{settings.bot_port}#{secrets.token_hex(6)}"


if __name__ == "__main__":
    sys.exit(main())
