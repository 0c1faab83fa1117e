"""Stand-ins for what the bot talks to: classes with the real signatures, in memory."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import httpx
from telegram import InlineKeyboardMarkup, Message

from backoffice.client.client import BackofficeClient
from backoffice.client.errors import BackofficeUnavailable, Conflict, NotFound, TooManyMessages
from backoffice.client.schemas import (
    AssistantReturned,
    AssistantStatus,
    AttachmentKind,
    AttachmentStored,
    Author,
    Button,
    Channel,
    ChatMessage,
    ChatMessages,
    ConversationState,
    DeliveriesClaimed,
    Delivery,
    DeliveryClaim,
    DeliveryReport,
    IncomingAccepted,
    IncomingRequest,
    LanguageChange,
    LiveEvent,
    LiveEvents,
    Mode,
    OfficeContact,
    SessionCreated,
    SessionFound,
    SessionLookup,
    SessionRequest,
    Turn,
    TurnAnswer,
    TurnAnswered,
    TurnClaim,
    TurnClaimed,
    TurnFailure,
    TurnFailureRecorded,
)
from bot.telegram.gateway_bot import GatewayBot

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
OFFICE = OfficeContact(
    name="Comunità Sociale Cremasca",
    address="Piazza Duomo 25, Crema",
    phone="0373 398400",
    hours="lun-ven 9-12",
    source=None,
    verified_on=date(2026, 11, 1),
)


class Doorbell:
    """Lets a test wait until something holds, without asking again and again."""

    def __init__(self) -> None:
        self._changed = asyncio.Condition()

    async def ring(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    async def until(self, condition: Callable[[], bool], *, seconds: float = 30.0) -> None:
        async with asyncio.timeout(seconds), self._changed:
            await self._changed.wait_for(condition)


def turn(number: int = 1, **about: Any) -> Turn:
    """Return a turn of a conversation of its own."""
    about = {"text": "ciao"} | about if "payload" not in about else about
    values: dict[str, Any] = {
        "turn_id": f"turn-{number}",
        "conversation_id": f"conversation-{number}",
        "sender": f"conversation-{number}.1",
        "seq": 1,
        "epoch": 3,
        "lease_token": 7,
        "attempt": 1,
        "language": "it",
        "channel": Channel.WEB,
        "accepted_at": NOW,
        "memory_key": "bWVtb3J5",
    }
    return Turn(**(values | about))


def delivery(number: int = 1, **about: Any) -> Delivery:
    """Return a delivery to a chat of its own."""
    values: dict[str, Any] = {
        "id": f"delivery-{number}",
        "conversation_id": f"conversation-{number}",
        "seq": number,
        "chat_id": 5_000_000 + number,
        "text": f"messaggio {number}",
        "language": "it",
        "direction": "ltr",
        "attempt": 1,
    }
    return Delivery(**(values | about))


class FakeBackoffice(BackofficeClient):
    """The backoffice's promises without its database; `away` makes every call fail as in an outage."""

    def __init__(self) -> None:
        super().__init__("http://backoffice.test", "service-token")
        self.away = False
        self.failures: Counter[str] = Counter()
        self.calls: Counter[str] = Counter()
        self.refusals: dict[str, Exception] = {}
        self.recorded: dict[str, IncomingRequest] = {}
        self.attachments: dict[str, tuple[bytes, AttachmentStored]] = {}
        self.turns: list[Turn] = []
        self.answers: list[tuple[str, TurnAnswer]] = []
        self.turn_failures: list[tuple[str, TurnFailure]] = []
        self.statuses: list[AssistantStatus] = []
        self.waiting_for_assistant: list[str] = []
        self.deliveries: list[Delivery] = []
        self.reports: list[tuple[str, DeliveryReport]] = []
        self.messages: dict[str, list[ChatMessage]] = {}
        self.languages: dict[str, str] = {}
        self.modes: dict[str, Mode] = {}
        self.sessions: dict[str, SessionFound] = {}
        self.events: list[LiveEvent] = []
        self.office: OfficeContact | None = OFFICE
        self._bell = Doorbell()

    # --- what a test does ---

    def fail(self, method: str, times: int = 1) -> None:
        """Have the next calls of a method end as if the backoffice had not answered."""
        self.failures[method] += times

    async def say(self, conversation_id: str, text: str, *, author: Author = Author.ASSISTANT) -> ChatMessage:
        """Add a message to a conversation and ring."""
        message = self._add(conversation_id, text, author)
        await self.ring(conversation_id)
        return message

    async def ring(self, conversation_id: str) -> None:
        self.events.append(LiveEvent(id=len(self.events) + 1, conversation_id=conversation_id))
        await self.changed()

    async def changed(self) -> None:
        await self._bell.ring()

    async def until(self, condition: Callable[[], bool], *, seconds: float = 30.0) -> None:
        """Wait until something holds that a call of this fake brings about."""
        await self._bell.until(condition, seconds=seconds)

    # --- the client's methods ---

    async def open_session(self, request: SessionRequest) -> SessionCreated:
        await self._called("open_session")
        number = len(self.sessions) + 1
        token = f"token-{number}"
        digest = hashlib.sha256(token.encode()).hexdigest()
        language = request.language or "it"
        found = SessionFound(
            session=f"s{number}", conversation_id=f"conversation-{number}", language=language
        )
        self.sessions[digest] = found
        self.languages[found.conversation_id] = language
        return SessionCreated(
            session=found.session,
            token=token,
            conversation_id=found.conversation_id,
            language=language,
            office=self.office,
        )

    async def find_session(self, lookup: SessionLookup) -> SessionFound:
        await self._called("find_session")
        try:
            return self.sessions[lookup.token_sha256]
        except KeyError:
            raise NotFound(404, "Not Found") from None

    async def record_message(self, request: IncomingRequest) -> IncomingAccepted:
        await self._called("record_message")
        before = self.recorded.get(request.external_id)
        if before is not None and before != request:
            raise Conflict(409, "Conflict")
        if before is None:
            self.recorded[request.external_id] = request
        conversation_id = (
            request.conversation_id or f"telegram-{request.telegram and request.telegram.chat_id}"
        )
        if before is None:
            self._add(conversation_id, request.text or "", Author.CITIZEN)
        seq = list(self.recorded).index(request.external_id) + 1
        await self.changed()
        return IncomingAccepted(
            id=f"m{seq}", conversation_id=conversation_id, seq=seq, repeated=before is not None
        )

    async def store_attachment(
        self,
        content: bytes,
        *,
        kind: AttachmentKind,
        media_type: str,
        idempotency_key: str,
        conversation_id: str | None = None,
    ) -> AttachmentStored:
        await self._called("store_attachment")
        if idempotency_key not in self.attachments:
            stored = AttachmentStored(
                id=f"a{len(self.attachments) + 1}",
                kind=kind,
                media_type=media_type,
                size_bytes=len(content),
            )
            self.attachments[idempotency_key] = (content, stored)
        return self.attachments[idempotency_key][1]

    async def read_attachment(self, attachment_id: str, *, conversation_id: str) -> tuple[bytes, str]:
        await self._called("read_attachment")
        for content, stored in self.attachments.values():
            if stored.id == attachment_id:
                return content, stored.media_type
        raise NotFound(404, "Not Found")

    async def read_messages(self, conversation_id: str, *, after: int = 0) -> ChatMessages:
        await self._called("read_messages")
        messages = self.messages.get(conversation_id, [])
        return ChatMessages(
            messages=[message for message in messages if message.seq > after],
            last_seq=messages[-1].seq if messages else 0,
            received_up_to=0,
            mode=self.modes.get(conversation_id, Mode.ASSISTANT),
            language=self.languages.get(conversation_id, "it"),
        )

    async def set_language(self, conversation_id: str, change: LanguageChange) -> ConversationState:
        await self._called("set_language")
        self.languages[conversation_id] = change.language
        return ConversationState(
            id=conversation_id,
            mode=Mode.ASSISTANT,
            epoch=1,
            language=change.language,
            channel=Channel.WEB,
            person_name=None,
            person_phone=None,
        )

    async def claim_turn(self, claim: TurnClaim) -> TurnClaimed:
        await self._called("claim_turn")
        if not await self._waited(lambda: bool(self.turns), claim.wait_seconds):
            return TurnClaimed(turn=None)
        return TurnClaimed(turn=self.turns.pop(0))

    async def answer_turn(self, turn_id: str, answer: TurnAnswer) -> TurnAnswered:
        await self._called("answer_turn")
        self.answers.append((turn_id, answer))
        await self.changed()
        return TurnAnswered(suppressed=False)

    async def fail_turn(self, turn_id: str, failure: TurnFailure) -> TurnFailureRecorded:
        await self._called("fail_turn")
        self.turn_failures.append((turn_id, failure))
        await self.changed()
        return TurnFailureRecorded(retry_at=None)

    async def report_assistant(self, status: AssistantStatus) -> AssistantReturned:
        await self._called("report_assistant")
        self.statuses.append(status)
        await self.changed()
        returned = self.waiting_for_assistant[:200]
        del self.waiting_for_assistant[:200]
        return AssistantReturned(conversations=len(returned))

    async def claim_deliveries(self, claim: DeliveryClaim) -> DeliveriesClaimed:
        await self._called("claim_deliveries")
        await self._waited(lambda: bool(self.deliveries), claim.wait_seconds)
        given, self.deliveries = self.deliveries[: claim.limit], self.deliveries[claim.limit :]
        return DeliveriesClaimed(deliveries=given)

    async def report_delivery(self, delivery_id: str, report: DeliveryReport) -> None:
        await self._called("report_delivery")
        self.reports.append((delivery_id, report))
        await self.changed()

    async def read_events(self, *, after: int = -1, wait_seconds: float = 0) -> LiveEvents:
        await self._called("read_events")
        if after < 0:
            return LiveEvents(events=[], last_id=len(self.events))
        await self._waited(lambda: len(self.events) > after, wait_seconds)
        return LiveEvents(events=self.events[after:], last_id=len(self.events))

    async def read_office(self, language: str) -> OfficeContact:
        await self._called("read_office")
        if self.office is None:
            raise NotFound(404, "Not Found")
        return self.office

    async def is_healthy(self) -> bool:
        return not self.away

    # --- inside ---

    async def _called(self, method: str) -> None:
        self.calls[method] += 1
        await self._bell.ring()
        if self.failures[method] > 0:
            self.failures[method] -= 1
            raise BackofficeUnavailable
        if self.away:
            raise BackofficeUnavailable
        if method in self.refusals:
            raise self.refusals[method]

    async def _waited(self, condition: Callable[[], bool], seconds: float) -> bool:
        try:
            await self._bell.until(condition, seconds=seconds)
        except TimeoutError:
            return False
        return True

    def _add(self, conversation_id: str, text: str, author: Author) -> ChatMessage:
        messages = self.messages.setdefault(conversation_id, [])
        message = ChatMessage(
            seq=len(messages) + 1,
            author=author,
            text=text,
            language=self.languages.get(conversation_id, "it"),
            direction="ltr",
            buttons=[Button(label="Sì", token="t1")] if author is Author.ASSISTANT else [],
            at=NOW,
        )
        messages.append(message)
        return message


