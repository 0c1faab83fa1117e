"""How many streams may stand open: of one account, and in all.

Of more, the oldest ends; its browser comes again by itself, with the number of the last event that it heard.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

MOST_OF_ONE = 12
"""An account's: a browser keeps six open to one host, and nobody works in more than two browsers."""

MOST = 500


class Place:
    """One stream's place; given to another when `is_lost`."""

    def __init__(self, reader: str) -> None:
        self.reader = reader
        self.is_lost = False


class OpenStreams:
    """The streams of this process, oldest first. Used by its event loop alone."""

    def __init__(self) -> None:
        self._places: dict[Place, None] = {}

    def __len__(self) -> int:
        return len(self._places)

    @contextmanager
    def place(self, reader: str) -> Iterator[Place]:
        """Take a place while the block runs."""
        own = [each for each in self._places if each.reader == reader]
        if len(own) >= MOST_OF_ONE:
            self._take_away(own[0])
        if len(self._places) >= MOST:
            self._take_away(next(iter(self._places)))
        taken = Place(reader)
        self._places[taken] = None
        try:
            yield taken
        finally:
            self._places.pop(taken, None)

    def _take_away(self, place: Place) -> None:
        place.is_lost = True
        del self._places[place]
