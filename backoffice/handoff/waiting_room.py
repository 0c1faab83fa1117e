"""What somebody who waits can say by a button or with a telephone number.

Buttons whose payload begins with `system:` are answered here, by the backoffice itself: the assistant
is silent while somebody waits.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from backoffice.client.schemas import Command, SystemAnswer
from backoffice.conversation.floor import give_to_assistant
from backoffice.conversation.messages import say
from backoffice.conversation.models import Conversation
from backoffice.conversation.turn_words import PAYLOADS, Understood
from backoffice.handoff.callbacks import ask_for_call, drop_call, hear_phone
from backoffice.handoff.models import DayPart
from backoffice.handoff.queue import read_place, tell_place
from backoffice.live.service import announce
from backoffice.staff.models import Gender

WISHES = {
    SystemAnswer.WISH_WOMAN: Gender.WOMAN,
    SystemAnswer.WISH_MAN: Gender.MAN,
    SystemAnswer.WISH_NONE: None,
}
CALLS = {SystemAnswer.CALL_MORNING: DayPart.MORNING, SystemAnswer.CALL_AFTERNOON: DayPart.AFTERNOON}


def answer_while_waiting(
    session: Session, conversation: Conversation, understood: Understood, *, now: datetime
) -> None:
    """Act on what somebody says who waits for a person; the message is stored, the row locked."""
    answer = understood.answer
    if answer is not None and answer in WISHES:
        _note_wish(session, conversation, answer, now)
    elif answer is not None and answer in CALLS:
        ask_for_call(session, conversation, CALLS[answer], now=now)
    elif answer is SystemAnswer.CALL_NONE:
        drop_call(session, conversation)
        say(session, conversation, "call_none_noted", now=now)
    elif answer is SystemAnswer.TO_ASSISTANT and not conversation.urgent:
        give_to_assistant(session, conversation, reason="left_the_queue", now=now)
        say(session, conversation, "back_to_assistant", now=now)
    elif answer is not None or understood.payload == PAYLOADS[Command.HUMAN]:
        place = read_place(session, conversation, already_waiting=True, now=now)
        tell_place(session, conversation, place, now=now)
    else:
        hear_phone(session, conversation, understood.text, now=now)


def _note_wish(session: Session, conversation: Conversation, answer: SystemAnswer, now: datetime) -> None:
    conversation.wishes_gender = WISHES[answer]
    announce(session, conversation.id)
    say(session, conversation, f"{answer.value}_noted", now=now)
