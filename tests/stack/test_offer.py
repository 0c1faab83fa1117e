"""An owner offers a home in the chat, with a photo; a tenant has the costs of a contract worked out."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from tests.backoffice.attachment.samples import JPEG
from tests.stack.dialogue import Dialogue
from tests.stack.forms import number_in
from tests.stack.people import StaffMember, WebCitizen
from tests.stack.processes import Stack, wait_for
from translations.catalog import catalogue, text

pytestmark = pytest.mark.stack

OFFER_END = "bot.offer_form_registered"
ANSWERS = {
    "bot.rent_eur_month_too_low": "650",
    "bot.ask_offer_rent": "0",
    "bot.ask_offer_expenses": "80",
    "bot.ask_home_rooms": "3",
    "bot.ask_max_people": "4",
    "bot.ask_available_from": "button:bot.button.date_now",
    "bot.ask_furnishing": "button:bot.button.furnishing_kitchen_only",
    "bot.ask_contract_type": "button:bot.button.contract_type_agreed",
    "bot.ask_person_phone": "button:bot.button.skip",
    "bot.ask_contact_agreed": "button:bot.button.further_yes",
    "bot.ask_confirmed": "button:bot.button.confirmed_send",
}
OWNERS = {
    "ar": {
        "opening": "عندي شقة للإيجار",
        "bot.ask_home_municipality": "كريما",
        "bot.ask_home_note": "للإيطاليين فقط",
        "bot.ask_person_name": "سمير",
    },
    "zh": {
        "opening": "我有房子要出租",
        "bot.ask_home_municipality": "克雷马",
        "bot.ask_home_note": "房子在三楼，有电梯",
        "bot.ask_person_name": "王小明",
    },
}


def send_photo(citizen: WebCitizen) -> int:
    """Send a picture as the page does; return the number of its message."""
    photo = {"file": ("casa.jpg", JPEG, "image/jpeg")}
    sent = citizen.http.post("/chat/attachments", files=photo, data={"id": str(uuid.uuid4())})
    assert sent.status_code == 202, sent.text
    return int(sent.json()["seq"])


@pytest.mark.parametrize("language", sorted(OWNERS))
def test_an_owner_offers_a_home_and_adds_a_photo(
    stack: Stack, caseworker: StaffMember, language: str
) -> None:
    said: dict[str, Any] = dict(OWNERS[language])
    citizen = WebCitizen(stack.bot_url, language)
    opening = said.pop("opening")
    dialogue = Dialogue(citizen, language, {**ANSWERS, **said})
    number = number_in(dialogue.play(opening, until=OFFER_END))
    case = caseworker.case_numbered(number)
    assert (case["type"], case["language"]) == ("housing_offer", language)
    told = {name: case["intake"][name] for name in ("municipality", "rent_eur_month", "rooms")}
    assert told == {"municipality": "Crema", "rent_eur_month": 650, "rooms": 3}
    assert (catalogue(language).forms["bot.offer_wish_unlawful"][0] in citizen.transcript()) == (
        language == "ar"
    )
    seq = send_photo(citizen)
    answer = wait_for("what became of the photo", lambda: citizen.answers(seq), seconds=20)
    assert [message["text"] for message in answer] == [text("system.offer_photo_added", language, number="1")]


def test_a_tenant_has_the_costs_worked_out(stack: Stack) -> None:
    citizen = WebCitizen(stack.bot_url, "it")
    citizen.ask("come funziona il contratto di affitto?")
    answers = {
        "bot.ask_rent_rent": "600",
        "bot.ask_rent_expenses": "80",
        "bot.ask_deposit_eur": "2000",
        "bot.ask_agency": "button:bot.button.further_no",
    }
    dialogue = Dialogue(citizen, "it", answers)
    told = dialogue.play("button:bot.button.intent_count_rent", until="bot.rent_figures")
    assert "più del massimo" in told
    assert "2.768\N{NO-BREAK SPACE}€" in told
    assert dialogue.asked == list(answers)
