"""What translates: a port that jobs and pages speak to, and the engine's process behind it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Protocol, cast

from fastapi import Depends
from starlette.requests import HTTPConnection

from backoffice.conversation.renderings import NO_PACKAGE, TOO_LONG
from backoffice.settings import Settings
from translations.engine import (
    EngineOff,
    MissingPackages,
    NotTranslated,
    TextTooLong,
)
from translations.engine import Translated as EngineTranslated
from translations.worker import ArgosSetup, LibreTranslateSetup, TranslationWorker

PATIENCE_SECONDS = 30.0
"""How long the engine may take for one text before its process is ended."""


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
    """Translates one text at a time; nothing else of the process waits for it."""

    def translate(self, text: str, *, source: str, target: str, names: Sequence[str] = ()) -> Translated:
        """Return what came of a text; the calling thread waits. `names` are people's, which stay as they are.

        Raises:
            EngineDown: no answer in time, or the engine broke.
        """

    async def translate_soon(
        self, text: str, *, source: str, target: str, names: Sequence[str] = (), seconds: float
    ) -> Translated:
        """Return what came of a text that somebody waits for.

        Raises:
            EngineDown: no answer within this time, or the engine broke.
        """

    def packages(self) -> frozenset[str]:
        """Return what is installed, by name: when it grows, what had no package is tried again."""

    def close(self) -> None:
        """Stop whatever runs."""


class WorkerTranslator:
    """The engine in a process of its own (`translations.worker`), which the first text starts."""

    def __init__(self, worker: TranslationWorker, packages_dir: Path | None) -> None:
        self._worker = worker
        self._packages_dir = packages_dir

    def translate(self, text: str, *, source: str, target: str, names: Sequence[str] = ()) -> Translated:
        """Return what came of a text (`Translator`).

        Raises:
            EngineDown: no answer in time, or the engine broke.
        """
        try:
            return _result(self._worker.translate_now(text, source, target, names=names))
        except NotTranslated as error:
            return _refused(error)

    async def translate_soon(
        self, text: str, *, source: str, target: str, names: Sequence[str] = (), seconds: float
    ) -> Translated:
        """Return what came of a text that somebody waits for (`Translator`).

        Raises:
            EngineDown: no answer within this time, or the engine broke.
        """
        try:
            async with asyncio.timeout(seconds):
                return _result(await self._worker.translate(text, source, target, names=names))
        except TimeoutError:
            raise EngineDown("TookTooLong") from None
        except NotTranslated as error:
            return _refused(error)

    def packages(self) -> frozenset[str]:
        """Return the folders of the installed packages."""
        if self._packages_dir is None:
            return frozenset()
        try:
            return frozenset(path.name for path in self._packages_dir.iterdir())
        except OSError:  # not there yet
            return frozenset()

    def close(self) -> None:
        """End the engine's process."""
        self._worker.close()


def make_translator(settings: Settings) -> WorkerTranslator:
    """Make the translator that the settings name: a LibreTranslate server, or Argos in this machine."""
    if settings.libretranslate_url is not None:
        key = settings.libretranslate_key
        setup = LibreTranslateSetup(settings.libretranslate_url, key.get_secret_value() if key else None)
        return WorkerTranslator(TranslationWorker(setup, timeout=PATIENCE_SECONDS), None)
    argos = ArgosSetup(packages_dir=settings.packages_dir, data_dir=settings.data_dir / "translation")
    return WorkerTranslator(TranslationWorker(argos, timeout=PATIENCE_SECONDS), settings.packages_dir)


def get_translator(connection: HTTPConnection) -> Translator:
    """Return the application's translator."""
    return cast("Translator", connection.app.state.translator)


TranslatorDep = Annotated[Translator, Depends(get_translator)]


def _result(found: EngineTranslated) -> Translated:
    text = found.text if found.usable else None
    return Translated(text, found.engine, found.version, tuple(found.flags), found.in_parts)


def _refused(error: NotTranslated) -> Translated:
    if isinstance(error, MissingPackages | EngineOff):
        return Translated(None, flags=(NO_PACKAGE,))
    if isinstance(error, TextTooLong):
        return Translated(None, flags=(TOO_LONG,))
    raise EngineDown(type(error).__name__) from None
