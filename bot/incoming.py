"""The one path of whatever a person sends: the file first, then the message, then the receipt."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from backoffice.client import failpoints
from backoffice.client.client import BackofficeClient
from backoffice.client.schemas import AttachmentStored, IncomingAccepted
from bot.messages import FileReference, IncomingMessage

Fetch = Callable[[FileReference], Awaitable[bytes]]


class FileNotFetched(Exception):
    """The channel will not hand over this file, now or later. `too_big` is one reason."""

    def __init__(self, *, too_big: bool = False) -> None:
        super().__init__("too big" if too_big else "not available")
        self.too_big = too_big


async def record(
    client: BackofficeClient, message: IncomingMessage, *, fetch: Fetch | None = None
) -> IncomingAccepted:
    """Store one message, and before it the file that it carries.

    Both calls are safe to repeat: the message is unique by its external id, the file by a key made
    of it. What this returns is committed; only then may the channel acknowledge.

    Raises:
        FileNotFetched: the file cannot be had; nothing was stored.
        BackofficeUnavailable: nothing is known; try again.
        BackofficeRefused: the backoffice will not store it.
    """
    request = message.request
    if message.file is not None and fetch is not None:
        content = await fetch(message.file)
        stored = await store_file(client, message, content)
        request = request.model_copy(update={"attachment_id": stored.id})
    accepted = await client.record_message(request)
    failpoints.reached("accepted-not-acknowledged")
    return accepted


async def store_file(client: BackofficeClient, message: IncomingMessage, content: bytes) -> AttachmentStored:
    """Upload the file of a message under a key that a repeat of the message has too."""
    assert message.file is not None
    return await client.store_attachment(
        content,
        kind=message.file.kind,
        media_type=message.file.media_type,
        conversation_id=message.request.conversation_id,
        idempotency_key=f"{message.request.external_id}:file",
    )
