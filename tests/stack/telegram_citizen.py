"""A citizen on Telegram, as the emulator sees them, with the same verbs as a citizen on the web."""

from __future__ import annotations

from dataclasses import dataclass

from tests.stack.people import Message
from tests.telegram_emulator.people import Person


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
        """What the bot has written after a number."""
        return [
            {"from": "assistant", "text": message.get("text", "")} for message in self.person.received[seq:]
        ]

    def transcript(self) -> str:
        return "\n".join(self.person.texts)
