"""The OpenAPI document as a reader wants it: operations by tag, with what goes in and what comes out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_VERBS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Operation:
    """One call. `body` and `answers` name schemas of the document."""

    verb: str
    path: str
    summary: str
    parameters: tuple[str, ...]
    body: str | None
    answers: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Field:
    """One field of a schema; `type` in words such as `array of CaseOut`."""

    name: str
    type: str
    is_required: bool


@dataclass(frozen=True)
class Schema:
    """One document of the wire."""

    name: str
    description: str
    fields: tuple[Field, ...]
    values: tuple[str, ...]


def operations_by_tag(document: Mapping[str, Any]) -> dict[str, list[Operation]]:
    """Return every operation of the document under its first tag, in the document's order."""
    found: dict[str, list[Operation]] = {}
    for path, verbs in document["paths"].items():
        for verb in _VERBS:
            if verb in verbs:
                tag = next(iter(verbs[verb].get("tags", ())), "")
                found.setdefault(tag, []).append(_operation(verb, path, verbs[verb]))
    return found


def schemas(document: Mapping[str, Any]) -> list[Schema]:
    """Return every schema of the document, by name."""
    known = document.get("components", {}).get("schemas", {})
    return [
        Schema(
            name,
            schema.get("description", ""),
            tuple(_fields(schema)),
            tuple(str(value) for value in schema.get("enum", ())),
        )
        for name, schema in sorted(known.items())
    ]


def _operation(verb: str, path: str, found: Mapping[str, Any]) -> Operation:
    body = next(iter(found.get("requestBody", {}).get("content", {}).values()), None)
    return Operation(
        verb=verb.upper(),
        path=path,
        summary=found.get("description") or found.get("summary", ""),
        parameters=tuple(
            f"{each['name']} ({each['in']}): {type_of(each.get('schema', {}))}"
            for each in found.get("parameters", ())
        ),
        body=type_of(body.get("schema", {})) if body else None,
        answers=tuple(_answers(found.get("responses", {}))),
    )


def _answers(responses: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for status, response in responses.items():
        content: Mapping[str, Any] = next(iter(response.get("content", {}).values()), {})
        yield status, type_of(content.get("schema", {}))


def _fields(schema: Mapping[str, Any]) -> Iterator[Field]:
    required = schema.get("required", ())
    for name, field in schema.get("properties", {}).items():
        yield Field(name, type_of(field), name in required)


def type_of(schema: Mapping[str, Any]) -> str:
    """Return a schema in a few words."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        return " | ".join(type_of(each) for each in schema["anyOf"])
    if schema.get("type") == "array":
        return f"array of {type_of(schema.get('items', {}))}"
    return str(schema.get("format") or schema.get("type") or schema.get("const") or "")
