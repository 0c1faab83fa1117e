"""What Rasa is told of the dialogue, for tests that compare it with the actions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def domain() -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for path in sorted((ROOT / "nlu" / "domain").glob("*.yml")):
        merged.update(yaml.safe_load(path.read_text(encoding="utf-8")))
    return merged


@pytest.fixture(scope="session")
def rules() -> list[dict[str, Any]]:
    paths = sorted((ROOT / "nlu" / "data" / "rules").glob("*.yml"))
    return [rule for path in paths for rule in yaml.safe_load(path.read_text(encoding="utf-8"))["rules"]]
