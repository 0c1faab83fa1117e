"""The Telegram channel: polling or webhook in, the Bot API out."""

import os

# Durations of PTB are `timedelta`, as in its next major version; without this it warns at every 429.
os.environ.setdefault("PTB_TIMEDELTA", "true")
