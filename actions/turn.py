"""The tracker of rasa-sdk -> what this turn is, typed; the one place that reads Rasa's events."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from rasa_sdk import Tracker

Event = dict[str, Any]
"""An event as rasa-sdk gives it back to Rasa."""

FALLBACK = "nlu_fallback"
"""Rasa's intent of a text that was not understood well enough."""

LISTEN = "action_listen"

AGREEMENT = "affirm"

_SIGNS_OF_YES = frozenset("\N{THUMBS UP SIGN}\N{OK HAND SIGN}\N{WHITE HEAVY CHECK MARK}")


@dataclass(frozen=True)
class Entity:
    """One value that the person gave: the entity's name and its value in the contract's normal form."""

    name: str
    value: str


@dataclass(frozen=True)
class Meaning:
    """An intent and how sure the understanding is of it, from 0 to 1."""

    intent: str
    confidence: float


@dataclass(frozen=True)
class Written:
    """The language that a message seems to be written in, and how sure that is, from 0 to 1."""

    language: str
    confidence: float


@dataclass(frozen=True)
class Turn:
    """One message of a person and what the conversation knows.

    `text` is empty for a button, and `text_before`, the message before this one, as well: then `is_button`
    is true and `entities` hold what the button says.
    `done` are the actions that already answered this message, oldest first; `set_now` and `set_before`
    the slots that got a value since this message, and between the one before and this one.
    """

    turn_id: str
    conversation_id: str
    language: str
    intent: str
    confidence: float
    ranking: tuple[Meaning, ...]
    text: str
    text_before: str
    is_button: bool
    entities: tuple[Entity, ...]
    slots: Mapping[str, Any]
    active_form: str | None
    requested_slot: str | None
    done: tuple[str, ...]
    activated: frozenset[str]
    earlier_intents: tuple[str, ...]
    set_now: frozenset[str]
    set_before: frozenset[str]
    written: Written | None = None
    """None for a button, and where the understanding says nothing of it."""
    entities_before: tuple[Entity, ...] = ()
    """The values of all earlier messages, those of the latest first."""

    def awaits(self, question: str) -> bool:
        """Tell whether a question outside of forms was asked in the turn before this one."""
        return self.slots.get("awaiting") == question and "awaiting" in self.set_before

    def values(self, entity: str) -> list[str]:
        """Return the values given for an entity, in the order of the text, each once."""
        return list(dict.fromkeys(found.value for found in self.entities if found.name == entity))

    def value(self, entity: str) -> str | None:
        """Return the first value given for an entity."""
        return next(iter(self.values(entity)), None)

    def key(self, action: str) -> str:
        """Return the idempotency key of an action in this turn (design 3, "Act")."""
        return f"{self.turn_id}:{action}"


def read_turn(tracker: Tracker, *, running: str) -> Turn:
    """Read the turn that Rasa is in while it runs the action `running`."""
    message: Mapping[str, Any] = tracker.latest_message or {}
    metadata: Mapping[str, Any] = message.get("metadata") or {}
    intent: Mapping[str, Any] = message.get("intent") or {}
    before, since = _split_at_latest_message(tracker.events)
    text = str(message.get("text") or "")
    is_button = text.startswith("/")
    return Turn(
        turn_id=str(metadata.get("turn_id") or message.get("message_id") or ""),
        conversation_id=str(metadata.get("conversation_id") or tracker.sender_id.partition(".")[0]),
        language=_language(since, metadata, tracker.slots),
        intent=AGREEMENT if _is_sign_of_yes(text) else str(intent.get("name") or FALLBACK),
        confidence=float(intent.get("confidence") or 0.0),
        ranking=tuple(_meanings(message.get("intent_ranking") or ())),
        text="" if is_button else text,
        text_before=_typed_last(before),
        is_button=is_button,
        entities=tuple(_entities(message.get("entities") or ())),
        slots=dict(tracker.slots),
        active_form=tracker.active_loop_name,
        requested_slot=tracker.slots.get("requested_slot"),
        done=_done(since, running),
        activated=frozenset(str(e["name"]) for e in since if e.get("event") == "active_loop" and e["name"]),
        earlier_intents=tuple(_intents(before)),
        set_now=_slots_set(since),
        set_before=_slots_set(_split_at_latest_message(before)[1]),
        written=None if is_button else _written(message.get("language")),
        entities_before=tuple(_entities_said(before)),
    )


def _split_at_latest_message(events: list[Event]) -> tuple[list[Event], list[Event]]:
    for index in range(len(events) - 1, -1, -1):
        if events[index].get("event") == "user":
            return events[:index], events[index + 1 :]
    return [], events


def _language(since: Iterable[Event], metadata: Mapping[str, Any], slots: Mapping[str, Any]) -> str:
    chosen = [
        e["value"] for e in since if e.get("event") == "slot" and e["name"] == "language" and e["value"]
    ]
    return str(chosen[-1] if chosen else metadata.get("language") or slots.get("language") or "it")


def _written(found: Any) -> Written | None:
    if not isinstance(found, Mapping) or not found.get("code"):
        return None
    return Written(str(found["code"]), float(found.get("confidence") or 0.0))


def _meanings(ranking: Iterable[Mapping[str, Any]]) -> Iterable[Meaning]:
    for entry in ranking:
        yield Meaning(str(entry.get("name")), float(entry.get("confidence") or 0.0))


def _entities(found: Iterable[Mapping[str, Any]]) -> Iterable[Entity]:
    for entity in found:
        value = entity.get("value")
        for one in value if isinstance(value, list) else [value]:
            if one is not None and str(one).strip():
                yield Entity(str(entity.get("entity")), str(one).strip())


def _done(since: Iterable[Event], running: str) -> tuple[str, ...]:
    names = [str(e["name"]) for e in since if e.get("event") == "action" and e["name"] != LISTEN]
    # Rasa marks the form as executed before it asks the form's validation action to run.
    form = running.removeprefix("validate_")
    if form != running and names[-1:] == [form]:
        names.pop()
    return tuple(names)


def _intents(events: Iterable[Event]) -> Iterable[str]:
    for event in events:
        if event.get("event") == "user":
            name = ((event.get("parse_data") or {}).get("intent") or {}).get("name")
            yield str(name or FALLBACK)


def _entities_said(events: list[Event]) -> Iterable[Entity]:
    for event in reversed(events):
        if event.get("event") == "user":
            yield from _entities((event.get("parse_data") or {}).get("entities") or ())


def _is_sign_of_yes(text: str) -> bool:
    """Tell whether a message is nothing but a thumb up or its like, in whatever colour of skin."""
    signs = [sign for sign in text if not sign.isspace() and unicodedata.category(sign) not in ("Sk", "Mn")]
    return bool(signs) and set(signs) <= _SIGNS_OF_YES


def _typed_last(events: Iterable[Event]) -> str:
    said = [str(event.get("text") or "") for event in events if event.get("event") == "user"]
    return said[-1] if said and not said[-1].startswith("/") else ""


def _slots_set(events: Iterable[Event]) -> frozenset[str]:
    return frozenset(str(e["name"]) for e in events if e.get("event") == "slot" and e["value"] is not None)
