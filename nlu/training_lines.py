"""The training data as lines with their language: `nlu/data/<language>/*.yml`, read as Rasa reads them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml
from rasa.shared.nlu.training_data.entities_parser import parse_training_example

from nlu.settings import ROOT

DATA: Final = ROOT / "nlu" / "data"


@dataclass(frozen=True)
class TrainingLine:
    """One example: its text without marks, what it means, the entities marked in it, and where it stands."""

    language: str
    intent: str
    text: str
    entities: tuple[tuple[str, str], ...]
    file: str
    told_language: str | None
    """The language that the file's own `metadata` names; training learns it from there."""


def languages(data: Path = DATA) -> tuple[str, ...]:
    """Return the codes of the languages that have training data."""
    return tuple(sorted(folder.name for folder in data.iterdir() if len(folder.name) == 2))


def read_lines(language: str, data: Path = DATA) -> list[TrainingLine]:
    """Return every example of a language in the order of its files.

    Raises:
        yaml.YAMLError: a file is no YAML.
    """
    return [line for path in sorted((data / language).glob("*.yml")) for line in _lines(path, language)]


def _lines(path: Path, language: str) -> Iterator[TrainingLine]:
    for block in (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).get("nlu", ()):
        told = (block.get("metadata") or {}).get("language")
        for written in block["examples"].splitlines():
            if written.strip():
                yield _line(written.strip(), block, path, language, told)


def _line(written: str, block: dict[str, Any], path: Path, language: str, told: str | None) -> TrainingLine:
    message = parse_training_example(written.removeprefix("-").strip(), block["intent"])
    entities = tuple((str(each["entity"]), str(each["value"])) for each in message.get("entities") or ())
    return TrainingLine(language, block["intent"], message.get("text"), entities, path.name, told)
