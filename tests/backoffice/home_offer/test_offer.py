"""A home that is offered in the chat: owner, draft, photos, and wishes that the law forbids."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.attachment.models import Attachment, ScanState
from backoffice.case.models import Case
from backoffice.client.schemas import CaseType, ConsentGiven, HousingOfferIntake, IntakeRequest, UnlawfulWish
from backoffice.conversation.models import Conversation, Message
from backoffice.home_offer.photos import draft_of, take_picture, take_pictures_since
from backoffice.home_owner.models import HomeOwner, RefusedWish
from backoffice.intake.errors import IntakeIncomplete
from backoffice.intake.service import submit_intake
from backoffice.listing.models import Listing, ListingPhoto, ListingState
from backoffice.rights.choices import answer_choice
from tests.backoffice.attachment.samples import JPEG
from tests.backoffice.databases import SERVICE_TOKEN
from tests.backoffice.databases import backend as backend
from tests.backoffice.factories import NOW, create_conversation

OFFER = HousingOfferIntake(
    municipality="Crema",
    rent_eur_month=600,
    expenses_eur_month=80,
    rooms=3,
    max_people=4,
    furnishing="furnished",
    contract_types=["agreed"],
    note="secondo piano con ascensore",
    contact_agreed=True,
)
CONSENT = ConsentGiven(purpose="housing_offer", text_version="1", text="Se la invii ...", language="it")
WISH = UnlawfulWish(ground="nationality", words="solo italiani")


def offered(session: Session, conversation: Conversation, **changes: Any) -> Case:
    values: dict[str, Any] = {
        "conversation_id": conversation.id,
        "turn_id": "turn-1",
        "person_name": "Rosa Inventata",
        "person_phone": "+390373000009",
        "housing_offer": OFFER,
        "consent": CONSENT,
    }
    return submit_intake(session, IntakeRequest(**{**values, **changes}), now=NOW)


def home_of(session: Session, case: Case) -> Listing:
    return session.scalars(select(Listing).where(Listing.case_id == case.id)).one()


def said(session: Session, conversation: Conversation) -> list[str]:
    statement = select(Message.text).where(Message.conversation_id == conversation.id).order_by(Message.seq)
    return list(session.scalars(statement))


def picture(
    session: Session, conversation: Conversation, *, at: datetime = NOW, **changes: Any
) -> Attachment:
    message = Message(
        conversation_id=conversation.id, seq=conversation.last_seq + 1, author="citizen", text="",
        language="it", kind="attachment", has_attachments=True, created_at=at,
    )  # fmt: skip
    conversation.last_seq += 1
    session.add(message)
    session.flush()
    values: dict[str, Any] = {
        "kind": "photo", "media_type": "image/jpeg", "size_bytes": 9, "sha256": "0" * 64, "storage": "sealed",
        "wrapped_key": b"key", "scan_state": "clean", "width": 4, "height": 3, "preview_bytes": 3,
    }  # fmt: skip
    row = Attachment(
        conversation_id=conversation.id,
        message_id=message.id,
        file_name=message.id,
        created_at=at,
        **{**values, **changes},
    )
    session.add(row)
    session.flush()
    session.refresh(row)
    return row


def photos(session: Session, case: Case) -> list[ListingPhoto]:
    home = home_of(session, case)
    statement = select(ListingPhoto).where(ListingPhoto.listing_id == home.id).order_by(ListingPhoto.place)
    return list(session.scalars(statement))


def test_an_offer_becomes_a_case_an_owner_and_a_draft(session: Session) -> None:
    conversation = create_conversation(session)
    case = offered(session, conversation)
    session.commit()
    home = home_of(session, case)
    owner = session.scalars(select(HomeOwner)).one()
    assert (case.type, case.municipality) == (CaseType.HOUSING_OFFER, "Crema")
    assert (home.state, home.municipality, home.rent_eur_month) == (ListingState.DRAFT, "Crema", 600)
    assert (home.rooms, home.max_people, home.contract_types) == (3, 4, ["agreed"])
    assert home.description == "secondo piano con ascensore"
    assert (owner.person_id, owner.contact_agreed_on) == (case.person_id, NOW.date())
    assert home.owner_id == owner.id


def test_a_second_home_has_the_same_owner(session: Session) -> None:
    conversation = create_conversation(session)
    first = offered(session, conversation)
    second = offered(session, conversation, turn_id="turn-2")
    session.commit()
    assert home_of(session, first).owner_id == home_of(session, second).owner_id


def test_a_wish_that_discriminates_is_counted_and_stands_in_no_home(session: Session) -> None:
    case = offered(session, create_conversation(session), wishes=[WISH])
    session.commit()
    wish = session.scalars(select(RefusedWish)).one()
    assert (wish.ground, wish.words) == ("nationality", "solo italiani")
    home = home_of(session, case)
    assert (home.description, home.rent_eur_month) == (None, 600)
    assert case.intake["note"] == "secondo piano con ascensore"


def test_words_that_staff_would_have_to_clear_describe_no_home(session: Session) -> None:
    offer = OFFER.model_copy(update={"note": "bella casa, preferibilmente italiani"})
    case = offered(session, create_conversation(session), housing_offer=offer)
    assert home_of(session, case).description is None
    assert case.intake["note"] == "bella casa, preferibilmente italiani"


@pytest.mark.parametrize("missing", ["municipality", "rooms"])
def test_a_home_without_its_town_or_rooms_is_not_taken(session: Session, missing: str) -> None:
    offer = OFFER.model_copy(update={missing: None})
    with pytest.raises(IntakeIncomplete):
        offered(session, create_conversation(session), housing_offer=offer)


def test_a_picture_sent_after_the_offer_becomes_a_photo_of_the_home(session: Session) -> None:
    conversation = create_conversation(session)
    case = offered(session, conversation)
    for _ in range(2):
        sent = picture(session, conversation)
        assert take_picture(session, conversation, sent, now=NOW + timedelta(hours=1))
    session.commit()
    assert [photo.place for photo in photos(session, case)] == [1, 2]
    assert "Foto finora: 2" in said(session, conversation)[-1]


def test_pictures_sent_while_the_owner_answered_are_taken_and_older_ones_are_not(session: Session) -> None:
    conversation = create_conversation(session)
    began = NOW - timedelta(minutes=10)
    picture(session, conversation, at=began - timedelta(minutes=1))
    during = picture(session, conversation, at=began + timedelta(minutes=1))
    case = offered(session, conversation, began_at=began)
    session.commit()
    assert [photo.attachment_id for photo in photos(session, case)] == [during.id]
    take_pictures_since(session, conversation, home_of(session, case), began, now=NOW)
    assert len(photos(session, case)) == 1, "once"


@pytest.mark.parametrize(
    "change",
    [
        {"media_type": "application/pdf", "preview_bytes": None},
        {"storage": "plain", "wrapped_key": None},
        {"scan_state": ScanState.INFECTED},
    ],
)
def test_what_was_not_drawn_anew_is_no_photo(session: Session, change: dict[str, Any]) -> None:
    conversation = create_conversation(session)
    case = offered(session, conversation)
    assert not take_picture(session, conversation, picture(session, conversation, **change), now=NOW)
    assert photos(session, case) == []


def test_after_two_days_or_once_the_desk_has_checked_a_picture_is_only_a_picture(session: Session) -> None:
    conversation = create_conversation(session)
    case = offered(session, conversation)
    late = picture(session, conversation)
    assert not take_picture(session, conversation, late, now=NOW + timedelta(days=2, minutes=1))
    home_of(session, case).state = ListingState.CHECKED
    session.flush()
    assert draft_of(session, conversation, now=NOW) is None


def test_somebody_elses_conversation_adds_no_photo(session: Session) -> None:
    case = offered(session, create_conversation(session))
    other = create_conversation(session)
    assert not take_picture(session, other, picture(session, other), now=NOW)
    assert photos(session, case) == []


def test_a_picture_of_something_else_is_taken_off_with_a_button(session: Session) -> None:
    conversation = create_conversation(session)
    case = offered(session, conversation)
    for _ in range(2):
        take_picture(session, conversation, picture(session, conversation), now=NOW)
    first, second = photos(session, case)
    answer_choice(session, conversation, f"offer_photo:{first.id}", now=NOW)
    session.commit()
    [left] = photos(session, case)
    assert (left.id, left.place) == (second.id, 1)
    assert "rimaste: 1" in said(session, conversation)[-1]
    assert session.get(Attachment, first.attachment_id) is not None, "it stays in the chat"


def test_a_stranger_takes_no_photo_off(session: Session) -> None:
    conversation, other = create_conversation(session), create_conversation(session)
    case = offered(session, conversation)
    offered(session, other)
    take_picture(session, conversation, picture(session, conversation), now=NOW)
    answer_choice(session, other, f"offer_photo:{photos(session, case)[0].id}", now=NOW)
    assert len(photos(session, case)) == 1


def test_more_than_twenty_photos_are_not_taken_and_the_owner_is_told(session: Session) -> None:
    conversation = create_conversation(session)
    case = offered(session, conversation)
    for _ in range(21):
        take_picture(session, conversation, picture(session, conversation), now=NOW)
    assert len(photos(session, case)) == 20
    assert "20" in said(session, conversation)[-1]


async def test_a_photo_that_comes_through_the_chat_is_added_once(
    http: httpx.AsyncClient, session: Session, clock: Any
) -> None:
    conversation = create_conversation(session)
    case = offered(session, conversation)
    session.commit()
    service = {"Authorization": f"Bearer {SERVICE_TOKEN}"}
    where = {"kind": "photo", "conversation_id": conversation.id}
    sent = await http.post(
        "/api/v1/service/attachments",
        params=where,
        content=JPEG,
        headers={**service, "Idempotency-Key": "file-1"},
    )
    message = {
        "channel": "web", "external_id": f"{conversation.id}:m-1", "conversation_id": conversation.id,
        "kind": "attachment", "attachment_id": sent.json()["id"],
    }  # fmt: skip
    for status in (201, 200):
        answer = await http.post("/api/v1/service/messages", json=message, headers=service)
        assert answer.status_code == status, answer.text
    session.expire_all()
    assert len(photos(session, case)) == 1
    assert "Foto finora: 1" in said(session, conversation)[-1]
    assert len(said(session, conversation)) == 2, "the file, and what became of it"


async def test_the_figures_of_a_contract_come_with_their_sources(http: httpx.AsyncClient) -> None:
    service = {"Authorization": f"Bearer {SERVICE_TOKEN}"}
    path, asked = "/api/v1/service/housing-figures", {"rent_eur_month": 600, "expenses_eur_month": 80}
    answer = await http.post(path, json=asked, headers=service)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    costs = {cost["kind"]: (cost["total_eur"], cost["tenant_eur"]) for cost in told["costs"]}
    assert told["deposit_limit_eur"] == "1800.00"
    assert costs["first_month"] == ("680.00", "680.00")
    assert costs["registration_tax"] == ("144.00", "72.00")
    assert costs["stamps"] == ("32.00", "16.00")
    assert (told["tenant_eur"], told["registration_days"]) == ("2568.00", 30)
    assert "studioavvocatolandi.it" in {source["page"] for source in told["sources"]}
    assert "high_need_crema" in told["unknown"]
    assert (await http.post(path, json=asked)).status_code == 401
    refused = await http.post(path, json={"rent_eur_month": 10**30}, headers=service)
    assert refused.status_code == 422
