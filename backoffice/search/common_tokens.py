"""Which words very many people share, and how many: counted once and kept in memory for a while.

To count that half of all cases are of one town takes longer than to find the few that are looked for. A word
that is common stays common: the count only decides in which way is looked, never what is found.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from weakref import WeakKeyDictionary

from sqlalchemy import Dialect
from sqlalchemy.orm import Session

KEPT_SECONDS = 600.0
MOST_KEPT = 10_000


class CommonTokens:
    """The counts of common tokens of one database."""

    def __init__(self) -> None:
        self._counts: dict[int, tuple[int, float]] = {}

    def get(self, token: int) -> int | None:
        """Return how many subjects have a token; None where that is not known, or not known any more."""
        count, since = self._counts.get(token, (0, 0.0))
        return count if count and time.monotonic() - since <= KEPT_SECONDS else None

    def keep(self, counts: Mapping[int, int]) -> None:
        """Remember counts from now on."""
        if len(self._counts) + len(counts) > MOST_KEPT:
            self._counts = {}
        since = time.monotonic()
        self._counts |= {token: (count, since) for token, count in counts.items()}


_kept: WeakKeyDictionary[Dialect, CommonTokens] = WeakKeyDictionary()


def common_tokens_of(session: Session) -> CommonTokens:
    """Return what is known of a session's database."""
    return _kept.setdefault(session.get_bind().dialect, CommonTokens())
