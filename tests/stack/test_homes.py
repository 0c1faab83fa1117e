"""A family of five writes in Bengali what it needs, sees homes with pictures, and asks to see one."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from backoffice.attachment.service import store_attachment
from backoffice.attachment.vault import Vault
from backoffice.client.schemas import AttachmentKind
from backoffice.database import Database
from backoffice.listing.models import ListingPhoto
from backoffice.settings import Settings
from backoffice.tables import load_tables
from backoffice.viewing.models import Viewing, ViewingState
from tests.backoffice.attachment.samples import picture
from tests.backoffice.factories import NOW
from tests.backoffice.homes import create_listing
from tests.stack.dialogue import Dialogue
from tests.stack.forms import HOUSING_END, number_in
from tests.stack.people import Message, StaffMember, WebCitizen
from tests.stack.processes import Stack, wait_for
from translations.catalog import text

pytestmark = pytest.mark.stack

ANSWERS = {
    "bot.ask_municipalities": "Crema",
    "bot.ask_people": "আমরা পাঁচ জন",
    "bot.ask_minors": "তিন",
    "bot.ask_rooms": "৩",
    "bot.ask_budget_eur_month": "৭০০",
    "bot.ask_move_in_from": "button:bot.button.date_now",
    "bot.ask_employment": "button:bot.button.employment_permanent",
    "bot.ask_housing_needs": "button:bot.button.skip",
    "bot.ask_person_name": "রহিমা",
    "bot.ask_person_phone": "button:bot.button.skip",
    "bot.ask_confirmed": "button:bot.button.confirmed_send",
}


def test_a_family_of_five_asks_in_bengali_to_see_a_home(stack: Stack, caseworker: StaffMember) -> None:
    load_tables()
    settings = Settings(_env_file=None, data_dir=stack.data_dir)
    database = Database(settings.url, secret=settings.secret, data_dir=settings.data_dir)
    home_code = _publish_home(database, Vault.of(settings))
    citizen = WebCitizen(stack.bot_url, "bn")
    said = Dialogue(citizen, "bn", ANSWERS).play("পরিবারের জন্য একটা বাসা ভাড়া চাই", until=HOUSING_END)
    case = caseworker.case_numbered(number_in(said))
    assert (case["intake"]["people"], case["intake"]["minors"], case["language"]) == (5, 3, "bn")

    shown = citizen.press(text("homes.button.show", "bn"))
    card = _said(citizen, shown, lambda message: home_code in message["text"])
    assert text("homes.card_why", "bn") in card["text"]
    assert "Via Inventata" not in card["text"]
    [photo] = card["attachments"]
    file = citizen.http.get(f"/chat/attachments/{photo['id']}")
    assert (file.status_code, file.headers["Content-Type"]) == (200, "image/jpeg")
    stranger = WebCitizen(stack.bot_url, "bn")
    assert stranger.http.get(f"/chat/attachments/{photo['id']}").status_code == 404

    wanted = citizen.press(text("homes.button.want", "bn"))
    asked = _said(citizen, wanted, lambda message: home_code in message["text"])
    assert asked["text"].startswith(text("homes.asked", "bn", code=home_code))
    with database.read() as session:
        viewing = session.scalars(select(Viewing).where(Viewing.case_id == case["id"])).one()
        assert viewing.state is ViewingState.ASKED
    database.close()


def _publish_home(database: Database, vault: Vault) -> str:
    """Put one home with a picture into the installation, as the desk would."""
    file = vault.take(picture(), conversation_id=None)
    with database.transaction() as session:
        stored = store_attachment(session, file, kind=AttachmentKind.PHOTO, conversation_id=None, now=NOW)
        home = create_listing(session)
        photo = ListingPhoto(listing_id=home.id, attachment_id=stored.id, place=1, added_at=NOW)
        session.add(photo)
        return home.code


def _said(citizen: WebCitizen, after: int, fits: Callable[[Message], bool]) -> Message:
    return wait_for(
        "what the desk says",
        lambda: next(filter(fits, citizen.answers(after, speaker="system")), None),
        context=citizen.transcript,
    )
