"""Plays a form to its end: recognises by the catalogue which question was asked, and answers it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from tests.stack.people import Message
from tests.stack.processes import wait_for
from translations.catalog import catalogue

_LONGEST_FORM = 40
_ISOLATES = str.maketrans("", "", "\u2066\u2067\u2068\u2069\u200e\u200f")


class Citizen(Protocol):
    """What a dialogue needs of a person, on the web or on Telegram."""

    def send(self, text: str) -> int: ...
    def press(self, label: str) -> int: ...
    def heard_after(self, seq: int) -> list[Message]: ...
    def transcript(self) -> str: ...


@dataclass
class Dialogue:
    """A form played with one person. `answers`: catalogue key of a question -> what the person says,
    or `button:<catalogue key>` for a button. `interrupt(step)` is called when the message of a step was
    accepted and its answer is on its way."""

    citizen: Citizen
    language: str
    answers: Mapping[str, str]
    interrupt: Callable[[int], None] = lambda _: None
    asked: list[str] = field(default_factory=list)

    def play(self, opening: str, *, until: str) -> str:
        """Say the opening and answer until the text with key `until` is said; return that text."""
        key, said = self._say(opening, until, step=0)
        for step in range(1, _LONGEST_FORM):
            if key == until:
                return said
            self.asked.append(key)
            key, said = self._say(self.answers[key], until, step=step)
        raise AssertionError(f"no end: {self.citizen.transcript()}")

    def _say(self, words: str, until: str, *, step: int) -> tuple[str, str]:
        """Say something; return the key and the text of the next question, or of the end."""
        if words.startswith("button:"):
            seq = self.citizen.press(catalogue(self.language).forms[words.removeprefix("button:")][0])
        else:
            seq = self.citizen.send(words)
        self.interrupt(step)
        return wait_for(
            f"a question or the end after {words!r}",
            lambda: self._recognised([until, *self.answers], self.citizen.heard_after(seq)),
            seconds=60,
            context=self.citizen.transcript,
        )

    def _recognised(self, keys: list[str], heard: list[Message]) -> tuple[str, str] | None:
        for key in keys:
            for message in heard:
                if any(_matches(form, message["text"]) for form in catalogue(self.language).forms[key]):
                    return key, str(message["text"])
        return None


def _matches(form: str, text: str) -> bool:
    """Tell whether a text was made from a catalogue's form, whatever was put into its places."""
    pieces = re.split(r"\{[a-z][a-z0-9_]*\}", form)
    pattern = ".*".join(re.escape(piece.strip()) for piece in pieces)
    return re.search(pattern, text.translate(_ISOLATES), re.DOTALL) is not None
