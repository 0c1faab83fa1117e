"""B10, what other people feel while some attack: twenty senders of long texts, twenty times a second each.

A hundred people ask one question each, a few a second; first in quiet, then while the attack goes on. Our
limits are those of every installation. Plain Rasa has none: there the same senders bring the same texts.
"""

from __future__ import annotations

import asyncio
import time
import uuid
from collections import Counter
from contextlib import suppress
from typing import Final

from benchmarks.installation import Installation, installation
from benchmarks.lines import Line, Outcome, at_least, ratio_at_most
from benchmarks.run import Run
from benchmarks.samples import OURS, PEER, percentile
from benchmarks.script import LANGUAGES, question
from benchmarks.speakers import Arrive, LostMessage, Speaker
from benchmarks.turns import Pace
from benchmarks.wire import Wire

TITLE: Final = "B10: under attack"
PEOPLE: Final = 100
QUESTIONS_A_SECOND: Final = 3.0
SENDERS: Final = 20
SENDS_A_SECOND: Final = 20.0
TEXT: Final = ("cerco casa " * 400)[:4_096]
_LIMIT_OF_ALL: Final = "30"
"""Messages a minute of one sender: the default of every installation."""


def measure(run: Run) -> Outcome:
    """Start an installation with its limits, and attack it."""
    with installation(run, SPORTELLO_MESSAGES_PER_MINUTE=_LIMIT_OF_ALL) as running:
        return asyncio.run(_measure(run, running))


async def _measure(run: Run, running: Installation) -> Outcome:
    outcome = Outcome()
    statuses: Counter[int] = Counter()
    sides: tuple[tuple[str, Arrive], ...] = ((OURS, running.arrive), (PEER, running.arrive_at_peer))
    for side, arrive in sides:
        run.say(f"{side}: quiet")
        await _ask_all(run, outcome, arrive, side, "quiet")
        run.say(f"{side}: under attack")
        over = asyncio.Event()
        attack = _attack_us if side == OURS else _attack_peer
        senders = [asyncio.create_task(attack(running, over, statuses)) for _ in range(run.few(SENDERS, 4))]
        await asyncio.sleep(1)
        await _ask_all(run, outcome, arrive, side, "attack")
        over.set()
        await asyncio.gather(*senders, return_exceptions=True)
    outcome.lines = _lines(run, statuses)
    limited = statuses[429]
    outcome.checked = [f"of {sum(statuses.values()):,} hostile messages {limited:,} were refused with 429"]
    if not outcome.wrong:
        everybody = f"every one of {run.few(PEOPLE, 8)} people was answered, in quiet and under attack"
        outcome.checked.insert(0, everybody)
    if not limited:
        outcome.wrong.append("no hostile sender was limited")
    return outcome


def _lines(run: Run, statuses: Counter[int]) -> list[Line]:
    def p95(step: str, side: str) -> float | None:
        times = run.samples.all(step, side)
        return percentile(times, 0.95) if times else None

    lines = []
    for side, name in ((OURS, "Sportello"), (PEER, "plain Rasa")):
        quiet, attacked = p95("quiet", side), p95("attack", side)
        target = ratio_at_most(1.5) if side == OURS else None
        what = f"{name}: a question under attack, p95"
        lines.append(Line(what, "ms", attacked, "in quiet", quiet, target))
    shares = statuses[429] / max(1, sum(statuses.values()))
    return [*lines, Line("hostile messages refused", "of all", shares, target=at_least(0.5))]


async def _ask_all(run: Run, outcome: Outcome, arrive: Arrive, side: str, step: str) -> None:
    """Have each person ask one question, at a fixed rate."""
    number = run.few(PEOPLE, 8)
    people = [await arrive(LANGUAGES[each % len(LANGUAGES)]) for each in range(number)]
    pace = Pace(QUESTIONS_A_SECOND)

    async def ask(person: Speaker) -> None:
        try:
            late = await pace.next()
            answer = await person.say(question(person.language))
            run.samples.add(step, side, (answer.seconds + late) * 1000)
        except (LostMessage, TimeoutError) as error:
            found = outcome.wrong if side == OURS else outcome.notes
            found.append(f"{side}, {step}: not answered: {error}")
        finally:
            await person.aclose()

    await asyncio.gather(*map(ask, people))


async def _attack_us(running: Installation, over: asyncio.Event, statuses: Counter[int]) -> None:
    wire = Wire(running.stack.bot_url)
    _, session = await wire.ask("POST", "/chat/sessions", {"language": "it"})
    wire.headers["Authorization"] = f"Bearer {session['token']}"
    while not over.is_set():
        begun = time.perf_counter()
        status, _ = await wire.ask("POST", "/chat/messages", {"id": str(uuid.uuid4()), "text": TEXT})
        statuses[status] += 1
        await asyncio.sleep(max(0.0, 1 / SENDS_A_SECOND - (time.perf_counter() - begun)))
    await wire.aclose()


async def _attack_peer(running: Installation, over: asyncio.Event, _statuses: Counter[int]) -> None:
    sender = str(uuid.uuid4())
    wire = Wire(running.rasa)
    while not over.is_set():
        begun = time.perf_counter()
        body = {"sender": sender, "message": TEXT, "metadata": {"language": "it", "conversation_id": sender}}
        with suppress(OSError, asyncio.IncompleteReadError):
            await wire.ask("POST", "/webhooks/rest/webhook", body)
        await asyncio.sleep(max(0.0, 1 / SENDS_A_SECOND - (time.perf_counter() - begun)))
    await wire.aclose()
