"""Who talks: a person on our web chat, and the same person at plain Rasa's REST channel.

Both have the same verbs, so that one script is played on both. A turn's time ends with its first sentence:
on our stream of events, or in Rasa's answer.
"""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Protocol

from benchmarks.wire import Wire

PATIENCE_SECONDS = 60.0


class LostMessage(AssertionError):
    """A message was not accepted, or brought no answer: the run scores nothing."""


@dataclass(frozen=True)
class Answer:
    """What was said to one message, and after how many seconds its first sentence was there."""

    seconds: float
    texts: tuple[str, ...]


class Speaker(Protocol):
    """A person in one conversation."""

    language: str

    async def say(self, text: str) -> Answer:
        """Write something and hear the answer."""

    async def press(self, label: str) -> Answer:
        """Press the newest button with this label and hear the answer."""

    async def aclose(self) -> None:
        """Go."""


@dataclass
class WebPerson:
    """A person on our web chat, with the page's stream open, as a browser has it."""

    language: str
    conversation: str
    _calls: Wire
    _stream: Wire
    _events: asyncio.Queue[tuple[float, dict[str, Any]]] = field(default_factory=asyncio.Queue)
    _buttons: dict[str, str] = field(default_factory=dict)
    seen: list[dict[str, Any]] = field(default_factory=list)
    """Every message that the stream brought, in order."""
    _listening: asyncio.Task[None] | None = None
    _open: asyncio.Event = field(default_factory=asyncio.Event)

    @classmethod
    async def arrive(cls, bot: str, language: str) -> WebPerson:
        """Open a conversation and its stream."""
        calls = Wire(bot)
        status, session = await calls.ask("POST", "/chat/sessions", {"language": language})
        if status != 201:
            raise LostMessage(f"no conversation: {status}")
        calls.headers["Authorization"] = f"Bearer {session['token']}"
        person = cls(language, session["conversation_id"], calls, Wire(bot, calls.headers))
        person._listening = asyncio.create_task(person._listen())
        await asyncio.wait_for(person._open.wait(), PATIENCE_SECONDS)
        return person

    @property
    def token(self) -> str:
        """What the page shows."""
        return self._calls.headers["Authorization"].removeprefix("Bearer ")

    async def say(self, text: str) -> Answer:
        """Write something and hear the answer."""
        return await self._turn({"text": text})

    async def press(self, label: str) -> Answer:
        """Press the newest button with this label and hear the answer."""
        return await self._turn({"button": self._buttons[label]})

    async def post(self, body: dict[str, str]) -> int:
        """Hand one message in, without waiting for an answer; return its number."""
        try:
            status, accepted = await self._calls.ask(
                "POST", "/chat/messages", {"id": str(uuid.uuid4()), **body}
            )
        except (OSError, asyncio.IncompleteReadError):
            await self._calls.aclose()
            raise
        if status != 202:
            raise LostMessage(f"not accepted: {status}")
        return int(accepted["seq"])

    async def _turn(self, body: dict[str, str]) -> Answer:
        begun = time.perf_counter()
        return await self.answer_to(await self.post(body), begun)

    async def answer_to(self, seq: int, begun: float) -> Answer:
        """Wait until the message with this number was answered."""
        texts: list[str] = []
        first: float | None = None
        while True:
            try:
                at, event = await asyncio.wait_for(self._events.get(), PATIENCE_SECONDS)
            except TimeoutError:
                raise LostMessage(f"no answer to message {seq} of {self.conversation}") from None
            if "received_up_to" in event:
                if event["received_up_to"] >= seq and texts:
                    return Answer((first or at) - begun, tuple(texts))
            elif event["from"] == "assistant" and event["seq"] > seq:  # that it is down is no answer
                first = first or at
                texts.append(event["text"])

    async def _listen(self) -> None:
        async for line in self._stream.lines("/chat/events"):
            self._open.set()
            if not line.startswith("data: {"):
                continue
            event = json.loads(line[6:])
            if "seq" in event:
                self.seen.append(event)
                self._buttons |= {button["label"]: button["token"] for button in event.get("buttons", ())}
            self._events.put_nowait((time.perf_counter(), event))

    async def aclose(self) -> None:
        """Close the page."""
        if self._listening is not None:
            self._listening.cancel()
            with suppress(asyncio.CancelledError, OSError, asyncio.IncompleteReadError):
                await self._listening
        await self._stream.aclose()
        await self._calls.aclose()


@dataclass
class RestPerson:
    """The same person at Rasa's REST channel. `conversation` is one of the backoffice's, for the actions."""

    language: str
    conversation: str
    _calls: Wire
    _buttons: dict[str, str] = field(default_factory=dict)

    @classmethod
    async def arrive(cls, rasa: str, bot: str, language: str) -> RestPerson:
        """Have a conversation opened; Rasa itself needs none."""
        opening = Wire(bot)
        status, session = await opening.ask("POST", "/chat/sessions", {"language": language})
        await opening.aclose()
        if status != 201:
            raise LostMessage(f"no conversation: {status}")
        return cls(language, session["conversation_id"], Wire(rasa))

    async def say(self, text: str) -> Answer:
        """Write something and hear the answer."""
        begun = time.perf_counter()
        return await self._turn(text, begun)

    async def press(self, label: str) -> Answer:
        """Send the payload of the newest button with this label and hear the answer."""
        begun = time.perf_counter()
        return await self._turn(self._buttons[label], begun)

    async def _turn(self, text: str, begun: float) -> Answer:
        metadata = {
            "turn_id": str(uuid.uuid4()),
            "epoch": 1,
            "language": self.language,
            "conversation_id": self.conversation,
        }
        body = {"sender": self.conversation, "message": text, "metadata": metadata}
        status, said = await asyncio.wait_for(
            self._calls.ask("POST", "/webhooks/rest/webhook", body), PATIENCE_SECONDS
        )
        seconds = time.perf_counter() - begun
        if status != 200 or not said:
            raise LostMessage(f"plain Rasa: {status}, {len(said or [])} answers")
        for message in said:
            self._buttons |= {each["title"]: each["payload"] for each in message.get("buttons") or ()}
        return Answer(seconds, tuple(message.get("text") or "" for message in said))

    def on_another_connection(self) -> RestPerson:
        """Return the same person, to speak while an answer is awaited."""
        return RestPerson(self.language, self.conversation, Wire(self._calls.address))

    async def aclose(self) -> None:
        """Hang up."""
        await self._calls.aclose()


Arrive = Callable[[str], Any]
"""Language -> a person who has arrived."""
