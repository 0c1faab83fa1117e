"""What may stand in braces in a ready answer, and what is put there. Nothing is read as a format."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from translations.languages import direction

NAMES = ("person", "mediator", "office", "phone")
"""Name of the person; first name of who writes; name and telephone of the office."""

_VARIABLE = re.compile(r"\{([^{}\n]*)\}")
_WITH_SPACE = re.compile(r"([,،，]?[ \u00a0]?)\{([a-z]+)\}")
_FIRST_STRONG_ISOLATE, _POP_ISOLATE = "\u2068", "\u2069"


@dataclass(frozen=True)
class Values:
    """What is known of each variable; an empty one leaves no gap."""

    person: str = ""
    mediator: str = ""
    office: str = ""
    phone: str = ""

    def as_mapping(self) -> Mapping[str, str]:
        """Return the values by name."""
        return {name: getattr(self, name) for name in NAMES}


def unknown_variable(text: str) -> str | None:
    """Return the first thing in braces that nobody fills in, if there is one."""
    return next((each for each in _VARIABLE.findall(text) if each not in NAMES), None)


def fill(text: str, values: Values, language: str) -> str:
    """Return a ready answer with its variables put in; where one is unknown, comma and space before go too.

    In right-to-left languages a value keeps its own direction between U+2068 and U+2069.
    """
    known, rtl = values.as_mapping(), direction(language) == "rtl"

    def put(found: re.Match[str]) -> str:
        before, name = found.groups()
        if name not in known:
            return found[0]
        if not known[name]:
            return ""
        return f"{before}{_FIRST_STRONG_ISOLATE if rtl else ''}{known[name]}{_POP_ISOLATE if rtl else ''}"

    return _WITH_SPACE.sub(put, text)
