"""Pictures that an owner sends in the chat become photos of the home that they offered.

Only pictures that were drawn anew, so without position and camera, and only of a home that is still a
draft: staff look at them before anybody else does. A picture of something else is taken off with a button.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backoffice.attachment.kinds import PICTURES
from backoffice.attachment.models import Attachment, ScanState, Storage
from backoffice.audit import service as audit
from backoffice.audit.service import SERVICE
from backoffice.case.models import Case
from backoffice.client.schemas import CHOICE_PAYLOAD, ReplyButton
from backoffice.conversation.messages import say
from backoffice.conversation.models import Conversation
from backoffice.listing.models import Listing, ListingPhoto, ListingState
from backoffice.listing.photos import MOST_PHOTOS
from translations.catalog import text

OPEN_FOR = timedelta(days=2)
"""How long after the offer a picture is one of the home."""


def take_picture(
    session: Session, conversation: Conversation, attachment: Attachment, *, now: datetime
) -> bool:
    """Put a picture that was just sent to the home that its sender offers; tell whether that was said."""
    listing = draft_of(session, conversation, now=now)
    if listing is None or not is_drawn_anew(attachment):
        return False
    if _count(session, listing) >= MOST_PHOTOS:
        say(session, conversation, "offer_photos_full", now=now, number=str(MOST_PHOTOS))
        return True
    photo = _add(session, listing, attachment, now=now)
    _tell(session, conversation, photo.place, [photo], now=now)
    return True


def take_pictures_since(
    session: Session, conversation: Conversation, listing: Listing, began_at: datetime, *, now: datetime
) -> None:
    """Put the pictures that were sent while the owner answered to the home."""
    since = max(began_at, now - OPEN_FOR)
    taken = select(ListingPhoto.attachment_id)
    sent = session.scalars(
        select(Attachment)
        .where(
            Attachment.conversation_id == conversation.id,
            Attachment.message_id.is_not(None),
            Attachment.created_at >= since,
            Attachment.id.not_in(taken),
        )
        .order_by(Attachment.created_at, Attachment.id)
    )
    photos = [
        _add(session, listing, each, now=now) for each in list(filter(is_drawn_anew, sent))[:MOST_PHOTOS]
    ]
    if photos:
        _tell(session, conversation, len(photos), photos[-1:], now=now)


def answer_photo(session: Session, conversation: Conversation, photo_id: str, *, now: datetime) -> None:
    """Take a picture off the home that the person of this conversation offers; it stays in the chat."""
    listing = draft_of(session, conversation, now=now)
    photo = session.get(ListingPhoto, photo_id)
    if listing is None or photo is None or photo.listing_id != listing.id:
        return
    session.delete(photo)
    session.flush()
    left = session.scalars(
        select(ListingPhoto).where(ListingPhoto.listing_id == listing.id).order_by(ListingPhoto.place)
    ).all()
    for place, each in enumerate(left, start=1):
        each.place = place
    session.flush()
    _note(session, listing, "listing.photo_removed", now=now)
    say(session, conversation, "offer_photo_removed", now=now, number=str(len(left)))


def draft_of(session: Session, conversation: Conversation, *, now: datetime) -> Listing | None:
    """Return the home that was offered last in this conversation, while it is a draft and new."""
    return session.scalars(
        select(Listing)
        .join(Case, Case.id == Listing.case_id)
        .where(
            Case.conversation_id == conversation.id,
            Case.person_id == conversation.person_id,
            Listing.state == ListingState.DRAFT,
            Listing.created_at > now - OPEN_FOR,
        )
        .order_by(Listing.created_at.desc(), Listing.id)
        .limit(1)
    ).one_or_none()


def is_drawn_anew(attachment: Attachment) -> bool:
    """Tell whether a file is a picture that we drew ourselves, and no virus was found in it."""
    return (
        attachment.media_type in PICTURES
        and attachment.storage is Storage.SEALED
        and attachment.preview_bytes is not None
        and attachment.scan_state is not ScanState.INFECTED
    )


def _add(session: Session, listing: Listing, attachment: Attachment, *, now: datetime) -> ListingPhoto:
    photo = ListingPhoto(
        listing_id=listing.id,
        attachment_id=attachment.id,
        place=_count(session, listing) + 1,
        added_at=now,
    )
    session.add(photo)
    session.flush()
    _note(session, listing, "listing.photo_added", now=now)
    return photo


def _tell(
    session: Session,
    conversation: Conversation,
    number: int,
    photos: Sequence[ListingPhoto],
    *,
    now: datetime,
) -> None:
    buttons = [
        ReplyButton(
            title=text("system.button.offer_not_home", conversation.language),
            payload=f"{CHOICE_PAYLOAD}offer_photo:{photo.id}",
            lasting=True,
        )
        for photo in photos
    ]
    say(session, conversation, "offer_photo_added", now=now, buttons=buttons, number=str(number))


def _count(session: Session, listing: Listing) -> int:
    statement = select(func.count()).select_from(ListingPhoto).where(ListingPhoto.listing_id == listing.id)
    return session.scalar(statement) or 0


def _note(session: Session, listing: Listing, action: str, *, now: datetime) -> None:
    audit.record(session, by=SERVICE, action=action, subject_kind="listing", subject_id=listing.id, now=now)
