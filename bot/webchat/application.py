"""The web application of the bot's process: chat page, its calls, health, and the webhook if any."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from backoffice.client.client import BackofficeClient
from backoffice.client.errors import BackofficeUnavailable, NotFound
from backoffice.client.guide_copy import GuideCopies
from backoffice.client.metrics import Measured
from backoffice.client.schemas import OfficeContact
from bot.pauses import Clock
from bot.rasa_pool import Assistant
from bot.webchat.conversation import ConversationCalls
from bot.webchat.feed import EventFeed
from bot.webchat.guide_pages import guide_routes
from bot.webchat.limits import BodyLimit, RateLimit
from bot.webchat.pages import SecurityHeaders, page_routes
from bot.webchat.problems import HANDLERS, RequestRefused
from bot.webchat.requests import supported_language
from bot.webchat.stream import HEARTBEAT_SECONDS
from translations.languages import supported_or_source

SESSIONS_A_MINUTE = 60
_OFFICE_KEPT_SECONDS = 60.0


class OfficeContacts:
    """The office's contact in each language, remembered: a page asks for it when all else is down."""

    def __init__(self, client: BackofficeClient, *, clock: Clock = time.monotonic) -> None:
        self._client = client
        self._clock = clock
        self._kept: dict[str, tuple[float, OfficeContact]] = {}

    async def contact(self, language: str) -> OfficeContact:
        """Return the contact, an older one while the backoffice is away.

        Raises:
            RequestRefused: 404, no office is known.
            BackofficeUnavailable: none is remembered and the backoffice is away.
        """
        kept = self._kept.get(language)
        if kept is not None and kept[0] > self._clock():
            return kept[1]
        try:
            contact = await self._client.read_office(language)
        except NotFound:
            raise RequestRefused(404, "No office is known.") from None
        except BackofficeUnavailable:
            if kept is None:
                raise
            return kept[1]
        self._kept[language] = (self._clock() + _OFFICE_KEPT_SECONDS, contact)
        return contact


def create_application(
    client: BackofficeClient,
    rasa: Assistant,
    feed: EventFeed,
    *,
    guide: GuideCopies,
    channel_routes: Sequence[BaseRoute] = (),
    telegram: str = "off",
    sessions_a_minute: int = SESSIONS_A_MINUTE,
    metrics_token: str | None = None,
    heartbeat_seconds: float = HEARTBEAT_SECONDS,
) -> Starlette:
    """Build the application.

    Args:
        client: the backoffice.
        rasa: only asked whether it is there.
        feed: wakes the streams; it runs elsewhere.
        guide: the last copy of the services guide, shown at `/guide`.
        channel_routes: routes of other channels, such as Telegram's webhook.
        telegram: what `GET /health` says of that channel.
        metrics_token: what Prometheus shows; without it only this machine may look.
        sessions_a_minute: conversations that one client address may open in a minute.
        heartbeat_seconds: pause between signs of life on a stream.
    """
    offices = OfficeContacts(client)

    async def office(request: Request) -> Response:
        language = supported_language(supported_or_source(request.query_params.get("language")))
        contact = await offices.contact(language)
        return Response(contact.model_dump_json(), media_type="application/json")

    calls = ConversationCalls(
        client, feed, openings=RateLimit(sessions_a_minute), heartbeat_seconds=heartbeat_seconds
    )
    routes: list[BaseRoute] = [
        *calls.routes,
        Route("/chat/office", office),
        Route("/health", _health_of(client, rasa, telegram)),
        *channel_routes,
        *guide_routes(guide, now=lambda: datetime.now(UTC)),
        *page_routes(),
    ]
    return Starlette(
        routes=routes,
        exception_handlers=HANDLERS,
        middleware=[
            Middleware(Measured, token=metrics_token),
            Middleware(SecurityHeaders),
            Middleware(BodyLimit),
        ],
    )


def _health_of(
    client: BackofficeClient, rasa: Assistant, telegram: str
) -> Callable[[Request], Awaitable[Response]]:
    async def health(_request: Request) -> Response:
        backoffice_up, rasa_up = await asyncio.gather(client.is_healthy(), rasa.is_alive())
        well = backoffice_up and rasa_up
        document = {
            "status": "ok" if well else "down",
            "backoffice": "ok" if backoffice_up else "down",
            "rasa": "ok" if rasa_up else "down",
            "telegram": telegram,
        }
        return JSONResponse(document, status_code=200 if well else 503)

    return health
