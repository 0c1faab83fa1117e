"""Since when this process has reached its database without a failure."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Annotated, cast

from fastapi import Depends
from starlette.requests import HTTPConnection

TIME_TO_REPORT = timedelta(seconds=10)
"""Who could not report while we were away tries again within six seconds (`bot.delivery`)."""


class Uptime:
    """While it is short, a lease that ran out says nothing: its holder had nobody to report to.

    Of two bots one would otherwise send again what the other one has sent.
    """

    def __init__(self) -> None:
        self._since: datetime | None = None

    def is_long(self, now: datetime) -> bool:
        """Tell whether whoever had something to report has had time to."""
        since = self._since
        return since is not None and now - since >= TIME_TO_REPORT

    @contextmanager
    def watched(self, now: datetime) -> Iterator[None]:
        """Note whether the block, which uses the database, fails."""
        try:
            yield
        except BaseException:
            self._since = None
            raise
        if self._since is None:
            self._since = now


def get_uptime(connection: HTTPConnection) -> Uptime:
    """Return the application's."""
    return cast("Uptime", connection.app.state.uptime)


UptimeDep = Annotated[Uptime, Depends(get_uptime)]
