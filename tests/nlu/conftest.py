"""A small assistant, trained once for all tests, and an action server that does as it is told."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from nlu import without_tensorflow  # noqa: E402

without_tensorflow.install()

from aiohttp import web  # noqa: E402

DOMAIN = """
version: "3.1"
intents: [greet, thank, ask_menu, inform, report_emergency, search_housing]
entities: [number, people]
slots:
  language: {type: text, influence_conversation: false, mappings: [{type: custom}]}
  people: {type: any, influence_conversation: false, mappings: [{type: custom}]}
responses:
  utter_thank:
    - text: bot.thank
  utter_bot_challenge:
    - text: bot.bot_challenge
      buttons:
        - {title: bot.button.menu, payload: /ask_menu, lasting: true}
        - {title: bot.button.intent_ask_human, payload: /thank}
  utter_ask_people:
    - text: bot.thank
  utter_no_such_key:
    - text: bot.there_is_no_such_key
actions: [action_tell]
forms:
  housing_form: {required_slots: [people]}
session_config: {session_expiration_time: 0, carry_over_slots_to_new_session: true}
"""
RULES = """
version: "3.1"
rules:
  - rule: thanks
    steps: [{intent: thank}, {action: utter_thank}]
  - rule: menu
    steps: [{intent: ask_menu}, {action: utter_bot_challenge}]
  - rule: greeting
    steps: [{intent: greet}, {action: action_tell}, {action: utter_thank}]
  - rule: values
    steps: [{intent: inform}, {action: utter_thank}]
  - rule: form
    steps: [{intent: search_housing}, {action: housing_form}, {active_loop: housing_form}]
  - rule: broken
    steps: [{intent: report_emergency}, {action: utter_no_such_key}]
"""
EXAMPLES = {
    "greet": ["ciao", "ciao a tutti", "salve a tutti"],
    "thank": ["grazie", "grazie mille", "ti ringrazio"],
    "ask_menu": ["cosa sai fare", "aiuto menu", "che cosa puoi fare"],
    "inform": ["siamo in 4", "siamo in 2", "600 euro", "a Crema"],
    "search_housing": ["kkk zzz", "zzz qqq", "qqq kkk"],  # likewise
    "report_emergency": ["www xxx", "xxx jjj", "jjj www"],  # only by payload in these tests
}
CONFIG = """
recipe: default.v1
assistant_id: test
language: it
pipeline:
  - name: nlu.components.intent_classifier.JointUnderstanding
    threshold: 0.05
    emergency_threshold: 0.9
    emergency_not_first_threshold: 0.9
policies:
  - name: RulePolicy
"""


@dataclass
class ActionServer:
    """Answers every action with `responses` and `status`; `calls` are the bodies that it was sent."""

    responses: list[dict[str, Any]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    status: int = 200
    port: int = 0
    calls: list[dict[str, Any]] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.Response:
        self.calls.append(await request.json())
        return web.json_response({"events": self.events, "responses": self.responses}, status=self.status)


@pytest.fixture
async def action_server() -> AsyncIterator[ActionServer]:
    server = ActionServer(
        responses=[{"text": "Pratica 17", "buttons": [{"title": "Ok", "payload": "/thank", "lasting": True}]}]
    )
    app = web.Application()
    app.router.add_post("/webhook", server.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    server.port = runner.addresses[0][1]
    yield server
    await runner.cleanup()


@pytest.fixture(scope="session")
def small_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    import structlog
    from rasa.model_training import train

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    folder = tmp_path_factory.mktemp("assistant")
    (folder / "domain.yml").write_text(DOMAIN)
    (folder / "rules.yml").write_text(RULES)
    (folder / "config.yml").write_text(CONFIG)
    lines = ["version: '3.1'", "nlu:"]
    for intent, examples in EXAMPLES.items():
        lines += [f"- intent: {intent}", "  examples: |", *(f"    - {example}" for example in examples)]
    (folder / "nlu.yml").write_text("\n".join(lines) + "\n")
    result = train(
        domain=str(folder / "domain.yml"),
        config=str(folder / "config.yml"),
        training_files=[str(folder / "rules.yml"), str(folder / "nlu.yml")],
        output=str(folder / "models"),
        # Rasa's cache knows the data and the configuration, not our code.
        force_training=True,
    )
    assert result.model is not None
    return Path(result.model)
