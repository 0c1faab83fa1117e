"""The body of a turn: checked, and a typed text made harmless.

Rasa reads a text that begins with a slash as a command (`/inform{"people": 99}`), after taking away white
space of any kind: whoever types that could set slots (reliability.md, finding 6).
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

LONGEST_TEXT: Final = 1000
"""Characters that are understood; the whole text is in the transcript (reliability.md, finding 7)."""

_ID: Final = re.compile(r"[A-Za-z0-9_.:\-]{1,200}")
_PAYLOAD: Final = re.compile(r"/[a-z_]+(?:\{.*\})?", re.DOTALL)
_KEY: Final = re.compile(r"[A-Za-z0-9_\-]{43}=?")
_LANGUAGE: Final = re.compile(r"[a-z]{2}")
_NOTHING_LEFT: Final = "?"
_INVISIBLE: Final = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp", "Zs"})


class WrongBody(Exception):
    """A turn's body is not as agreed; the message says what is wrong and quotes nothing."""


@dataclass(frozen=True)
class Turn:
    """One turn as the bot asks for it; `for_rasa` is a payload of ours or a text without leading slash."""

    sender: str
    turn_id: str
    epoch: int
    language: str
    attempt: int
    for_rasa: str
    memory_key: str = field(repr=False)
    """What the conversation's memory is encrypted with: 32 bytes in URL-safe base 64."""

    @property
    def is_retry(self) -> bool:
        """Tell whether the turn was tried before: it may have been made."""
        return self.attempt >= 2

    @property
    def metadata(self) -> dict[str, Any]:
        """Return what actions find at the message."""
        return {
            "turn_id": self.turn_id,
            "epoch": self.epoch,
            "language": self.language,
            # The sender is <conversation>.<number of the session> after a hand-back.
            "conversation_id": self.sender.split(".", 1)[0],
        }


def read_turn(body: bytes) -> Turn:
    """Check the body of a turn.

    Raises:
        WrongBody: a field is missing or not as agreed.
    """
    fields = _object(body)
    return Turn(
        sender=_matching(fields, "sender", _ID),
        turn_id=_matching(fields, "turn_id", _ID),
        epoch=_number(fields, "epoch", least=0),
        language=_matching(fields, "language", _LANGUAGE),
        attempt=_number(fields, "attempt", least=1),
        for_rasa=_said(fields),
        memory_key=_matching(fields, "memory_key", _KEY),
    )


def is_memory_key(value: str) -> bool:
    """Tell whether a text can be the key of a conversation's memory."""
    return _KEY.fullmatch(value) is not None


def harmless(text: str) -> str:
    """Return a typed text that Rasa can't take for a command, at most `LONGEST_TEXT` characters of it."""
    start = 0
    while start < len(text) and _is_taken_away(text[start]):
        start += 1
    return text[start : start + LONGEST_TEXT].rstrip() or _NOTHING_LEFT


def _is_taken_away(character: str) -> bool:
    return character == "/" or character.isspace() or unicodedata.category(character) in _INVISIBLE


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        fields = json.loads(body)
    except (ValueError, RecursionError):
        raise WrongBody("The body is not JSON.") from None
    if not isinstance(fields, dict):
        raise WrongBody("The body is not an object.")
    return fields


def _said(fields: Mapping[str, Any]) -> str:
    text, payload = fields.get("text"), fields.get("payload")
    if (text is None) == (payload is None):
        raise WrongBody("Exactly one of text and payload must be given.")
    if payload is not None:
        if not isinstance(payload, str) or not _PAYLOAD.fullmatch(payload):
            raise WrongBody("payload is not /intent or /intent{...}.")
        return payload
    if not isinstance(text, str):
        raise WrongBody("text is not a string.")
    return harmless(text)


def _matching(fields: Mapping[str, Any], name: str, pattern: re.Pattern[str]) -> str:
    value = fields.get(name)
    written = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(written, str) or not pattern.fullmatch(written):
        raise WrongBody(f"{name} is missing or not as agreed.")
    return written


def _number(fields: Mapping[str, Any], name: str, *, least: int) -> int:
    value = fields.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise WrongBody(f"{name} must be a whole number from {least}.")
    return value
