"""An OpenID provider of one's own: real endpoints, a real key, real signatures."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

ISSUER = "https://login.ente.example"
CLIENT = "sportello"
SECRET = "secret of the client"


@dataclass(frozen=True)
class AsgiTransport(httpx.BaseTransport):
    """Carries the requests of a client that waits, from a thread, to an application."""

    app: Starlette

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        async def ask() -> httpx.Response:
            async with httpx.AsyncClient(transport=httpx.ASGITransport(self.app)) as client:
                content, headers = request.read(), request.headers
                return await client.request(request.method, request.url, content=content, headers=headers)

        answer = asyncio.run(ask())
        return httpx.Response(answer.status_code, json=answer.json())


@dataclass
class OpenIdProvider:
    """Signs in whom the test says; `changes` bend the token as an attacker would."""

    email: str
    now: float
    changes: dict[str, Any] = field(default_factory=dict)
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "1"}))
    signing_key: RSAKey | None = None
    asked: dict[str, dict[str, str]] = field(default_factory=dict)

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self._described),
                Route("/keys", self._keys),
                Route("/token", self._token, methods=["POST"]),
            ]
        )

    def sign_in(self, address: str) -> str:
        """Do what the person does at the provider, and return the query that the browser brings back."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert asked["client_id"] == CLIENT
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(16)
        self.asked[code] = asked
        return f"code={code}&state={asked['state']}"

    async def _described(self, _request: Request) -> JSONResponse:
        found = {"authorization": "authorize", "token": "token"}
        endpoints = {f"{name}_endpoint": f"{ISSUER}/{path}" for name, path in found.items()}
        return JSONResponse({"issuer": ISSUER, "jwks_uri": f"{ISSUER}/keys", **endpoints})

    async def _keys(self, _request: Request) -> JSONResponse:
        return JSONResponse({"keys": [self.key.as_dict(private=False)]})

    async def _token(self, request: Request) -> JSONResponse:
        form = await request.form()
        asked = self.asked.pop(str(form["code"]), None)
        verifier = str(form["code_verifier"])
        if asked is None or create_s256_code_challenge(verifier) != asked["code_challenge"]:
            return JSONResponse({"error": "invalid_grant"}, 400)
        if form["redirect_uri"] != asked["redirect_uri"]:
            return JSONResponse({"error": "invalid_grant"}, 400)
        claims = {
            "iss": ISSUER,
            "aud": CLIENT,
            "sub": "1",
            "nonce": asked["nonce"],
            "exp": self.now + 300,
            "email": self.email,
            "email_verified": True,
            **self.changes,
        }
        key = self.signing_key or self.key
        return JSONResponse({"id_token": jwt.encode({"alg": "RS256", "kid": "1"}, claims, key)})
