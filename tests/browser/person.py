"""A person at the chat page: what they do, and what they see."""

from __future__ import annotations

from playwright.sync_api import ConsoleMessage, Error, FilePayload, Locator, Page, expect

from translations.catalog import text as words


class Person:
    """Uses the page as people do: by what is written on it."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.language = "it"
        self.faults: list[str] = []
        page.on("console", self._on_console)
        page.on("pageerror", self._on_error)

    # --- doing ---

    def choose_language(self, code: str) -> None:
        """Choose in the dialog, which is open."""
        self.language = code
        self.dialog.locator(f"button[lang={code}]").click()
        expect(self.page.locator("html")).to_have_attribute("lang", code)

    def change_language(self, code: str) -> None:
        self.page.locator("#language-chip").click()
        self.choose_language(code)

    def write(self, text: str) -> None:
        """Type a message and send it."""
        self.field.fill(text)
        self.field.press("Enter")

    def begin(self, text: str = "Ciao") -> None:
        """Write the first message and wait until the service has it: the conversation is open."""
        self.write(text)
        expect(self.own(text).locator(".tick.sent, .tick.delivered")).to_be_visible()

    def press(self, label: str) -> None:
        self.page.get_by_role("button", name=label, exact=True).last.click()

    def attach(self, name: str, media_type: str, content: bytes) -> None:
        file: FilePayload = {"name": name, "mimeType": media_type, "buffer": content}
        self.page.set_input_files("#attachment", file)

    # --- seeing ---

    @property
    def field(self) -> Locator:
        return self.page.locator("#text")

    @property
    def dialog(self) -> Locator:
        return self.page.locator("#language-dialog")

    @property
    def status(self) -> Locator:
        return self.page.get_by_role("status")

    @property
    def bubbles(self) -> Locator:
        return self.page.locator(".message:not(.welcome) .bubble")

    def own(self, text: str) -> Locator:
        """The person's own messages with exactly this text."""
        return self.page.locator(".message.citizen").filter(
            has=self.page.locator(".bubble").get_by_text(text, exact=True)
        )

    def sees(self, *texts: str) -> None:
        """Expect exactly these messages, in this order."""
        expect(self.bubbles).to_have_text(list(texts))

    def says(self, key: str, **values: str) -> str:
        """A sentence of the page in the person's language."""
        return words(f"web.{key}", self.language, **values)

    def is_told(self, key: str) -> None:
        """Expect a sentence in the line under the bar."""
        expect(self.status).to_contain_text(self.says(key))

    def hears_nothing(self) -> None:
        """Expect an empty line under the bar."""
        expect(self.status).to_be_empty()

    def kept_on_the_device(self) -> dict[str, str]:
        kept: dict[str, str] = self.page.evaluate("({...localStorage})")
        return kept

    def overflow_px(self) -> int:
        """By how much the page is wider than its window."""
        width: int = self.page.evaluate(
            "Math.max(document.documentElement.scrollWidth - innerWidth,"
            " ...[...document.querySelectorAll('.log, .status')].map((e) => e.scrollWidth - e.clientWidth))"
        )
        return width

    # --- inside ---

    def _on_console(self, message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text or "Uncaught" in message.text:
            self.faults.append(message.text)

    def _on_error(self, error: Error) -> None:
        self.faults.append(str(error))
