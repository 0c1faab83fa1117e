"""Whose request it is: the bearer token, and a short memory of what it opens."""

from __future__ import annotations

import hashlib
import time
from collections import OrderedDict

from starlette.requests import Request

from backoffice.client.client import BackofficeClient
from backoffice.client.errors import NotFound
from backoffice.client.schemas import SessionFound, SessionLookup
from bot.pauses import Clock
from bot.webchat.problems import RequestRefused

_KEPT_SECONDS = 60.0
_KEPT_AT_MOST = 10_000
_LONGEST_TOKEN = 200


class Sessions:
    """Finds the session of a request.

    What was found is remembered for a minute by the token's SHA-256; the token itself is not kept.
    """

    def __init__(self, client: BackofficeClient, *, clock: Clock = time.monotonic) -> None:
        self._client = client
        self._clock = clock
        self._found: OrderedDict[str, tuple[float, SessionFound]] = OrderedDict()

    async def of(self, request: Request) -> SessionFound:
        """Return the session that a request shows.

        Raises:
            RequestRefused: 401, no token or one that opens nothing.
            BackofficeUnavailable: it is not known here and cannot be asked.
        """
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        token = token.strip()
        if scheme.lower() != "bearer" or not token or len(token) > _LONGEST_TOKEN:
            raise RequestRefused(401, "A session token is needed.")
        digest = hashlib.sha256(token.encode()).hexdigest()
        kept = self._found.get(digest)
        if kept is not None and kept[0] > self._clock():
            return kept[1]
        try:
            session = await self._client.find_session(SessionLookup(token_sha256=digest))
        except NotFound:
            self._found.pop(digest, None)
            raise RequestRefused(401, "This session does not exist.") from None
        self._keep(digest, session)
        return session

    def _keep(self, digest: str, session: SessionFound) -> None:
        self._found[digest] = (self._clock() + _KEPT_SECONDS, session)
        self._found.move_to_end(digest)
        if len(self._found) > _KEPT_AT_MOST:
            self._found.popitem(last=False)
