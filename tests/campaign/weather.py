"""Telegram on a bad day: refuses, asks to wait, takes a message and does not say so, brings updates again."""

from __future__ import annotations

import copy
import random
import threading
from collections.abc import Sequence

from tests.telegram_emulator.server import TelegramEmulator
from tests.telegram_emulator.world import Json

EVERY_FAULT = ("repeat", "repeat", "too_many", "bad_gateway", "dropped", "silent")
POLLING_FAULTS = (*EVERY_FAULT, "no_updates", "lost_updates")
"""Where the bot fetches its updates; a webhook's answers are lost by `WebhookDelivery`."""


class Weather(threading.Thread):
    """Until stopped: one fault after the other. The faults in `faults` are counted by kind."""

    def __init__(
        self, telegram: TelegramEmulator, written: Sequence[Json], seed: int, kinds: Sequence[str]
    ) -> None:
        super().__init__(daemon=True, name="weather")
        self._telegram = telegram
        self._dice = random.Random(seed)
        self._written = written
        self._kinds = kinds
        self.over = threading.Event()
        self.faults: dict[str, int] = {}

    def run(self) -> None:
        self._telegram.world.disorder = random.Random(self._dice.random())
        while not self.over.wait(self._dice.uniform(0.8, 3.0)):
            kind = self._dice.choice(self._kinds)
            self.faults[kind] = self.faults.get(kind, 0) + 1
            getattr(self, f"_{kind}")()

    def stop(self) -> None:
        """Clear up: no fault is left."""
        self.over.set()
        self.join()
        world = self._telegram.world
        with world.lock:
            world.faults.clear()
            world.disorder = None

    def _repeat(self) -> None:
        """Bring an update that was brought and confirmed before."""
        if self._written:
            self._telegram.world.add_raw_update(copy.deepcopy(self._dice.choice(self._written)))

    def _too_many(self) -> None:
        self._telegram.fail_next(
            status=429, method="sendMessage", retry_after=1, description="Too Many Requests: retry after 1"
        )

    def _bad_gateway(self) -> None:
        self._telegram.fail_next(self._dice.randint(1, 2), method="sendMessage")

    def _dropped(self) -> None:
        self._telegram.fail_next(method="sendMessage", after_accepting="drop")

    def _silent(self) -> None:
        if self._dice.random() < 0.2:  # ten seconds each
            self._telegram.fail_next(method="sendMessage", after_accepting="hang")

    def _no_updates(self) -> None:
        self._telegram.fail_next(method="getUpdates")

    def _lost_updates(self) -> None:
        self._telegram.fail_next(method="getUpdates", after_accepting="drop")
