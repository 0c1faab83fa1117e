"""The installation that a campaign is held against: the real processes, and a look into its databases."""

from __future__ import annotations

import itertools
import json
import re
import sqlite3
import time
from base64 import urlsafe_b64decode
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import select

from backoffice.case.models import Case
from backoffice.client.failpoints import VARIABLE
from backoffice.client.schemas import WaitingReason
from backoffice.conversation.memory import memory_key
from backoffice.conversation.models import (
    Audience,
    Button,
    Conversation,
    Delivery,
    FloorChange,
    InboxEntry,
    InboxState,
    Message,
)
from backoffice.conversation.outbox import UNSENT
from backoffice.database import Database
from backoffice.handoff.models import Assignment
from backoffice.settings import DATABASE_FILE
from backoffice.staff.models import Staff
from tests.backoffice.databases import start_postgres
from tests.campaign.failpoints import Trap
from tests.campaign.history import (
    AssignmentRow,
    CaseRow,
    ConversationRow,
    DeliveryRow,
    FloorRow,
    InboxRow,
    Ledger,
    MessageRow,
    TrackerRow,
)
from tests.stack.doubled import DoubledStack, run_doubled
from tests.stack.processes import Stack, new_stack
from tests.telegram_emulator.server import TelegramEmulator
from tests.telegram_emulator.webhook import WebhookDelivery
from translations.catalog import catalogue
from translations.languages import SUPPORTED

_MARKS = {
    "mediator_joined": "joined",
    "mediator_changed": "changed",
    "mediator_left": "left",
    "handed_back": "handed_back",
}


LOST_ANSWERS = 0.03
"""Of a webhook's answers, so that Telegram brings an update again."""


@dataclass
class Installation:
    """One running installation. `demo`: the conversations of the demo data, and others that do not count."""

    stack: Stack | DoubledStack
    database: Database
    trap: Trap
    demo: frozenset[str] = frozenset()
    callers: Iterator[dict[str, str]] = field(default_factory=lambda: itertools.repeat({}))
    """What each caller shows as address, where a proxy stands in front."""

    @property
    def bot_url(self) -> str:
        return self.stack.bot_url

    @property
    def backoffice_url(self) -> str:
        return self.stack.backoffice_url

    def leave_out(self) -> None:
        """Count every conversation that is there as none of the campaign's."""
        self.demo |= frozenset(conversation for conversation, _, _ in self.floors())

    def new_caller(self) -> dict[str, str]:
        return next(self.callers)

    # --- what people look up ---

    def mode(self, conversation: str) -> str | None:
        with self.database.read() as session:
            found = session.scalar(select(Conversation.mode).where(Conversation.id == conversation))
        return found.value if found else None

    def conversation_of_chat(self, chat: int) -> str | None:
        with self.database.read() as session:
            return session.scalar(select(Conversation.id).where(Conversation.chat_id == chat))

    def floors(self) -> list[tuple[str, str, int]]:
        """Return each conversation with its mode and epoch, the oldest first."""
        with self.database.read() as session:
            rows = session.execute(
                select(Conversation.id, Conversation.mode, Conversation.epoch).order_by(Conversation.id)
            ).all()
        return [(id, mode.value, epoch) for id, mode, epoch in rows if id not in self.demo]

    def held_by(self, email: str) -> list[tuple[str, int]]:
        with self.database.read() as session:
            statement = (
                select(Conversation.id, Conversation.epoch)
                .join(Staff, Staff.id == Conversation.holder_id)
                .where(Staff.email == email)
            )
            return [(id, epoch) for id, epoch in session.execute(statement) if id not in self.demo]

    # --- at the end ---

    def what_is_under_way(self) -> list[str]:
        """Return what has still to be processed or delivered."""
        with self.database.read() as session:
            turns = select(InboxEntry.conversation_id, InboxEntry.seq).where(
                InboxEntry.state == InboxState.PENDING
            )
            unsent = select(Delivery.conversation_id, Delivery.seq).where(Delivery.state.in_(UNSENT))
            held = select(Conversation.id, Conversation.epoch).where(
                Conversation.waiting_reason == WaitingReason.ASSISTANT_UNAVAILABLE
            )
            return [
                f"{what} {conversation} {seq}"
                for what, statement in (("turn", turns), ("delivery", unsent), ("assistant", held))
                for conversation, seq in session.execute(statement)
                if conversation not in self.demo
            ]

    def read_ledger(self) -> Ledger:
        """Return every row that belongs to the campaign."""
        wall = time.time() - time.monotonic()
        with self.database.read() as session:
            ledger = Ledger(
                conversations=[
                    ConversationRow(row.id, row.chat_id, row.mode.value, row.epoch, row.last_seq)
                    for row in session.scalars(select(Conversation))
                ],
                messages=list(_messages(session)),
                inbox=[
                    InboxRow(row.id, row.external_id, row.conversation_id, row.seq, row.state.value)
                    for row in session.scalars(select(InboxEntry))
                ],
                deliveries=[
                    DeliveryRow(
                        row.conversation_id,
                        row.seq,
                        row.state.value,
                        row.sent_at.timestamp() - wall if row.sent_at else None,
                    )
                    for row in session.scalars(select(Delivery))
                ],
                floor=[
                    FloorRow(row.conversation_id, row.epoch, row.mode.value)
                    for row in session.scalars(select(FloorChange))
                ],
                assignments=[
                    AssignmentRow(row.conversation_id, row.epoch, row.staff_id)
                    for row in session.scalars(select(Assignment))
                ],
                cases=[
                    CaseRow(row.number, row.conversation_id or "", row.type.value)
                    for row in session.scalars(select(Case).where(Case.conversation_id.is_not(None)))
                ],
                tracker=list(self._tracker()),
            )
        for table, rows in vars(ledger).items():
            key = "id" if table == "conversations" else "conversation"
            setattr(ledger, table, [row for row in rows if getattr(row, key) not in self.demo])
        return ledger

    def _tracker(self) -> Iterator[TrackerRow]:
        statement = "SELECT sender_id, data FROM events WHERE type_name IN ('user', 'bot') ORDER BY id"
        with self._memory() as opened, self.database.read() as session:
            for sender, data in opened.execute(statement):
                conversation = sender.partition(".")[0]
                event = json.loads(_opened(session, conversation, data))
                if event["event"] == "user":
                    turn_id = (event.get("metadata") or {}).get("turn_id")
                    if turn_id is not None:  # else it was taken along from a session before (nlu/sessions.py)
                        yield TrackerRow(conversation, turn_id, None)
                else:
                    yield TrackerRow(conversation, None, event.get("text") or "")

    def _memory(self) -> AbstractContextManager[Any]:
        """Open Rasa's own database."""
        if isinstance(self.stack, DoubledStack):
            return psycopg.connect(self.stack.postgres.tracker_url)
        path = self.stack.data_dir / "rasa" / "trackers.sqlite3"
        return closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True))


