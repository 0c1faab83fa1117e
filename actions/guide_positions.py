"""Where somebody stands in a topic of the guide: what a button of the walk means, and what a turn waits for.

A button of the walk carries the topic's own intent and a position in it as `choice`:
`/ask_residence_permit{"choice": "renew.cost"}`. The rule of the topic then runs `action_answer_guide`, as
for a typed question: no new intent, no training, and a button stays good for the whole conversation,
since everything it needs stands on it.
"""

from __future__ import annotations

from dataclasses import dataclass

from actions.replies import payload

OPTIONS = "options"
"""The position where the topic's question is asked, whatever was answered before."""

OTHERS = "others"
"""The position of whoever the case that is asked first does not apply to."""

ALL = "all_parts"
"""The part of a case that is all its parts."""

_AWAITED = "guide"


@dataclass(frozen=True)
class Position:
    """A topic; perhaps a case in it, or one of the positions above; perhaps one part of the case."""

    topic: str
    case: str = ""
    part: str = ""

    @property
    def payload(self) -> str:
        """What a button that leads here means to Rasa."""
        choice = f"{self.case}.{self.part}" if self.part else self.case
        return payload(f"ask_{self.topic}", choice=choice) if choice else payload(f"ask_{self.topic}")

    def awaited(self, *, again: bool = False) -> str:
        """Return the slot's value while an answer is awaited here; `again`: for the second time."""
        return ":".join((_AWAITED, self.topic, self.case, self.part, "again" if again else ""))


@dataclass(frozen=True)
class Awaited:
    """The position whose question was put, and whether it was put twice."""

    position: Position
    again: bool


def read_choice(topic: str, choice: str | None) -> Position:
    """Return the position that a button leads to."""
    case, _, part = (choice or "").partition(".")
    return Position(topic, case, part)


def read_awaited(value: object) -> Awaited | None:
    """Return what the slot waits for, if it is an answer to a question of the guide."""
    pieces = str(value or "").split(":")
    if len(pieces) != 5 or pieces[0] != _AWAITED:
        return None
    return Awaited(Position(*pieces[1:4]), again=pieces[4] == "again")
