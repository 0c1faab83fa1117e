"""Kinds of questions that the registration of family assistants and the request of families share.

All of them may be skipped, and each one takes an answer only where it is the one that is open: the languages
that a family wishes for are not those that it speaks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from actions.amounts import NumberQuestion, bare_number
from actions.choices import ChoiceQuestion, ManyQuestion
from actions.household import OfHousehold
from actions.questions import NOTHING, Hearing, Question, Reading, Remark
from actions.replies import Button, Replies

_NONE = "none"
_DONE = "done"
_SAME = "same"
_WEEK = tuple(str(day) for day in range(7))


class AsksForMore(Question):
    """A question with several answers: after one it asks for another in the same words everywhere."""

    def ask(self, replies: Replies, *, more: bool = False) -> str:
        """Put the question; after a choice, ask for another one."""
        return replies.text("bot.ask_more_skills" if more else f"bot.ask_{self.key}")


class OrUnknown(Question):
    """A question that may be left out by a button of its own: `unknown` is the key of its words."""

    unknown: str

    def skip_button(self, replies: Replies) -> Button:
        """Return the button of who does not know, or does not mind."""
        return Button(replies.text(f"bot.button.{self.unknown}"), super().skip_button(replies).payload)


class Several(AsksForMore, OfHousehold, ManyQuestion):
    """Several of a few codes, by buttons or in their words. `none`: the button that says "none of them"."""

    def __init__(self, slot: str, entity: str, codes: Sequence[str], *, none: str = "") -> None:
        super().__init__(slot, entity, codes, optional=True)
        self.none = none

    def read(self, hearing: Hearing) -> Reading:
        """Add what a button says; take what was typed as the whole answer."""
        if hearing.choice(self.slot) == _NONE:
            return Reading([])
        if hearing.choice(self.slot) is not None:
            return super().read(hearing)
        if not hearing.asked or hearing.turn.is_button:
            return NOTHING
        given = self._typed(hearing)
        if given:
            known = list(hearing.answers.get(self.slot) or []) if hearing.choosing else []
            return Reading(list(dict.fromkeys([*known, *given])))
        if self.none and not hearing.choosing and self._says_none(hearing):
            return Reading([])
        return super().read(hearing)

    def _typed(self, hearing: Hearing) -> list[str]:
        typed, replies = hearing.turn.text, hearing.replies
        key = f"{self.entity}_"
        return [
            code
            for code in self.offered(hearing)
            if replies.code_worded(typed, {code: self.name(code, replies)})
            or replies.code_typed(typed, {code: f"{key}{code}"})
        ]

    def _says_none(self, hearing: Hearing) -> bool:
        is_named = hearing.replies.code_typed(hearing.turn.text, {_NONE: self.none}) is not None
        return is_named or hearing.turn.intent == "deny"

    def offered(self, hearing: Hearing) -> Sequence[str]:
        """Return the codes that make sense after the other answers."""
        return self.codes

    def show(self, value: Any, replies: Replies) -> str:
        """Write all codes in a row, or that there is none."""
        return (
            replies.text(f"bot.button.{self.none}")
            if self.none and not value
            else super().show(value, replies)
        )

    def buttons(self, hearing: Hearing) -> list[Button]:
        """Offer the codes not chosen yet, "none of them" first of all, and then "done"."""
        known = hearing.answers.get(self.slot) or []
        left = [code for code in self.offered(hearing) if code not in known]
        offered = [self.answer_button(self.name(code, hearing.replies), code) for code in left]
        if hearing.choosing:
            return [*offered, self.answer_button(hearing.replies.text("bot.button.done"), _DONE)]
        none = (
            [self.answer_button(hearing.replies.text(f"bot.button.{self.none}"), _NONE)] if self.none else []
        )
        return [*none, *offered]


class Weekdays(Several):
    """Days of the week, Monday "0", in the words of the language."""

    def __init__(self, slot: str, *, none: str) -> None:
        super().__init__(slot, "weekday", _WEEK, none=none)

    def name(self, code: str, replies: Replies) -> str:
        """Name one day."""
        return replies.weekday(int(code))

    def show(self, value: Any, replies: Replies) -> str:
        """Write the days in the order of the week."""
        return super().show(sorted(value), replies)

    def _typed(self, hearing: Hearing) -> list[str]:
        typed, replies = hearing.turn.text, hearing.replies
        return [code for code in _WEEK if replies.code_worded(typed, {code: self.name(code, replies)})]


class SkillOrigins(OfHousehold, ManyQuestion):
    """Where each skill was gained: one skill after the other, `{skill: [origin, ...]}`."""

    def __init__(self, codes: Sequence[str]) -> None:
        super().__init__("skill_origins", "skill_origin", codes, optional=True)

    def read(self, hearing: Hearing) -> Reading:
        """Read where the skill was gained that is being asked for."""
        skill, known = self._skill(hearing), self._known(hearing)
        chosen = hearing.choice(self.slot)
        if skill is None:
            return NOTHING
        if chosen == _DONE:
            return self._next(hearing, known)
        if chosen == _SAME:
            return Reading(
                {each: list(known[skill]) if each not in known else known[each] for each in _skills(hearing)}
            )
        if chosen in self.codes:
            return Reading({**known, skill: [*known.get(skill, ()), chosen]}, choosing=True)
        if not hearing.asked or hearing.turn.is_button:
            return NOTHING
        replies, typed = hearing.replies, hearing.turn.text
        given = [code for code in self.codes if replies.code_typed(typed, {code: f"skill_origin_{code}"})]
        if given:
            return self._next(hearing, {**known, skill: list(dict.fromkeys([*known.get(skill, ()), *given]))})
        return self._next(hearing, known) if hearing.choosing and hearing.turn.intent == "deny" else NOTHING

    def ask_now(self, hearing: Hearing, *, more: bool) -> str:
        """Ask for one skill by its name; after a choice, for another place."""
        skill = self._skill(hearing) or ""
        name = hearing.replies.text(f"bot.button.care_skill_{skill}")
        is_more = bool(self._known(hearing).get(skill))
        return hearing.replies.text(f"bot.ask_{'more_' if is_more else ''}skill_origins", skill=name)

    def show(self, value: Any, replies: Replies) -> str:
        """Write each skill with its places."""
        parts = []
        for skill, given in value.items():
            places = replies.enumeration([self.name(code, replies) for code in given]) if given else "-"
            parts.append(f"{replies.text(f'bot.button.care_skill_{skill}')} ({places})")
        return replies.enumeration(parts) if parts else "-"

    def buttons(self, hearing: Hearing) -> list[Button]:
        """Offer the places not chosen yet; then the same for all other skills, or the next one."""
        replies, skill, known = hearing.replies, self._skill(hearing) or "", self._known(hearing)
        left = [code for code in self.codes if code not in known.get(skill, ())]
        offered = [self.answer_button(self.name(code, replies), code) for code in left]
        if not hearing.choosing:
            return offered
        if known.get(skill) and any(each not in known for each in _skills(hearing)):
            offered.append(self.answer_button(replies.text("bot.button.skill_origins_same"), _SAME))
        return [*offered, self.answer_button(replies.text("bot.button.done"), _DONE)]

    def _next(self, hearing: Hearing, known: Mapping[str, list[str]]) -> Reading:
        following = next((each for each in _skills(hearing) if each not in known), None)
        if following is None:
            return Reading(dict(known))
        return Reading({**known, following: []}, choosing=True)

    def _skill(self, hearing: Hearing) -> str | None:
        known = self._known(hearing)
        asked = [each for each in _skills(hearing) if each in known]
        return asked[-1] if asked else next(iter(_skills(hearing)), None)

    def _known(self, hearing: Hearing) -> dict[str, list[str]]:
        return dict(hearing.answers.get(self.slot) or {}) if hearing.choosing else {}


class CareChoice(OrUnknown, OfHousehold, ChoiceQuestion):
    """One of a few codes; `unknown`: the key of the button that leaves it out."""

    def __init__(self, slot: str, codes: Sequence[str], *, key: str = "", unknown: str = "skip") -> None:
        super().__init__(slot, codes, optional=True)
        self.key = key or slot
        self.unknown = unknown


class CareNumber(OrUnknown, OfHousehold, NumberQuestion):
    """A number that counts only where it is asked for; `unknown` as in `CareChoice`."""

    help_key = "bot.further_help_number"

    def __init__(self, slot: str, *, unknown: str = "skip", **about: Any) -> None:
        super().__init__(slot, optional=True, **about)
        self.unknown = unknown

    def read(self, hearing: Hearing) -> Reading:
        """Read the number; out of bounds it is not taken, and the sentence says why."""
        number = self._heard(hearing)
        if number is None:
            return NOTHING
        low, high = self.bounds
        if low <= number <= high:
            return Reading(number)
        bound, limit = ("low", low) if number < low else ("high", high)
        shown = self.show(limit, hearing.replies)
        return Reading(remarks=(Remark(hearing.replies.text(f"bot.further_too_{bound}", limit=shown)),))

    def _heard(self, hearing: Hearing) -> int | None:
        """Return the number: a sum wherever it is said, another one where it is asked for."""
        is_told = hearing.asked or hearing.choice(self.slot) is not None
        if self.is_money and hearing.asked and hearing.turn.text and bare_number(hearing.turn.text) is None:
            sums = [int(value) for value in hearing.turn.values("money") if value.isdecimal()]
            return max(sums) if sums else None
        return self._number(hearing) if is_told or self.is_money else None


def _skills(hearing: Hearing) -> list[str]:
    return list(hearing.answers.get("skills") or ())
