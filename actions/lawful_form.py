"""Forms in which a wish that the law forbids is answered with the law, and counted apart from the answers."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

from actions.form import FormStep
from actions.interruption import ALWAYS, ANSWERS
from actions.replies import Replies
from actions.slots import FORM_INTENT, slot_set
from actions.turn import Event, Turn
from actions.wishes import ground_of

MOST_WISHES = 10

_LEAVE_THE_FORM = ALWAYS - {"change_language"}
"""Whoever wants a person, or is in danger, is heard first; "only Italians" is no change of language."""


class LawfulForm(FormStep):
    """A form that knows wishes which discriminate. `refusal`: the key of what is said to one."""

    wishes_slot: ClassVar[str]
    refusal: ClassVar[str]
    words: ClassVar[Sequence[Path]]

    @abstractmethod
    def kept_wish(self, turn: Turn, ground: str) -> Mapping[str, Any]:
        """Return what is kept of a wish."""

    async def act(self, turn: Turn, replies: Replies) -> list[Event]:
        """Take the message into the form; a wish that the law forbids is answered, and kept apart."""
        ground = ground_of(turn.text, turn.language, self.words) if turn.text and not turn.done else None
        if ground is not None and turn.intent not in _LEAVE_THE_FORM:
            replies.say(self.refusal)
            if turn.intent not in ANSWERS and turn.intent != FORM_INTENT[self.form]:
                turn = replace(turn, intent="inform")  # the form goes on: it is no question of the guide
        events = await super().act(turn, replies)
        if ground is not None and events:
            events.append(slot_set(self.wishes_slot, self._with_wish(turn, ground)))
        return events

    def _with_wish(self, turn: Turn, ground: str) -> list[Any]:
        known = list(turn.slots.get(self.wishes_slot) or [])
        wish = dict(self.kept_wish(turn, ground))
        return known if wish in known else [*known, wish][:MOST_WISHES]
