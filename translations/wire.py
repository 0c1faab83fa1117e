"""What goes between the worker and its process, as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from translations import engine as errors
from translations.engine import NotTranslated, Translated
from translations.guards import Flag


def write_question(text: str, source: str, target: str, names: Sequence[str]) -> bytes:
    """Write what is to be translated."""
    question = {"text": text, "source": source, "target": target, "names": list(names)}
    return json.dumps(question).encode()


def read_question(data: bytes) -> dict[str, Any]:
    """Read the arguments of `Engine.translate`."""
    question: dict[str, Any] = json.loads(data)
    return question


def write_answer(answer: Translated | NotTranslated) -> bytes:
    """Write the translation, or the error with its facts."""
    if isinstance(answer, Translated):
        return json.dumps({**vars(answer), "flags": list(answer.flags)}).encode()
    facts = {"error": type(answer).__name__, "message": answer.message}
    if isinstance(answer, errors.MissingPackages):
        facts |= {"source": answer.source, "target": answer.target, "pairs": answer.pairs}  # type: ignore[dict-item]
    return json.dumps(facts).encode()


def read_answer(data: bytes) -> Translated:
    """Read the translation, or raise the error that was written."""
    answer: dict[str, Any] = json.loads(data)
    if "error" in answer:
        raise _error(answer)
    return Translated(**{**answer, "flags": tuple(Flag(flag) for flag in answer["flags"])})


def _error(answer: dict[str, Any]) -> NotTranslated:
    if answer["error"] == "MissingPackages":
        pairs = [(pair[0], pair[1]) for pair in answer["pairs"]]
        return errors.MissingPackages(answer["source"], answer["target"], pairs)
    if answer["error"] == "EngineOff":
        return errors.EngineOff()
    kinds = {
        kind.__name__: kind
        for kind in (errors.EngineUnreachable, errors.EngineFailed, errors.TookTooLong, errors.EngineBusy)
    }
    error = kinds.get(answer["error"], NotTranslated)(answer["message"])
    if answer["error"] == "TextTooLong":
        error = errors.TextTooLong.__new__(errors.TextTooLong)
        NotTranslated.__init__(error, answer["message"])
    return error
