"""PTB's Bot with the two calls that must not go through its object layer.

`get_updates` of PTB parses a whole batch at once: one update that it cannot parse hides the others
for ever. `get_file` of PTB opens a path on this machine when the server names one.
"""

from __future__ import annotations

import ipaddress
import re
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
from telegram import Bot
from telegram.error import BadRequest, NetworkError, RetryAfter, TimedOut
from telegram.request import HTTPXRequest

from bot.incoming import FileNotFetched

ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")
FILE_LIMIT_BYTES = 20 * 1024 * 1024
"""What the Bot API lets a bot download (core.telegram.org/bots/api#getfile)."""

_SAFE_PATH = re.compile(r"[\w\-. ]+(/[\w\-. ]+)*")
_FILE_TIMEOUT_SECONDS = 20.0


class GatewayBot(Bot):
    """A bot that reads raw updates and downloads files itself.

    Args:
        token: as @BotFather gives it; the number before the colon is the bot's id.
        api_url: base of the Bot API; methods at `<api_url>/bot<token>/`, files at
            `<api_url>/file/bot<token>/`.
        read_seconds: how long Telegram may think about a call.
    """

    __slots__ = ("_file_url", "_files", "_read_seconds")

    def __init__(self, token: str, api_url: str, *, read_seconds: float = 10.0) -> None:
        trust_env = not _is_loopback(api_url)
        super().__init__(
            token,
            base_url=f"{api_url}/bot",
            base_file_url=f"{api_url}/file/bot",
            request=_request(pool_size=32, trust_env=trust_env, read_seconds=read_seconds),
            get_updates_request=_request(pool_size=1, trust_env=trust_env, read_seconds=read_seconds),
        )
        with self._unfrozen():
            self._read_seconds = read_seconds
            self._file_url = f"{api_url}/file/bot{token}"
            self._files = httpx.AsyncClient(timeout=_FILE_TIMEOUT_SECONDS, trust_env=trust_env)

    @property
    def number(self) -> int:
        """The bot's id, known without asking Telegram."""
        return int(self.token.partition(":")[0])

    async def fetch_updates(self, *, offset: int | None, timeout_seconds: int) -> list[Any]:
        """Wait for updates and return them as Telegram wrote them; nothing is confirmed but `offset`.

        Raises:
            TelegramError: Telegram refused or cannot be reached.
        """
        result = await self._post(
            "getUpdates",
            {"offset": offset, "timeout": timeout_seconds, "allowed_updates": list(ALLOWED_UPDATES)},
            read_timeout=timeout_seconds + self._read_seconds,
        )
        return result if isinstance(result, list) else []

    async def fetch_file(self, file_id: str) -> bytes:
        """Download a file of up to 20 MB.

        Raises:
            FileNotFetched: it is too big, or Telegram does not have it.
            TelegramError: Telegram cannot be reached now.
        """
        try:
            described = await self._post("getFile", {"file_id": file_id})
        except BadRequest as error:
            raise FileNotFetched(too_big="too big" in error.message.lower()) from error
        path = str(described.get("file_path", "")) if isinstance(described, dict) else ""
        if not _SAFE_PATH.fullmatch(path) or ".." in path:
            raise FileNotFetched
        try:
            return await self._download(f"{self._file_url}/{quote(path)}")
        except httpx.TimeoutException as error:
            raise TimedOut from error
        except httpx.HTTPError as error:
            raise NetworkError(type(error).__name__) from error

    async def _download(self, url: str) -> bytes:
        content = bytearray()
        async with self._files.stream("GET", url) as response:
            if response.is_client_error:
                raise FileNotFetched
            response.raise_for_status()
            async for chunk in response.aiter_bytes():
                content += chunk
                if len(content) > FILE_LIMIT_BYTES:
                    raise FileNotFetched(too_big=True)
        return bytes(content)

    async def close_connections(self) -> None:
        """Close every connection, also when the bot was never initialised."""
        for request in self._request:
            await request.shutdown()
        await self._files.aclose()


def seconds_of(error: RetryAfter) -> float:
    """Return how long a 429 asks to wait."""
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


def _request(*, pool_size: int, trust_env: bool, read_seconds: float) -> HTTPXRequest:
    return HTTPXRequest(
        connection_pool_size=pool_size,
        read_timeout=read_seconds,
        connect_timeout=5.0,
        pool_timeout=10.0,
        httpx_kwargs={"trust_env": trust_env},
    )


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
