"""Plays a form to its end: recognises by the catalogue which question was asked, and answers it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from tests.stack.people import Message
from translations.catalog import catalogue

_LONGEST_FORM = 40
_ISOLATES = str.maketrans("", "", "\u2066\u2067\u2068\u2069\u200e\u200f")


class Citizen(Protocol):
    """What a dialogue needs of a person, on the web or on Telegram."""

    def send(self, text: str) -> int: ...
    def press(self, label: str) -> int: ...
    def answer_to(self, seq: int, *, seconds: float = 30, speaker: str | None = None) -> list[Message]: ...
    def transcript(self) -> str: ...


@dataclass
class Dialogue:
    """A form played with one person. `answers`: catalogue key of a question -> what the person says,
    or `button:<catalogue key>` for a button."""

    citizen: Citizen
    language: str
    answers: Mapping[str, str]
    interrupt: Callable[[int], None] = lambda _: None
    asked: list[str] = field(default_factory=list)

    def play(self, opening: str, *, until: str) -> str:
        """Say the opening and answer until the text with key `until` is said; return that text."""
        said = self._say(opening, 0)
        for step in range(1, _LONGEST_FORM):
            ending = self._said_as(until, said)
            if ending:
                return ending
            question = self._question(said)
            self.asked.append(question)
            said = self._say(self.answers[question], step)
        raise AssertionError(f"no end: {self.citizen.transcript()}")

    def _say(self, words: str, step: int) -> list[Message]:
        if words.startswith("button:"):
            seq = self.citizen.press(catalogue(self.language).forms[words.removeprefix("button:")][0])
        else:
            seq = self.citizen.send(words)
        self.interrupt(step)
        return self.citizen.answer_to(seq, seconds=60, speaker="assistant")

    def _question(self, said: list[Message]) -> str:
        for key in self.answers:
            if self._said_as(key, said):
                return key
        raise AssertionError(f"an unknown question: {said}\n{self.citizen.transcript()}")

    def _said_as(self, key: str, said: list[Message]) -> str | None:
        for message in said:
            if any(_matches(form, message["text"]) for form in catalogue(self.language).forms[key]):
                return str(message["text"])
        return None


def _matches(form: str, text: str) -> bool:
    """Tell whether a text was made from a catalogue's form, whatever was put into its places."""
    pieces = re.split(r"\{[a-z][a-z0-9_]*\}", form)
    pattern = ".*".join(re.escape(piece.strip()) for piece in pieces)
    return re.search(pattern, text.translate(_ISOLATES), re.DOTALL) is not None
