"""What translates: a port that jobs and pages speak to, whatever engine stands behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

NO_PACKAGE = "no_package"
"""Flag: nothing here translates this pair of languages."""

ENGINE_FAILED = "engine_failed"
"""Flag: the engine broke or was silent, again and again."""


class EngineDown(Exception):
    """The engine broke, or did not answer in time: another try may go well."""


@dataclass(frozen=True)
class Translated:
    """What came of one text.

    `text` is None where a guard refused it or there is no package: `flags` then say why.
    """

    text: str | None
    engine: str | None = None
    version: str | None = None
    flags: tuple[str, ...] = ()
    in_parts: bool = False


class Translator(Protocol):
    """Translates one text at a time. Its methods block: they are called in threads of their own."""

    def translate(
        self, text: str, *, source: str, target: str, names: Sequence[str] = (), seconds: float
    ) -> Translated:
        """Return what came of a text. `names` are people's, which come out unchanged.

        Raises:
            EngineDown: no answer within this time, or the engine broke.
        """

    def packages(self) -> frozenset[str]:
        """Return what is installed, by name: when it grows, what had no package is tried again."""

    def close(self) -> None:
        """Stop whatever runs."""
