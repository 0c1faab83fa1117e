"""Kills processes while people talk, and holds what happened against the promises.

`python -m tests.campaign` runs it; `test_campaign.py` is the short form in `make test`.
"""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

from tests.campaign.checker import Verdict, check
from tests.campaign.failpoints import FAILPOINTS, Failpoint
from tests.campaign.history import Accepted, Delivered, History, Killed, Ledger, Trouble
from tests.campaign.installation import Installation, run_installation
from tests.campaign.people import Actor, Citizen, Mediator, Page, Stage
from tests.campaign.weather import POLLING_FAULTS, Weather
from tests.stack.processes import NAMES, wait_for
from tests.stack.telegram_citizen import is_of_the_gateway
from tests.telegram_emulator.server import TelegramEmulator

RANDOM_SHARE = 0.35
"""Of the kills, at any moment and of any process; the others come at a failpoint."""
REACHED_WITHIN_SECONDS = 20.0
QUIET_WITHIN_SECONDS = 150.0
"""A delivery that was silenced waits for its lease of 30 s, then for its growing pauses."""
FIRST_CHAT = 8_000_000
CHATS_OF_ONE = 10_000

Say = Callable[[str], None]


@dataclass
class Outcome:
    """What a campaign came to."""

    backend: str
    seed: int
    seconds: float
    kills: list[Killed]
    not_reached: Counter[str]
    verdict: Verdict
    accepted: int
    delivered: int
    crashed: list[str]
    troubles: list[str]
    weather: dict[str, int]
    ledger: Ledger
    file: Path
    names: Sequence[str] = NAMES
    notes: list[str] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        """Whether every promise held and nobody of the campaign's own people fell over."""
        return self.verdict.holds and not self.crashed


@dataclass
class Campaign:
    """One campaign on one database. `plan`: the failpoints to die at in this order, `None` for a random
    kill; without a plan they are chosen by lot, the ones that were rarest first."""

    folder: Path
    backend: str
    kills: int
    seed: int
    say: Say
    plan: list[Failpoint | None] | None = None
    history: History = field(default_factory=History)
    not_reached: Counter[str] = field(default_factory=Counter)
    killed: list[Killed] = field(default_factory=list)
    faults: Sequence[str] = POLLING_FAULTS

    def run(self) -> Outcome:
        """Start, kill, come to rest, check."""
        begun = time.monotonic()
        with (
            TelegramEmulator("4242:invented-token-of-the-campaign") as telegram,
            self._open(telegram) as installation,
        ):
            self.say(f"{self.backend}: all processes run after {time.monotonic() - begun:.0f} s")
            return self.run_on(installation, telegram)

    def run_on(self, installation: Installation, telegram: TelegramEmulator) -> Outcome:
        """The same on an installation that runs."""
        begun = time.monotonic()
        self._dice = random.Random(self.seed)
        stage = Stage(installation, telegram, self.history)
        actors = self._actors(stage)
        weather = Weather(telegram, stage.updates, self.seed, self.faults)
        for thread in (*actors, weather):
            thread.start()
        try:
            self._kill(installation, begun)
        finally:
            stage.over.set()
            weather.stop()
            for actor in actors:
                actor.join(timeout=120)
        self._come_to_rest(installation, telegram)
        self._note_deliveries(telegram)
        return self._outcome(installation.read_ledger(), actors, weather, time.monotonic() - begun)

    def _open(self, telegram: TelegramEmulator) -> AbstractContextManager[Installation]:
        return run_installation(self.folder, self.backend, telegram)

    def _actors(self, stage: Stage) -> list[Actor]:
        def seed() -> int:
            return self._dice.randrange(2**32)

        return [
            Citizen(stage, "web writer", seed(), chat=None, forms=0.0),
            Citizen(stage, "web writer 2", seed(), chat=None, forms=0.2),
            Citizen(stage, "web form", seed(), chat=None, forms=1.0),
            Citizen(stage, "telegram writer", seed(), chat=FIRST_CHAT, forms=0.0),
            Citizen(stage, "telegram writer 2", seed(), chat=FIRST_CHAT + CHATS_OF_ONE, forms=0.3),
            Citizen(stage, "telegram form", seed(), chat=FIRST_CHAT + 2 * CHATS_OF_ONE, forms=1.0),
            Mediator(stage, "mediator.uk", "mediator.ar", seed()),
            Mediator(stage, "mediator.ar", "mediator.uk", seed()),
        ]

    # --- killing ---

    def _kill(self, installation: Installation, begun: float) -> None:
        tries = 0
        while len(self.killed) < self.kills and tries < 3 * self.kills + 10:
            tries += 1
            self._kill_once(installation, self._next(tries - 1))
            if len(self.killed) % 10 == 0:
                rate = (time.monotonic() - begun) / max(1, len(self.killed))
                self.say(f"{self.backend}: {len(self.killed)} of {self.kills} kills, {rate:.1f} s each")

    def _next(self, number: int) -> Failpoint | None:
        if self.plan is not None:
            return self.plan[number % len(self.plan)]
        if self._dice.random() < RANDOM_SHARE:
            return None
        done = Counter(kill.where for kill in self.killed) + self.not_reached
        fewest = min(done[each.name] for each in FAILPOINTS)
        return self._dice.choice([each for each in FAILPOINTS if done[each.name] == fewest])

    def _kill_once(self, installation: Installation, failpoint: Failpoint | None) -> None:
        stack = installation.stack
        if failpoint is None:
            time.sleep(self._dice.uniform(0.0, 1.5))
            name = self._dice.choice(NAMES)
            at, pid, where = time.monotonic(), stack.kill(name), "random"
        else:
            death = installation.trap.kill_at(failpoint, seconds=REACHED_WITHIN_SECONDS)
            if death is None:
                self.not_reached[failpoint.name] += 1
                return
            name, at, pid, where = failpoint.process, death.at, death.pid, failpoint.name
        self.killed.append(self.history.note(Killed, at=at, process=name, pid=pid, where=where))
        stack.wait_until_back(name, pid)
        wait_for("everything is healthy", lambda: stack.is_healthy("bot"), seconds=90)

    # --- the end ---

    def _come_to_rest(self, installation: Installation, telegram: TelegramEmulator) -> None:
        """Wait until everything is processed, delivered and shown; the checker tells what never was."""
        deadline = time.monotonic() + QUIET_WITHIN_SECONDS
        while time.monotonic() < deadline:
            pages = [page for page in threading.enumerate() if isinstance(page, Page)]
            under_way = installation.what_is_under_way() + list(map(str, telegram.world.updates))
            if not under_way:
                break
            time.sleep(0.2)
        else:
            self.history.note(Trouble, what=f"not at rest: {under_way[:20]}")
        for page in pages:
            page.closed.set()

    def _note_deliveries(self, telegram: TelegramEmulator) -> None:
        for call in telegram.world.calls("sendMessage"):
            if is_of_the_gateway(str(call.parameters["text"])):
                continue
            rows = call.parameters.get("reply_markup", {}).get("inline_keyboard", [])
            self.history.note(
                Delivered,
                at=call.at,
                chat=int(call.parameters["chat_id"]),
                text=str(call.parameters["text"]),
                buttons=tuple(button["callback_data"] for row in rows for button in row),
                withheld=call.withheld,
            )

    def _outcome(self, ledger: Ledger, actors: list[Actor], weather: Weather, seconds: float) -> Outcome:
        file = self.folder / "history.jsonl"
        self.history.save(file, ledger)
        crashed = [f"{each.name}: {each.crashed!r}" for each in actors if each.crashed is not None]
        crashed += [f"{each.name} did not stop" for each in actors if each.is_alive()]
        return Outcome(
            backend=self.backend,
            seed=self.seed,
            seconds=seconds,
            kills=self.killed,
            not_reached=self.not_reached,
            verdict=check(self.history, ledger),
            accepted=len({event.key for event in self.history.of(Accepted)}),
            delivered=len(self.history.of(Delivered)),
            crashed=crashed,
            troubles=[event.what for event in self.history.of(Trouble)],
            weather=weather.faults,
            ledger=ledger,
            file=file,
        )


