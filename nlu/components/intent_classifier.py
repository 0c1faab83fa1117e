"""The one component of Rasa's pipeline: `understanding` as a node of Rasa's graph.

In Rasa 3.6.21 `process` is given the tracker when it has a parameter of that name (DefaultV1Recipe,
`_get_needs_from_args`), so the question that a form has just asked is known here.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, Optional
from zoneinfo import ZoneInfo

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.components.augmentation import Example, augmented
from nlu.components.entity import Entity
from nlu.components.linear_model import LinearModel, fit
from nlu.components.understanding import Asked, Thresholds, Understood, understand

ROME: Final = ZoneInfo("Europe/Rome")
_PAYLOAD: Final = "/"
_EXTRACTOR: Final = "sportello"
_IN_DOUBT: Final = "it"


@DefaultV1Recipe.register(
    [DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR],
    is_trainable=True,
)
class JointUnderstanding(GraphComponent):
    """Intent and entities of a message, in every language at once."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return nothing: what config.yml leaves out is as in `Thresholds`."""
        return {}

    def __init__(
        self,
        config: dict[str, Any],
        storage: ModelStorage,
        resource: Resource,
        model: LinearModel | None = None,
    ) -> None:
        self._thresholds = Thresholds.of(config)
        self._storage = storage
        self._resource = resource
        self._model = model

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> JointUnderstanding:
        """Return a component that has learnt nothing yet."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> JointUnderstanding:
        """Return the component that `train` stored."""
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, LinearModel.load(folder))

    def train(self, training_data: TrainingData) -> Resource:
        """Learn the intents of the examples; the entities need no learning."""
        examples = augmented([_example(each) for each in training_data.intent_examples if each.get("text")])
        self._model = fit(
            [example.text for example in examples],
            [example.intent for example in examples],
            [example.language for example in examples],
        )
        with self._storage.write_to(self._resource) as folder:
            self._model.save(folder)
        return self._resource

    # Optional: Rasa compares this annotation with the type of what it hands in.
    def process(
        self,
        messages: list[Message],
        tracker: Optional[DialogueStateTracker] = None,  # noqa: UP045
    ) -> list[Message]:
        """Set intent, ranking and entities of each message; buttons (`/intent`) are left to Rasa."""
        asked = _asked(tracker)
        for message in messages:
            text = message.get("text")
            if text and not text.startswith(_PAYLOAD) and self._model is not None:
                _set(message, self._understand(text, asked, _language(message)))
        return messages

    def _understand(self, text: str, asked: Asked, language: str | None) -> Understood:
        assert self._model is not None
        today = datetime.now(ROME).date()
        return understand(
            text,
            self._model,
            today=today,
            given_language=language,
            asked=asked,
            thresholds=self._thresholds,
        )


def _example(message: Message) -> Example:
    entities = frozenset(entity["entity"] for entity in message.get("entities") or ())
    told = (message.get("metadata") or {}).get("intent") or {}
    return Example(message.get("text"), message.get("intent"), told.get("language", _IN_DOUBT), entities)


def _language(message: Message) -> str | None:
    """Return the language of the conversation, which our channel gives with every turn."""
    language = (message.get("metadata") or {}).get("language")
    return language if isinstance(language, str) else None


def _asked(tracker: DialogueStateTracker | None) -> Asked:
    if tracker is None:
        return Asked()
    is_yes_no = "awaiting" in tracker.slots and tracker.get_slot("awaiting") is not None
    if tracker.active_loop_name is None:
        return Asked(is_yes_no=is_yes_no)
    return Asked(form=tracker.active_loop_name, slot=tracker.get_slot("requested_slot"))


def _set(message: Message, understood: Understood) -> None:
    ranking = [{"name": name, "confidence": confidence} for name, confidence in understood.ranking]
    message.set("intent", ranking[0], add_to_output=True)
    message.set("intent_ranking", ranking, add_to_output=True)
    language = {"code": understood.language.code, "confidence": understood.language.confidence}
    message.set("language", language, add_to_output=True)
    message.set("entities", [_as_dict(entity) for entity in understood.entities], add_to_output=True)


def _as_dict(entity: Entity) -> dict[str, Any]:
    return {
        "entity": entity.name,
        "value": entity.value,
        "start": entity.start,
        "end": entity.end,
        "extractor": _EXTRACTOR,
    }
