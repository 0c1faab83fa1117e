"""A form's answers as lines that people read: in an acknowledgement and in the summary before sending."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from actions.questions import Question
from actions.replies import Replies


def line(question: Question, value: Any, replies: Replies, *, before: Any = None) -> str:
    """Return one answer as a line, with the answer that it replaces if there is one."""
    label, shown = question.label(replies), question.show(value, replies)
    if before is None:
        return replies.text("bot.line", label=label, value=shown)
    return replies.text("bot.line_changed", label=label, value=shown, before=question.show(before, replies))


def summary(
    questions: Iterable[Question], answers: Mapping[str, Any], replies: Replies, *, who_sees: str
) -> str:
    """Return everything that would be sent, who will see it (`who_sees`, a key), and the question to send."""
    known = [question for question in questions if answers.get(question.slot) is not None]
    lines = [line(question, answers[question.slot], replies) for question in known]
    parts = [replies.text("bot.summary"), "\n".join(lines), replies.text(who_sees)]
    return "\n\n".join([*parts, replies.text("bot.ask_confirmed")])
