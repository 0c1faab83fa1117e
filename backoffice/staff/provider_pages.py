"""Leaving for the OpenID provider, and coming back."""

from __future__ import annotations

from typing import Annotated, cast

import httpx
from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from backoffice.clock import ClockDep
from backoffice.database import DatabaseDep, DbSession
from backoffice.errors import NotFound
from backoffice.staff.pages import HOME, go_on, local_path
from backoffice.staff.provider import (
    OpenClient,
    Provider,
    ProviderRefused,
    account_of,
    begin_at_provider,
    take_begun,
)
from backoffice.templating import redirect, set_cookie

router = APIRouter(include_in_schema=False)

STATE_COOKIE = "sportello_provider"
"""Binds the way back to the browser that left."""

PATIENCE_SECONDS = 10.0


@router.get("/sign-in/provider")
def leave(request: Request, session: DbSession, clock: ClockDep, next: str = HOME) -> Response:
    """Lead the browser to the provider."""
    provider = _provider(request)
    begun = begin_at_provider(session, next_path=local_path(next)[:2000], now=clock())
    session.commit()  # the write lock is not held while the provider is asked
    where = provider.address(state=begun.state, nonce=begun.nonce, code_verifier=begun.code_verifier)
    answer = redirect(where)
    set_cookie(answer, request, STATE_COOKIE, begun.state)
    return answer


@router.get("/sign-in/provider/back")
def come_back(
    request: Request,
    database: DatabaseDep,
    session: DbSession,
    clock: ClockDep,
    state: Annotated[str, Query(max_length=200)] = "",
    code: Annotated[str, Query(max_length=4000)] = "",
) -> Response:
    """Open the account of whom the provider has signed in, where there is one."""
    provider = _provider(request)
    if not state or request.cookies.get(STATE_COOKIE) != state:
        raise ProviderRefused
    now = clock()
    with database.transaction() as taking:
        begun = take_begun(taking, state, now=now)
    if begun is None or not code:
        raise ProviderRefused
    nonce, verifier = begun.nonce, begun.code_verifier
    email = provider.email_of(code=code, nonce=nonce, code_verifier=verifier, now=now)
    account = account_of(session, email)
    if account is None:
        raise ProviderRefused
    answer = go_on(request, session, account.id, to=begun.next_path, now=now)
    answer.delete_cookie(STATE_COOKIE, path="/")
    return answer


def _provider(request: Request) -> Provider:
    settings = request.app.state.settings
    if not settings.has_provider:
        raise NotFound
    secret = settings.oidc_client_secret
    opened = cast("OpenClient | None", getattr(request.app.state, "open_provider_client", None))
    return Provider(
        issuer=settings.oidc_issuer,
        client_id=settings.oidc_client_id,
        client_secret=secret.get_secret_value() if secret else "",
        redirect_uri=f"{settings.base_url}/sign-in/provider/back",
        open_client=opened or _open_client,
    )


def _open_client() -> httpx.Client:
    return httpx.Client(timeout=PATIENCE_SECONDS, follow_redirects=False)
