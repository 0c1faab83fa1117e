"""How the client reaches the backoffice: one retry where a call may be repeated, and typed errors."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, TypeVar

import httpx
from pydantic import BaseModel, ValidationError

from backoffice.client.errors import (
    BackofficeRefused,
    BackofficeUnavailable,
    Conflict,
    InvalidRequest,
    NotFound,
    TooManyMessages,
)

POLL_MARGIN_SECONDS = 5.0
"""How much longer than the server's waiting a long poll may take."""

SERVICE_PATH = "/api/v1/service"
_UNAVAILABLE = frozenset({502, 503, 504})

Answer = TypeVar("Answer", bound=BaseModel)


class Connection:
    """Connections to the backoffice, held open. `BackofficeClient` says what is asked over them."""

    def __init__(
        self,
        base_url: str,
        service_token: str,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        timeout_seconds: float = 5.0,
    ) -> None:
        self._timeout = timeout_seconds
        self._http = httpx.AsyncClient(
            base_url=base_url,
            headers={"Authorization": f"Bearer {service_token}"},
            transport=transport,
            timeout=timeout_seconds,
            trust_env=False,
            limits=httpx.Limits(max_connections=200, max_keepalive_connections=50),
        )

    async def aclose(self) -> None:
        """Close every connection."""
        await self._http.aclose()

    async def _get(self, path: str, answer: type[Answer], *, poll: float = 0, **query: Any) -> Answer:
        seconds = poll + POLL_MARGIN_SECONDS if poll else None
        response = await self._call("GET", f"{SERVICE_PATH}/{path}", params=query, seconds=seconds)
        return parse_answer(response, answer)

    async def _post(
        self,
        path: str,
        body: BaseModel,
        answer: type[Answer],
        *,
        key: str | None = None,
        again: bool = True,
        wait: float = 0,
    ) -> Answer:
        headers = {"Idempotency-Key": key} if key is not None else {}
        seconds = wait + POLL_MARGIN_SECONDS if wait else None
        response = await self._call(
            "POST", f"{SERVICE_PATH}/{path}", body=body, headers=headers, again=again, seconds=seconds
        )
        return parse_answer(response, answer)

    async def _call(
        self,
        method: str,
        path: str,
        *,
        body: BaseModel | None = None,
        content: bytes | None = None,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        again: bool = True,
        seconds: float | None = None,
    ) -> httpx.Response:
        sent = dict(headers or {})
        if body is not None:
            content = body.model_dump_json(by_alias=True).encode()
            sent["Content-Type"] = "application/json"
        request = self._http.build_request(
            method, path, content=content, params=params, headers=sent, timeout=seconds or self._timeout
        )
        try:
            return await self._try(request)
        except BackofficeUnavailable:
            if not again:
                raise
            return await self._try(request)

    async def _try(self, request: httpx.Request) -> httpx.Response:
        try:
            response = await self._http.send(request)
        except httpx.HTTPError as error:
            raise BackofficeUnavailable(
                f"{request.method} {request.url.path}: {type(error).__name__}"
            ) from error
        if response.status_code in _UNAVAILABLE or response.status_code == 500:
            raise BackofficeUnavailable(f"{request.method} {request.url.path}: {response.status_code}")
        if response.is_error:
            raise _refusal(response)
        return response


def parse_answer(response: httpx.Response, answer: type[Answer]) -> Answer:
    """Return what the backoffice said.

    Raises:
        BackofficeUnavailable: it said something else, as a proxy does in its place.
    """
    try:
        return answer.model_validate_json(response.content)
    except ValidationError as error:
        raise BackofficeUnavailable(f"{response.url.path}: an answer that is no {answer.__name__}") from error


def _refusal(response: httpx.Response) -> BackofficeRefused:
    title, detail, code = _problem(response)
    status = response.status_code
    if status == 404:
        return NotFound(status, title, detail, code=code)
    if status == 409:
        return Conflict(status, title, detail, code=code)
    if status == 429:
        seconds = response.headers.get("Retry-After", "")
        after = int(seconds) if seconds.isdigit() else 1
        return TooManyMessages(status, title, detail, retry_after_seconds=after)
    if status in (400, 413, 422):
        return InvalidRequest(status, title, detail, code=code)
    return BackofficeRefused(status, title, detail, code=code)


def _problem(response: httpx.Response) -> tuple[str, str, str]:
    try:
        document = response.json()
    except (json.JSONDecodeError, UnicodeDecodeError):
        document = None
    if not isinstance(document, dict):
        return response.reason_phrase, "", ""
    title, detail, code = (str(document.get(name, "")) for name in ("title", "detail", "code"))
    return title or response.reason_phrase, detail, code
