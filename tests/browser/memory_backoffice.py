"""The backoffice's promises to the chat page, in memory: what it does when all is well, and when not."""

from __future__ import annotations

import asyncio
import hashlib
import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from backoffice.client.client import BackofficeClient
from backoffice.client.errors import BackofficeUnavailable, NotFound, TooManyMessages
from backoffice.client.schemas import (
    AttachmentKind,
    AttachmentLink,
    AttachmentStored,
    Author,
    Button,
    Channel,
    ChatMessage,
    ChatMessages,
    ConversationState,
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
)
from translations.languages import direction

BEGIN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
OFFICE = OfficeContact(
    name="Comunità Sociale Cremasca",
    address="Piazza Duomo 25, Crema",
    phone="0373 398400",
    hours=None,
    source=None,
    verified_on=None,
    is_demo=True,
)


class Conversation:
    """One web conversation."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.mode = Mode.ASSISTANT
        self.received_up_to = 0
        self.messages: list[ChatMessage] = []

    @property
    def from_the_person(self) -> list[str]:
        """What the person said, in the order in which it was stored."""
        return [message.text for message in self.messages if message.author is Author.CITIZEN]


class MemoryBackoffice(BackofficeClient):
    """Holds conversations. Every method runs in the event loop of the bot under test."""

    def __init__(self) -> None:
        super().__init__("http://backoffice.test", "service-token")
        self.away = False
        self.over_budget_seconds = 0
        self.refusal: Exception | None = None
        self.may_answer = asyncio.Event()
        self.may_answer.set()
        self.conversations: dict[str, Conversation] = {}
        self.sessions: dict[str, SessionFound] = {}
        self.accepted: dict[str, IncomingAccepted] = {}
        self.requests: list[IncomingRequest] = []
        self.files: dict[str, tuple[bytes, AttachmentStored]] = {}
        self.events: list[LiveEvent] = []
        self.opened = 0
        self._tokens = itertools.count(1)
        self._changed = asyncio.Condition()

    # --- what tests do ---

    async def add(self, conversation_id: str, author: Author, text: str, **about: Any) -> ChatMessage:
        """Add a message and ring."""
        conversation = self.conversations[conversation_id]
        language = about.pop("language", conversation.language)
        seq = len(conversation.messages) + 1
        values = {"direction": direction(language), "at": BEGIN + timedelta(minutes=seq)} | about
        message = ChatMessage(seq=seq, author=author, text=text, language=language, **values)
        conversation.messages.append(message)
        await self.ring(conversation_id)
        return message

    async def change(self, conversation_id: str, **about: Any) -> None:
        """Set the mode, the language or what was received, and ring."""
        for name, value in about.items():
            setattr(self.conversations[conversation_id], name, value)
        await self.ring(conversation_id)

    async def ring(self, conversation_id: str) -> None:
        self.events.append(LiveEvent(id=len(self.events) + 1, conversation_id=conversation_id))
        async with self._changed:
            self._changed.notify_all()

    def button_labelled(self, conversation_id: str, token: str) -> str:
        buttons = [
            button for message in self.conversations[conversation_id].messages for button in message.buttons
        ]
        return next((button.label for button in buttons if button.token == token), "")

    def new_buttons(self, labels: tuple[str, ...]) -> list[Button]:
        return [Button(label=label, token=f"button-{next(self._tokens)}") for label in labels]

    # --- the client's methods ---

    async def open_session(self, request: SessionRequest) -> SessionCreated:
        self._reach()
        self.opened += 1
        number = str(self.opened)
        conversation_id, language = f"conversation-{number}", request.language or "it"
        self.conversations[conversation_id] = Conversation(language)
        digest = hashlib.sha256(f"token-{number}".encode()).hexdigest()
        self.sessions[digest] = SessionFound(
            session=f"session-{number}", conversation_id=conversation_id, language=language
        )
        return SessionCreated(
            session=f"session-{number}",
            token=f"token-{number}",
            conversation_id=conversation_id,
            language=language,
            office=OFFICE,
        )

    async def find_session(self, lookup: SessionLookup) -> SessionFound:
        self._reach()
        if lookup.token_sha256 not in self.sessions:
            raise NotFound(404, "Not Found")
        return self.sessions[lookup.token_sha256]

    async def record_message(self, request: IncomingRequest) -> IncomingAccepted:
        self._reach()
        assert request.channel is Channel.WEB
        conversation_id = self._known(request.conversation_id)
        self.requests.append(request)
        if request.external_id in self.accepted:
            return self.accepted[request.external_id].model_copy(update={"repeated": True})
        if self.refusal is not None:
            raise self.refusal
        if self.over_budget_seconds:
            raise TooManyMessages(429, "Too Many", retry_after_seconds=self.over_budget_seconds)
        text = request.text or self.button_labelled(conversation_id, request.button or "")
        message = await self.add(
            conversation_id,
            Author.CITIZEN,
            text,
            client_id=request.external_id.rpartition(":")[2],
            attachments=self._links(request.attachment_id),
        )
        answer = IncomingAccepted(
            id=f"m{len(self.accepted)}", conversation_id=conversation_id, seq=message.seq
        )
        self.accepted[request.external_id] = answer
        await self.may_answer.wait()
        return answer

    async def store_attachment(
        self,
        content: bytes,
        *,
        kind: AttachmentKind,
        media_type: str,
        idempotency_key: str,
        conversation_id: str | None = None,
    ) -> AttachmentStored:
        self._reach()
        if idempotency_key not in self.files:
            number = f"file-{len(self.files) + 1}"
            stored = AttachmentStored(id=number, kind=kind, media_type=media_type, size_bytes=len(content))
            self.files[idempotency_key] = (content, stored)
        return self.files[idempotency_key][1]

    async def read_attachment(self, attachment_id: str, *, conversation_id: str) -> tuple[bytes, str]:
        self._reach()
        for content, stored in self.files.values():
            if stored.id == attachment_id:
                return content, stored.media_type
        raise NotFound(404, "Not Found")

    async def read_messages(self, conversation_id: str, *, after: int = 0) -> ChatMessages:
        self._reach()
        conversation = self.conversations[self._known(conversation_id)]
        return ChatMessages(
            messages=[message for message in conversation.messages if message.seq > after],
            last_seq=len(conversation.messages),
            received_up_to=conversation.received_up_to,
            mode=conversation.mode,
            language=conversation.language,
        )

    async def set_language(self, conversation_id: str, change: LanguageChange) -> ConversationState:
        self._reach()
        await self.change(self._known(conversation_id), language=change.language)
        return ConversationState(
            id=conversation_id,
            mode=self.conversations[conversation_id].mode,
            epoch=1,
            language=change.language,
            channel=Channel.WEB,
            person_name=None,
            person_phone=None,
        )

    async def read_events(self, *, after: int = -1, wait_seconds: float = 20.0) -> LiveEvents:
        self._reach()
        if after >= 0:
            await self._until(lambda: len(self.events) > after, wait_seconds)
        return LiveEvents(events=self.events[max(after, 0) :], last_id=len(self.events))

    async def read_office(self, language: str) -> OfficeContact:
        self._reach()
        return OFFICE

    # --- inside ---

    def _reach(self) -> None:
        if self.away:
            raise BackofficeUnavailable

    def _known(self, conversation_id: str | None) -> str:
        if conversation_id not in self.conversations:
            raise NotFound(404, "Not Found")
        assert conversation_id is not None
        return conversation_id

    def _links(self, attachment_id: str | None) -> list[AttachmentLink]:
        stored = [stored for _, stored in self.files.values() if stored.id == attachment_id]
        return [AttachmentLink(**file.model_dump()) for file in stored]

    async def _until(self, condition: Callable[[], bool], seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds), self._changed:
                await self._changed.wait_for(condition)
        except TimeoutError:
            return
