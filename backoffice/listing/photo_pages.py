"""The photos of a home on its page: upload, order, removal, and the pictures themselves."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, File, Form, Request, UploadFile
from fastapi.responses import Response

from backoffice.attachment.responses import attachment_response
from backoffice.attachment.vault import Vault
from backoffice.audit import service as audit
from backoffice.clock import ClockDep
from backoffice.database import DatabaseDep, DbSession, ReadSession
from backoffice.listing.permissions import get_listing
from backoffice.listing.photo_uploading import bring_photo
from backoffice.listing.photos import get_photo, place_photo, remove_photo
from backoffice.staff.sign_in import SignedIn
from backoffice.templating import redirect

router = APIRouter(prefix="/listings/{listing_id}/photos", include_in_schema=False)


@router.post("")
async def submit_photo(
    request: Request,
    listing_id: str,
    database: DatabaseDep,
    staff: SignedIn,
    clock: ClockDep,
    file: Annotated[UploadFile | None, File()] = None,
) -> Response:
    """Put a photo behind the others."""
    vault = Vault.of(request.app.state.settings)
    await bring_photo(database, vault, staff, listing_id, file, now=clock())
    return redirect(f"/listings/{listing_id}#photos", notice="photo_added")


@router.get("/{photo_id}")
def photo_file(
    request: Request, listing_id: str, photo_id: str, session: DbSession, staff: SignedIn, clock: ClockDep
) -> Response:
    """Show a photo in full; who looks is noted, as with the home's address."""
    photo = get_photo(session, get_listing(session, staff, listing_id), photo_id)
    audit.record(
        session, by=staff.id, action="listing.photo_read", subject_kind="listing", subject_id=listing_id,
        now=clock(),
    )  # fmt: skip
    return attachment_response(request, photo.attachment)


@router.get("/{photo_id}/preview")
def photo_preview(
    request: Request, listing_id: str, photo_id: str, session: ReadSession, staff: SignedIn
) -> Response:
    """Show the small picture of lists and cards."""
    photo = get_photo(session, get_listing(session, staff, listing_id), photo_id)
    return attachment_response(request, photo.attachment, preview=True)


@router.post("/{photo_id}/place")
def submit_place(
    listing_id: str,
    photo_id: str,
    session: DbSession,
    staff: SignedIn,
    clock: ClockDep,
    place: Annotated[int, Form(ge=1, le=100)] = 1,
) -> Response:
    """Put a photo at another place; the first is the card's."""
    listing = get_listing(session, staff, listing_id)
    place_photo(session, listing, photo_id, place, by=staff.id, now=clock())
    return redirect(f"/listings/{listing_id}#photos", notice="photos_ordered")


@router.post("/{photo_id}/remove")
def submit_photo_removal(
    listing_id: str, photo_id: str, session: DbSession, staff: SignedIn, clock: ClockDep
) -> Response:
    """Take a photo away."""
    listing = get_listing(session, staff, listing_id)
    remove_photo(session, listing, photo_id, by=staff.id, now=clock())
    return redirect(f"/listings/{listing_id}#photos", notice="photo_removed")
