"""Phone numbers as people write them, in any digits -> E.164; a number without prefix is Italian."""

from __future__ import annotations

from typing import Final

from nlu.components.entity import Entity

_LEAST_DIGITS: Final = 7
_COUNTRY: Final = "IT"


def read_phones(message: str) -> list[Entity]:
    """Return every valid phone number of a message."""
    if sum(character.isdigit() for character in message) < _LEAST_DIGITS:
        return []
    # Imported here: its tables take 50 ms that most messages don't need.
    import phonenumbers

    matches = phonenumbers.PhoneNumberMatcher(message, _COUNTRY)
    return [
        Entity(
            "phone",
            phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.E164),
            match.start,
            match.end,
        )
        for match in matches
    ]
