"""Rasa's responses said from the catalogues, in the language of the turn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from rasa.core.nlg.generator import NaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from nlu.failures import TextFailed
from translations.catalog import text
from translations.languages import supported_or_source

_LANGUAGE_SLOT: Final = "language"


class CatalogueResponses(NaturalLanguageGenerator):
    """In the domain a response's text and its buttons' titles are catalogue keys."""

    def __init__(self, endpoint_config: EndpointConfig | None = None, domain: Domain | None = None) -> None:
        self.responses: Mapping[str, list[dict[str, Any]]] = domain.responses if domain else {}

    async def generate(
        self, utter_action: str, tracker: DialogueStateTracker, output_channel: str, **kwargs: Any
    ) -> dict[str, Any] | None:
        """Return what to say, or None when the domain has no such response.

        Values for placeholders are the slots, by name, and before them what the action gave with the
        response.

        Raises:
            TextFailed: a key is in no catalogue or a placeholder has no value.
        """
        variations = self.responses.get(utter_action)
        if not variations:
            return None
        language = language_of(tracker)
        slots = {name: value for name, value in tracker.current_slot_values().items() if value is not None}
        values = {name: _written(value) for name, value in {**slots, **kwargs}.items()}
        return _said(variations[0], language, values)


def language_of(tracker: DialogueStateTracker) -> str:
    """Return the language of the turn: chosen in it, else that of its message, else Italian."""
    for event in reversed(tracker.events):
        if isinstance(event, SlotSet) and event.key == _LANGUAGE_SLOT and event.value:
            return supported_or_source(str(event.value))
        if isinstance(event, UserUttered):
            given = (event.metadata or {}).get("language")
            return supported_or_source(str(given) if given else tracker.get_slot(_LANGUAGE_SLOT))
    return supported_or_source(None)


def _said(response: Mapping[str, Any], language: str, values: Mapping[str, str]) -> dict[str, Any]:
    said = {key: value for key, value in response.items() if key not in ("text", "buttons", "id")}
    if response.get("text"):
        said["text"] = _text(response["text"], language, values)
    if response.get("buttons"):
        said["buttons"] = [
            {**button, "title": _text(button["title"], language, values)} for button in response["buttons"]
        ]
    return said


def _text(key: str, language: str, values: Mapping[str, str]) -> str:
    try:
        return text(key, language, **values)
    except KeyError:
        raise TextFailed(key) from None


def _written(value: Any) -> str:
    return ", ".join(str(each) for each in value) if isinstance(value, list) else str(value)
