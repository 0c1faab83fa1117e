"""Telegram that brings its updates itself: to the webhook that was set, until each is taken.

As the Bot API's server does: chats at the same time, each in its own order, and what was not answered with
success comes again after a growing pause. An answer that is lost on the way has the update come twice.
"""

from __future__ import annotations

import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.telegram_emulator.world import World, chat_of

_AT_ONCE = 40
_ANSWER_SECONDS = 60.0
_FIRST_PAUSE_SECONDS = 1.0
_LONGEST_PAUSE_SECONDS = 8.0
_LOOKS_SECONDS = 0.2


@dataclass
class _Line:
    """One chat: whether an update of it is under way, and when the next may go."""

    is_busy: bool = False
    not_before: float = 0.0
    pause: float = _FIRST_PAUSE_SECONDS


@dataclass
class WebhookDelivery:
    """Brings what is in `world.updates` to its webhook, from `start` to `stop`.

    Args:
        lost_answers: the share of answers that are lost after the update was taken.
    """

    world: World
    lost_answers: float = 0.0
    seed: int = 0
    brought: int = 0
    failed: int = 0
    lost: int = 0
    _lines: dict[Any, _Line] = field(default_factory=dict)
    _stopping: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        self._dice = random.Random(self.seed)
        self._http = httpx.Client(
            timeout=_ANSWER_SECONDS, trust_env=False, limits=httpx.Limits(max_connections=_AT_ONCE)
        )
        self._pool = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="webhook")
        self._thread = threading.Thread(target=self._run, daemon=True, name="webhook")
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self.world.ring()
        self._thread.join()
        self._pool.shutdown(cancel_futures=True)
        self._http.close()

    def _run(self) -> None:
        while not self._stopping.is_set():
            for line, update in self._next():
                self._pool.submit(self._bring, line, update)
            self.world.wait_for_change(_LOOKS_SECONDS)

    def _next(self) -> list[tuple[_Line, Any]]:
        """Return the first update of each chat whose turn has come."""
        found: list[tuple[_Line, Any]] = []
        seen: set[Any] = set()
        with self.world.lock:
            if self.world.webhook is None:
                return []
            for update in self.world.updates:
                chat = chat_of(update)
                if chat in seen:
                    continue
                seen.add(chat)
                line = self._lines.setdefault(chat, _Line())
                if not line.is_busy and line.not_before <= time.monotonic():
                    line.is_busy = True
                    found.append((line, update))
        return found

    def _bring(self, line: _Line, update: Any) -> None:
        webhook = self.world.webhook
        assert webhook is not None
        headers = {"X-Telegram-Bot-Api-Secret-Token": webhook.secret}
        try:
            taken = self._http.post(webhook.url, json=update, headers=headers).is_success
        except httpx.HTTPError:
            taken = False
        with self.world.lock:
            self.failed += not taken
            if taken and self._dice.random() < self.lost_answers:
                self.lost += 1
                taken = False
            line.is_busy = False
            if taken:
                self.brought += 1
                line.pause, line.not_before = _FIRST_PAUSE_SECONDS, 0.0
                self.world.forget(update)
            else:
                line.not_before = time.monotonic() + line.pause
                line.pause = min(2 * line.pause, _LONGEST_PAUSE_SECONDS)
                self.world.ring()
