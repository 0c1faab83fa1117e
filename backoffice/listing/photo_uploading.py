"""A photo on its way from a form into the vault and to its home."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from functools import partial

from anyio import CapacityLimiter, to_thread
from fastapi import UploadFile
from starlette.concurrency import run_in_threadpool

from backoffice.attachment.files import discard, receive
from backoffice.attachment.vault import StoredFile, Vault
from backoffice.database import Database
from backoffice.listing.errors import PhotoMissing
from backoffice.listing.permissions import get_listing
from backoffice.listing.photos import add_photo
from backoffice.staff.models import Staff

_PIECE = 256 * 1024


async def bring_photo(
    database: Database,
    vault: Vault,
    staff: Staff,
    listing_id: str,
    file: UploadFile | None,
    *,
    now: datetime,
) -> None:
    """Put a photo to a home; of a file whose row is not written nothing is left.

    Raises:
        NotFound: there is no such home for this person.
        PhotoMissing: no file came.
        PhotoKindRefused, TooManyPhotos: see `listing.photos`.
        KindRefused, PictureUnreadable, PictureTooLarge, FileTooLarge, NoRoom: see `attachment.vault`.
    """
    await run_in_threadpool(_require_listing, database, staff, listing_id)
    if file is None or not file.size:
        raise PhotoMissing
    content = await receive(_pieces(file))
    # A thread of its own: pictures that wait for their turn must not take those of other requests.
    take = partial(vault.take, content, conversation_id=None)
    stored = await to_thread.run_sync(take, limiter=CapacityLimiter(1))
    is_kept = False
    try:
        await run_in_threadpool(_keep, database, staff, listing_id, stored, now)
        is_kept = True
    finally:
        if not is_kept:
            discard(vault.data_dir, stored.name)


def _require_listing(database: Database, staff: Staff, listing_id: str) -> None:
    with database.read() as session:
        get_listing(session, staff, listing_id)


def _keep(database: Database, staff: Staff, listing_id: str, file: StoredFile, now: datetime) -> None:
    with database.transaction() as session:
        listing = get_listing(session, staff, listing_id)
        add_photo(session, listing, file, by=staff.id, now=now)


async def _pieces(file: UploadFile) -> AsyncIterator[bytes]:
    while piece := await file.read(_PIECE):
        yield piece
