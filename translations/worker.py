"""An engine in a process of its own, so that nothing that a model does can stall or kill a server.

    worker = TranslationWorker(ArgosSetup(packages_dir=..., data_dir=...))   # or LibreTranslateSetup(url)
    translated = await worker.translate(text, "uk", "it", names=["Olena"])   # in a coroutine
    translated = worker.translate_now(text, "uk", "it")                      # in a thread
    worker.close()

Texts are translated one after the other, in the order in which they were given. The process starts
with the first text. One that takes longer than its time ends it (`TookTooLong`); one that dies,
whoever killed it, is started again and gets the text once more. All errors are `NotTranslated`.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path

from translations.engine import (
    Engine,
    EngineBusy,
    EngineFailed,
    NoEngine,
    NotTranslated,
    TookTooLong,
    Translated,
    unread,
)
from translations.languages import FOLDER
from translations.wire import read_answer, write_question

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ArgosSetup:
    """Argos Translate with the packages of a folder (`translations.argos.ArgosEngine`)."""

    packages_dir: Path
    data_dir: Path
    loaded: int = 6
    threads: int = 1

    def engine(self) -> Engine:
        """Make the engine; called in the worker's process."""
        from translations.argos import ArgosEngine

        return ArgosEngine(
            packages_dir=self.packages_dir, data_dir=self.data_dir, loaded=self.loaded, threads=self.threads
        )


@dataclass(frozen=True)
class LibreTranslateSetup:
    """A LibreTranslate server (`translations.libretranslate.LibreTranslateEngine`); timeout in seconds."""

    url: str
    api_key: str | None = None
    timeout: float = 10.0

    def engine(self) -> Engine:
        """Make the engine; called in the worker's process."""
        from translations.libretranslate import LibreTranslateEngine

        return LibreTranslateEngine(self.url, api_key=self.api_key, timeout=self.timeout)


@dataclass(frozen=True)
class NoSetup:
    """No machine translation."""

    def engine(self) -> Engine:
        """Make the engine that translates nothing."""
        return NoEngine()


Setup = ArgosSetup | LibreTranslateSetup | NoSetup


class TranslationWorker:
    """One engine in one process, for coroutines and threads.

    `timeout` is in seconds, for each thousand letters begun, loading of models included; a text that
    waits for others does not use it up. More than `most_waiting` texts at once are refused
    (`EngineBusy`), so that a flood can't fill the memory.
    """

    def __init__(self, setup: Setup, *, timeout: float = 30.0, most_waiting: int = 200) -> None:
        self._process = _Process(setup, timeout=timeout)
        self._has_engine = not isinstance(setup, NoSetup)
        self._most_waiting = most_waiting
        self._waiting = 0
        self._lock = threading.Lock()
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="translation")

    async def translate(
        self, text: str, source: str, target: str, *, names: Sequence[str] = ()
    ) -> Translated:
        """Return the translation; other coroutines go on meanwhile.

        Raises:
            NotTranslated: as `Engine.translate`, and `TookTooLong`, `EngineFailed`, `EngineBusy`.
        """
        if (same := unread(text, source, target)) is not None:
            return same
        return await asyncio.wrap_future(self._submit(text, source, target, names))

    def translate_now(self, text: str, source: str, target: str, *, names: Sequence[str] = ()) -> Translated:
        """Return the translation; the calling thread waits.

        Raises:
            NotTranslated: as `translate`.
        """
        if (same := unread(text, source, target)) is not None:
            return same
        return self._submit(text, source, target, names).result()

    def process_id(self) -> int | None:
        """Return the id of the engine's process, None when there is none at the moment."""
        return self._process.id()

    def close(self) -> None:
        """End the process; texts that still wait are dropped."""
        self._process.close()
        self._executor.shutdown(wait=True, cancel_futures=True)
        self._process.end()

    def _submit(self, text: str, source: str, target: str, names: Sequence[str]) -> Future[Translated]:
        if not self._has_engine:
            return _done(NoEngine(), text, source, target)
        with self._lock:
            if self._waiting >= self._most_waiting:
                raise EngineBusy("Too many texts are waiting to be translated. Try again in a minute.")
            self._waiting += 1
        future = self._executor.submit(self._process.ask, text, source, target, list(names))
        future.add_done_callback(self._count_down)
        return future

    def _count_down(self, _: Future[Translated]) -> None:
        with self._lock:
            self._waiting -= 1


def _done(engine: Engine, text: str, source: str, target: str) -> Future[Translated]:
    future: Future[Translated] = Future()
    try:
        future.set_result(engine.translate(text, source, target))
    except NotTranslated as error:
        future.set_exception(error)
    return future


class _Process:
    """The child and the line to it; used by one thread, but for `id` and `close`."""

    def __init__(self, setup: Setup, *, timeout: float) -> None:
        self._setup = setup
        self._timeout = timeout
        self._child: subprocess.Popen[bytes] | None = None
        self._line: Connection | None = None
        self._is_closed = False

    def ask(self, text: str, source: str, target: str, names: list[str]) -> Translated:
        """Have one text translated; a process that died gets it once more."""
        question = write_question(text, source, target, names)
        seconds = self._timeout * (1 + len(text) // 1000)
        for is_last in (False, True):
            try:
                return read_answer(self._exchange(question, seconds))
            except (EOFError, OSError):
                _log.warning("translation process died", extra={"again": not is_last})
                self.end()
        raise EngineFailed("The translation engine broke twice on this text.")

    def id(self) -> int | None:
        child = self._child
        return child.pid if child is not None and child.poll() is None else None

    def close(self) -> None:
        """Kill the child and start no other; its line is left to the thread that listens on it."""
        self._is_closed = True
        child = self._child
        if child is not None:
            child.kill()

    def end(self) -> None:
        """Kill the child; it holds nothing that could be lost."""
        child, self._child = self._child, None
        if child is not None:
            child.kill()
            child.wait()
        line, self._line = self._line, None
        if line is not None:
            line.close()

    def _exchange(self, question: bytes, seconds: float) -> bytes:
        line = self._running()
        line.send_bytes(question)
        if not line.poll(seconds):
            self.end()
            raise TookTooLong(f"The translation took longer than {seconds:g} seconds and was stopped.")
        return line.recv_bytes()

    def _running(self) -> Connection:
        if self._is_closed:
            raise EngineFailed("The translation engine was stopped.")
        if self._line is None or self._child is None or self._child.poll() is not None:
            self.end()
            self._start()
        assert self._line is not None
        return self._line

    def _start(self) -> None:
        ours, theirs = Pipe()
        setup = {"kind": type(self._setup).__name__, **asdict(self._setup)}
        self._child = subprocess.Popen(  # noqa: S603 - our own program, no text of anybody in it
            [sys.executable, "-m", "translations.worker_process", str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": str(FOLDER.parent)},
            start_new_session=True,  # Ctrl-C is for the server, whose end ends the child
        )
        theirs.close()
        self._line = ours
        ours.send_bytes(json.dumps(setup, default=str).encode())
