"""Holds a campaign's history against the promises (design, section 3). Pure: rows in, anomalies out.

The epochs give the changes of the floor one total order, so that each check is one pass.
"""

from __future__ import annotations

import itertools
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from tests.campaign.history import (
    Accepted,
    Claimed,
    ConversationRow,
    Delivered,
    History,
    Killed,
    Ledger,
    MessageRow,
    Replied,
    Sent,
    Shown,
    Told,
)

IN_FLIGHT_SECONDS = 1.0
"""A call that was on its way when its sender died may reach Telegram that much later."""

PROMISES = (
    "lost",
    "processed twice",
    "side effects twice",
    "order inversions",
    "gaps in numbers",
    "two holders of an epoch",
    "bot text inside a takeover",
    "shown twice on the web",
    "sent twice on Telegram without a reason",
)
"""What must be 0 after any number of kills."""


@dataclass
class Verdict:
    """Anomalies by promise, and what is allowed but counted."""

    broken: dict[str, list[str]] = field(default_factory=lambda: {promise: [] for promise in PROMISES})
    repeated_after_kills: int = 0
    """Messages that Telegram took once more because the bot died between its answer and our commit."""
    send_windows: int = 0
    """Deaths of the bot in such a window, each counted once for every delivery that was in one."""
    repeated_after_silence: int = 0
    """Messages that Telegram took once more because it had never answered."""
    withheld: int = 0

    @property
    def holds(self) -> bool:
        """Whether every promise was kept."""
        few = self.repeated_after_kills <= self.send_windows and self.repeated_after_silence <= self.withheld
        return few and not any(self.broken.values())

    def add(self, promise: str, anomalies: Iterable[str]) -> None:
        """Note anomalies."""
        self.broken[promise] += anomalies


def check(history: History, ledger: Ledger) -> Verdict:
    """Hold everything against everything."""
    verdict = Verdict()
    verdict.add("lost", _lost_messages(history, ledger))
    verdict.add("lost", _lost_words_of_mediators(history, ledger))
    verdict.add("lost", _lost_on_pages(history, ledger))
    verdict.add("lost", _left_lying(ledger))
    verdict.add("processed twice", _stored_twice(history, ledger))
    verdict.add("processed twice", _answered_twice(ledger))
    verdict.add("side effects twice", _effects(history, ledger))
    verdict.add("order inversions", _senders_order(history, ledger))
    verdict.add("order inversions", _order_of_turns(ledger))
    verdict.add("gaps in numbers", _gaps(ledger))
    verdict.add("two holders of an epoch", _holders(history, ledger))
    verdict.add("bot text inside a takeover", _voices(ledger))
    _check_pages(history, verdict)
    _check_telegram(history, ledger, verdict)
    return verdict


def words(text: str) -> str:
    """Return a text as both sides can be expected to have it."""
    return " ".join(unicodedata.normalize("NFC", text).split())


# --- Accepted once ----------------------------------------------------------------------------------


def _lost_messages(history: History, ledger: Ledger) -> Iterator[str]:
    stored = {entry.key: entry for entry in ledger.inbox}
    texts = {(row.conversation, row.seq): row.text for row in ledger.messages}
    sent = {event.key: event for event in history.of(Sent)}
    for event in history.of(Accepted):
        entry = stored.get(event.key)
        if entry is None:
            yield f"accepted and not stored: {event.key}"
        elif event.seq is not None and event.seq != entry.seq:
            yield f"accepted as {event.seq}, stored as {entry.seq}: {event.key}"
        elif sent[event.key].text and words(texts[entry.conversation, entry.seq]) != words(
            sent[event.key].text
        ):
            yield f"stored with other words: {event.key}"


def _lost_words_of_mediators(history: History, ledger: Ledger) -> Iterator[str]:
    said = {(row.conversation, words(row.text)) for row in ledger.messages if row.author == "mediator"}
    for event in history.of(Replied):
        if (event.conversation, words(event.text)) not in said:
            yield f"a mediator's words: {event.text!r}"


def _left_lying(ledger: Ledger) -> Iterator[str]:
    modes = {row.id: row.mode for row in ledger.conversations}
    for entry in ledger.inbox:
        waits_for_nobody = entry.state == "deferred" and modes[entry.conversation] != "waiting"
        if entry.state == "pending" or waits_for_nobody:
            yield f"{entry.state} for ever: {entry.key}"


def _stored_twice(history: History, ledger: Ledger) -> Iterator[str]:
    keys = Counter(entry.key for entry in ledger.inbox)
    yield from (f"{key} is stored {count} times" for key, count in keys.items() if count > 1)
    # The words of a campaign are numbered: the same words twice are the same message twice.
    numbered = {words(event.text) for event in history.of(Sent) if "#" in event.text}
    numbered |= {words(event.text) for event in history.of(Replied)}
    said = Counter(
        (row.conversation, words(row.text))
        for row in ledger.messages
        if row.author in ("citizen", "mediator")
    )
    yield from (
        f"{text!r} {count} times" for (_, text), count in said.items() if count > 1 and text in numbered
    )


