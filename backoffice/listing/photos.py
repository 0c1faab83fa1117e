"""The photos of a home: added, put in order, taken away. Functions flush, never commit."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from backoffice.attachment.kinds import PICTURES
from backoffice.attachment.models import Attachment
from backoffice.attachment.service import erase, store_attachment
from backoffice.attachment.vault import StoredFile
from backoffice.audit import service as audit
from backoffice.client.schemas import AttachmentKind
from backoffice.errors import NotFound
from backoffice.listing.errors import PhotoKindRefused, TooManyPhotos
from backoffice.listing.models import Listing, ListingPhoto
from backoffice.listing.queries import photos_of

MOST_PHOTOS = 20


def add_photo(
    session: Session, listing: Listing, file: StoredFile, *, by: str, now: datetime
) -> ListingPhoto:
    """Put a picture that lies in the vault, drawn anew, behind the others of a home.

    Raises:
        PhotoKindRefused: it is no picture.
        TooManyPhotos: the home has 20 already.
    """
    if file.media_type not in PICTURES:
        raise PhotoKindRefused
    photos = photos_of(session, listing.id)
    if len(photos) >= MOST_PHOTOS:
        raise TooManyPhotos(MOST_PHOTOS)
    stored = store_attachment(session, file, kind=AttachmentKind.PHOTO, conversation_id=None, now=now)
    attachment = session.get_one(Attachment, stored.id)
    attachment.is_document = True  # it belongs to a home: no message brings it, and it is kept
    photo = ListingPhoto(listing_id=listing.id, attachment=attachment, place=len(photos) + 1, added_at=now)
    session.add(photo)
    session.flush()
    _note(session, listing, "listing.photo_added", by=by, now=now)
    return photo


def get_photo(session: Session, listing: Listing, photo_id: str) -> ListingPhoto:
    """Return one photo of a home.

    Raises:
        NotFound: it has none of that id.
    """
    found = next((photo for photo in photos_of(session, listing.id) if photo.id == photo_id), None)
    if found is None:
        raise NotFound
    return found


def place_photo(
    session: Session, listing: Listing, photo_id: str, place: int, *, by: str, now: datetime
) -> None:
    """Put a photo at a place, 1 being the card's; the others close up.

    Raises:
        NotFound: the home has none of that id.
    """
    photo = get_photo(session, listing, photo_id)
    others = [each for each in photos_of(session, listing.id) if each.id != photo.id]
    others.insert(max(place, 1) - 1, photo)
    _number(others)
    session.flush()
    _note(session, listing, "listing.photos_ordered", by=by, now=now)


def remove_photo(session: Session, listing: Listing, photo_id: str, *, by: str, now: datetime) -> None:
    """Take a photo away; its key is destroyed, and so the picture in every copy.

    Raises:
        NotFound: the home has none of that id.
    """
    photo = get_photo(session, listing, photo_id)
    others = [each for each in photos_of(session, listing.id) if each.id != photo.id]
    erase(photo.attachment)
    photo.attachment.is_document = False
    session.delete(photo)
    _number(others)
    session.flush()
    _note(session, listing, "listing.photo_removed", by=by, now=now)


def _number(photos: list[ListingPhoto]) -> None:
    for place, photo in enumerate(photos, start=1):
        photo.place = place


def _note(session: Session, listing: Listing, action: str, *, by: str, now: datetime) -> None:
    audit.record(session, by=by, action=action, subject_kind="listing", subject_id=listing.id, now=now)
