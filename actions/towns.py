"""The question for towns of the district."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from actions.municipalities import town_named, towns_beginning_with
from actions.questions import Hearing, Question, Reading, Remark
from actions.replies import Button, Replies

_ANYWHERE = "anywhere"


class TownsQuestion(Question):
    """One or several towns of the district; "anywhere" is the empty list."""

    def read(self, hearing: Hearing) -> Reading:
        """Take the towns that are clear, ask back the ambiguous, name those outside kindly."""
        turn, replies = hearing.turn, hearing.replies
        chosen = hearing.choice(self.slot)
        if chosen == _ANYWHERE or self._says_anywhere(hearing):
            return Reading([])
        # A pressed town is one more: it answers "which Casaletto?" beside the towns that were clear.
        known = hearing.answers.get(self.slot) or []
        names = list(dict.fromkeys([*known, chosen])) if chosen else turn.values("municipality")
        towns = [town for town in map(town_named, names) if town]
        outside = turn.values("municipality_outside")
        remarks = []
        if outside:
            remarks.append(Remark(replies.text("bot.town_outside", town=replies.enumeration(outside))))
        remarks += [self._ambiguous(part, replies) for part in turn.values("municipality_ambiguous")]
        return Reading(towns or None, tuple(remarks))

    def show(self, value: Any, replies: Replies) -> str:
        """Write the towns by their Italian names."""
        return replies.enumeration(value) if value else replies.text("bot.anywhere")

    def buttons(self, hearing: Hearing) -> list[Button]:
        """Offer the largest town and "anywhere"; the others are typed."""
        anywhere = self.answer_button(hearing.replies.text("bot.button.anywhere"), _ANYWHERE)
        return [self.answer_button("Crema", "Crema"), anywhere]

    def _says_anywhere(self, hearing: Hearing) -> bool:
        """Tell whether no town was named on purpose: "anywhere", or "I do not know"."""
        if not hearing.asked or hearing.turn.entities:
            return False
        typed = hearing.replies.code_typed(hearing.turn.text, {_ANYWHERE: _ANYWHERE})
        return typed is not None or hearing.turn.intent == "skip"

    def _ambiguous(self, part: str, replies: Replies) -> Remark:
        towns = [town for town in map(town_named, part.split("|")) if town]
        offered = towns or list(towns_beginning_with(part))
        word = part if len(towns) != len(part.split("|")) else _common_beginning(towns)
        return Remark(
            replies.text("bot.town_ambiguous", town=word),
            tuple(self.answer_button(town, town) for town in offered),
        )


def _common_beginning(towns: Sequence[str]) -> str:
    return towns[0].split()[0] if towns else ""