def report(outcome: Outcome) -> str:
    """Return the table of a campaign."""
    verdict = outcome.verdict
    where = Counter(kill.where for kill in outcome.kills)
    killed = Counter(kill.process for kill in outcome.kills)
    lines = [
        f"{outcome.backend}, seed {outcome.seed}, {outcome.seconds:.0f} s",
        f"  {'kills done':38}{len(outcome.kills)}",
        *(f"    {name:36}{killed[name]}" for name in outcome.names),
        f"    {'at random moments':36}{where['random']}",
        *(f"    at {each.name:33}{where[each.name]}" for each in FAILPOINTS),
        f"  {'messages acknowledged':38}{outcome.accepted}",
        f"  {'messages that Telegram took':38}{outcome.delivered}",
        f"  {'cases':38}{len(outcome.ledger.cases)}",
        f"  {'changes of the floor':38}{len(outcome.ledger.floor)}",
        f"  {'faults of Telegram':38}{sum(outcome.weather.values())}",
        *(f"  {promise:41}{len(found)}" for promise, found in verdict.broken.items()),
        "  sent twice on Telegram / kills in the send window:"
        f" {verdict.repeated_after_kills} / {verdict.send_windows}",
        "  sent twice because Telegram withheld its answer / answers withheld:"
        f" {verdict.repeated_after_silence} / {verdict.withheld}",
    ]
    lines += [
        f"  BROKEN {promise}: {each}" for promise, found in verdict.broken.items() for each in found[:20]
    ]
    lines += [f"  FELL OVER {each}" for each in outcome.crashed]
    lines += [f"  {each}" for each in outcome.notes]
    lines += [f"  note: {each}" for each in outcome.troubles[:10]]
    lines += [f"  history: {outcome.file}", f"  {'every promise held' if outcome.is_good else 'NOT GOOD'}"]
    return "\n".join(lines)
