"""How much a sender may write: a bucket that fills again by itself, in the conversation's own row."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

from backoffice.conversation.models import Conversation

TOLD_AGAIN_AFTER = timedelta(minutes=1)


def spend(conversation: Conversation, *, per_minute: int, now: datetime) -> int:
    """Take one message from the budget. Return 0, or in how many seconds there is one again."""
    passed = (now - conversation.budget_at).total_seconds() if conversation.budget_at else math.inf
    left = min(float(per_minute), conversation.budget_left + max(passed, 0.0) * per_minute / 60)
    conversation.budget_at = now
    if left < 1:
        conversation.budget_left = left
        return math.ceil((1 - left) * 60 / per_minute)
    conversation.budget_left = left - 1
    return 0


def is_to_be_told(conversation: Conversation, *, now: datetime) -> bool:
    """Tell whether the sender should hear that it is too much: once a minute, not at each message."""
    told = conversation.budget_told_at
    if told is not None and now - told < TOLD_AGAIN_AFTER:
        return False
    conversation.budget_told_at = now
    return True
