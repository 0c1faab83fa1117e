"""B5, ten messages of one person within a second, while every action takes 0.2 s more, beside plain Rasa."""

from __future__ import annotations

import asyncio
import time
from typing import Final

from benchmarks.installation import Installation, installation
from benchmarks.lines import Outcome, at_most, ratio_at_most
from benchmarks.run import Run
from benchmarks.samples import OURS, PEER
from benchmarks.script import question
from benchmarks.slow_actions import slow_actions
from benchmarks.speakers import LostMessage
from benchmarks.throughput import gaps
from tests.stack.processes import free_port

TITLE: Final = "B5: ten messages in a second"
ROUNDS: Final = 5
MESSAGES: Final = 10
APART_SECONDS: Final = 0.1
ACTION_SECONDS: Final = 0.2


def measure(run: Run) -> Outcome:
    """Start an installation whose actions are slow, and send the bursts, the two sides by turns."""
    port = free_port()
    with installation(run, actions=port, SPORTELLO_ACTIONS_URL=f"http://127.0.0.1:{port}") as running:
        return asyncio.run(_measure(run, running, port))


async def _measure(run: Run, running: Installation, port: int) -> Outcome:
    outcome = Outcome()
    async with slow_actions(port, running.stack.ports["actions"], ACTION_SECONDS):
        first = await running.arrive("it")
        await first.say(question("it"))  # until now the bot did not find the actions
        await first.aclose()
        for number in range(run.few(ROUNDS, 1)):
            run.say(f"round {number + 1}")
            try:
                run.samples.add("burst", OURS, await _ours(running, outcome), number=number)
            except LostMessage as error:
                outcome.wrong.append(str(error))
            try:
                run.samples.add("burst", PEER, await _peer(running), number=number)
            except LostMessage as error:
                outcome.notes.append(f"The peer lost a message: {error}")
    what = "from the first message to the last answer, p50"
    line = run.samples.line("burst", what, "s", peer_name="plain Rasa", target=ratio_at_most(0.25))
    outcome.lines = [line, run.samples.line("burst", what, "s", target=at_most(2.5))]
    outcome.checked = [f"{MESSAGES} messages a burst, each answered, in the order in which they were sent"]
    return outcome


async def _ours(running: Installation, outcome: Outcome) -> float:
    person = await running.arrive("it")
    await person.say(question("it"))
    begun = time.perf_counter()
    sent = []
    for number in range(MESSAGES):
        await asyncio.sleep(max(0.0, begun + number * APART_SECONDS - time.perf_counter()))
        sent.append(await person.post({"text": question("it")}))
    await person.answer_to(sent[-1], begun)
    seconds = time.perf_counter() - begun
    outcome.wrong += gaps(person)
    said = [message for message in person.seen if message["from"] == "assistant" and message["seq"] > sent[0]]
    if len(said) < MESSAGES:
        outcome.wrong.append(f"{len(said)} answers to {MESSAGES} messages")
    await person.aclose()
    return seconds


async def _peer(running: Installation) -> float:
    person = await running.arrive_at_peer("it")
    await person.say(question("it"))
    begun = time.perf_counter()

    async def later(number: int) -> None:
        await asyncio.sleep(number * APART_SECONDS)
        other = person.on_another_connection()
        await other.say(question("it"))
        await other.aclose()

    await asyncio.gather(*(later(number) for number in range(MESSAGES)))
    await person.aclose()
    return time.perf_counter() - begun
