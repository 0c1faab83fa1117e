"""B9, what a sudden death costs: the campaign of kills against us, the same kills against plain Rasa's user.

The campaign (`tests/campaign`) kills each of our processes while people on the web and on Telegram write, and
holds every message against what was stored and shown. The peer's person writes to plain Rasa's REST channel,
as a small bot would: when the connection breaks, the message is sent once more. How often it is then lost
(no answer, or an empty one) or made twice stands in Rasa's own memory.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import sqlite3
import subprocess
import time
import uuid
from collections import Counter
from contextlib import closing, suppress
from functools import partial
from pathlib import Path
from typing import Any, Final

from benchmarks.installation import Installation, installation, restarted_plain_rasa
from benchmarks.lines import Line, Outcome, at_most
from benchmarks.run import Run
from benchmarks.samples import OURS, percentile
from benchmarks.script import question
from benchmarks.speakers import LostMessage
from benchmarks.wire import Wire
from tests.campaign.campaign import Campaign
from tests.campaign.checker import PROMISES
from tests.stack.processes import NAMES, wait_for

TITLE: Final = "B9: after a kill"
KILLS: Final = 40
RESTARTS: Final = 5
"""Of each process, measured until the next answer."""
PEER_NAME: Final = "plain Rasa"
_AGAIN_SECONDS: Final = 60.0
_LOST: Final = ("lost", "gaps in numbers")
_TWICE: Final = ("processed twice", "side effects twice", "shown twice on the web")


def measure(run: Run) -> Outcome:
    """Kill ours by the campaign, measure how soon the next answer comes, then kill the peer."""
    outcome = Outcome()
    kills = run.few(KILLS, 3)
    with installation(run) as running:
        asyncio.run(_restarts(run, running, outcome))
        run.say("plain Rasa is killed while people write")
        lost, twice, sent = asyncio.run(_kill_peer(run, running, kills))
    run.say("our processes are killed while people write")
    os.environ["SPORTELLO_TEST_MODELS"] = str(run.models)  # where the campaign takes its model from
    folder = run.folder / "campaign"
    folder.mkdir()
    found = Campaign(folder, "sqlite", kills, 9, run.say).run()
    broken = found.verdict.broken
    ours = [sum(len(broken[each]) for each in promises) for promises in (_LOST, _TWICE)]
    outcome.wrong += [f"{promise}: {each}" for promise in PROMISES for each in broken[promise][:3]]
    outcome.wrong += found.crashed
    outcome.checked.append(
        f"{found.accepted} messages acknowledged and {found.delivered} delivered while {len(found.kills)}"
        f" processes were killed; {len(PROMISES)} promises held against the whole history"
    )
    outcome.checked.append(f"the peer: {sent} messages, {kills} kills")
    what = f"in {kills} kills, messages"
    outcome.lines += [
        Line(f"{what} lost", "", float(ours[0]), PEER_NAME, float(lost), at_most(0)),
        Line(f"{what} made twice", "", float(ours[1]), PEER_NAME, float(twice), at_most(0)),
    ]
    return outcome


async def _restarts(run: Run, running: Installation, outcome: Outcome) -> None:
    """Kill each process in turn; a new message is written at once: how long until it is answered?"""
    for name in NAMES:
        for number in range(run.few(RESTARTS, 1)):
            run.say(f"{name} is killed, {number + 1}")
            await _restart(run, running, outcome, name)
        times = run.samples.all(name, OURS)
        if times:
            what = f"{name} killed: until the next message is answered, p50"
            outcome.lines.append(Line(what, "s", percentile(times, 0.5), target=at_most(15)))


async def _restart(run: Run, running: Installation, outcome: Outcome, name: str) -> None:
    person = await running.arrive("it")
    await person.say(question("it"))
    pid = running.stack.kill(name)
    begun = time.perf_counter()
    key = str(uuid.uuid4())
    seq: int | None = None
    while seq is None and time.perf_counter() < begun + _AGAIN_SECONDS:
        with suppress(LostMessage, OSError, asyncio.IncompleteReadError):
            seq = await person.post({"text": question("it"), "id": key})
        if seq is None:
            await asyncio.sleep(0.1)
    try:
        seconds = await _answered(running, person.token, seq, begun)
    except LostMessage as error:
        outcome.wrong.append(f"{name}: {error}")
    else:
        run.samples.add(name, OURS, seconds)
    await person.aclose()
    await asyncio.to_thread(running.stack.wait_until_back, name, pid)
    healthy = partial(running.stack.is_healthy, "bot")
    await asyncio.to_thread(wait_for, "everything is healthy", healthy, seconds=90)


async def _answered(running: Installation, token: str, seq: int | None, begun: float) -> float:
    """Look as a page does that has lost its stream, until the assistant itself has answered."""
    if seq is None:
        raise LostMessage("not accepted within a minute")
    page = Wire(running.stack.bot_url, {"Authorization": f"Bearer {token}"})
    while time.perf_counter() < begun + _AGAIN_SECONDS:
        with suppress(OSError, asyncio.IncompleteReadError):
            status, found = await page.ask("GET", f"/chat/messages?after={seq}")
            if status == 200 and any(each["from"] == "assistant" for each in found["messages"]):
                await page.aclose()
                return time.perf_counter() - begun
        await page.aclose()
        await asyncio.sleep(0.05)
    raise LostMessage("no answer within a minute")


# --- the peer ---


async def _kill_peer(run: Run, running: Installation, kills: int) -> tuple[int, int, int]:
    """Let four people write until plain Rasa was killed so often; return lost, made twice, and sent."""
    place = run.folder / "plain"
    dice = random.Random(9)  # noqa: S311
    over = asyncio.Event()
    answered: dict[str, bool] = {}

    async def write(sender: str) -> None:
        wire = Wire(running.rasa)
        while not over.is_set():
            key = str(uuid.uuid4())
            answered[key] = False
            metadata = {"turn_id": key, "epoch": 1, "language": "it", "conversation_id": sender}
            body = {"sender": sender, "message": question("it"), "metadata": metadata}
            for _ in range(2):  # once more after a broken connection
                said = await _said(wire, body)
                if said is not None:
                    answered[key] = bool(said)
                    break
            await wire.aclose()

    senders = [(await running.arrive_at_peer("it")).conversation for _ in range(4)]
    people = [asyncio.create_task(write(sender)) for sender in senders]
    process: subprocess.Popen[bytes] | None = None
    for number in range(kills):
        await asyncio.sleep(dice.uniform(0.5, 1.5))
        _kill(process.pid if process is not None else running.rasa_pid)
        run.say(f"kill {number + 1} of {kills}")
        process = await asyncio.to_thread(restarted_plain_rasa, place, running)
    over.set()
    await asyncio.gather(*people)
    if process is not None:
        process.kill()
        process.wait()
    made = Counter(_made(running.tracker))
    return sum(not good for good in answered.values()), sum(n > 1 for n in made.values()), len(answered)


def _kill(pid: int | None) -> None:
    assert pid is not None
    os.kill(pid, signal.SIGKILL)


async def _said(wire: Wire, body: dict[str, Any]) -> list[Any] | None:
    """Return the answer; None when the connection broke or was refused, after waiting until it is not."""
    try:
        status, said = await asyncio.wait_for(wire.ask("POST", "/webhooks/rest/webhook", body), 30)
    except (OSError, asyncio.IncompleteReadError, TimeoutError):
        await wire.aclose()
        for _ in range(600):
            await asyncio.sleep(0.1)
            with suppress(OSError, asyncio.IncompleteReadError):
                await wire.ask("GET", "/")
                break
        return None
    return said or [] if status == 200 else []


def _made(file: Path) -> list[str]:
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as opened:
        rows = opened.execute("SELECT data FROM events WHERE type_name = 'user'").fetchall()
    return [str((json.loads(data).get("metadata") or {}).get("turn_id")) for (data,) in rows]
