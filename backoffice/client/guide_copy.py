"""The last copy of the services guide: what bot and actions tell while the backoffice is away.

A file for each language in `<data folder>/guide`, written whole or not at all. A copy that cannot be
read, or that another version of ours wrote, counts as none: the next one replaces it.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Protocol

import structlog
from pydantic import ValidationError

from backoffice.client.errors import BackofficeClientError, BackofficeUnavailable
from backoffice.client.schemas import GuideAnswer, GuideCopy
from backoffice.italy import day_in_italy

FRESH_SECONDS = 600.0
"""How long after a copy the next one is made."""
RETRY_SECONDS = 15.0
"""How long after a copy that could not be made."""

_log = structlog.get_logger(__name__)


class GivesGuide(Protocol):
    """What makes a copy: `BackofficeClient`, and the tests' fake."""

    async def read_guide_copy(self, language: str) -> GuideCopy:
        """Return the whole guide in a language."""


class GuideCopies:
    """The copies in a folder, by language."""

    def __init__(self, data_dir: Path) -> None:
        self._folder = data_dir / "guide"

    def keep(self, copy: GuideCopy) -> None:
        """Put a copy in the place of the one before.

        Raises:
            OSError: the folder cannot be written.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self._folder, prefix=f".{copy.language}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(copy.model_dump_json())
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(self._path(copy.language))
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise

    def read(self, language: str) -> GuideCopy | None:
        """Return the copy of a language, or none."""
        try:
            return GuideCopy.model_validate_json(self._path(language).read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError):
            return None
        except ValidationError:
            _log.warning("guide.copy_unreadable", language=language)
            return None

    def answer(self, topic: str, language: str, *, now: datetime) -> GuideAnswer | None:
        """Return an answer of the copy, or none: no copy of this language, or no such topic in it."""
        copy = self.read(language)
        if copy is None:
            return None
        found = next((answer for answer in copy.topics if answer.topic == topic), None)
        return found and as_copied(found, copy, now=now)

    def _path(self, language: str) -> Path:
        return self._folder / f"{language}.json"


def as_copied(answer: GuideAnswer, copy: GuideCopy, *, now: datetime) -> GuideAnswer:
    """Return an answer of a copy as it is told now, with the moment of the copy.

    A copy may outlive its facts: whether to call first is judged anew, on the day that it is in Italy.
    """
    changes = {"copied_at": copy.made_at, "call_first": day_in_italy(now) > answer.valid_to}
    return answer.model_copy(update=changes)


async def keep_copies(
    client: GivesGuide,
    copies: GuideCopies,
    languages: Iterable[str],
    *,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> None:
    """Copy the guide in each language, again and again, until cancelled. What fails is tried again soon."""
    wanted = tuple(languages)
    while True:
        complete = await _copy_all(client, copies, wanted)
        await sleep(FRESH_SECONDS if complete else RETRY_SECONDS)


async def _copy_all(client: GivesGuide, copies: GuideCopies, languages: tuple[str, ...]) -> bool:
    complete = True
    for language in languages:
        try:
            copies.keep(await client.read_guide_copy(language))
        except BackofficeUnavailable:
            return False
        except (BackofficeClientError, OSError) as error:
            _log.warning("guide.not_copied", language=language, error=type(error).__name__)
            complete = False
    return complete