def _opened(session: Any, conversation_id: str, sealed: str) -> bytes:
    """Return an event of Rasa's memory, which lies under the key of its conversation (`nlu/memory.py`)."""
    key = urlsafe_b64decode(memory_key(session, session.get_one(Conversation, conversation_id)))
    raw = urlsafe_b64decode(sealed.removeprefix("m1."))
    return AESGCM(key).decrypt(raw[:12], raw[12:], b"events.data")


def _messages(session: Any) -> Iterator[MessageRow]:
    buttons: defaultdict[str, list[str]] = defaultdict(list)
    for token, message_id in session.execute(
        select(Button.token, Button.message_id).order_by(Button.position)
    ):
        buttons[message_id].append(token)
    mark = mark_reader()
    for row in session.scalars(select(Message)):
        yield MessageRow(
            conversation=row.conversation_id,
            seq=row.seq,
            author=row.author.value,
            staff=row.staff_id,
            text=row.text,
            for_everybody=row.audience is Audience.EVERYBODY,
            mark=mark(row.text) if row.author.value == "system" else "",
            buttons=tuple(buttons[row.id]),
        )


def mark_reader() -> Callable[[str], str]:
    """Return a function that tells what a sentence of the system says of the floor."""
    patterns = [
        (_pattern(form), mark)
        for language in SUPPORTED
        for key, mark in _MARKS.items()
        for form in catalogue(language).forms[f"system.{key}"]
    ]

    def read(text: str) -> str:
        return next((mark for pattern, mark in patterns if pattern.fullmatch(text)), "")

    return read


def _pattern(form: str) -> re.Pattern[str]:
    pieces: Iterable[str] = re.split(r"\{[a-z_]+\}", form)
    return re.compile(".*".join(map(re.escape, pieces)), re.DOTALL)


@contextmanager
def run_installation(folder: Path, backend: str, telegram: TelegramEmulator) -> Iterator[Installation]:
    """Run the four processes on SQLite or PostgreSQL, with demo data and failpoints to be armed."""
    with _database_url(folder, backend) as url:
        trap = Trap(folder / "failpoints")
        trap.folder.mkdir(parents=True)
        settings = {"SPORTELLO_DEMO": "1", **_settings(telegram, trap)}
        if url is not None:
            settings["SPORTELLO_DATABASE_URL"] = url
        stack = new_stack(folder, **settings)
        stack.lend_model()
        try:
            stack.start()
            with _looked_into(stack, url or f"sqlite:///{stack.data_dir / DATABASE_FILE}", trap) as found:
                yield found
        finally:
            stack.stop()


@contextmanager
def run_doubled_installation(
    folder: Path, telegram: TelegramEmulator, *, seed: int
) -> Iterator[Installation]:
    """Run two of each process behind nginx, and a Telegram that brings its updates to them."""
    trap = Trap(folder / "failpoints")
    trap.folder.mkdir(parents=True)
    with (
        run_doubled(folder, **_settings(telegram, trap)) as stack,
        _looked_into(stack, stack.postgres.url, trap) as found,
    ):
        found.callers = (
            {"X-Forwarded-For": f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"}
            for number in itertools.count(1)
        )
        webhook = WebhookDelivery(telegram.world, lost_answers=LOST_ANSWERS, seed=seed)
        webhook.start()
        try:
            yield found
        finally:
            webhook.stop()


def _settings(telegram: TelegramEmulator, trap: Trap) -> dict[str, str]:
    return {
        "SPORTELLO_TELEGRAM_TOKEN": telegram.token,
        "SPORTELLO_TELEGRAM_API_URL": telegram.url,
        "SPORTELLO_MESSAGES_PER_MINUTE": "10000",
        "SPORTELLO_CHAT_SESSIONS_PER_MINUTE": "10000",
        VARIABLE: str(trap.folder),
    }


@contextmanager
def _looked_into(stack: Stack | DoubledStack, url: str, trap: Trap) -> Iterator[Installation]:
    secret = (stack.data_dir / "secret_key").read_text().strip()
    database = Database(url, secret=secret)
    try:
        found = Installation(stack, database, trap)
        found.leave_out()
        yield found
    finally:
        database.close()


@contextmanager
def _database_url(folder: Path, backend: str) -> Iterator[str | None]:
    if backend == "sqlite":
        yield None
        return
    with start_postgres(folder / "postgres") as url:
        yield url
