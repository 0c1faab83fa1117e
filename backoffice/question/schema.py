"""The JSON Schema (draft 2020-12) of a version's answers, and the check of answers against it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError

from backoffice.question.errors import SchemaRefused
from backoffice.question.questions import LONGEST_LONG_TEXT, LONGEST_TEXT, Kind, Question

LARGEST_SCHEMA = 64 * 1024
"""Bytes; 30 questions with 20 options each are a third of it."""

LARGEST_ANSWERS = 32 * 1024
"""Bytes; fifteen of the longest texts."""

_REFERENCES = frozenset({"$ref", "$dynamicRef", "$recursiveRef", "$id", "$anchor", "$dynamicAnchor"})
"""Refused wherever they stand: a schema can make nobody open an address."""


def answer_schema(questions: list[Question]) -> dict[str, Any]:
    """Return the schema of the answers to these questions: an object by their codes.

    Raises:
        SchemaRefused: it is too large.
    """
    made = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "additionalProperties": False,
        "properties": {question.code: _of(question) for question in questions},
        "required": [question.code for question in questions if question.required],
    }
    check_schema(made)
    return made


def check_schema(schema: Mapping[str, Any]) -> None:
    """Refuse what is no schema, refers to another document, or is too large.

    Raises:
        SchemaRefused: one of these.
    """
    if len(json.dumps(schema, ensure_ascii=False).encode()) > LARGEST_SCHEMA or _refers(schema, 0):
        raise SchemaRefused
    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as wrong:
        raise SchemaRefused from wrong


def wrong_answers(
    schema: Mapping[str, Any], answers: Mapping[str, Any], *, is_partial: bool = False
) -> dict[str, str]:
    """Return what does not fit, by the question's code: `missing`, `unknown`, `wrong`, `too_large`.

    Args:
        schema: the version's.
        answers: by code; a question that is not answered is left out.
        is_partial: whether questions that must be answered may still be open.
    """
    check_schema(schema)
    if len(json.dumps(answers, ensure_ascii=False).encode("utf-8", "replace")) > LARGEST_ANSWERS:
        return dict.fromkeys(answers, "too_large")
    properties: Mapping[str, Any] = schema["properties"]
    found = {code: "unknown" for code in answers if code not in properties}
    for code, answer in answers.items():
        if code in properties and not _fits(properties[code], answer):
            found[code] = "wrong"
    if not is_partial:
        found |= {code: "missing" for code in schema.get("required", ()) if code not in answers}
    whole: dict[str, Any] = {"required": []} if is_partial else {}
    if not found and not _fits({**schema, **whole}, dict(answers)):
        return dict.fromkeys(answers, "wrong")
    return found


def _fits(schema: Mapping[str, Any], value: Any) -> bool:
    formats = Draft202012Validator.FORMAT_CHECKER
    return bool(Draft202012Validator(schema, format_checker=formats).is_valid(value))


def _of(question: Question) -> dict[str, Any]:
    codes = [option.code for option in question.options]
    match question.kind:
        case Kind.TEXT:
            return {"type": "string", "minLength": 1, "maxLength": LONGEST_TEXT}
        case Kind.LONG_TEXT:
            return {"type": "string", "minLength": 1, "maxLength": LONGEST_LONG_TEXT}
        case Kind.YES_NO:
            return {"type": "boolean"}
        case Kind.NUMBER:
            bounds = {"minimum": question.minimum, "maximum": question.maximum}
            return {"type": "integer", **{name: value for name, value in bounds.items() if value is not None}}
        case Kind.DATE:
            return {"type": "string", "format": "date", "maxLength": 10}
        case Kind.ONE_OF:
            return {"type": "string", "enum": codes or [""]}
        case Kind.SEVERAL_OF:
            items = {"type": "string", "enum": codes or [""]}
            return {"type": "array", "items": items, "uniqueItems": True, "minItems": 1}
        case Kind.TOWN:
            return {"type": "string", "minLength": 1, "maxLength": 80}


def _refers(part: Any, depth: int) -> bool:
    if depth > 12:
        return True
    if isinstance(part, Mapping):
        return any(name in _REFERENCES or _refers(each, depth + 1) for name, each in part.items())
    return isinstance(part, list) and any(_refers(each, depth + 1) for each in part)
