"""Files to and from the bot."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Annotated

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from backoffice.attachment.files import discard, receive
from backoffice.attachment.responses import A_FILE, attachment_response
from backoffice.attachment.service import require_room, store_attachment
from backoffice.attachment.vault import StoredFile, Vault
from backoffice.client.schemas import AttachmentKind, AttachmentStored
from backoffice.clock import ClockDep
from backoffice.conversation.queries import read_conversation
from backoffice.conversation.reading import read_file
from backoffice.database import Database, DatabaseDep, ReadSession
from backoffice.idempotency.headers import require_key
from backoffice.idempotency.service import once
from backoffice.service_access import SERVICE, ServiceOnly

router = APIRouter(prefix="/api/v1/service", tags=["service"], dependencies=[ServiceOnly])


@router.post("/attachments", status_code=201)
async def upload(
    request: Request,
    database: DatabaseDep,
    clock: ClockDep,
    kind: Annotated[AttachmentKind, Query()],
    key: Annotated[str, Depends(require_key)],
    conversation_id: Annotated[str | None, Query(max_length=36)] = None,
) -> AttachmentStored:
    """Store a file, given as the request's body. The same key and bytes again get the same file."""
    vault = Vault.of(request.app.state.settings)
    if conversation_id is not None:
        await run_in_threadpool(_require_room, database, conversation_id, clock())
    file = await _take(vault, await receive(request.stream()), conversation_id)
    is_kept = False
    try:
        stored, is_kept = await run_in_threadpool(
            _record, database, file, kind, conversation_id, key, clock()
        )
    finally:
        if not is_kept:
            discard(vault.data_dir, file.name)
    return stored


async def _take(vault: Vault, content: bytes, conversation_id: str | None) -> StoredFile:
    # A thread of its own: pictures that wait for their turn must not take those of other requests.
    take = partial(vault.take, content, conversation_id=conversation_id)
    return await to_thread.run_sync(take, limiter=CapacityLimiter(1))


def _require_room(database: Database, conversation_id: str, now: datetime) -> None:
    with database.read() as session:
        read_conversation(session, conversation_id)
        require_room(session, conversation_id, now=now)


def _record(
    database: Database,
    file: StoredFile,
    kind: AttachmentKind,
    conversation_id: str | None,
    key: str,
    now: datetime,
) -> tuple[AttachmentStored, bool]:
    is_kept = False
    with database.transaction() as session:

        def store() -> AttachmentStored:
            nonlocal is_kept
            is_kept = True
            return store_attachment(session, file, kind=kind, conversation_id=conversation_id, now=now)

        stored = once(
            session,
            store,
            result_type=AttachmentStored,
            principal=SERVICE,
            operation="attachment",
            key=key,
            request=[kind, conversation_id, file.sha256],
            now=now,
        )
    return stored, is_kept


@router.get("/attachments/{attachment_id}", **A_FILE)
def download(request: Request, attachment_id: str, conversation_id: str, session: ReadSession) -> Response:
    """Return a file of a conversation, or a picture that a message of ours shows there."""
    row, small = read_file(session, attachment_id, conversation_id=conversation_id)
    return attachment_response(request, row, preview=small)
