"""Attachments: the row of a stored file, and the message that it belongs to."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backoffice.attachment.kinds import kind_of
from backoffice.attachment.models import Attachment, Storage
from backoffice.attachment.vault import StoredFile, Vault
from backoffice.client.schemas import AttachmentKind, AttachmentStored
from backoffice.errors import BackofficeError, NotFound

MOST_FILES_AN_HOUR = 30
MOST_FILES_A_DAY = 60
MOST_BYTES_A_DAY = 300 * 1024 * 1024
MOST_BYTES = 1024 * 1024 * 1024
"""Of one conversation: a family's papers and photos, not a disk full of them."""


class AttachmentNotFound(NotFound):
    """There is no such attachment in this conversation."""

    def __init__(self) -> None:
        super().__init__("error.attachment_not_found")


class TooManyFiles(BackofficeError):
    """The conversation has brought as much in an hour, in a day or in all as one may."""

    status = 422

    def __init__(self) -> None:
        super().__init__("error.too_many_files")


def require_room(session: Session, conversation_id: str, *, now: datetime) -> None:
    """Ask, before a file is taken, whether the conversation may bring another one.

    Raises:
        TooManyFiles: it may not.
    """
    _files, all_bytes = _brought(session, conversation_id, since=None)
    day_files, day_bytes = _brought(session, conversation_id, since=now - timedelta(days=1))
    hour_files, _bytes = _brought(session, conversation_id, since=now - timedelta(hours=1))
    if (
        hour_files >= MOST_FILES_AN_HOUR
        or day_files >= MOST_FILES_A_DAY
        or day_bytes >= MOST_BYTES_A_DAY
        or all_bytes >= MOST_BYTES
    ):
        raise TooManyFiles


def store_attachment(
    session: Session, file: StoredFile, *, kind: AttachmentKind, conversation_id: str | None, now: datetime
) -> AttachmentStored:
    """Write the row of a file that is already on the disk."""
    row = Attachment(
        id=file.attachment_id,
        conversation_id=conversation_id,
        kind=kind_of(file.media_type, kind),
        media_type=file.media_type,
        size_bytes=file.size_bytes,
        sha256=file.sha256,
        file_name=file.name,
        storage=Storage.SEALED,
        wrapped_key=file.wrapped_key,
        scan_state=file.scan_state,
        width=file.width,
        height=file.height,
        preview_bytes=file.preview_bytes,
        created_at=now,
    )
    session.add(row)
    session.flush()
    return AttachmentStored(id=row.id, kind=row.kind, media_type=row.media_type, size_bytes=row.size_bytes)


def attach(
    session: Session, attachment_id: str, *, conversation_id: str, message_id: str, now: datetime
) -> Attachment:
    """Give a file to the message that brings it, and return it.

    Raises:
        AttachmentNotFound: it belongs to another conversation, or to another message.
        TooManyFiles: its conversation was not known when it came, and has too many of today.
    """
    row = session.get(Attachment, attachment_id)
    if row is None or row.conversation_id not in (None, conversation_id) or row.message_id is not None:
        raise AttachmentNotFound
    if row.conversation_id is None:
        require_room(session, conversation_id, now=now)
    row.conversation_id, row.message_id = conversation_id, message_id
    return row


def bind_key(session: Session, vault: Vault, attachment_id: str) -> None:
    """Bind a file's key to the conversation that it belongs to since its message came."""
    row = session.get(Attachment, attachment_id)
    if row is not None:
        vault.bind(row)


def erase(row: Attachment) -> None:
    """Destroy a file's key: the bytes are noise from now on, in copies of the data folder too.

    What is left of them is deleted by the next sweep.
    """
    row.storage, row.wrapped_key, row.sha256 = Storage.ERASED, None, ""


def read_attachment(session: Session, attachment_id: str, *, conversation_id: str) -> Attachment:
    """Return a file's row.

    Raises:
        AttachmentNotFound: there is none in this conversation.
    """
    row = session.get(Attachment, attachment_id)
    if row is None or row.conversation_id != conversation_id:
        raise AttachmentNotFound
    return row


def _brought(session: Session, conversation_id: str, *, since: datetime | None) -> tuple[int, int]:
    statement = select(func.count(), func.coalesce(func.sum(Attachment.size_bytes), 0)).where(
        Attachment.conversation_id == conversation_id
    )
    if since is not None:
        statement = statement.where(Attachment.created_at > since)
    count, size_bytes = session.execute(statement).one()
    return count, size_bytes
