"""What happened in a campaign, as people and Telegram saw it, and what stood in the databases at its end."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, TypeVar

# --- Events, in the order in which they happened; `at` by the machine's monotonic clock ------------


@dataclass(frozen=True)
class Event:
    at: float


@dataclass(frozen=True)
class Sent(Event):
    """A person sends something for the first time. `key`: the external id; `line`: whose messages are
    in one order; `text` is empty for a press."""

    key: str
    line: str
    text: str


@dataclass(frozen=True)
class Accepted(Event):
    """It was acknowledged, under this number where the channel tells one."""

    key: str
    seq: int | None


@dataclass(frozen=True)
class Shown(Event):
    """An open web page received a message."""

    conversation: str
    seq: int
    author: str


@dataclass(frozen=True)
class Delivered(Event):
    """Telegram took a message. `withheld`: the bot never got its answer."""

    chat: int
    text: str
    buttons: tuple[str, ...]
    withheld: bool


@dataclass(frozen=True)
class Killed(Event):
    """A process died. `where`: a failpoint, or `random`."""

    process: str
    pid: int
    where: str

    @property
    def kind(self) -> str:
        """What it was: where there are two of each, they have numbers."""
        return self.process.partition("-")[0]


@dataclass(frozen=True)
class Claimed(Event):
    """A mediator was told that the floor is theirs."""

    conversation: str
    staff: str
    epoch: int


@dataclass(frozen=True)
class Replied(Event):
    """A mediator was told that their words are stored."""

    conversation: str
    staff: str
    epoch: int
    text: str


@dataclass(frozen=True)
class Told(Event):
    """A person was told the number of their case."""

    line: str
    number: str


@dataclass(frozen=True)
class Trouble(Event):
    """Something did not go on as it ought to in time; no promise is broken by that alone."""

    what: str


# --- What stood in the databases at the end ---------------------------------------------------------


@dataclass(frozen=True)
class ConversationRow:
    id: str
    chat: int | None
    mode: str
    epoch: int
    last_seq: int


@dataclass(frozen=True)
class MessageRow:
    """`mark`: what the system's sentence says of the floor: joined, changed, left, handed_back or nothing."""

    conversation: str
    seq: int
    author: str
    staff: str | None
    text: str
    for_everybody: bool
    mark: str = ""
    buttons: tuple[str, ...] = ()


@dataclass(frozen=True)
class InboxRow:
    turn: str
    key: str
    conversation: str
    seq: int
    state: str


@dataclass(frozen=True)
class DeliveryRow:
    """`reported_at` by the machine's monotonic clock, where the outcome was committed."""

    conversation: str
    seq: int
    state: str
    reported_at: float | None = None


@dataclass(frozen=True)
class FloorRow:
    conversation: str
    epoch: int
    mode: str


@dataclass(frozen=True)
class AssignmentRow:
    conversation: str
    epoch: int
    staff: str


@dataclass(frozen=True)
class CaseRow:
    number: str
    conversation: str
    type: str


@dataclass(frozen=True)
class TrackerRow:
    """One event of Rasa's memory, in its order: a person's turn, or a text that was said."""

    conversation: str
    turn: str | None
    said: str | None


@dataclass
class Ledger:
    """All rows of the conversations that took part."""

    conversations: list[ConversationRow] = field(default_factory=list)
    messages: list[MessageRow] = field(default_factory=list)
    inbox: list[InboxRow] = field(default_factory=list)
    deliveries: list[DeliveryRow] = field(default_factory=list)
    floor: list[FloorRow] = field(default_factory=list)
    assignments: list[AssignmentRow] = field(default_factory=list)
    cases: list[CaseRow] = field(default_factory=list)
    tracker: list[TrackerRow] = field(default_factory=list)


AnyEvent = TypeVar("AnyEvent", bound=Event)


class History:
    """Takes events from any thread."""

    def __init__(self, events: Iterable[Event] = ()) -> None:
        self._events = list(events)
        self._lock = threading.Lock()

    def note(self, kind: type[AnyEvent], **about: Any) -> AnyEvent:
        """Write down what happens now, or `at=...`."""
        event = kind(**{"at": time.monotonic(), **about})
        with self._lock:
            self._events.append(event)
        return event

    def of(self, kind: type[AnyEvent]) -> list[AnyEvent]:
        """Return the events of one kind, in their order."""
        with self._lock:
            found = [event for event in self._events if isinstance(event, kind)]
        return sorted(found, key=lambda event: event.at)

    def save(self, path: Path, ledger: Ledger) -> None:
        """Write everything as JSON lines, for whoever looks into an anomaly."""
        path.parent.mkdir(parents=True, exist_ok=True)
        with self._lock, path.open("w", encoding="utf-8") as file:
            for event in sorted(self._events, key=lambda event: event.at):
                line = {"event": type(event).__name__, **asdict(event)}
                file.write(json.dumps(line, ensure_ascii=False) + "\n")
            for table, rows in vars(ledger).items():
                for row in rows:
                    file.write(json.dumps({"row": table, **asdict(row)}, ensure_ascii=False) + "\n")
