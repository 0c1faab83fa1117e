"""The action server's address, with connections that stay open between the calls.

Rasa opens a session and a connection for each call of an action, two or three in a turn.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

import aiohttp
from rasa.utils.endpoints import EndpointConfig

KEPT_SECONDS: Final = 3.0
"""Less than the action server's five (uvicorn's own): whoever closes first must be the one who calls."""


class ActionEndpoint(EndpointConfig):
    """One session for the process and its event loop."""

    def __init__(self, **said: Any) -> None:
        """Open nothing yet.

        Args:
            said: what `nlu/endpoints.yml` says of the action server.
        """
        super().__init__(**said)
        self._kept: aiohttp.ClientSession | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    @asynccontextmanager
    async def session(self) -> AsyncIterator[Any]:
        """Lend the session, which stays open."""
        loop = asyncio.get_running_loop()
        if self._kept is None or self._loop is not loop:
            self._loop = loop
            connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=KEPT_SECONDS)
            self._kept = aiohttp.ClientSession(headers=self.headers, connector=connector)
        yield self._kept

    async def aclose(self) -> None:
        """Close the connections."""
        if self._kept is not None:
            await self._kept.close()
            self._kept = None
