"""What is wrong with something that was typed about a home or its owner."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from translations.catalog import text


@dataclasses.dataclass(frozen=True)
class Fault:
    """What is wrong with a field: a key `homes.wrong.<why>`, and what its sentence names."""

    field: str
    why: str
    values: Mapping[str, str] = dataclasses.field(default_factory=dict)

    def sentence(self, language: str) -> str:
        """Return what is said about it in a language of the pages."""
        return text(f"backoffice.homes.wrong.{self.why}", language, **self.values)
