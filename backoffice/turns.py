"""Work that costs much: so many at once, so many in line, and whoever comes after is sent away at once.

Who waits holds a thread of the pool that everybody shares, so the line has an end.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from backoffice.errors import TooManyRequests


class Turns:
    """Gives out turns, in one process."""

    def __init__(self, *, at_once: int, in_line: int, full: Callable[[], TooManyRequests]) -> None:
        """Begin with nobody.

        Args:
            at_once: how many work at the same moment.
            in_line: how many there may be, those who work among them.
            full: makes the error for whoever comes after them.
        """
        self._at_once = threading.BoundedSemaphore(at_once)
        self._in_line = threading.BoundedSemaphore(in_line)
        self._full = full

    @contextmanager
    def one(self) -> Iterator[None]:
        """Take a turn for the block.

        Raises:
            TooManyRequests: the line is full.
        """
        if not self._in_line.acquire(blocking=False):
            raise self._full()
        try:
            with self._at_once:
                yield
        finally:
            self._in_line.release()
