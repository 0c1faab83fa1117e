"""The questions that an administrator added to a case type, asked after the form's own.

Their slots are names of ours (`further.<code>`): Rasa knows one slot, `further_answers`, for all of them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from actions.amounts import NumberQuestion
from actions.choices import ChoiceQuestion, ManyQuestion, YesNoQuestion
from actions.client import Backoffice
from actions.questions import NOTHING, Hearing, Question, Reading, Remark
from actions.replies import Button, Replies, payload
from actions.slots import CARE_REQUEST_FORM, CARE_WORK_FORM, HOUSING_FORM, OFFER_FORM
from actions.towns import TownsQuestion
from backoffice.client.errors import BackofficeClientError
from backoffice.client.schemas import CaseType, FurtherKind
from backoffice.client.schemas import FurtherQuestion as Asked

CASE_TYPES: Mapping[str, CaseType] = {
    HOUSING_FORM: CaseType.HOUSING,
    CARE_WORK_FORM: CaseType.CARE_WORK,
    CARE_REQUEST_FORM: CaseType.CARE_REQUEST,
    OFFER_FORM: CaseType.HOUSING_OFFER,
}
"""What each form opens; a form that opens nothing asks nothing of an administrator's."""

LONGEST = {FurtherKind.TEXT: 200, FurtherKind.LONG_TEXT: 2000}

LONGEST_SHOWN = 300

_KEPT_SETS = 64
_ANY_BOUND = (-1_000_000, 1_000_000)
_WRITTEN_DAY = re.compile(r"\b(\d{1,2})[./-](\d{1,2})[./-](\d{4})\b")


class Added(Question):
    """What all added questions share: their texts come from the backoffice, in the person's language."""

    stands_alone = True
    asked: Asked

    def ask(self, replies: Replies, *, more: bool = False) -> str:
        """Put the question, and say why it is asked."""
        if more:
            return replies.text("bot.ask_more_skills")
        why = [replies.text("bot.further_why", why=self.asked.why)] if self.asked.why else []
        return "\n".join([self.asked.label, *why])

    def help(self, replies: Replies) -> str:
        """Put it in other words: those of the administrator, or how such an answer is given."""
        kinds = {FurtherKind.NUMBER: "_number", FurtherKind.DATE: "_date", FurtherKind.TOWN: "_town"}
        return self.asked.help or replies.text(f"bot.further_help{kinds.get(self.asked.kind, '')}")

    def label(self, replies: Replies) -> str:
        """Name what is asked, in a word or two."""
        return self.asked.title

    def skip_button(self, replies: Replies) -> Button:
        """Return the button of who does not want to say."""
        return replies.button("rather_not", payload("skip"))

    def is_named(self, typed: str, replies: Replies) -> bool:
        """Tell whether its short name stands in a typed text."""
        return replies.code_worded(typed, {"": self.asked.title}) is not None


class AddedText(Added):
    """The person's own words."""

    free_text = True

    def read(self, hearing: Hearing) -> Reading:
        """Take the words as they are; who would rather not say leaves it out."""
        turn, replies = hearing.turn, hearing.replies
        words = " ".join(turn.text.split())
        if not hearing.asked or turn.is_button or not words:
            return NOTHING
        if self.optional and (turn.intent == "skip" or replies.is_typed(turn.text, "skip")):
            return Reading(skipped=True)
        if self.optional and replies.code_typed(turn.text, {"": "rather_not"}) is not None:
            return Reading(skipped=True)
        if len(words) > LONGEST[self.asked.kind]:
            return Reading(remarks=(Remark(replies.text("bot.housing_needs_too_long")),))
        return Reading(words)

    def show(self, value: Any, replies: Replies) -> str:
        """Write the words as they were given, the beginning of long ones: the summary is one message."""
        words = str(value)
        return words if len(words) <= LONGEST_SHOWN else f"{words[:LONGEST_SHOWN]}…"


class AddedYesNo(Added, YesNoQuestion):
    """Yes or no."""


class AddedChoice(Added, ChoiceQuestion):
    """One of the administrator's options."""

    def read(self, hearing: Hearing) -> Reading:
        """Read the button, or the words on it."""
        chosen = hearing.choice(self.slot)
        if chosen is None and hearing.asked:
            chosen = hearing.replies.code_worded(hearing.turn.text, _labels(self.asked))
        return Reading(chosen) if chosen in self.codes else NOTHING

    def show(self, value: Any, replies: Replies) -> str:
        """Write it as its button says it."""
        return _labels(self.asked).get(value, str(value))


class AddedMany(Added, ManyQuestion):
    """Several of the administrator's options."""

    def read(self, hearing: Hearing) -> Reading:
        """Add what a button says; take what was typed as the whole answer."""
        if hearing.choice(self.slot) is not None or not hearing.asked:
            return super().read(hearing)
        labels, typed = _labels(self.asked), hearing.turn.text
        given = [c for c, text in labels.items() if hearing.replies.code_worded(typed, {c: text})]
        if not given:
            return super().read(hearing)
        known = list(hearing.answers.get(self.slot) or []) if hearing.choosing or hearing.says_also else []
        return Reading(list(dict.fromkeys([*known, *given])))

    def name(self, code: str, replies: Replies) -> str:
        """Write one option."""
        return _labels(self.asked).get(code, code)


