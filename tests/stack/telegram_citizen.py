"""A citizen on Telegram, as the emulator sees them, with the same verbs as a citizen on the web."""

from __future__ import annotations

from dataclasses import dataclass

from tests.stack.people import Message
from tests.telegram_emulator.people import Person
from translations.catalog import text
from translations.languages import SUPPORTED

_LINES_OF_THE_GATEWAY = tuple(text("guide_copy.telegram_kept", language) for language in SUPPORTED)


def is_of_the_gateway(said: str) -> bool:
    """Tell whether a line is one of those of the gateway while the backoffice is away, in no conversation."""
    return said.startswith(_LINES_OF_THE_GATEWAY)


@dataclass
class TelegramCitizen:
    """Somebody who writes on Telegram. A message's number is how many the bot had written before it."""

    person: Person

    def send(self, text: str) -> int:
        heard = len(self.person.received)
        self.person.send_text(text)
        return heard

    def press(self, label: str) -> int:
        heard = len(self.person.received)
        self.person.press(label)
        return heard

    def heard_after(self, seq: int) -> list[Message]:
        """What the assistant has written after a number, without what the gateway says by itself."""
        said = [str(message.get("text", "")) for message in self.person.received[seq:]]
        return [{"from": "assistant", "text": line} for line in said if not is_of_the_gateway(line)]

    def transcript(self) -> str:
        return "\n".join(self.person.texts)
