"""B2, how long a person waits for the assistant: all of Sportello beside plain Rasa.

Dialogues in twelve languages, all at once, five turns a second, whatever the answers take: a turn's time
begins when it was due. Sportello's turn is stored before it is acknowledged, encrypted and audited, passes
four processes, and comes back on the page's stream. Plain Rasa's is one call of its REST channel, with the
same model and the same actions, and keeps its memory in the clear.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Final

from benchmarks.installation import Installation
from benchmarks.lines import Outcome, ratio_at_most
from benchmarks.processor import Meter, TurnCosts
from benchmarks.run import Run
from benchmarks.samples import OURS, PEER
from benchmarks.script import LANGUAGES, play
from benchmarks.speakers import Answer, Arrive, LostMessage, Speaker

TITLE: Final = "B2: a turn of the dialogue"
ROUNDS: Final = 5
DIALOGUES: Final = 24
"""In a round, of each side: two in each language."""
TURNS_A_SECOND: Final = 5.0
PEER_NAME: Final = "plain Rasa"


def measure(run: Run, installation: Installation) -> Outcome:
    """Play the rounds, the two sides by turns."""
    return asyncio.run(_measure(run, installation))


async def _measure(run: Run, installation: Installation) -> Outcome:
    outcome, costs, meter = Outcome(), TurnCosts(), Meter(installation)
    arrivals: dict[str, Arrive] = {OURS: installation.arrive, PEER: installation.arrive_at_peer}
    languages = LANGUAGES * (run.few(DIALOGUES, len(LANGUAGES)) // len(LANGUAGES))
    for arrive in arrivals.values():
        async for _ in play(person := await arrive("it")):  # for warming up
            pass
        await person.aclose()
    for number in range(run.few(ROUNDS, 1)):
        for side in (OURS, PEER) if number % 2 == 0 else (PEER, OURS):
            run.say(f"round {number + 1}, {side}")
            meter.spent()
            turns, lost = await _round(run, arrivals[side], side, languages[: run.few(99, 4)], number)
            costs.add(side, turns, meter.spent())
            outcome.wrong += [f"{side}: {each}" for each in lost if side == OURS]
            outcome.notes += [f"The peer lost a message: {each}" for each in lost if side == PEER]
    outcome.lines = [
        run.samples.line("turn", "turn, p50", "ms", target=ratio_at_most(0.7), peer_name=PEER_NAME),
        run.samples.line("turn", "turn, p95", "ms", share=0.95, peer_name=PEER_NAME),
        run.samples.line(
            "turn", "turn, p99", "ms", share=0.99, target=ratio_at_most(0.5), peer_name=PEER_NAME
        ),
    ]
    heard = len(run.samples.all("turn", OURS))
    outcome.checked = [
        f"{heard:,} turns in {len(set(languages))} languages, each with the answer that the form awaits"
    ]
    outcome.notes += [f"Sportello: {costs.describe(OURS)}.", f"Plain Rasa: {costs.describe(PEER)}."]
    return outcome


async def _round(
    run: Run, arrive: Arrive, side: str, languages: tuple[str, ...], number: int
) -> tuple[int, list[str]]:
    """Play all dialogues at once at the fixed rate; return how many turns there were, and what was lost."""
    lost: list[str] = []
    turns = 0
    people = [await arrive(language) for language in languages]
    pace = Pace(TURNS_A_SECOND)

    async def dialogue(person: Speaker) -> None:
        nonlocal turns
        try:
            async for late, answer in _paced(play(person), pace):
                run.samples.add("turn", side, (answer.seconds + late) * 1000, number=number)
                turns += 1
        except LostMessage as error:
            lost.append(str(error))
        finally:
            await person.aclose()

    await asyncio.gather(*map(dialogue, people))
    return turns, lost


async def _paced(
    dialogue: AsyncIterator[tuple[str, Answer]], pace: Pace
) -> AsyncIterator[tuple[float, Answer]]:
    """Have each turn begin when it is due; yield by how much it was late, and its answer."""
    while True:
        late = await pace.next()
        try:
            _, answer = await anext(dialogue)
        except StopAsyncIteration:
            return
        yield late, answer


class Pace:
    """Gives out moments at a fixed rate, one to each who asks."""

    def __init__(self, a_second: float) -> None:
        self._apart = 1 / a_second
        self._due = time.perf_counter()

    async def next(self) -> float:
        """Wait for the next moment; return by how many seconds it is over, for who comes late."""
        due, self._due = self._due, self._due + self._apart
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        return max(0.0, time.perf_counter() - due)
