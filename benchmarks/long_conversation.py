"""B4, a conversation that goes on for months: a turn after 50, 500, 1,000, 3,000 and 5,000 events.

Our conversation grows by real turns. Plain Rasa would need minutes for that: its memory is lengthened in its
database, by copies of the events of its own last turn.
"""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

from benchmarks.installation import Installation
from benchmarks.lines import Line, Outcome, at_most, ratio_at_most
from benchmarks.run import Run
from benchmarks.samples import OURS, PEER, percentile
from benchmarks.script import question
from benchmarks.speakers import WebPerson
from benchmarks.throughput import gaps

TITLE: Final = "B4: a long conversation"
LENGTHS: Final = (50, 500, 1_000, 3_000, 5_000)
SHORTER: Final = (50, 300)
TURNS: Final = 30
PEER_NAME: Final = "plain Rasa"


def measure(run: Run, installation: Installation) -> Outcome:
    """Let both conversations grow, and measure turns at each length."""
    return asyncio.run(_measure(run, installation))


async def _measure(run: Run, installation: Installation) -> Outcome:
    ours, peer = await installation.arrive("it"), await installation.arrive_at_peer("it")
    words = question("it")
    lengths = SHORTER if run.quick else LENGTHS
    first = (await ours.say(words)).texts
    await peer.say(words)
    outcome = Outcome()
    for length in lengths:
        reached = await _grow(installation, ours, words, length)
        _lengthen(installation.tracker, peer.conversation, length)
        run.say(f"{reached} events")
        for _ in range(run.few(TURNS, 3)):
            answer = await ours.say(words)
            if answer.texts != first:
                outcome.wrong.append(f"at {reached} events another answer: {answer.texts[0][:60]}")
            run.samples.add(f"{length}", OURS, answer.seconds * 1000)
            run.samples.add(f"{length}", PEER, (await peer.say(words)).seconds * 1000)
    outcome.wrong += gaps(ours)
    outcome.checked = [
        f"{len(ours.seen):,} messages on the page, no number missing, the answer always the same"
    ]
    outcome.lines = _lines(run, lengths)
    for person in (ours, peer):
        await person.aclose()
    return outcome


def _lines(run: Run, lengths: tuple[int, ...]) -> list[Line]:
    lines = [
        run.samples.line(
            f"{length}",
            f"turn after {length:,} events, p50",
            "ms",
            peer_name=PEER_NAME,
            target=ratio_at_most(1 / 15) if length == 3_000 else None,
        )
        for length in lengths
    ]
    growth = [
        percentile(run.samples.all(f"{lengths[-1]}", side), 0.5)
        / percentile(run.samples.all(f"{lengths[0]}", side), 0.5)
        for side in (OURS, PEER)
    ]
    what = f"turn after {lengths[-1]:,} events / after {lengths[0]}"
    return [*lines, Line(what, "x", growth[0], PEER_NAME, growth[1], at_most(1.2))]


async def _grow(installation: Installation, person: WebPerson, words: str, length: int) -> int:
    file = installation.stack.data_dir / "rasa" / "trackers.sqlite3"
    while (reached := _events(file, f"{person.conversation}.%")) < length:
        for _ in range(max(1, (length - reached) // 20)):
            await person.say(words)
    return reached


def _events(file: Path, senders: str) -> int:
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as opened:
        counted = opened.execute("SELECT count(*) FROM events WHERE sender_id LIKE ?", (senders,))
        return int(counted.fetchone()[0])


def _lengthen(file: Path, sender: str, length: int) -> None:
    """Append copies of the events of the last turn until there are so many."""
    columns = "sender_id, type_name, timestamp, intent_name, action_name, data"
    with closing(sqlite3.connect(file, timeout=10)) as opened, opened:
        reached = opened.execute("SELECT count(*) FROM events WHERE sender_id = ?", (sender,)).fetchone()[0]
        turn = opened.execute(
            f"SELECT {columns} FROM events WHERE sender_id = ? AND id >="  # noqa: S608  # constants
            " (SELECT max(id) FROM events WHERE sender_id = ? AND type_name = 'user') ORDER BY id",
            (sender, sender),
        ).fetchall()
        while reached < length:
            opened.executemany(f"INSERT INTO events ({columns}) VALUES (?, ?, ?, ?, ?, ?)", turn)  # noqa: S608
            reached += len(turn)
