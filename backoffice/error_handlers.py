"""Errors as answers: problem documents (RFC 9457) for programs, pages for browsers.

A page is rendered by whatever stands in `app.state.error_page` (`backoffice.templating` puts its
renderer there); without one, and for everything under `/api`, the answer is a problem document.
What the caller sent is never logged, and repeated only where two people edit the same (409).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import cast

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DataError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from backoffice.errors import BackofficeError
from translations.catalog import text

log = structlog.get_logger(__name__)

AREA = "backoffice"
"""The catalogue's area that holds the sentences of errors."""


@dataclass(frozen=True)
class Problem:
    """A problem document. `message`, `way_out` and `values` are for a page: keys of the catalogue."""

    status: int
    message: str
    way_out: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    errors: tuple[Mapping[str, str], ...] = ()

    @property
    def title(self) -> str:
        """The status in words, as RFC 9457 wants it for problems without a type of their own."""
        return HTTPStatus(self.status).phrase

    def sentence(self, key: str, language: str) -> str:
        """Return a sentence of the catalogue, or the key itself where the catalogue lacks it."""
        try:
            return text(f"{AREA}.{key}", language, **self.values)
        except KeyError:
            return key

    def document(self) -> dict[str, object]:
        """Return the document; `detail` is in English, as the API's own words are, `code` for programs."""
        found: dict[str, object] = {
            "type": "about:blank",
            "title": self.title,
            "status": self.status,
            "detail": self.sentence(self.message, "en"),
            "code": self.message.removeprefix("error."),
        }
        if self.errors:
            found["errors"] = [
                {**error, "message": self.sentence(error["message"], "en")} for error in self.errors
            ]
        return found


ErrorPage = Callable[[Request, Problem], Response]
"""Renders a problem as a page in the reader's language."""


def install_error_handlers(app: FastAPI) -> None:
    """Let every error leave as a problem document or a page."""
    app.add_exception_handler(BackofficeError, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(OperationalError, _database)
    app.add_exception_handler(NoConnectionFree, _database)
    app.add_exception_handler(DataError, _not_storable)
    app.add_exception_handler(OverflowError, _not_storable)
    app.add_exception_handler(Exception, _unexpected)


def respond(request: Request, problem: Problem, headers: Mapping[str, str] | None = None) -> Response:
    """Answer with a page where a browser asks for one outside `/api`, else with a problem document."""
    page = cast("ErrorPage | None", getattr(request.app.state, "error_page", None))
    if page is not None and wants_page(request):
        answer = page(request, problem)
        answer.headers.update(headers or {})
        return answer
    return JSONResponse(
        problem.document(), problem.status, dict(headers or {}), media_type="application/problem+json"
    )


def wants_page(request: Request) -> bool:
    """Tell whether a browser waits for a page: it accepts HTML, or is HTMX, and is not at the API."""
    if request.url.path.startswith("/api/"):
        return False
    return "text/html" in request.headers.get("accept", "") or request.headers.get("hx-request") == "true"


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, BackofficeError)
    problem = Problem(error.status, error.message, error.way_out, error.values, error.errors)
    answer = respond(request, problem, error.headers)
    if error.facts and isinstance(answer, JSONResponse):
        return JSONResponse(
            {**problem.document(), **error.facts},
            problem.status,
            error.headers,
            media_type="application/problem+json",
        )
    return answer


def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    fields = tuple(
        {"field": ".".join(str(part) for part in found["loc"]), "message": str(found["msg"])}
        for found in error.errors()
    )
    return respond(request, Problem(422, "error.invalid", errors=fields))


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    key = "error.not_found" if error.status_code == 404 else "error.refused"
    return respond(request, Problem(error.status_code, key), error.headers)


def _database(request: Request, error: Exception) -> Response:
    cause = error.orig if isinstance(error, OperationalError) else None
    code = getattr(cause, "sqlite_errorname", None) or getattr(cause, "sqlstate", None)
    log.error("database_unavailable", code=code or type(error).__name__, route=_route(request))
    return respond(request, Problem(503, "error.unavailable"), {"Retry-After": "1"})


def _not_storable(request: Request, error: Exception) -> Response:
    """Answer for a value that the database cannot hold: a NUL (PostgreSQL), a number beyond 64 bits."""
    log.warning("not_storable", error=type(error).__name__, route=_route(request))
    return respond(request, Problem(422, "error.invalid"))


def _unexpected(request: Request, error: Exception) -> Response:
    log.error("unexpected", error=type(error).__name__, route=_route(request))
    return respond(request, Problem(500, "error.unexpected"))


def _route(request: Request) -> str | None:
    """Return the path as the code has it: what a caller put into an address stays out of the log."""
    return getattr(request.scope.get("route"), "path", None)
