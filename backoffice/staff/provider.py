"""Sign-in at an OpenID provider (OpenID Connect Core 1.0): authorization code with PKCE, state and nonce.

The provider says who it is by a verified e-mail address. An active account of that address is opened; none is
ever made, and a second factor of ours is asked as ever.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlencode

import httpx
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from backoffice.errors import BackofficeError
from backoffice.staff.models import ProviderSignIn, Staff
from backoffice.staff.sessions import digest

if TYPE_CHECKING:
    from joserfc.jwk import KeySetSerialization

LASTS = timedelta(minutes=10)
LEEWAY_SECONDS = 60
_ALGORITHMS = ["RS256", "ES256", "PS256"]
"""Signatures alone: `none` and secrets shared with the provider are refused."""

OpenClient = Callable[[], httpx.Client]


class ProviderRefused(BackofficeError):
    """The provider is away, or what it says does not hold."""

    status = 403

    def __init__(self) -> None:
        super().__init__("accounts.error.provider", way_out="accounts.error.provider.way_out")


@dataclass(frozen=True)
class Provider:
    """One OpenID provider, and what we are to it."""

    issuer: str
    client_id: str
    client_secret: str
    redirect_uri: str
    open_client: OpenClient

    def address(self, *, state: str, nonce: str, code_verifier: str) -> str:
        """Return where the browser goes to sign in.

        Raises:
            ProviderRefused: the provider is away.
        """
        with self.open_client() as client:
            endpoint = self._described(client)["authorization_endpoint"]
        asked = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": self.redirect_uri,
            "scope": "openid email",
            "state": state,
            "nonce": nonce,
            "code_challenge": create_s256_code_challenge(code_verifier),
            "code_challenge_method": "S256",
        }
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(asked)}"

    def email_of(self, *, code: str, nonce: str, code_verifier: str, now: datetime) -> str:
        """Exchange a code and return the verified address of who signed in, in lower case.

        Raises:
            ProviderRefused: the code is wrong, the token is not for us, or the address is not verified.
        """
        with self.open_client() as client:
            described = self._described(client)
            token = _json(
                client,
                "POST",
                described["token_endpoint"],
                data={
                    "grant_type": "authorization_code",
                    "code": code,
                    "redirect_uri": self.redirect_uri,
                    "code_verifier": code_verifier,
                },
                auth=(self.client_id, self.client_secret),
            )
            keys = _json(client, "GET", described["jwks_uri"])
        claims = self._claims(str(token.get("id_token", "")), keys, nonce=nonce, now=now)
        email = claims.get("email")
        if claims.get("email_verified") is not True or not isinstance(email, str):
            raise ProviderRefused
        return email.strip().lower()

    def _described(self, client: httpx.Client) -> dict[str, Any]:
        where = f"{self.issuer.rstrip('/')}/.well-known/openid-configuration"
        found = _json(client, "GET", where)
        wanted = ("authorization_endpoint", "token_endpoint", "jwks_uri")
        if found.get("issuer") != self.issuer or not all(isinstance(found.get(key), str) for key in wanted):
            raise ProviderRefused
        return found

    def _claims(self, token: str, keys: dict[str, Any], *, nonce: str, now: datetime) -> dict[str, Any]:
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                KeySet.import_key_set(cast("KeySetSerialization", keys)),
                algorithms=_ALGORITHMS,
            ).claims
        except (JoseError, ValueError, TypeError, KeyError) as wrong:
            raise ProviderRefused from wrong
        audience = claims.get("aud")
        audiences = audience if isinstance(audience, list) else [audience]
        expires = claims.get("exp")
        is_ours = (
            claims.get("iss") == self.issuer
            and self.client_id in audiences
            and (len(audiences) == 1 or claims.get("azp") == self.client_id)
            and claims.get("nonce") == nonce
            and isinstance(expires, int | float)
            and now.timestamp() < expires + LEEWAY_SECONDS
        )
        if not is_ours:
            raise ProviderRefused
        return claims


@dataclass(frozen=True)
class Begun:
    """What only this sign-in knows."""

    state: str
    nonce: str
    code_verifier: str


def begin_at_provider(session: Session, *, next_path: str, now: datetime) -> Begun:
    """Note that a browser leaves for the provider."""
    session.execute(delete(ProviderSignIn).where(ProviderSignIn.created_at < now - LASTS))
    begun = Begun(secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(48))
    session.add(
        ProviderSignIn(
            state_sha256=digest(begun.state),
            nonce=begun.nonce,
            code_verifier=begun.code_verifier,
            next_path=next_path,
            created_at=now,
        )
    )
    session.flush()
    return begun


def take_begun(session: Session, state: str, *, now: datetime) -> ProviderSignIn | None:
    """Return what was noted when a browser left, once: it is forgotten."""
    ours = ProviderSignIn.state_sha256 == digest(state), ProviderSignIn.created_at > now - LASTS
    found = session.scalars(select(ProviderSignIn).where(*ours).with_for_update()).one_or_none()
    if found is not None:
        session.delete(found)
        session.flush()
    return found


def account_of(session: Session, email: str) -> Staff | None:
    """Return the active account of an address; none is ever made."""
    return session.scalars(select(Staff).where(Staff.email == email, Staff.active)).one_or_none()


def _json(client: httpx.Client, method: str, where: str, **sent: Any) -> dict[str, Any]:
    try:
        answer = client.request(method, where, headers={"Accept": "application/json"}, **sent)
        answer.raise_for_status()
        found = answer.json()
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as wrong:
        raise ProviderRefused from wrong
    if not isinstance(found, dict):
        raise ProviderRefused
    return found
