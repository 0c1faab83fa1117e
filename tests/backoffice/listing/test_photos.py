"""Photos of homes: drawn anew, in order, given out to staff alone, destroyed with their owner."""

from __future__ import annotations

import io

import httpx
import pytest
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.attachment.models import Attachment, Storage
from backoffice.listing.models import Listing, ListingPhoto, ListingState
from backoffice.listing.queries import photos_of
from backoffice.retention.erase import erase_person
from backoffice.staff.roles import Role
from tests.backoffice.attachment.samples import CANARY, JPEG, pdf, photo_with_position
from tests.backoffice.factories import NOW, create_staff
from tests.backoffice.homes import create_listing
from tests.backoffice.listing.photos import create_photo
from tests.backoffice.pages.browser import HTML, Browser, give_password


@pytest.fixture
def listing(session: Session) -> Listing:
    made = create_listing(session, description="Con balcone")
    session.commit()
    return made


@pytest.fixture
async def window(http: httpx.AsyncClient, session: Session, listing: Listing) -> Browser:
    staff = create_staff(session, roles=frozenset({Role.HOUSING_DESK}))
    give_password(session, staff)
    session.commit()
    browser = Browser(http)
    await browser.sign_in(staff)
    return browser


async def upload(window: Browser, listing: Listing, content: bytes) -> httpx.Response:
    csrf = await window.csrf(f"/listings/{listing.id}")
    path = f"/listings/{listing.id}/photos"
    return await window.http.post(
        path, data={"csrf": csrf}, files={"file": ("casa.jpg", content)}, headers=HTML
    )


async def test_a_photo_loses_position_and_camera_and_is_shown_to_staff_alone(
    window: Browser, session: Session, listing: Listing
) -> None:
    answer = await upload(window, listing, photo_with_position())
    assert answer.headers["location"] == f"/listings/{listing.id}?notice=photo_added#photos"
    (photo,) = photos_of(session, listing.id)
    path = f"/listings/{listing.id}/photos/{photo.id}"
    session.commit()
    for shown in (path, f"{path}/preview"):
        file = await window.get(shown)
        assert (file.status_code, file.headers["content-type"]) == (200, "image/jpeg")
        assert CANARY not in file.content
        assert not Image.open(io.BytesIO(file.content)).getexif()
    page = await window.read(f"/listings/{listing.id}")
    assert f"Foto 1 di 1 della casa {listing.code}: 3 stanze, Crema" in page
    window.http.cookies.clear()
    assert (await window.http.get(path)).status_code == 401


@pytest.mark.parametrize(
    ("content", "status", "sentence"),
    [
        (b"x" * (30 * 1024 * 1024), 413, "La foto è troppo grande: al massimo 20 MB."),
        (pdf(), 415, "Questo file non è una foto."),
        (b"<script>alert(1)</script>", 415, "Questo tipo di file non"),
        (b"", 422, "Non hai scelto nessuna foto."),
    ],
    ids=["30 MB", "a paper", "a script", "nothing"],
)
async def test_what_is_no_photo_is_refused_kindly_and_nothing_stays(
    window: Browser, session: Session, listing: Listing, content: bytes, status: int, sentence: str
) -> None:
    answer = await upload(window, listing, content)
    assert answer.status_code == status
    assert sentence in answer.text
    assert session.scalars(select(Attachment)).all() == []


async def test_the_first_photo_is_the_card_s_and_order_closes_up(
    window: Browser, session: Session, listing: Listing
) -> None:
    first, second, third = (create_photo(session, listing).id for _ in range(3))
    session.commit()
    page = f"/listings/{listing.id}"
    await window.post(f"{page}/photos/{third}/place", page=page, place="1")
    assert [photo.id for photo in photos_of(session, listing.id)] == [third, first, second]
    session.rollback()
    assert f"/photos/{third}/preview" in await window.read("/listings")
    await window.post(f"{page}/photos/{first}/remove", page=page)
    session.expire_all()
    assert [(photo.id, photo.place) for photo in photos_of(session, listing.id)] == [(third, 1), (second, 2)]
    states = session.scalars(select(Attachment.storage)).all()
    assert sorted(states) == [Storage.ERASED, Storage.SEALED, Storage.SEALED]


async def test_the_twenty_first_photo_is_refused(window: Browser, session: Session, listing: Listing) -> None:
    for _ in range(20):
        create_photo(session, listing)
    session.commit()
    answer = await upload(window, listing, JPEG)
    assert (answer.status_code, "La casa ha già 20 foto." in answer.text) == (409, True)
    assert len(session.scalars(select(ListingPhoto)).all()) == 20


def test_photos_words_and_address_go_with_their_owner(session: Session, listing: Listing) -> None:
    create_photo(session, listing)
    erase_person(session, listing.owner.person_id, by="x", now=NOW)
    session.commit()
    session.expire_all()
    assert session.scalars(select(Attachment.storage)).all() == [Storage.ERASED]
    left = session.scalars(select(Listing)).one()
    assert (left.state, left.address, left.description, left.area) == (
        ListingState.WITHDRAWN,
        None,
        None,
        None,
    )
