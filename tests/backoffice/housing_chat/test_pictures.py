"""The picture of a home is given, in small, to the chats that were shown it, and to no other."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from backoffice.attachment.models import Attachment
from backoffice.attachment.service import erase
from backoffice.client.client import BackofficeClient
from backoffice.client.errors import NotFound
from backoffice.client.schemas import AttachmentKind, Channel, DeliveryClaim
from backoffice.conversation.models import Delivery, DeliveryState
from backoffice.conversation.outbox import claim_deliveries
from backoffice.housing_chat.cards import show_homes
from backoffice.listing.models import ListingPhoto
from tests.backoffice.attachment.samples import picture
from tests.backoffice.factories import NOW, create_conversation
from tests.backoffice.homes import create_listing
from tests.backoffice.housing_chat.seekers import Seeker


async def photo_of_a_home(client: BackofficeClient, session: Session) -> str:
    stored = await client.store_attachment(
        picture(size=(1600, 1200)), kind=AttachmentKind.PHOTO, media_type="image/jpeg", idempotency_key="k"
    )
    home = create_listing(session)
    session.add(ListingPhoto(listing_id=home.id, attachment_id=stored.id, place=1, added_at=NOW))
    session.flush()
    return stored.id


async def test_who_is_shown_a_home_may_open_its_picture_and_nobody_else(
    client: BackofficeClient, session: Session
) -> None:
    number = await photo_of_a_home(client, session)
    seeker, stranger = Seeker(session), create_conversation(session)
    show_homes(session, seeker.conversation, start=0, now=NOW)
    session.commit()
    said = (await client.read_messages(seeker.conversation.id)).messages
    [link] = [link for message in said for link in message.attachments]
    content, media_type = await client.read_attachment(number, conversation_id=seeker.conversation.id)
    assert (link.id, link.media_type, media_type) == (number, "image/jpeg", "image/jpeg")
    assert len(content) == link.size_bytes < session.get_one(Attachment, number).size_bytes
    with pytest.raises(NotFound):
        await client.read_attachment(number, conversation_id=stranger.id)


async def test_a_picture_that_was_erased_is_shown_no_more(client: BackofficeClient, session: Session) -> None:
    number = await photo_of_a_home(client, session)
    seeker = Seeker(session)
    show_homes(session, seeker.conversation, start=0, now=NOW)
    erase(session.get_one(Attachment, number))
    session.commit()
    said = (await client.read_messages(seeker.conversation.id)).messages
    assert [link for message in said for link in message.attachments] == []
    with pytest.raises(NotFound):
        await client.read_attachment(number, conversation_id=seeker.conversation.id)


async def test_a_card_on_telegram_takes_its_picture_with_it(
    client: BackofficeClient, session: Session
) -> None:
    number = await photo_of_a_home(client, session)
    seeker = Seeker(session, channel=Channel.TELEGRAM)
    show_homes(session, seeker.conversation, start=0, now=NOW)
    claim = DeliveryClaim(channel=Channel.TELEGRAM, worker="bot", limit=1)
    shown = []
    for _message in range(3):
        [delivery] = claim_deliveries(session, claim, now=NOW)
        shown.append(delivery.picture_id)
        session.get_one(Delivery, delivery.id).state = DeliveryState.SENT
        session.flush()
    assert shown == [None, number, None]
