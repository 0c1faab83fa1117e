"""Rasa's forms ask for a question that no domain knows: an administrator's (actions/further.py)."""

from __future__ import annotations

from typing import Any
from unittest.mock import AsyncMock

import pytest
from conftest import ROOT
from rasa.core.actions.forms import FormAction
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

FORM = "housing_form"


class Actions(EndpointConfig):
    """Answers as `validate_housing_form` does: one more answer, and the question that comes next."""

    def __init__(self, comes_next: str | None) -> None:
        super().__init__("http://127.0.0.1:1")
        self.comes_next = comes_next

    async def request(self, *_args: Any, **_named: Any) -> dict[str, Any]:
        slots = {
            "further_answers": {"set": "v", "answers": {"pets": True}},
            "requested_slot": self.comes_next,
        }
        events = [{"event": "slot", "name": name, "value": value} for name, value in slots.items()]
        return {"events": events, "responses": [{"text": "?"}]}


async def after_an_answer(comes_next: str | None) -> DialogueStateTracker:
    domain = Domain.load(str(ROOT / "nlu" / "domain"))
    asked = [
        ActionExecuted("action_listen"),
        UserUttered("cerco casa", {"name": "search_housing"}),
        ActionExecuted(FORM),
        ActiveLoop(FORM),
        SlotSet("further_answers", {"set": "v", "answers": {}}),
        SlotSet("requested_slot", "further.pets"),
        ActionExecuted("action_listen"),
        UserUttered("sì", {"name": "affirm"}),
    ]
    tracker = DialogueStateTracker.from_events("c1.1", asked, slots=domain.slots)
    form = FormAction(FORM, Actions(comes_next))
    tracker.update_with_events(await form.run(AsyncMock(), AsyncMock(), tracker, domain), domain)
    return tracker


@pytest.mark.parametrize("comes_next", ["further.lift", "confirmed"])
async def test_an_added_question_is_answered_and_the_next_one_asked(comes_next: str) -> None:
    tracker = await after_an_answer(comes_next)
    assert tracker.get_slot("further_answers") == {"set": "v", "answers": {"pets": True}}
    assert tracker.get_slot("requested_slot") == comes_next
    assert tracker.active_loop_name == FORM


async def test_after_the_last_one_the_form_ends() -> None:
    tracker = await after_an_answer(None)
    assert tracker.active_loop_name is None
