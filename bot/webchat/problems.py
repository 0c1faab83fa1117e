"""Problem documents (RFC 9457) and the errors that become them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse

from backoffice.client.errors import BackofficeRefused, BackofficeUnavailable, TooManyMessages

log = structlog.get_logger(__name__)

_RETRY_SECONDS = 3


class BodyTooLarge(Exception):
    """More arrived than this call takes; `limit_bytes` is what it takes."""

    def __init__(self, limit_bytes: int) -> None:
        super().__init__(limit_bytes)
        self.limit_bytes = limit_bytes


class RequestRefused(Exception):
    """The request is wrong; `errors` names the fields."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        errors: Sequence[dict[str, Any]] = (),
        retry_after_seconds: float = 0,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.errors = list(errors)
        self.retry_after_seconds = retry_after_seconds


class ProblemResponse(JSONResponse):
    """A JSON answer of the type `application/problem+json`."""

    media_type = "application/problem+json"


def problem(
    status: int,
    detail: str,
    *,
    errors: Sequence[dict[str, Any]] = (),
    retry_after_seconds: float = 0,
) -> ProblemResponse:
    """Return a problem document; `retry_after_seconds` is said in whole seconds, rounded up."""
    document: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    if errors:
        document["errors"] = list(errors)
    headers = {"Cache-Control": "no-store"}
    if retry_after_seconds > 0:
        headers["Retry-After"] = str(math.ceil(retry_after_seconds))
    if status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    return ProblemResponse(document, status_code=status, headers=headers)


async def on_unavailable(_request: Request, _error: Exception) -> ProblemResponse:
    """The backoffice is away: the page keeps the message and tries again."""
    return problem(503, "The message store is not available now.", retry_after_seconds=_RETRY_SECONDS)


async def on_refused_by_backoffice(_request: Request, error: Exception) -> ProblemResponse:
    """The backoffice said no: the same status, without its words, which are meant for the bot."""
    assert isinstance(error, BackofficeRefused)
    if isinstance(error, TooManyMessages):
        return problem(429, "Too many messages.", retry_after_seconds=max(1, error.retry_after_seconds))
    if error.status in {401, 403} or error.status >= 500:
        log.error("webchat.backoffice_refused", status=error.status)
        return problem(503, "The message store is not available now.", retry_after_seconds=_RETRY_SECONDS)
    status = 422 if error.status == 400 else error.status
    return problem(status, HTTPStatus(status).description or HTTPStatus(status).phrase)


async def on_request_refused(_request: Request, error: Exception) -> ProblemResponse:
    """The request itself is wrong."""
    assert isinstance(error, RequestRefused)
    return problem(
        error.status, error.detail, errors=error.errors, retry_after_seconds=error.retry_after_seconds
    )


async def on_body_too_large(_request: Request, error: Exception) -> ProblemResponse:
    """The body is larger than this call takes."""
    assert isinstance(error, BodyTooLarge)
    return problem(413, f"At most {error.limit_bytes} bytes.")


async def on_body_too_slow(_request: Request, _error: Exception) -> ProblemResponse:
    """The body did not come."""
    return problem(408, "The request did not arrive completely.")


async def on_http_exception(_request: Request, error: Exception) -> ProblemResponse:
    """Starlette's own refusals: no such path, no such method, a form that is none."""
    assert isinstance(error, HTTPException)
    return problem(error.status_code, HTTPStatus(error.status_code).phrase)


async def on_crash(_request: Request, error: Exception) -> ProblemResponse:
    """Something of ours broke; the log has the frames, the answer nothing."""
    log.error("webchat.crashed", exc_info=error)
    return problem(500, "Something went wrong here.")


HANDLERS: dict[Any, Any] = {
    BackofficeUnavailable: on_unavailable,
    BackofficeRefused: on_refused_by_backoffice,
    RequestRefused: on_request_refused,
    BodyTooLarge: on_body_too_large,
    TimeoutError: on_body_too_slow,
    HTTPException: on_http_exception,
    Exception: on_crash,
}
