"""A Telegram of our own: the Bot API over HTTP, people who write, and a ledger of all that was sent.

In a test: `with TelegramEmulator() as telegram:`; `telegram.url` goes into SPORTELLO_TELEGRAM_API_URL,
`telegram.token` into SPORTELLO_TELEGRAM_TOKEN; `telegram.person(...)` writes and presses.
"""

from tests.telegram_emulator.people import Person
from tests.telegram_emulator.server import TelegramEmulator, run_emulator
from tests.telegram_emulator.world import Fault, World

__all__ = ["Fault", "Person", "TelegramEmulator", "World", "run_emulator"]
