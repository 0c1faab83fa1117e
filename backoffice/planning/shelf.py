"""Releases that were read, kept in this process: they never change, and a large one is read in a second."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

from backoffice.planning.told import Told

MOST_NUMBERS = 800_000
"""So many numbers, of all releases together, are kept: about 300 MB (docs/planning.md, "Speed")."""


class Shelf:
    """Keeps what was asked for last."""

    def __init__(self, most: int = MOST_NUMBERS) -> None:
        self._most = most
        self._kept: OrderedDict[str, Told] = OrderedDict()
        self._lock = Lock()

    def find(self, release_id: str, read: Callable[[], Told]) -> Told:
        """Return a release; read it where it is not there. Two threads may read the same one."""
        with self._lock:
            if release_id in self._kept:
                self._kept.move_to_end(release_id)
                return self._kept[release_id]
        told = read()
        with self._lock:
            self._kept[release_id] = told
            while len(self._kept) > 1 and sum(map(_size, self._kept.values())) > self._most:
                self._kept.popitem(last=False)
        return told


def _size(told: Told) -> int:
    return len(told.counts) + len(told.hidden) + len(told.spreads)


SHELF = Shelf()
