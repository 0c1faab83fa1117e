"""What a form asks: a question reads an answer, checks it and shows it; it never sets a slot.

A question reads from the entities of the understanding, from its own buttons and, when it is the
one that was asked, from a bare number, a yes or no, or the text itself. The kinds of questions are
in `amounts`, `choices`, `contact`, `dates` and `towns`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from actions.replies import Button, Replies, payload
from actions.turn import Turn


@dataclass(frozen=True)
class Remark:
    """Something to be said about an answer: a whole text and perhaps buttons."""

    text: str
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True)
class Reading:
    """What a message answers to a question.

    `value` in the slot's form, or None; `remarks` are said in any case. `choosing`: the value
    stands, but the person may add to it. `skipped`: the person does not know or does not want to say.
    `unclear`: the answers that may be meant.
    """

    value: Any = None
    remarks: tuple[Remark, ...] = ()
    choosing: bool = False
    skipped: bool = False
    unclear: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether the message says nothing to this question."""
        return self.value is None and not self.remarks and not self.skipped and not self.choosing


NOTHING = Reading()


@dataclass(frozen=True)
class Hearing:
    """A message as a question hears it: `asked` when this question was the one that was open.

    `unclear`: the answers that an earlier message may have meant.
    """

    turn: Turn
    replies: Replies
    today: date
    asked: bool
    answers: Mapping[str, Any]
    choosing: bool = False
    unclear: tuple[str, ...] = ()

    def choice(self, slot: str) -> str | None:
        """Return the code of the pressed button, if it belongs to this question."""
        return self.turn.value("choice") if self.turn.value("field") == slot else None

    @property
    def says_also(self) -> bool:
        """Whether what was typed comes beside earlier answers: "also at night"."""
        return self.replies.code_typed(self.turn.text, {"also": "also"}) is not None


class Question(ABC):
    """One question of a form. `key` names its texts: `bot.ask_<key>`, `bot.help_<key>`."""

    free_text = False
    """Whether any words are an answer."""

    stands_alone = False
    """Whether its answer is nothing else: where the mother lives is no wish for a home there."""

    is_silent = False
    """Whether it stands in no summary and is never acknowledged."""

    is_short = False
    """Whether the answer is a word or three: a whole sentence is none."""

    def __init__(self, slot: str, *, key: str = "", optional: bool = False) -> None:
        self.slot = slot
        self.key = key or slot
        self.optional = optional

    @abstractmethod
    def read(self, hearing: Hearing) -> Reading:
        """Return what the message answers to this question."""

    @abstractmethod
    def show(self, value: Any, replies: Replies) -> str:
        """Write a value as the person reads it in a summary."""

    def buttons(self, hearing: Hearing) -> list[Button]:
        """Return the answers that are offered, without the way to skip."""
        return []

    def offer(self, hearing: Hearing) -> str:
        """Return what is offered under the summary, if this is the question that shows it."""
        return ""

    def extra_buttons(self, hearing: Hearing) -> list[Button]:
        """Return what is offered after the way to skip."""
        return []

    def label(self, replies: Replies) -> str:
        """Name what is asked, in a word or two."""
        return replies.text(f"bot.button.field_{self.slot}")

    def ask(self, replies: Replies, *, more: bool = False) -> str:
        """Put the question; `more`: for another choice beside those made."""
        return replies.text(f"bot.{'ask_more' if more else 'ask'}_{self.key}")

    def ask_now(self, hearing: Hearing, *, more: bool) -> str:
        """Put the question as it stands after the other answers."""
        return self.ask(hearing.replies, more=more)

    def help(self, replies: Replies) -> str:
        """Put it in other words."""
        return replies.text(self.help_key)

    @property
    def help_key(self) -> str:
        """The key of its text in other words."""
        return f"bot.help_{self.key}"

    def skip_button(self, replies: Replies) -> Button:
        """Return the button that leaves the question out."""
        return replies.button("skip", payload("skip"))

    def is_named(self, typed: str, replies: Replies) -> bool:
        """Tell whether its short name stands in a typed text, where the catalogue has none."""
        return False

    def answer_button(self, title: str, code: str) -> Button:
        """Return a button that answers this question with a code."""
        return Button(title, payload("inform", field=self.slot, choice=code))