def _answered_twice(ledger: Ledger) -> Iterator[str]:
    turns = Counter(row.turn for row in ledger.tracker if row.turn is not None)
    yield from (f"turn {turn} was made {count} times" for turn, count in turns.items() if count > 1)
    said: defaultdict[str, list[str]] = defaultdict(list)
    for row in ledger.tracker:
        if row.said is not None:
            said[row.conversation].append(words(row.said))
    for conversation in ledger.conversations:
        answers = [
            words(row.text) for row in _thread(ledger.messages, conversation.id) if row.author == "assistant"
        ]
        thought = iter(said[conversation.id])
        extra = next((answer for answer in answers if answer not in thought), None)
        if extra is not None:
            yield f"{conversation.id}: said once more, or never thought of: {extra[:60]!r}"


def _effects(history: History, ledger: Ledger) -> Iterator[str]:
    numbers = Counter(case.number for case in ledger.cases)
    told = {(event.line, event.number) for event in history.of(Told)}
    for line, number in sorted(told):
        if numbers[number] != 1:
            yield f"{line} was told {number}: {numbers[number]} such cases"
    by_conversation = Counter((case.conversation, case.type) for case in ledger.cases)
    yield from (
        f"{conversation}: {count} cases of {kind}"
        for (conversation, kind), count in by_conversation.items()
        if count > 1
    )


# --- Order ------------------------------------------------------------------------------------------


def _senders_order(history: History, ledger: Ledger) -> Iterator[str]:
    stored = {entry.key: entry.seq for entry in ledger.inbox}
    lines: defaultdict[str, list[int]] = defaultdict(list)
    for event in history.of(Sent):
        if event.key in stored:
            lines[event.line].append(stored[event.key])
    yield from (f"{line}: {seqs}" for line, seqs in lines.items() if seqs != sorted(seqs))
    replies: defaultdict[str, list[str]] = defaultdict(list)
    for reply in history.of(Replied):
        replies[reply.conversation].append(words(reply.text))
    for conversation, texts in replies.items():
        wanted = set(texts)
        thread = _thread(ledger.messages, conversation)
        in_thread = [words(row.text) for row in thread if words(row.text) in wanted]
        if in_thread != texts and Counter(in_thread) == Counter(texts):
            yield f"{conversation}: a mediator's words"


def _order_of_turns(ledger: Ledger) -> Iterator[str]:
    seqs = {entry.turn: entry.seq for entry in ledger.inbox}
    processed: defaultdict[str, list[int]] = defaultdict(list)
    for row in ledger.tracker:
        if row.turn in seqs:
            processed[row.conversation].append(seqs[row.turn])
    yield from (f"{each}: turns {order}" for each, order in processed.items() if order != sorted(order))


def _gaps(ledger: Ledger) -> Iterator[str]:
    for conversation in ledger.conversations:
        seqs = [row.seq for row in _thread(ledger.messages, conversation.id)]
        if seqs != list(range(1, conversation.last_seq + 1)):
            yield f"{conversation.id}: {seqs}, the last is {conversation.last_seq}"


# --- The floor --------------------------------------------------------------------------------------


def _holders(history: History, ledger: Ledger) -> Iterator[str]:
    holders: defaultdict[tuple[str, int], set[str]] = defaultdict(set)
    for row in ledger.assignments:
        holders[row.conversation, row.epoch].add(row.staff)
    known = dict(holders)
    acts: list[Claimed | Replied] = [*history.of(Claimed), *history.of(Replied)]
    for event in acts:
        if (event.conversation, event.epoch) not in known:
            yield f"{event.conversation}: nobody was given epoch {event.epoch}, {event.staff} acted in it"
        holders[event.conversation, event.epoch].add(event.staff)
    yield from (f"{each}: {sorted(staff)}" for each, staff in holders.items() if len(staff) > 1)
    for conversation in ledger.conversations:
        epochs = [row.epoch for row in ledger.floor if row.conversation == conversation.id]
        if sorted(epochs) != list(range(2, conversation.epoch + 1)):
            yield f"{conversation.id}: epochs {sorted(epochs)}, the last is {conversation.epoch}"


def _voices(ledger: Ledger) -> Iterator[str]:
    for conversation in ledger.conversations:
        held = False
        for row in _thread(ledger.messages, conversation.id):
            held = {"joined": True, "changed": True, "left": False, "handed_back": False}.get(row.mark, held)
            if not row.for_everybody:
                continue
            if row.author == "assistant" and held:
                yield f"{conversation.id}: {row.seq} {row.text[:60]!r}"
            if row.author == "mediator" and not held:
                yield f"{conversation.id}: {row.seq} a mediator without the floor"


