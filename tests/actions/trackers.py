"""Trackers as Rasa posts them, built by one function; and the run of one action on one."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.step import Step
from tests.actions.fakes import FakeBackoffice, fixed_clock
from translations import catalog

Event = dict[str, Any]


def tracker(
    intent: str = "inform",
    text: str = "",
    *,
    entities: Iterable[tuple[str, Any]] = (),
    slots: Mapping[str, Any] | None = None,
    form: str | None = None,
    asked: str | None = None,
    begins: str | None = None,
    after: Iterable[str] = (),
    set_now: Mapping[str, Any] | None = None,
    earlier: Iterable[tuple[str, Mapping[str, Any]]] = (),
    said_earlier: str = "",
    entities_earlier: Iterable[tuple[str, Any]] = (),
    confidence: float = 0.7,
    ranking: Iterable[str] = (),
    language: str = "it",
    turn_id: str = "turn-1",
    written: Mapping[str, Any] | None = None,
) -> Tracker:
    """Build a tracker whose latest message is this one.

    `form` is running and has asked for the slot `asked`; `begins` is activated by this message;
    `after` are the actions that have already answered it, `set_now` the slots that they set;
    `written` is the language that the understanding sees; `earlier` are intents of earlier messages, each
    with the slots that were set then, all with the words `said_earlier` and the values `entities_earlier`.
    """
    given = [{"entity": name, "value": value} for name, value in entities]
    parse = {
        "text": text or f"/{intent}",
        "intent": {"name": intent, "confidence": confidence},
        "entities": given,
        "intent_ranking": [{"name": name, "confidence": 0.2} for name in ranking],
        "metadata": {"turn_id": turn_id, "conversation_id": "conversation", "language": language, "epoch": 1},
        **({"language": dict(written)} if written else {}),
    }
    events: list[Event] = []
    before = [{"entity": name, "value": value} for name, value in entities_earlier]
    for name, values in earlier:
        events += [
            _user({"text": said_earlier, "intent": {"name": name}, "entities": before}),
            *_slots(values),
            _action("action_listen"),
        ]
    events += [_action("action_listen"), _user(parse)]
    if begins:
        events.append({"event": "active_loop", "name": begins})
    events += [*map(_action, after), *_slots(set_now or {})]
    state = {**(slots or {}), **(set_now or {}), "requested_slot": asked}
    if form or begins:
        events += [*_slots({"requested_slot": asked}), _action(begins or form or "")]
    return Tracker(
        "conversation.1",
        state,
        parse,
        events,
        False,
        None,
        {"name": begins or form} if begins or form else {},
        None,
        None,
        None,
    )


@dataclass
class Outcome:
    """What an action said and which slots it set."""

    events: list[Event]
    messages: list[dict[str, Any]]

    @property
    def slots(self) -> dict[str, Any]:
        return {event["name"]: event["value"] for event in self.events if event["event"] == "slot"}

    @property
    def ends_form(self) -> bool:
        return any(event["event"] == "active_loop" and event["name"] is None for event in self.events)

    @property
    def text(self) -> str:
        return "\n".join(message["text"] for message in self.messages)

    @property
    def titles(self) -> list[str]:
        return [button["title"] for message in self.messages for button in message["buttons"]]

    @property
    def payloads(self) -> list[str]:
        return [button["payload"] for message in self.messages for button in message["buttons"]]

    def says(self, key: str, language: str = "it") -> bool:
        """Tell whether a text of the catalogue was said, whatever was put into its places."""
        pieces = catalog.catalogue(language).forms[key][0].split("{")
        return pieces[0].strip() in self.text


def act(step: type[Step], at: Tracker, backoffice: FakeBackoffice | None = None) -> Outcome:
    """Run an action once."""
    dispatcher = CollectingDispatcher()
    action = step(backoffice or FakeBackoffice(), fixed_clock)
    # Validation actions are posted a tracker whose last action is the form itself; others are not.
    if not step.action_name.startswith("validate_") and at.active_loop_name:
        at.events = at.events[:-1]
    events = asyncio.run(action.run(dispatcher, at, {}))
    return Outcome(events, dispatcher.messages)


def _user(parse: Mapping[str, Any]) -> Event:
    return {"event": "user", "text": parse.get("text"), "parse_data": parse}


def _action(name: str) -> Event:
    return {"event": "action", "name": name}


def _slots(values: Mapping[str, Any]) -> list[Event]:
    return [{"event": "slot", "name": name, "value": value} for name, value in values.items()]