class AddedNumber(Added, NumberQuestion):
    """A whole number between the administrator's bounds."""

    def read(self, hearing: Hearing) -> Reading:
        """Read the number; out of bounds it is not taken, and the sentence says why."""
        number = self._number(hearing) if hearing.asked else None
        if number is None:
            return NOTHING
        low, high = self.bounds
        if low <= number <= high:
            return Reading(number)
        bound, limit = ("low", low) if number < low else ("high", high)
        text = hearing.replies.text(f"bot.further_too_{bound}", limit=self.show(limit, hearing.replies))
        return Reading(remarks=(Remark(text),))

    def show(self, value: Any, replies: Replies) -> str:
        """Write the number with its unit."""
        return f"{value} {self.asked.unit}".strip()


class AddedDate(Added):
    """A day, past or to come."""

    def read(self, hearing: Hearing) -> Reading:
        """Read the day that the understanding found, or one that was written out."""
        if not hearing.asked:
            return NOTHING
        match = _WRITTEN_DAY.search(hearing.turn.text)
        written = f"{int(match[3]):04}-{int(match[2]):02}-{int(match[1]):02}" if match else None
        try:
            return Reading(date.fromisoformat(written or hearing.turn.value("date") or "").isoformat())
        except ValueError:
            return NOTHING

    def show(self, value: Any, replies: Replies) -> str:
        """Write the day in the words of the language."""
        return replies.day(date.fromisoformat(value))


class AddedTown(Added, TownsQuestion):
    """One town, of the district or outside."""

    def read(self, hearing: Hearing) -> Reading:
        """Take the town that is clear, and ask back the ambiguous."""
        if not hearing.asked and hearing.choice(self.slot) is None:
            return NOTHING
        heard = super().read(replace(hearing, answers={}))
        if heard.value:
            return Reading(heard.value[-1])
        outside = hearing.turn.values("municipality_outside")
        if outside:
            return Reading(outside[-1])
        return NOTHING if heard.value == [] else heard

    def show(self, value: Any, replies: Replies) -> str:
        """Write the town by its name."""
        return str(value)

    def buttons(self, hearing: Hearing) -> list[Button]:
        """Offer the towns that may have been meant; all others are typed."""
        return [self.answer_button(town, town) for town in hearing.unclear]


@dataclass(frozen=True)
class FurtherSet:
    """One version of the added questions, in one language."""

    set_id: str
    questions: tuple[Added, ...]

    def by_slot(self, answers: Mapping[str, Any]) -> dict[str, Any]:
        """Return kept answers by the names of their slots."""
        return {_slot(code): answer for code, answer in answers.items()}

    def kept(self, answers: Mapping[str, Any]) -> dict[str, Any]:
        """Return the answers of a form as the one slot of Rasa's keeps them."""
        given = {q.asked.code: answers.get(q.slot) for q in self.questions}
        return {"set": self.set_id, "answers": {code: a for code, a in given.items() if a is not None}}


class FurtherSets:
    """The versions that were read. A published one never changes: it is read once for each language."""

    def __init__(self, backoffice: Backoffice) -> None:
        self._backoffice = backoffice
        self._known: dict[tuple[str, str, str], FurtherSet] = {}

    async def find(self, form: str, language: str, set_id: str | None) -> FurtherSet | None:
        """Return a version, or the one that is asked now; None where there is none, or none can be read.

        A form goes on without: a home is looked for all the same.
        """
        if form not in CASE_TYPES:
            return None
        known = self._known.get((form, language, set_id)) if set_id is not None else None
        if known is not None:
            return known
        try:
            found = await self._backoffice.read_further_questions(CASE_TYPES[form], language, set_id=set_id)
        except BackofficeClientError:
            return None
        if found.set_id is None or not found.questions:
            return None
        made = FurtherSet(found.set_id, tuple(_question(asked) for asked in found.questions))
        if len(self._known) >= _KEPT_SETS:
            self._known.clear()
        self._known[form, language, found.set_id] = made
        return made


def _question(asked: Asked) -> Added:
    slot, optional = _slot(asked.code), not asked.required
    codes = [option.code for option in asked.options]
    made: Added
    match asked.kind:
        case FurtherKind.YES_NO:
            made = AddedYesNo(slot, optional=optional)
        case FurtherKind.ONE_OF:
            made = AddedChoice(slot, codes, optional=optional)
        case FurtherKind.SEVERAL_OF:
            made = AddedMany(slot, "", codes, optional=optional)
        case FurtherKind.NUMBER:
            low, high = _ANY_BOUND
            bounds = (
                low if asked.minimum is None else asked.minimum,
                high if asked.maximum is None else asked.maximum,
            )
            made = AddedNumber(slot, entity=None, bounds=bounds, offered=(), optional=optional)
        case FurtherKind.DATE:
            made = AddedDate(slot, optional=optional)
        case FurtherKind.TOWN:
            made = AddedTown(slot, optional=optional)
        case _:
            made = AddedText(slot, optional=optional)
    made.asked = asked
    return made


def _slot(code: str) -> str:
    return f"further.{code}"


def _labels(asked: Asked) -> dict[str, str]:
    return {option.code: option.label for option in asked.options}
