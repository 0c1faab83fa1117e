"""Server-sent events of one conversation, without loss: what is sent is read by number."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

import structlog
from starlette.responses import StreamingResponse

from backoffice.client.client import BackofficeClient
from backoffice.client.errors import BackofficeClientError, NotFound
from backoffice.client.schemas import ChatMessage, ChatMessages
from bot.webchat.feed import EventFeed

log = structlog.get_logger(__name__)

HEARTBEAT_SECONDS = 15.0
_RETRY_MILLISECONDS = 2000
_PAGE = 200
"""The most messages that one reading returns."""

_HEARTBEAT = ": still here\n\n"


class EventStream(StreamingResponse):
    """A stream that no proxy may keep or rewrite."""

    media_type = "text/event-stream"

    def __init__(self, content: AsyncIterator[str]) -> None:
        super().__init__(content, headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})


async def follow(
    client: BackofficeClient,
    feed: EventFeed,
    conversation_id: str,
    *,
    after: int,
    heartbeat_seconds: float = HEARTBEAT_SECONDS,
) -> AsyncIterator[str]:
    """Yield every message after a number as it comes, the state whenever it changes, and heartbeats.

    Ends when the process stops or the conversation is gone; the page comes again with its last number.
    """
    yield f"retry: {_RETRY_MILLISECONDS}\n\n"
    state = ""
    # Listening begins before the first reading: what comes in between rings.
    with feed.subscribed(conversation_id) as news:
        while not news.closed:
            try:
                page = await client.read_messages(conversation_id, after=after)
            except NotFound:
                return
            except BackofficeClientError as error:
                log.info("stream.not_read", error=type(error).__name__)
                page = None
            if page is not None:
                for message in page.messages:
                    yield _message_event(message)
                    after = max(after, message.seq)
                if (now := _state_event(page)) != state:
                    state = now
                    yield state
                if page.messages and (page.last_seq > after or len(page.messages) >= _PAGE):
                    continue
            if not await news.changed(heartbeat_seconds):
                yield _HEARTBEAT


def _message_event(message: ChatMessage) -> str:
    # model_dump_json escapes line ends, so that the data is one line.
    return f"id: {message.seq}\ndata: {message.model_dump_json(by_alias=True)}\n\n"


def _state_event(page: ChatMessages) -> str:
    state = {"received_up_to": page.received_up_to, "mode": page.mode.value, "language": page.language}
    return f"event: state\ndata: {json.dumps(state)}\n\n"
