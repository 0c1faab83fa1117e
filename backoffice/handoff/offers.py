"""The buttons that somebody who waits is offered: whom to speak with, when to be called, and the way back."""

from __future__ import annotations

from collections.abc import Iterable

from backoffice.client.schemas import ReplyButton, SystemAnswer
from translations.catalog import text

WISHES = (SystemAnswer.WISH_WOMAN, SystemAnswer.WISH_MAN, SystemAnswer.WISH_NONE)
CALLS = (SystemAnswer.CALL_MORNING, SystemAnswer.CALL_AFTERNOON, SystemAnswer.CALL_NONE)


def offers_for(*, desk_open: bool, urgent: bool) -> tuple[SystemAnswer, ...]:
    """Return what somebody may say who begins to wait.

    While the desk is closed when to call, else whom they would rather speak with. Where it is urgent
    nobody is asked when to call: a telephone that rings may be the danger.
    """
    if urgent:
        return WISHES
    return (*(WISHES if desk_open else CALLS), SystemAnswer.TO_ASSISTANT)


def as_buttons(answers: Iterable[SystemAnswer], language: str) -> list[ReplyButton]:
    """Return the buttons for some answers."""
    return [
        ReplyButton(title=text(f"system.button.{each.value}", language), payload=each.payload)
        for each in answers
    ]
