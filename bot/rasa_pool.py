"""Several Rasa processes, and which of them takes a conversation.

A conversation goes to the same process as long as that one answers: each process has a weight for each
conversation, a hash of both names, and the heaviest takes it (rendezvous hashing). So every bot decides the
same without asking anybody, and where one process is down only its own conversations move, spread over the
others; they come back when it does.

What moves along: the dialogue, where the processes share their memory (`SPORTELLO_TRACKER_URL`); else it
begins anew at the other one. A turn that may have been made already is looked up before it is made again.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Sequence
from types import TracebackType
from typing import Protocol, Self

import structlog

from backoffice.client.schemas import Turn
from bot.metrics import RASA_UP
from bot.pauses import Clock
from bot.rasa_client import RasaAnswer, RasaUnreachable

log = structlog.get_logger(__name__)

PROBES_UNTIL_DOWN = 2
"""So many failed probes in a row: on a busy machine a long message holds a process for seconds."""


class Assistant(Protocol):
    """What takes turns: one Rasa, or several."""

    async def take_turn(self, turn: Turn, *, attempt: int, timeout_seconds: float) -> RasaAnswer:
        """Have one turn answered; from attempt 2 on it is looked up before it is made."""

    async def is_alive(self, *, timeout_seconds: float = 2.0) -> bool:
        """Tell whether turns can be answered."""

    async def aclose(self) -> None:
        """Close the connections."""


class RasaPool:
    """Takes each turn to the Rasa of its conversation.

    Args:
        members: each Rasa by its address, which is its name in the hash: every bot has to call it the same.
        clock: seconds, of which a turn's time is counted.
    """

    def __init__(self, members: Sequence[tuple[str, Assistant]], *, clock: Clock = time.monotonic) -> None:
        self._members = dict(members)
        self._clock = clock
        self._failures = dict.fromkeys(self._members, 0)

    async def take_turn(self, turn: Turn, *, attempt: int, timeout_seconds: float) -> RasaAnswer:
        """Have one turn answered by the first that can be reached.

        Raises:
            RasaError: no answer. A process that was reached and failed, or was too slow, is the last one
                asked: it may have made the turn.
        """
        end = self._clock() + timeout_seconds
        for address in self.order(turn.conversation_id):
            left = end - self._clock()
            if left <= 0:
                break
            try:
                return await self._members[address].take_turn(turn, attempt=attempt, timeout_seconds=left)
            except RasaUnreachable:
                self._mark_down(address)
                attempt += 1  # it may have been made before the connection broke: look it up first
        raise RasaUnreachable

    async def is_alive(self, *, timeout_seconds: float = 2.0) -> bool:
        """Ask all; tell whether one answers, and remember which did not."""
        answers = await asyncio.gather(
            *(each.is_alive(timeout_seconds=timeout_seconds) for each in self._members.values())
        )
        for address, answered in zip(self._members, answers, strict=True):
            self._note(address, answered=answered)
        return any(answers)

    def order(self, conversation_id: str) -> list[str]:
        """Return the addresses in the order in which they are asked: by weight, those that are down last."""
        by_weight = rendezvous(conversation_id, list(self._members))
        return sorted(by_weight, key=self._is_down)  # a stable sort

    async def aclose(self) -> None:
        """Close the connections."""
        for each in self._members.values():
            await each.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    def _is_down(self, address: str) -> bool:
        return self._failures[address] >= PROBES_UNTIL_DOWN

    def _mark_down(self, address: str) -> None:
        if not self._is_down(address):
            log.warning("rasa.down", address=address)
        self._failures[address] = PROBES_UNTIL_DOWN
        RASA_UP.labels(address).set(0)

    def _note(self, address: str, *, answered: bool) -> None:
        was_down = self._is_down(address)
        self._failures[address] = 0 if answered else self._failures[address] + 1
        RASA_UP.labels(address).set(not self._is_down(address))
        if was_down and answered:
            log.info("rasa.back", address=address)
        elif not was_down and self._is_down(address):
            log.warning("rasa.down", address=address)


def rendezvous(key: str, names: Sequence[str]) -> list[str]:
    """Return the names, the heaviest for this key first; in which order they are given does not matter."""
    return sorted(names, key=lambda name: (_weight(key, name), name), reverse=True)


def _weight(key: str, name: str) -> bytes:
    # Not `hash()`: it differs from process to process.
    return hashlib.blake2b(f"{name}\0{key}".encode(), digest_size=8).digest()
