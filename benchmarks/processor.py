"""What each process takes of the processor: it says where a turn's time goes, on a busy machine too."""

from __future__ import annotations

import psutil

from benchmarks.installation import Installation
from tests.stack.processes import NAMES


class Meter:
    """Processor time by process since it was made, in seconds."""

    def __init__(self, installation: Installation) -> None:
        self._processes = {name: psutil.Process(installation.stack.pid(name)) for name in NAMES}
        if installation.rasa_pid is not None:
            self._processes["plain Rasa"] = psutil.Process(installation.rasa_pid)
        self._before = self._now()

    def spent(self) -> dict[str, float]:
        """Return the seconds since the last question, by process."""
        now = self._now()
        spent = {name: now[name] - self._before[name] for name in now}
        self._before = now
        return spent

    def _now(self) -> dict[str, float]:
        times = {name: each.cpu_times() for name, each in self._processes.items()}
        return {name: time.user + time.system for name, time in times.items()}


class TurnCosts:
    """Sums up what turns of both sides took of the processor."""

    def __init__(self) -> None:
        self._seconds: dict[str, dict[str, float]] = {}
        self._turns: dict[str, int] = {}

    def add(self, side: str, turns: int, spent: dict[str, float]) -> None:
        """Add what a round of one side took."""
        sums = self._seconds.setdefault(side, dict.fromkeys(spent, 0.0))
        for name, seconds in spent.items():
            sums[name] += seconds
        self._turns[side] = self._turns.get(side, 0) + turns

    def describe(self, side: str) -> str:
        """Return one sentence: milliseconds of the processor a turn, by process, the dearest first."""
        turns = self._turns[side]
        shares = sorted(self._seconds[side].items(), key=lambda share: -share[1])
        parts = [f"{name} {1000 * seconds / turns:.1f}" for name, seconds in shares if seconds / turns > 2e-4]
        total = 1000 * sum(self._seconds[side].values()) / turns
        return f"{total:.1f} ms of the processor a turn ({', '.join(parts)})"
