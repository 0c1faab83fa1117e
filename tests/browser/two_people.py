"""Backoffice and web chat as real processes, a person at a phone, and a caseworker who reads Italian only."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from backoffice.database import Database
from backoffice.migrations.upgrade import upgrade
from backoffice.staff.roles import Role
from tests.attacks.processes import free_port, process, wait_for
from tests.backoffice.factories import create_front_door, create_staff
from tests.backoffice.pages.browser import PASSWORD, give_password
from translations.packages import install_file

PACKAGES = Path(__file__).parents[1] / "translation_packages"
PATIENCE_MS = 30_000
"""The first text loads two models, on a machine that may have other work."""


@dataclass(frozen=True)
class House:
    """Where everything runs."""

    chat: str
    desk: str
    email: str


@contextmanager
def running_house(folder: Path, *, packages: bool) -> Iterator[House]:
    """Run backoffice and bot over a new database; the assistant is not there, so a human answers."""
    url = f"sqlite:///{folder / 'sportello.db'}"
    upgrade(url)
    database = Database(url)
    with database.transaction() as session:
        create_front_door(session)
        staff = create_staff(
            session, name="Sara Ferri", roles=frozenset({Role.CASEWORKER}), languages=("it",)
        )
        give_password(session, staff)
        email = staff.email
    database.close()
    if packages:
        for package in sorted(PACKAGES.glob("*.argosmodel")):
            install_file(package, packages_dir=folder / "translation-packages")
    desk, chat, nobody = free_port(), free_port(), free_port()
    told = {
        "SPORTELLO_DATA_DIR": str(folder),
        "SPORTELLO_DATABASE_URL": url,
        "SPORTELLO_BACKOFFICE_PORT": str(desk),
        "SPORTELLO_BOT_PORT": str(chat),
        "SPORTELLO_RASA_PORT": str(nobody),
        "SPORTELLO_ACTIONS_PORT": str(nobody),
        "SPORTELLO_SERVICE_TOKEN": "service-token-of-two-people",
        "SPORTELLO_SECRET_KEY": "secret-key-of-two-people",
    }
    with ExitStack() as processes:
        backoffice = processes.enter_context(process("backoffice", folder / "log", **told))
        bot = processes.enter_context(process("bot", folder / "log", **told))
        wait_for(f"http://127.0.0.1:{desk}/health", backoffice)
        wait_for(f"http://127.0.0.1:{chat}/health", bot, well=False)
        yield House(f"http://127.0.0.1:{chat}", f"http://127.0.0.1:{desk}", email)
        bot.terminate()
        backoffice.terminate()
        bot.wait(timeout=20)
        assert backoffice.wait(timeout=20) == 0


@dataclass
class Caseworker:
    """Somebody at a desk, by what is written on the page."""

    page: Page
    house: House

    def sign_in(self) -> None:
        self.page.goto(f"{self.house.desk}/sign-in")
        self.page.fill("input[name=email]", self.house.email)
        self.page.fill("input[name=password]", PASSWORD)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(f"{self.house.desk}/")

    def take(self) -> None:
        """Open the only conversation, which the assistant gives up since it is not there, and take it."""
        self.page.goto(f"{self.house.desk}/conversations")
        self.page.locator(".row-link").click()
        expect(self.page.locator("[data-floor-state=waiting]")).to_be_visible(timeout=PATIENCE_MS)
        self.page.get_by_role("button", name="Prendi la conversazione").click()
        expect(self.text).to_be_visible()

    @property
    def text(self) -> Locator:
        return self.page.locator("#reply-text")

    @property
    def translation(self) -> Locator:
        return self.page.locator("#reply-translation")

    @property
    def back(self) -> Locator:
        return self.page.locator(".preview .back")

    def bubble(self, words: str) -> Locator:
        """The newest message that holds these words, in whatever language."""
        return self.page.locator(".bubble").filter(has=self.page.get_by_text(words, exact=True)).last

    def translate(self, words: str) -> None:
        """Write, and ask what the person would get."""
        self.text.fill(words)
        self.text.press("Control+Enter")
        expect(self.page.locator("[data-preview-part]")).to_be_visible(timeout=PATIENCE_MS)

    def send(self) -> None:
        """Send what was looked at, and wait until it is in the thread."""
        self.translation.press("Control+Enter")
        expect(self.text).to_have_value("")

    def say(self, words: str) -> None:
        self.translate(words)
        self.send()
