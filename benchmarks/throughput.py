"""B3, how many turns a second: 32 people who write as soon as they are answered, beside plain Rasa."""

from __future__ import annotations

import asyncio
import time
from typing import Final

from benchmarks.installation import Installation
from benchmarks.lines import Outcome, ratio_at_least
from benchmarks.processor import Meter, TurnCosts
from benchmarks.run import Run
from benchmarks.samples import OURS, PEER
from benchmarks.script import LANGUAGES, play
from benchmarks.speakers import Arrive, Speaker, WebPerson

TITLE: Final = "B3: turns a second"
ROUNDS: Final = 5
PEOPLE: Final = 32


def measure(run: Run, installation: Installation) -> Outcome:
    """Play the rounds, the two sides by turns."""
    return asyncio.run(_measure(run, installation))


async def _measure(run: Run, installation: Installation) -> Outcome:
    outcome, costs, meter = Outcome(), TurnCosts(), Meter(installation)
    arrivals: dict[str, Arrive] = {OURS: installation.arrive, PEER: installation.arrive_at_peer}
    heard = 0
    for number in range(run.few(ROUNDS, 1)):
        for side in (OURS, PEER) if number % 2 == 0 else (PEER, OURS):
            run.say(f"round {number + 1}, {side}")
            people = [
                await arrivals[side](LANGUAGES[each % len(LANGUAGES)]) for each in range(run.few(PEOPLE, 6))
            ]
            meter.spent()
            begun = time.perf_counter()
            turns = await asyncio.gather(*map(_talk, people), return_exceptions=True)
            seconds = time.perf_counter() - begun
            done = sum(each for each in turns if isinstance(each, int))
            costs.add(side, done, meter.spent())
            run.samples.add("turns a second", side, done / seconds, number=number)
            found = [str(each) for each in turns if isinstance(each, BaseException)]
            if side == OURS:
                heard += done
                outcome.wrong += found + [gap for each in people for gap in gaps(each)]
            else:
                outcome.notes += [f"The peer lost a message: {each}" for each in found]
            for person in people:
                await person.aclose()
    outcome.lines = [
        run.samples.line(
            "turns a second",
            f"turns a second, {PEOPLE} conversations",
            "1/s",
            peer_name="plain Rasa",
            target=ratio_at_least(2.0),
        )
    ]
    outcome.checked = [f"{heard:,} turns, none lost, no number missing on a page"]
    outcome.notes += [f"Sportello: {costs.describe(OURS)}.", f"Plain Rasa: {costs.describe(PEER)}."]
    return outcome


async def _talk(person: Speaker) -> int:
    turns = 0
    async for _ in play(person):
        turns += 1
    return turns


def gaps(person: Speaker) -> list[str]:
    """Return what is missing or twice among the messages that a page was shown."""
    if not isinstance(person, WebPerson):
        return []
    numbers = [int(message["seq"]) for message in person.seen]
    expected = list(range(numbers[0], numbers[0] + len(numbers))) if numbers else []
    return [] if numbers == expected else [f"{person.conversation}: the page was shown {numbers}"]
