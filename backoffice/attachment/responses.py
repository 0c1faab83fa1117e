"""A file as an answer that a browser cannot be made to run."""

from __future__ import annotations

from pathlib import Path

from fastapi.responses import FileResponse

from backoffice.attachment.files import path_of
from backoffice.attachment.kinds import SHOWN_INLINE
from backoffice.attachment.models import Attachment
from backoffice.attachment.service import AttachmentNotFound

_SAFELY = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "private, no-store",
}


def attachment_response(data_dir: Path, row: Attachment) -> FileResponse:
    """Answer with a file, which only pictures and sounds may be shown from at once.

    Raises:
        AttachmentNotFound: the bytes are gone.
    """
    path = path_of(data_dir, row.file_name)
    if not path.is_file():
        raise AttachmentNotFound
    shown = row.media_type in SHOWN_INLINE
    return FileResponse(
        path,
        media_type=row.media_type,
        filename=f"{row.kind.value}-{row.id}",
        content_disposition_type="inline" if shown else "attachment",
        headers=_SAFELY,
    )
