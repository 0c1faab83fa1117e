"""`python -m nlu.parse`: JSON lines `{"text", "language"?}` in, what the assistant would understand out.

The same reading as in the server (`components.understanding`), without Rasa: it starts in under a second.
Only the contract's entities are written (intents.md); ours are for the dialogue.
"""

from __future__ import annotations

import json
import sys
import tarfile
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any, Final
from zoneinfo import ZoneInfo

import yaml

from nlu.components.linear_model import ARRAYS, WORDS, LinearModel
from nlu.components.reading import CONTRACT_ENTITIES
from nlu.components.understanding import Thresholds, Understood, understand
from nlu.model_files import NoModel, newest_model
from nlu.settings import ROOT, data_dir
from nlu.turn_request import harmless

_COMPONENT: Final = "nlu.components.intent_classifier.JointUnderstanding"
_MODEL_FILES: Final = frozenset({ARRAYS, WORDS})
_ROME: Final = ZoneInfo("Europe/Rome")


@dataclass(frozen=True)
class Reader:
    """A trained model read from its archive, with the thresholds of config.yml."""

    model: LinearModel
    thresholds: Thresholds

    @classmethod
    def newest(cls) -> Reader:
        """Return the reader of the model that the server would load.

        Raises:
            NoModel: none is trained yet.
        """
        return cls(read_model(newest_model(data_dir() / "models")), read_thresholds(ROOT / "config.yml"))

    @cached_property
    def today(self) -> date:
        """Return the day in Italy when the reading began."""
        return datetime.now(_ROME).date()

    def read(self, text: str, language: str | None = None) -> Understood:
        """Understand one text as a turn of its own, outside of any form, in a conversation in `language`."""
        return understand(
            harmless(text),
            self.model,
            today=self.today,
            given_language=language,
            thresholds=self.thresholds,
        )


def main() -> int:
    """Read standard input to its end; return the exit status."""
    try:
        reader = Reader.newest()
    except NoModel as problem:
        print(problem, file=sys.stderr)
        return 1
    for line in parsed(sys.stdin, reader):
        print(json.dumps(line, ensure_ascii=False), flush=True)
    return 0


def parsed(lines: Iterable[str], reader: Reader) -> Iterator[dict[str, Any]]:
    """Return what each line means, one for one; an empty line is skipped."""
    for line in lines:
        if line.strip():
            asked = json.loads(line)
            yield as_line(reader.read(str(asked.get("text", "")), asked.get("language")))


def as_line(understood: Understood) -> dict[str, Any]:
    """Return the contract's form of what was understood."""
    entities = [
        {"entity": entity.name, "value": entity.value}
        for entity in understood.entities
        if entity.name in CONTRACT_ENTITIES
    ]
    return {
        "intent": understood.intent,
        "confidence": understood.confidence,
        "language": understood.language.code,
        "entities": entities,
    }


def read_model(archive: Path) -> LinearModel:
    """Read the intents out of Rasa's model archive; nothing else is unpacked."""
    with tempfile.TemporaryDirectory() as folder, tarfile.open(archive) as packed:
        for member in packed:
            name = PurePosixPath(member.name).name
            content = packed.extractfile(member) if name in _MODEL_FILES and member.isfile() else None
            if content is not None:
                (Path(folder) / name).write_bytes(content.read())
        return LinearModel.load(Path(folder))


def read_thresholds(config: Path) -> Thresholds:
    """Read the thresholds that config.yml gives our component."""
    pipeline = yaml.safe_load(config.read_text(encoding="utf-8"))["pipeline"]
    return Thresholds.of(next(step for step in pipeline if step["name"] == _COMPONENT))


if __name__ == "__main__":
    sys.exit(main())
