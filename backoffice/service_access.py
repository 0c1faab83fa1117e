"""The other processes of ours: bot and actions show the service token."""

from __future__ import annotations

import hmac
from typing import Annotated

from fastapi import Depends
from starlette.requests import HTTPConnection

from backoffice.errors import Unauthorised
from backoffice.wall import asks_as_service

SERVICE = "service"
"""The principal of an idempotency key that bot or actions sent."""


def is_service(connection: HTTPConnection) -> bool:
    """Tell whether the caller shows the service token; compared in constant time."""
    scheme, _, shown = connection.headers.get("Authorization", "").partition(" ")
    expected: str = connection.app.state.settings.token
    return scheme.lower() == "bearer" and hmac.compare_digest(shown.strip().encode(), expected.encode())


async def require_service(connection: HTTPConnection) -> None:
    """Let only our own processes through.

    Raises:
        Unauthorised: no token, or not ours.
    """
    if not is_service(connection):
        raise Unauthorised
    asks_as_service()


ServiceOnly = Depends(require_service)
"""For a router's `dependencies`."""

ServiceCaller = Annotated[None, ServiceOnly]
"""For an endpoint's parameter."""
