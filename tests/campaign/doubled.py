"""The campaign against two of each process behind nginx, with PostgreSQL and Redis.

The eight are killed in turn, every third time one at a failpoint instead; now and then, besides, Redis or
nginx dies or PostgreSQL crashes. Nobody waits until all is whole again: whoever has its twin beside it may be
next, so that of each kind one is always left.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from tests.campaign.campaign import CHATS_OF_ONE, FIRST_CHAT, Campaign, Outcome
from tests.campaign.failpoints import FAILPOINTS, Failpoint
from tests.campaign.history import Killed
from tests.campaign.installation import Installation, run_doubled_installation
from tests.campaign.people import Actor, Citizen, Mediator, Stage
from tests.campaign.weather import EVERY_FAULT
from tests.stack.doubled import DOUBLED, DoubledStack, kind_of
from tests.stack.processes import wait_for
from tests.telegram_emulator.server import TelegramEmulator

BLOWS = ("postgres", "redis", "nginx")
"""What is one of its kind."""
_FAILPOINT_EVERY = 3
_BLOW_EVERY = 8
_REACHED_WITHIN_SECONDS = 10.0
_BACK_WITHIN_SECONDS = 180.0


@dataclass
class DoubledCampaign(Campaign):
    """One campaign of so many kills, and of so many minutes at least: the kills are spread over them.

    `strictly`: no failpoints, and one after the other in the order of `DOUBLED`, however long that takes.
    """

    minutes: float = 0.0
    strictly: bool = False
    blows: Counter[str] = field(default_factory=Counter)
    late: int = 0
    loads: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.faults = EVERY_FAULT

    def _open(self, telegram: TelegramEmulator) -> AbstractContextManager[Installation]:
        return run_doubled_installation(self.folder, telegram, seed=self.seed)

    def _actors(self, stage: Stage) -> list[Actor]:
        def seed() -> int:
            return self._dice.randrange(2**32)

        web = [
            Citizen(stage, f"web {number}", seed(), chat=None, forms=forms)
            for number, forms in enumerate((0.0, 0.0, 0.2, 0.5, 1.0))
        ]
        telegram = [
            Citizen(stage, f"telegram {number}", seed(), chat=FIRST_CHAT + number * CHATS_OF_ONE, forms=forms)
            for number, forms in enumerate((0.0, 0.0, 0.3, 1.0))
        ]
        pairs = (("mediator.uk", "mediator.ar"), ("mediator.ur", "mediator.ur2"))
        mediators = [
            Mediator(stage, one, other, seed()) for pair in pairs for one, other in (pair, pair[::-1])
        ]
        return [*web, *telegram, *mediators]

    # --- killing ---

    def _kill(self, installation: Installation, begun: float) -> None:
        stack = installation.stack
        assert isinstance(stack, DoubledStack)
        first, every = time.monotonic(), 60 * self.minutes / max(1, self.kills)
        for number in range(self.kills):
            self._wait_until(first + number * every)
            if number % _BLOW_EVERY == _BLOW_EVERY - 1:
                self._strike(stack, BLOWS[number // _BLOW_EVERY % len(BLOWS)])
            self._kill_one(installation, stack, number)
            self.loads.append(os.getloadavg()[0])
            if len(self.killed) % 10 == 0:
                seconds = time.monotonic() - first
                self.say(
                    f"{len(self.killed)} of {self.kills} kills after {seconds:.0f} s, {self.loads[-1]:.1f}"
                )
        self._wait_until(first + 60 * self.minutes)
        for name in (*DOUBLED, "redis", "nginx"):
            stack.wait_until_healthy(name, seconds=_BACK_WITHIN_SECONDS)

    def _wait_until(self, moment: float) -> None:
        left = moment - time.monotonic()
        if left > 0:
            time.sleep(left)
        else:
            self.late += left < -1.0

    def _kill_one(self, installation: Installation, stack: DoubledStack, number: int) -> None:
        wanted = {DOUBLED[number % len(DOUBLED)]} if self.strictly else set(DOUBLED)
        whole = wait_for(
            f"both of the kind of {' or '.join(sorted(wanted))} are there",
            lambda: {pid: name for pid, name in _whole(stack).items() if name in wanted},
            seconds=_BACK_WITHIN_SECONDS,
        )
        is_at_failpoint = not self.strictly and number % _FAILPOINT_EVERY == _FAILPOINT_EVERY - 1
        if is_at_failpoint and self._at_failpoint(installation, whole):
            return
        killed = Counter(kill.process for kill in self.killed)
        name = min((name for name in DOUBLED if name in whole.values()), key=lambda each: killed[each])
        time.sleep(self._dice.uniform(0.0, 1.5))
        at, pid = time.monotonic(), stack.kill(name)
        self.killed.append(self.history.note(Killed, at=at, process=name, pid=pid, where="random"))

    def _at_failpoint(self, installation: Installation, whole: dict[int, str]) -> bool:
        failpoint = self._rarest({kind_of(name) for name in whole.values()})
        death = installation.trap.kill_at(failpoint, seconds=_REACHED_WITHIN_SECONDS)
        if death is None:
            self.not_reached[failpoint.name] += 1
            return False
        name = whole.get(death.pid, failpoint.process)  # whoever began anew meanwhile is known by its kind
        self.killed.append(
            self.history.note(Killed, at=death.at, process=name, pid=death.pid, where=failpoint.name)
        )
        return True

    def _rarest(self, kinds: set[str]) -> Failpoint:
        done = Counter(kill.where for kill in self.killed) + self.not_reached
        choice = [each for each in FAILPOINTS if each.process in kinds]
        fewest = min(done[each.name] for each in choice)
        return self._dice.choice([each for each in choice if done[each.name] == fewest])

    def _strike(self, stack: DoubledStack, what: str) -> None:
        self.blows[what] += 1
        if what == "postgres":
            stack.postgres.restart("immediate")
        else:
            stack.wait_until_back(what, stack.kill(what))

    def _outcome(self, *about: object) -> Outcome:
        outcome = super()._outcome(*about)  # type: ignore[arg-type]  # passed on as they came
        outcome.names = DOUBLED
        load = sum(self.loads) / max(1, len(self.loads))
        outcome.notes = [
            "crashed besides: " + ", ".join(f"{what} {self.blows[what]} times" for what in BLOWS),
            f"kills later than planned: {self.late}",
            f"load average of the machine: {load:.1f} in the mean, {max(self.loads, default=0):.1f} at most,"
            f" {os.cpu_count()} cores",
        ]
        return outcome


def _whole(stack: DoubledStack) -> dict[int, str]:
    """Return who may be killed, by process id: those of whose kind both are there."""
    there = {name for name in DOUBLED if stack.is_healthy(name)}
    kinds = Counter(map(kind_of, there))
    return {stack.pid(name): name for name in there if kinds[kind_of(name)] == 2}
