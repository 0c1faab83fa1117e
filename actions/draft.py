"""A form as it stands in one turn: its questions, those of an administrator included, and the answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from actions.further import FurtherSet
from actions.questions import Question
from actions.slots import Progress


@dataclass(frozen=True)
class Draft:
    """A form as it stands in this turn."""

    answers: dict[str, Any]
    progress: Progress
    questions: tuple[Question, ...] = ()
    further: FurtherSet | None = None
    asked_back: frozenset[str] = frozenset()
    """Questions that a remark has just asked in other words, with buttons."""

    def question(self, slot: str | None) -> Question | None:
        """Return the question that fills a slot."""
        return next((question for question in self.questions if question.slot == slot), None)

    def is_open(self, question: Question) -> bool:
        """Tell whether a question still waits for an answer."""
        if self.progress.choosing == question.slot:
            return True
        return self.answers.get(question.slot) is None and question.slot not in self.progress.skipped


def open_draft(
    questions: tuple[Question, ...],
    answers: Mapping[str, Any],
    progress: Progress,
    further: FurtherSet | None,
    kept: Any,
) -> Draft:
    """Return a form with an administrator's questions before its last one, the confirmation.

    `kept` is what the slot `further_answers` holds.
    """
    if further is None:
        return Draft(dict(answers), progress, questions)
    *fixed, confirmed = questions
    given = further.by_slot(kept["answers"] if isinstance(kept, dict) else {})
    return Draft({**answers, **given}, progress, (*fixed, *further.questions, confirmed), further)
