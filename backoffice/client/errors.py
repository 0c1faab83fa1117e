"""What can go wrong when another process calls the backoffice.

BackofficeClientError
├── BackofficeUnavailable   no usable answer (time-out, refused, 5xx): nothing is known, try later
└── BackofficeRefused       an answer, and it is no (carries the problem document)
    ├── NotFound            404: it does not exist, or this caller may not know it
    ├── Conflict            409: somebody was faster (stale epoch, lost lease, other body under the same key)
    ├── InvalidRequest      400 or 422: the caller's own mistake
    └── TooManyMessages     429: the sender's budget is used up; `retry_after_seconds` says when to come back
"""

from __future__ import annotations


class BackofficeClientError(Exception):
    """Base of everything that `BackofficeClient` raises."""


class BackofficeUnavailable(BackofficeClientError):
    """The backoffice gave no usable answer; whether it acted is unknown."""


class BackofficeRefused(BackofficeClientError):
    """The backoffice answered with a problem document (RFC 9457). `code` names the fact."""

    def __init__(self, status: int, title: str, detail: str = "", *, code: str = "") -> None:
        super().__init__(f"{status} {title}: {detail}" if detail else f"{status} {title}")
        self.status = status
        self.title = title
        self.detail = detail
        self.code = code


class NotFound(BackofficeRefused):
    """It does not exist, or this caller may not know that it does."""


class Conflict(BackofficeRefused):
    """Another one was faster, or an idempotency key came with another body."""


class InvalidRequest(BackofficeRefused):
    """The request itself is wrong; repeating it cannot help."""


class TooManyMessages(BackofficeRefused):
    """The sender's budget of messages is used up."""

    def __init__(self, status: int, title: str, detail: str = "", *, retry_after_seconds: int) -> None:
        super().__init__(status, title, detail)
        self.retry_after_seconds = retry_after_seconds
