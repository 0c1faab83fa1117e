"""Photos of homes for tests."""

from __future__ import annotations

from sqlalchemy.orm import Session

from backoffice.attachment.models import ScanState
from backoffice.attachment.vault import StoredFile
from backoffice.database import new_id
from backoffice.listing.models import Listing, ListingPhoto
from backoffice.listing.photos import add_photo
from tests.backoffice.factories import NOW


def create_photo(session: Session, listing: Listing) -> ListingPhoto:
    """Put a photo to a home whose file lies nowhere."""
    number = new_id()
    file = StoredFile(
        attachment_id=number,
        name=number.replace("-", ""),
        media_type="image/jpeg",
        size_bytes=10,
        sha256="0" * 64,
        wrapped_key=b"x",
        scan_state=ScanState.NOT_SCANNED,
        preview_bytes=5,
    )
    return add_photo(session, listing, file, by="service", now=NOW)
