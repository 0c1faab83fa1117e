"""What goes wrong for a reason that the caller can be told.

BackofficeError
├── NotFound           404: it does not exist, or this caller may not know that it does
├── Unauthorised       401: who calls has not said who it is
├── Conflict           409: somebody was faster
├── TooLarge           413: the body is over its limit
└── TooManyRequests    429: come back after `retry_after_seconds`

Other errors stand beside what raises them. `message` and `way_out` are keys of the catalogue of
area `backoffice` (written without the area), `values` fill their placeholders. `error_handlers.py`
turns them into problem documents and pages.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class BackofficeError(Exception):
    """The fact, the HTTP status, and the way out."""

    status: int = 400

    def __init__(
        self, message: str, *, status: int | None = None, way_out: str | None = None, **values: str
    ) -> None:
        super().__init__(message)
        self.message = message
        self.way_out = way_out
        self.values = values
        if status is not None:
            self.status = status

    @property
    def headers(self) -> dict[str, str]:
        """Headers that the answer carries."""
        return {}

    @property
    def errors(self) -> tuple[Mapping[str, str], ...]:
        """The single things that are wrong; `message` is a key of the catalogue, as above."""
        return ()

    @property
    def facts(self) -> dict[str, Any]:
        """Members that the problem document carries beyond those of every problem."""
        return {}


class NotFound(BackofficeError):
    """It does not exist, or this caller may not know that it does: both look the same."""

    status = 404

    def __init__(
        self, message: str = "error.not_found", *, way_out: str | None = "error.not_found.way_out"
    ) -> None:
        super().__init__(message, way_out=way_out)


class Unauthorised(BackofficeError):
    """The caller has not said who it is, or not rightly."""

    status = 401

    def __init__(self, message: str = "error.unauthorised") -> None:
        super().__init__(message)

    @property
    def headers(self) -> dict[str, str]:
        """The scheme that is expected."""
        return {"WWW-Authenticate": "Bearer"}


class Conflict(BackofficeError):
    """What the caller saw is no longer so."""

    status = 409


class TooLarge(BackofficeError):
    """The body is over its limit."""

    status = 413


class TooManyRequests(BackofficeError):
    """The caller's budget is used up."""

    status = 429

    def __init__(self, message: str, *, retry_after_seconds: int) -> None:
        super().__init__(message, seconds=str(retry_after_seconds))
        self.retry_after_seconds = retry_after_seconds

    @property
    def headers(self) -> dict[str, str]:
        """When to come back."""
        return {"Retry-After": str(self.retry_after_seconds)}
