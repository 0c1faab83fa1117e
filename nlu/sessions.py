"""A long conversation goes on in a new session of Rasa's: a turn does not read all that was ever said.

Rasa loads the events since the last start of a session for every turn, 0.3 ms each. After `LONGEST` events a
turn's own commit begins the next session, with the slots and the last turns as actions read them (what a
person said, which values it had, what was asked). The earlier ones stay in the store until they are erased.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from typing import Final

from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import (
    ActionExecuted,
    BotUttered,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

LONGEST: Final = 200
"""Events: about twenty turns."""
KEPT_TURNS: Final = 5


def shorten(tracker: DialogueStateTracker) -> None:
    """Begin the next session where this one is long and no form is being filled in; before it is saved."""
    events = list(tracker.events)
    if _since_session_began(events) < LONGEST or tracker.active_loop_name:
        return
    begun = SessionStarted()
    # With its moment: Rasa reads what is as old as the session's start, or younger.
    slots = [
        SlotSet(name, value, begun.timestamp)
        for name, value in tracker.current_slot_values().items()
        if value is not None
    ]
    listening = ActionExecuted(ACTION_LISTEN_NAME, timestamp=begun.timestamp)
    for event in (begun, *slots, listening, *_last_turns(events, begun.timestamp)):
        tracker.update(event)


def _since_session_began(events: Sequence[Event]) -> int:
    places = (place for place in range(len(events) - 1, -1, -1) if isinstance(events[place], SessionStarted))
    return len(events) - next(places, 0)


def _last_turns(events: Sequence[Event], now: float) -> Iterator[Event]:
    """Yield copies of the last turns, without what was said to the person: that stays where it was said."""
    begins = [place for place, event in enumerate(events) if isinstance(event, UserUttered)][-KEPT_TURNS:]
    while begins and len(events) - begins[0] > LONGEST // 2:
        begins.pop(0)
    for event in events[begins[0] :] if begins else ():
        if isinstance(event, BotUttered):
            continue
        kept = copy.copy(event)
        kept.timestamp = now
        if isinstance(kept, UserUttered):
            # Not this turn again: who looks for it finds it, and its answer, in the session before.
            kept.metadata = {name: value for name, value in kept.metadata.items() if name != "turn_id"}
        yield kept
