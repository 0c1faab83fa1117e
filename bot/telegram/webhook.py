"""`POST /telegram/webhook`: updates that Telegram brings itself."""

from __future__ import annotations

import asyncio
import json
from hmac import compare_digest

import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.telegram.acceptance import UpdateAcceptance
from bot.webchat.problems import problem

log = structlog.get_logger(__name__)

PATH = "/telegram/webhook"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name
_ACCEPT_SECONDS = 25.0


def webhook_route(
    acceptance: UpdateAcceptance, secret: str, *, accept_seconds: float = _ACCEPT_SECONDS
) -> Route:
    """Return the route; 200 means stored (or rightly skipped), 503 asks Telegram to come again."""

    async def receive(request: Request) -> Response:
        shown = request.headers.get(SECRET_HEADER, "")
        if not compare_digest(shown.encode(), secret.encode()):
            log.warning("webhook.forged")
            return problem(401, "The secret of the webhook is missing or wrong.")
        body = await request.body()
        try:
            update = json.loads(body)
        except (ValueError, RecursionError):
            log.error("update.malformed", update=None)
            return Response(status_code=200)
        try:
            async with asyncio.timeout(accept_seconds):
                await acceptance.accept(update)
        except TimeoutError:
            return problem(503, "The message could not be stored now.", retry_after_seconds=5)
        return Response(status_code=200)

    return Route(PATH, receive, methods=["POST"], name="telegram_webhook")
