"""The real web application of the bot, on a free port, before a backoffice that lives in memory."""

from __future__ import annotations

import asyncio
import socket
import tempfile
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from pathlib import Path
from typing import Any, TypeVar

import uvicorn

from backoffice.client.guide_copy import GuideCopies
from backoffice.client.schemas import Author, Button, ChatMessage, Mode, Original
from bot.rasa_client import RasaClient
from bot.webchat.application import create_application
from bot.webchat.feed import EventFeed
from tests.browser.memory_backoffice import Conversation, MemoryBackoffice

T = TypeVar("T")
PATIENCE_SECONDS = 10.0


class ChatService:
    """What the tests steer. Its methods are called from the test's thread."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="chat service", daemon=True)
        self._thread.start()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._socket.getsockname()[1])
        self.url = f"http://127.0.0.1:{self.port}"
        self._folder = tempfile.TemporaryDirectory(prefix="chat-service-")
        self.guide = GuideCopies(Path(self._folder.name))
        self.backoffice = self._do(self._new_backoffice())
        self._server: uvicorn.Server | None = None
        self._running: list[Future[None]] = []
        self.start()

    # --- the process ---

    def start(self) -> None:
        """Start the bot's web part, on the same port as before."""
        if self._socket.fileno() == -1:
            self._socket = socket.create_server(("127.0.0.1", self.port))
        feed = EventFeed(self.backoffice)
        rasa = RasaClient("http://rasa.test", "secret")
        application = create_application(
            self.backoffice, rasa, feed, guide=self.guide, sessions_a_minute=1000
        )
        self.application = application
        config = uvicorn.Config(application, log_config=None, access_log=False, timeout_graceful_shutdown=1)
        self._server = uvicorn.Server(config)
        self._feed = feed
        self._running = [
            asyncio.run_coroutine_threadsafe(self._server.serve([self._socket]), self._loop),
            asyncio.run_coroutine_threadsafe(feed.run(), self._loop),
        ]

    def stop(self) -> None:
        """Stop it, as a restart or a crash of the bot does: every open stream ends."""
        assert self._server is not None
        self._loop.call_soon_threadsafe(self._feed.stop)
        self._server.should_exit = True
        self._running[0].result(PATIENCE_SECONDS)
        self._running[1].cancel()
        self._socket.close()

    def close(self) -> None:
        """End everything."""
        if self._socket.fileno() != -1:
            self.stop()
        self._do(self.backoffice.aclose())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(PATIENCE_SECONDS)
        self._loop.close()
        self._folder.cleanup()

    # --- the conversation ---

    @property
    def conversation(self) -> Conversation:
        """The newest conversation."""
        return self.backoffice.conversations[self.conversation_id]

    @property
    def conversation_id(self) -> str:
        return list(self.backoffice.conversations)[-1]

    def say(self, text: str, *buttons: str, author: Author = Author.ASSISTANT, **about: Any) -> ChatMessage:
        """Say something to the person in the newest conversation."""
        made = self.backoffice.new_buttons(buttons)
        return self._do(self.backoffice.add(self.conversation_id, author, text, buttons=made, **about))

    def say_with(self, text: str, *, buttons: list[Button]) -> ChatMessage:
        """Say something with buttons whose tokens the test chooses."""
        return self._do(self.backoffice.add(self.conversation_id, Author.ASSISTANT, text, buttons=buttons))

    def say_translated(
        self, text: str, *, original: str, language: str, staff_name: str = "Olena"
    ) -> ChatMessage:
        """Say something as a mediator who wrote in another language."""
        written = Original(text=original, language=language)
        return self.say(text, author=Author.MEDIATOR, staff_name=staff_name, original=written)

    def change(self, **about: Any) -> None:
        """Change mode, language or received_up_to of the newest conversation."""
        self._do(self.backoffice.change(self.conversation_id, **about))

    def hand_to_mediator(self) -> None:
        self.change(mode=Mode.MEDIATOR)

    def backoffice_goes(self) -> None:
        self.backoffice.away = True

    def backoffice_returns(self) -> None:
        self.backoffice.away = False

    def delete_conversation(self) -> None:
        """Delete it with its sessions, as an erasure does."""

        async def delete() -> None:
            gone = self.conversation_id
            self.backoffice.conversations.pop(gone)
            self.backoffice.sessions.clear()
            await self.backoffice.ring(gone)

        self._do(delete())

    def keep_answers_back(self) -> Callable[[], None]:
        """Store messages at once but answer the page only when the returned function is called."""
        gate = self.backoffice.may_answer
        self._loop.call_soon_threadsafe(gate.clear)

        def let_answer() -> None:
            self._loop.call_soon_threadsafe(gate.set)

        return let_answer

    # --- inside ---

    def _do(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(PATIENCE_SECONDS)

    @staticmethod
    async def _new_backoffice() -> MemoryBackoffice:
        return MemoryBackoffice()
