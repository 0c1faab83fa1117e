"""One custom action of the dialogue: a turn in, replies and events out."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.client import Backoffice
from actions.language_offer import offer_language
from actions.replies import Replies
from actions.turn import Event, Turn, read_turn

Clock = Callable[[], datetime]
"""Tells the time, aware and in UTC."""


class Step(Action):
    """A custom action under the name that the domain and the rules use."""

    action_name: ClassVar[str]

    def __init__(self, backoffice: Backoffice, clock: Clock) -> None:
        self.backoffice = backoffice
        self.clock = clock

    def name(self) -> str:
        """Return the action's name in the domain."""
        return self.action_name

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Event]:
        """Read the tracker, act, and hand the replies to Rasa."""
        turn = read_turn(tracker, running=self.action_name)
        replies = Replies(turn.language)
        events = await self.act(turn, replies)
        if self.has_answered(events):
            events += offer_language(turn, replies)
        replies.send(dispatcher)
        return events

    def has_answered(self, events: list[Event]) -> bool:
        """Tell whether this step answers the message, rather than leaving it to another one."""
        return True

    @abstractmethod
    async def act(self, turn: Turn, replies: Replies) -> list[Event]:
        """Do what this step does. What the person reads goes into `replies`."""
