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
        named = [chosen] if chosen else turn.values("municipality")
        is_added = bool(chosen) or (bool(named) and hearing.says_also)
        names = list(dict.fromkeys([*known, *named])) if is_added else named
        towns = [town for town in map(town_named, names) if town]
        outside = turn.values("municipality_outside")
        remarks = []
        if outside:
            remarks.append(Remark(replies.text("bot.town_outside", town=replies.enumeration(outside))))
        parts = turn.values("municipality_ambiguous")
        remarks += [self._ambiguous(part, replies) for part in parts]
        return Reading(towns or None, tuple(remarks), unclear=tuple(t for p in parts for t in _meant(p)))

    def show(self, value: Any, replies: Replies) -> str:
        """Write the towns by their Italian names."""
        return replies.enumeration(value) if value else replies.text("bot.anywhere")

    def buttons(self, hearing: Hearing) -> list[Button]:
        """Offer the towns that may have been meant, or the largest; and "anywhere". The others are typed."""
        anywhere = self.answer_button(hearing.replies.text("bot.button.anywhere"), _ANYWHERE)
        return [*(self.answer_button(town, town) for town in hearing.unclear or ("Crema",)), anywhere]

    def _says_anywhere(self, hearing: Hearing) -> bool:
        """Tell whether no town was named on purpose: "anywhere", or "I do not know"."""
        if not hearing.asked or hearing.turn.entities:
            return False
        words = {_ANYWHERE: _ANYWHERE, "skip": "skip"}
        typed = hearing.replies.code_typed(hearing.turn.text, words)
        return typed is not None or hearing.turn.intent == "skip"

    def _ambiguous(self, part: str, replies: Replies) -> Remark:
        towns, offered = _listed(part), _meant(part)
        word = part if len(towns) != len(part.split("|")) else _common_beginning(towns)
        return Remark(
            replies.text("bot.town_ambiguous", town=word),
            tuple(self.answer_button(town, town) for town in offered),
        )


def _meant(part: str) -> list[str]:
    return _listed(part) or list(towns_beginning_with(part))


def _listed(part: str) -> list[str]:
    return [town for town in map(town_named, part.split("|")) if town]


def _common_beginning(towns: Sequence[str]) -> str:
    return towns[0].split()[0] if towns else ""