# --- What the web page saw --------------------------------------------------------------------------


def _lost_on_pages(history: History, ledger: Ledger) -> Iterator[str]:
    shown: defaultdict[str, set[int]] = defaultdict(set)
    for event in history.of(Shown):
        shown[event.conversation].add(event.seq)
    for conversation, seqs in shown.items():
        last = max(seqs)
        thread = _thread(ledger.messages, conversation)
        missing = {row.seq for row in thread if row.for_everybody and row.seq <= last} - seqs
        if missing:
            yield f"{conversation}: the page never got {sorted(missing)}"


def _check_pages(history: History, verdict: Verdict) -> None:
    pages: defaultdict[str, list[int]] = defaultdict(list)
    for event in history.of(Shown):
        pages[event.conversation].append(event.seq)
    for conversation, seqs in pages.items():
        twice = sorted(seq for seq, count in Counter(seqs).items() if count > 1)
        verdict.add("shown twice on the web", [f"{conversation}: {seq}" for seq in twice])
        if list(dict.fromkeys(seqs)) != sorted(set(seqs)):
            verdict.add("order inversions", [f"{conversation}: the page got {seqs}"])


# --- What Telegram saw ------------------------------------------------------------------------------


def _check_telegram(history: History, ledger: Ledger, verdict: Verdict) -> None:
    deaths = [event.at for event in history.of(Killed) if event.kind == "bot"]
    delivered: defaultdict[int, list[Delivered]] = defaultdict(list)
    for event in history.of(Delivered):
        delivered[event.chat].append(event)
    verdict.withheld = sum(event.withheld for event in history.of(Delivered))
    open_since: list[tuple[float, float]] = []
    reports = {(row.conversation, row.seq): row for row in ledger.deliveries}
    for conversation in ledger.conversations:
        if conversation.chat is not None:
            arrivals = _arrivals(conversation, ledger.messages, delivered[conversation.chat], verdict)
            for row, events in arrivals:
                verdict.add("lost", _undelivered(row, events))
                _count_repeats(row, events, deaths, verdict)
                report = reports.get((row.conversation, row.seq))
                if events:
                    reported = report.reported_at if report and report.reported_at else events[-1].at
                    open_since.append((events[0].at, max(reported, events[-1].at)))
    verdict.send_windows = sum(
        begun - IN_FLIGHT_SECONDS <= death <= over for death in deaths for begun, over in open_since
    )


def _arrivals(
    conversation: ConversationRow,
    messages: Iterable[MessageRow],
    events: Sequence[Delivered],
    verdict: Verdict,
) -> list[tuple[MessageRow, list[Delivered]]]:
    """Say for each message of a chat when it arrived. The order may only stand still, never go back."""
    wanted = [
        row for row in _thread(messages, conversation.id) if row.author != "citizen" and row.for_everybody
    ]
    found: list[tuple[MessageRow, list[Delivered]]] = [(row, []) for row in wanted]
    place = 0
    for event in events:
        ahead = next((at for at in range(place, len(wanted)) if _is_it(wanted[at], event)), None)
        behind = next((at for at in range(place - 1, -1, -1) if _is_it(wanted[at], event)), None)
        if behind == place - 1 and behind >= 0 and ahead != place:
            found[behind][1].append(event)
        elif ahead is not None and (ahead == place or behind is None):
            found[ahead][1].append(event)
            place = ahead + 1
        elif behind is not None:
            found[behind][1].append(event)
            verdict.add("order inversions", [f"{conversation.id}: {wanted[behind].seq} came late"])
        else:
            verdict.add("lost", [f"{conversation.id}: nobody wrote {event.text[:60]!r}"])
    return found


def _is_it(row: MessageRow, event: Delivered) -> bool:
    return words(row.text) == words(event.text) and sorted(row.buttons) == sorted(event.buttons)


def _undelivered(row: MessageRow, events: Sequence[Delivered]) -> Iterator[str]:
    if not events:
        yield f"{row.conversation}: {row.seq} never reached Telegram"


def _count_repeats(
    row: MessageRow, events: Sequence[Delivered], deaths: Sequence[float], verdict: Verdict
) -> None:
    for first, again in itertools.pairwise(events):
        if first.withheld:
            verdict.repeated_after_silence += 1
        elif any(first.at - IN_FLIGHT_SECONDS <= death <= again.at for death in deaths):
            verdict.repeated_after_kills += 1
        else:
            verdict.add("sent twice on Telegram without a reason", [f"{row.conversation}: {row.seq}"])


def _thread(messages: Iterable[MessageRow], conversation: str) -> list[MessageRow]:
    return sorted((row for row in messages if row.conversation == conversation), key=lambda row: row.seq)
