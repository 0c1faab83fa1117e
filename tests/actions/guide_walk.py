"""A walk through the whole guide as a person takes it: from button to button, through the real actions."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from rasa_sdk.executor import CollectingDispatcher

from actions.menu import GUIDE_INTENTS
from actions.places import WHERE
from actions.services_guide import AnswerGuide
from backoffice.client.schemas import GuideAnswer
from backoffice.guide.answers import answer_topic
from backoffice.guide.topics import read_guide
from backoffice.guide.words import CatalogueWords
from tests.actions.fakes import NOW, FakeBackoffice, fixed_clock
from tests.actions.trackers import tracker

Message = dict[str, Any]


@cache
def answer_of(topic: str, language: str) -> GuideAnswer:
    return answer_topic(topic, words=CatalogueWords(), language=language, now=NOW)


class GuideBackoffice(FakeBackoffice):
    """Answers with the real guide."""

    async def read_guide(self, topic: str, language: str) -> GuideAnswer:
        self._fail()
        return self.guide or answer_of(topic, language)


@dataclass(frozen=True)
class Step:
    """One press of a button, and what was said to it."""

    payload: str
    messages: list[Message]


def meaning(payload: str) -> tuple[str, list[tuple[str, str]]]:
    """Return the intent and the entities that a button stands for."""
    name, brace, rest = payload.removeprefix("/").partition("{")
    return name, list(json.loads(brace + rest).items()) if brace else []


def press(payload: str, language: str, *, language_of_guide: str | None = None) -> list[Message]:
    """Return what is said to a button of the guide."""
    intent, entities = meaning(payload)
    at = tracker(intent, entities=entities, language=language)
    dispatcher = CollectingDispatcher()
    asyncio.run(AnswerGuide(GuideBackoffice(), fixed_clock).run(dispatcher, at, {}))
    return list(dispatcher.messages)


def walk(language: str) -> Iterator[Step]:
    """Press every button that can be reached from the sixteen topics, each once."""
    waiting = [f"/{intent}" for intent in GUIDE_INTENTS]
    seen = set(waiting)
    while waiting:
        payload = waiting.pop()
        step = Step(payload, press(payload, language))
        yield step
        for message in step.messages:
            for button in message["buttons"]:
                name, entities = meaning(button["payload"])
                if any(value.partition(":")[0] == WHERE for _, value in entities):
                    continue  # the directory's own buttons, by town: tests/actions/test_places.py
                if name in GUIDE_INTENTS and button["payload"] not in seen:
                    seen.add(button["payload"])
                    waiting.append(button["payload"])


def branches() -> set[str]:
    """Return the payload of every case of every topic, and of every part that has a button of its own."""
    found = set()
    for topic, entry in read_guide().topics.items():
        for name, _case in entry.cases.items():
            if entry.ask:
                found.add(f'/ask_{topic}{{"choice": "{name}"}}')
    return found
