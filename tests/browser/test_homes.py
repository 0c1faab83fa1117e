"""The card of a home on a small phone: its picture at once, its words in their direction, both answers."""

from __future__ import annotations

from datetime import date
from typing import cast

import pytest
from playwright.sync_api import expect

from backoffice.client.schemas import AttachmentKind, AttachmentLink, AttachmentStored, Author, Furnishing
from backoffice.housing_chat.finding import FoundHome
from backoffice.housing_chat.wording import card
from backoffice.listing.models import Listing
from tests.backoffice.attachment.samples import picture
from tests.backoffice.factories import NOW
from tests.browser.chat_service import ChatService
from tests.browser.conftest import OpenChat
from translations.catalog import text

pytestmark = pytest.mark.browser

HOME = Listing(
    code="C-7K2MX",
    municipality="Crema",
    area="vicino alla stazione",
    rooms=3,
    max_people=5,
    floor=2,
    lift=True,
    rent_eur_month=550,
    expenses_eur_month=60,
    deposit_eur=1100,
    included=["condominium", "heating", "water"],
    furnishing=Furnishing.UNFURNISHED,
    available_from=date(2026, 12, 10),
)

TOP_OF_THE_WORDS = """bubble => {
  const words = document.createRange();
  words.selectNodeContents(bubble.lastChild);
  return words.getBoundingClientRect().top;
}"""


@pytest.mark.parametrize("language", ["bn", "ar"])
def test_a_card_shows_its_picture_and_fits_on_a_small_phone(
    service: ChatService, open_chat: OpenChat, language: str
) -> None:
    person = open_chat(language)
    person.begin("Ciao")
    stored = AttachmentStored(id="a" * 36, kind=AttachmentKind.PHOTO, media_type="image/jpeg", size_bytes=900)
    service.backoffice.files["home"] = (picture(size=(640, 480)), stored)
    home = FoundHome(HOME, 0.8, ["town", "rent", "people", "near_bus", "near_school"], ["stairs_unknown"])
    shown = AttachmentLink.model_validate(stored.model_dump())
    words = card(home, language, now=NOW)
    answers = [text(f"homes.button.{key}", language) for key in ("want", "no")]
    service.say(words, *answers, author=Author.SYSTEM, attachments=[shown])
    bubble = person.page.locator(".message.system .bubble").last
    image = bubble.locator("img.picture")
    expect(image).to_be_visible()
    place, around = image.bounding_box(), bubble.bounding_box()
    assert place is not None
    assert around is not None
    assert place["x"] >= around["x"]
    assert place["x"] + place["width"] <= around["x"] + around["width"]
    assert place["y"] < cast(float, bubble.evaluate(TOP_OF_THE_WORDS))
    assert cast(bool, person.page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
    person.press(answers[0])
    expect(person.own(answers[0])).to_be_visible()
