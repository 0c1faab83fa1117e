"""Two bodies and one person, in browsers before the running installation, by what is written on the pages."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from backoffice.clock import utc_now
from backoffice.database import Database
from backoffice.settings import DATABASE_FILE
from backoffice.sharing.models import BreakGlass
from backoffice.tables import load_tables
from tests.browser.conftest import PHONE
from tests.browser.conftest import base_url as base_url
from tests.browser.conftest import browser_type_launch_args as browser_type_launch_args
from tests.browser.person import Person
from tests.stack.dialogue import Dialogue
from tests.stack.forms import HOUSING_END, number_in
from tests.stack.people import StaffMember, WebCitizen
from tests.stack.processes import Stack
from translations.catalog import text

pytestmark = pytest.mark.stack

PATIENCE_MS = 30_000
PARTNER = "Cooperativa Ponte Largo (demo)"
OWNER_NOTE, PARTNER_NOTE = "La famiglia può visitare solo la sera.", "Abbiamo una camera libera da lunedì."
PUNJABI: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parent / "conversations.yml").read_text(encoding="utf-8")
)["pa"]

NewContext = Callable[..., BrowserContext]


class Desk:
    """Somebody at a desk of one body, who reads Italian."""

    def __init__(self, new_context: NewContext, stack: Stack, account: str) -> None:
        context = new_context(locale="it-IT")
        context.set_default_timeout(PATIENCE_MS)
        self.page: Page = context.new_page()
        self.address = stack.backoffice_url
        self.page.goto(f"{self.address}/sign-in")
        self.page.fill("input[name=email]", f"{account}@demo.sportello")
        self.page.fill("input[name=password]", "sportello-demo")
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(f"{self.address}/")

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def follow(self, name: str) -> None:
        self.page.get_by_role("link", name=name, exact=True).first.click()

    def choose(self, name: str) -> None:
        """Follow an entry of the menu's group of cases."""
        self.page.locator("summary", has_text="Persone e pratiche").click()
        self.follow(name)

    def sees(self, *words: str) -> None:
        for each in words:
            expect(self.page.locator("main")).to_contain_text(each, timeout=PATIENCE_MS)

    def sees_nothing_of(self, *words: str) -> None:
        for each in words:
            expect(self.page.locator("body")).not_to_contain_text(each)

    def find_case(self, number: str) -> None:
        self.choose("Pratiche")
        self.page.locator("input[type=search], input[name=q]").first.fill(number)
        self.page.keyboard.press("Enter")
        self.follow(number)
        self.sees("Ricerca casa")

    def write_note(self, words: str, kind: str) -> None:
        self.page.get_by_label("Nuova nota").fill(words)
        self.page.get_by_role("radio", name=kind).check()
        self.press("Aggiungi la nota")
        self.sees(words)


@pytest.fixture
def person(new_context: NewContext, stack: Stack) -> Iterator[Person]:
    """Somebody with a phone who chose Punjabi, and has greeted."""
    context = new_context(viewport=PHONE, locale="it-IT")
    context.set_default_timeout(PATIENCE_MS)
    someone = Person(context.new_page(), stack.bot_url)
    someone.page.goto(stack.bot_url)
    someone.choose_language("pa")
    someone.begin(PUNJABI["greeting"])
    yield someone
    assert someone.faults == []


@pytest.fixture
def number(person: Person, stack: Stack) -> str:
    """The case that the person has opened in the chat."""
    session = json.loads(person.kept_on_the_device()["sportello.session"])
    citizen = WebCitizen(stack.bot_url, "pa", session=session)
    typed = {f"bot.ask_{slot}": words for slot, words in PUNJABI["answers"].items()}
    dialogue = Dialogue(citizen, "pa", {**typed, "bot.ask_confirmed": "button:bot.button.confirmed_send"})
    return number_in(dialogue.play(PUNJABI["opening"], until=HOUSING_END))


@pytest.fixture
def owner(new_context: NewContext, stack: Stack) -> Desk:
    return Desk(new_context, stack, "coordinator")


@pytest.fixture
def partner(new_context: NewContext, stack: Stack) -> Desk:
    return Desk(new_context, stack, "partner")


def system(key: str, **values: str) -> str:
    return text(f"system.{key}", "pa", **values)


def hears(person: Person, words: str) -> None:
    expect(person.page.locator(".message").filter(has_text=words).last).to_be_visible(timeout=PATIENCE_MS)


