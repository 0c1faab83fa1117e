"""After a hand-back Rasa begins anew under the next session number; the answers of a person come along.

The sender of a turn is `<conversation>.<number>`. What a person had answered before a mediator came
stands in the slots of the session before; nobody should have to say it twice (design.md, section 4).
"""

from __future__ import annotations

from typing import Final

from rasa.core.agent import Agent
from rasa.shared.core.events import SlotSet

_OF_ONE_MOMENT: Final = frozenset(
    {"language", "requested_slot", "session_started_metadata", "confirmed", "awaiting", "misses"}
)
"""Slots that mean nothing in another session: what was being asked, and what the turn itself brings."""


async def carry_over(agent: Agent, sender: str) -> None:
    """Begin the session of a sender with the slots of the session before, where it has not begun yet.

    Raises:
        TrackerStoreFailed: a tracker can't be read or written.
    """
    earlier = _earlier(sender)
    if earlier is None or await agent.tracker_store.retrieve(sender) is not None:
        return
    before = await agent.tracker_store.retrieve(earlier)
    if before is None:
        return
    slots = {name: value for name, value in before.current_slot_values().items() if value is not None}
    tracker = await agent.processor.fetch_tracker_and_update_session(sender)
    for name in slots.keys() - _OF_ONE_MOMENT:
        tracker.update(SlotSet(name, slots[name]))
    await agent.tracker_store.save(tracker)


def _earlier(sender: str) -> str | None:
    conversation, _, number = sender.rpartition(".")
    return f"{conversation}.{int(number) - 1}" if number.isdecimal() and int(number) > 1 else None
