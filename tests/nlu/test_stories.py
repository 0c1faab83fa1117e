"""The dialogues of `stories/` against the rules that we ship, by Rasa's own test of stories."""

from __future__ import annotations

from pathlib import Path

import pytest
from rasa.core.agent import Agent
from rasa.core.test import test as run_stories

ROOT = Path(__file__).resolve().parent.parent.parent
STORIES = sorted((Path(__file__).parent / "stories").glob("*.yml"))
CONFIG = """
recipe: default.v1
assistant_id: test
language: it
pipeline: []
policies:
  - name: RulePolicy
    core_fallback_action_name: action_ask_back
"""


@pytest.fixture(scope="module")
def rules_alone(tmp_path_factory: pytest.TempPathFactory) -> Agent:
    from rasa.model_training import train_core

    folder = tmp_path_factory.mktemp("rules")
    (folder / "config.yml").write_text(CONFIG)
    model = train_core(
        domain=str(ROOT / "nlu" / "domain"),
        config=str(folder / "config.yml"),
        stories=str(ROOT / "nlu" / "data" / "rules"),
        output=str(folder),
        fixed_model_name="rules",
    )
    assert model is not None
    return Agent.load(model)


@pytest.mark.parametrize("stories", STORIES, ids=lambda path: path.stem)
async def test_the_dialogues_go_as_they_are_written(
    rules_alone: Agent, stories: Path, tmp_path: Path
) -> None:
    report = await run_stories(
        str(stories),
        rules_alone,
        out_directory=str(tmp_path),
        fail_on_prediction_errors=True,
        disable_plotting=True,
    )
    assert report["report"]["conversation_accuracy"]["accuracy"] == 1.0