def share_after_a_yes(person: Person, number: str, owner: Desk, partner: Desk) -> None:
    """Ask in the chat, offer what the person agreed to, and have it accepted."""
    owner.find_case(number)
    owner.write_note(OWNER_NOTE, "Condivisa")
    owner.follow("Condividi con un ente")
    owner.press("Invia la proposta")
    owner.sees("Questo ente non può ricevere la pratica.")
    owner.page.get_by_label("A quale ente").select_option(label=PARTNER)
    for part in ("Persona Nome", "Note condivise"):
        owner.page.get_by_role("checkbox", name=part).check()
    owner.press("Chiedi il consenso nella chat")
    owner.sees("Aspettiamo la risposta della persona")

    hears(person, system("consent_aim.home"))
    hears(person, system("consent_part.person"))
    assert person.overflow_px() <= 0
    person.press(system("button.consent_yes"))
    hears(person, system("consent_given", organisation=PARTNER))

    owner.sees("La persona ha detto di sì")  # on the page that stood open
    owner.follow("Prepara la proposta")
    owner.press("Invia la proposta")
    owner.sees("La proposta è stata inviata.")

    partner.follow("Da fare")
    partner.page.locator("section[aria-labelledby=home-offers] .row-link").first.click()
    partner.sees_nothing_of(number, PUNJABI["answers"]["person_name"].split()[2])
    partner.press("Accetta")
    partner.sees(number, "ਹਰਪ੍ਰੀਤ ਸਿੰਘ", OWNER_NOTE)
    partner.write_note(PARTNER_NOTE, "Interna")


def test_a_person_says_yes_in_punjabi_and_takes_it_back_and_the_partner_keeps_its_notes(
    person: Person, number: str, owner: Desk, partner: Desk
) -> None:
    share_after_a_yes(person, number, owner, partner)
    person.press(system("button.rights_sees"))
    hears(person, f"1. {PARTNER}")
    person.press(system("button.rights_stop", number="1"))
    hears(person, system("consent_withdrawn", organisation=PARTNER))

    partner.follow("Scheda da stampare")
    partner.sees("Questa condivisione è finita", "Il tuo ente non vede più questa pratica.")
    partner.sees_nothing_of(OWNER_NOTE, "ਹਰਪ੍ਰੀਤ ਸਿੰਘ")
    partner.follow("Le nostre note su pratiche di altri")
    partner.sees(number, PARTNER_NOTE)
    partner.sees_nothing_of(OWNER_NOTE, "ਹਰਪ੍ਰੀਤ ਸਿੰਘ")

    owner.choose("Condivisioni")
    owner.follow("Inviate")
    owner.page.locator(".row-link").filter(has_text=number).click()
    owner.sees("Revocata", "La persona ha ritirato il consenso.")


def test_a_case_opened_in_need_is_told_to_its_body_and_closes_by_itself(
    stack: Stack, caseworker: StaffMember, owner: Desk, partner: Desk
) -> None:
    name = "নাসিমা আক্তার"
    number = caseworker.get("/cases", q=name)["items"][0]["number"]
    partner.choose("Condivisioni")
    partner.follow("Apri una pratica in emergenza")
    partner.page.get_by_label("Numero").fill(number)
    partner.page.get_by_label("Spiega che cosa succede").fill("aiuto")
    partner.press("Apri e avvisa l’ente")
    partner.sees("La spiegazione è troppo corta.")
    words = "La signora è al pronto soccorso con i bambini"
    partner.page.get_by_label("Spiega che cosa succede").fill(words)
    partner.press("Apri e avvisa l’ente")
    partner.sees(name, "puoi solo leggere, fino al")
    expect(partner.page.get_by_label("Nuova nota")).to_have_count(0)

    owner.sees("Aperte in emergenza da altri enti", number, words)  # on the page that stood open
    owner.press("Ho visto")
    owner.sees("Apertura in emergenza", "Elena Rota")

    with database_of(stack) as database, database.transaction() as session:
        opening = session.scalars(select(BreakGlass).order_by(BreakGlass.id.desc()).limit(1)).one()
        opening.until = utc_now()
    partner.follow("Scheda da stampare")
    partner.sees("L’apertura in emergenza è finita", "la pratica si è chiusa da sola")
    partner.sees_nothing_of(name)
    owner.page.reload()
    expect(owner.page.get_by_role("row").filter(has_text="Elena Rota")).to_have_count(0)


@contextmanager
def database_of(stack: Stack) -> Iterator[Database]:
    """The database of the running installation, to let time pass in it."""
    load_tables()
    secret = (stack.data_dir / "secret_key").read_text().strip()
    database = Database(f"sqlite:///{stack.data_dir / DATABASE_FILE}", secret=secret)
    try:
        yield database
    finally:
        database.close()
