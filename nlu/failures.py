"""How a turn fails. These are `BaseException`s on purpose.

Rasa's MessageProcessor catches every `Exception` around an action and goes on as if it had succeeded, and
FailSafeTrackerStore catches every `Exception` of the store and goes on with an empty memory (reliability.md,
findings 4 and 9). What is not an `Exception` passes both: the turn ends, nothing is saved, the lock is
released, and our channel answers 5xx.
"""

from __future__ import annotations


class TurnFailed(BaseException):
    """The turn can't be finished; the tracker is as it was before it."""

    reason = "rasa_failed"
    status = 500


class ActionServerFailed(TurnFailed):
    """The action server is away, too slow, or answered something that is no answer."""

    reason = "action_server_failed"
    status = 503

    def __init__(self, action: str) -> None:
        super().__init__(action)
        self.action = action


class TrackerStoreFailed(TurnFailed):
    """The trackers can't be read or written."""


class LockStoreFailed(TurnFailed):
    """The lock on the conversation can't be had or was lost: another process may be at work on it."""

    status = 503


class TextFailed(TurnFailed):
    """A response has no text: its key is in no catalogue."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key