def too_many(seconds: int = 20) -> TooManyMessages:
    return TooManyMessages(429, "Too Many Requests", retry_after_seconds=seconds)


class FakeRasa:
    """Rasa with our channel, as an httpx transport: answers "echo" and notes what it was asked."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.authorizations: list[str] = []
        self.alive = True
        self.script: list[httpx.Response | Exception] = []
        self.answers: dict[str, dict[str, Any]] = {}
        self.gate: asyncio.Event | None = None
        self.at_work = 0
        self.bell = Doorbell()
        self.most_at_work = 0

    @property
    def transport(self) -> httpx.MockTransport:
        return httpx.MockTransport(self._handle)

    async def _handle(self, request: httpx.Request) -> httpx.Response:
        if not self.alive:
            raise httpx.ConnectError("refused")
        if request.method == "GET":
            return httpx.Response(200, json={"status": "ok"})
        body = json.loads(request.content)
        self.asked.append(body)
        self.authorizations.append(request.headers["Authorization"])
        self.at_work += 1
        self.most_at_work = max(self.most_at_work, self.at_work)
        await self.bell.ring()
        try:
            if self.gate is not None:
                await self.gate.wait()
            return self._answer(body)
        finally:
            self.at_work -= 1

    def _answer(self, body: dict[str, Any]) -> httpx.Response:
        if self.script:
            next_one = self.script.pop(0)
            if isinstance(next_one, Exception):
                raise next_one
            return next_one
        known = self.answers.get(body["turn_id"])
        if known is None or body["attempt"] < 2:
            known = {
                "turn_id": body["turn_id"],
                "replies": [{"text": f"echo {body.get('text', body.get('payload'))}", "buttons": []}],
                "intent": "greet",
                "confidence": 0.9,
            }
            self.answers[body["turn_id"]] = known
        return httpx.Response(200, json=known)


class FakeTelegramBot(GatewayBot):
    """A bot whose `send_message` follows a script; nothing leaves the process."""

    def __init__(self) -> None:
        super().__init__("123456789:fake", "http://telegram.test")
        with self._unfrozen():
            self._script: list[Exception | None] = []
            self._sent: list[dict[str, Any]] = []

    @property
    def script(self) -> list[Exception | None]:
        """What the next calls raise; none is a call that goes well."""
        return self._script

    @property
    def sent(self) -> list[dict[str, Any]]:
        """What was sent, in order."""
        return self._sent

    async def send_message(
        self, chat_id: int | str, text: str, *args: Any, reply_markup: Any = None, **kwargs: Any
    ) -> Message:
        if self._script and (error := self._script.pop(0)) is not None:
            raise error
        assert reply_markup is None or isinstance(reply_markup, InlineKeyboardMarkup)
        answered = {"reply_parameters": reply} if (reply := kwargs.get("reply_parameters")) else {}
        self._sent.append({"chat_id": chat_id, "text": text, "reply_markup": reply_markup, **answered})
        chat = {"id": chat_id, "type": "private", "first_name": "Olena"}
        document = {"message_id": len(self._sent), "date": 1_700_000_000, "chat": chat, "text": text}
        return Message.de_json(document, self)

    async def send_photo(self, chat_id: int | str, photo: Any, *args: Any, **kwargs: Any) -> Message:
        if self._script and (error := self._script.pop(0)) is not None:
            raise error
        self._sent.append({"chat_id": chat_id, "photo": photo})
        chat = {"id": chat_id, "type": "private", "first_name": "Olena"}
        return Message.de_json({"message_id": len(self._sent), "date": 1_700_000_000, "chat": chat}, self)


class FakeTime:
    """A clock that moves only when somebody sleeps by it."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
        await asyncio.sleep(0)


__all__ = ["FakeBackoffice", "FakeRasa", "FakeTelegramBot", "FakeTime", "delivery", "too_many", "turn"]
