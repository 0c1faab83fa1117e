"""Holds an export against the published JSON Schemas of HSDS, which the user downloads into a folder.

They are not part of Sportello. The folder has either the modular ones (`schema/*.json` of the specification,
which refer to each other) or the compiled ones (`schema/compiled/service.json`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.protocols import Validator
from referencing import Registry, Resource
from referencing.exceptions import Unresolvable
from referencing.jsonschema import DRAFT202012

_FORMATS = FormatChecker(("date", "email", "uuid"))


@_FORMATS.checks("uri")
def _is_uri(value: object) -> bool:
    return not isinstance(value, str) or bool(urlsplit(value).scheme and urlsplit(value).netloc)


@_FORMATS.checks("date-time", raises=ValueError)
def _is_moment(value: object) -> bool:
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


class SchemasMissing(Exception):
    """The folder has no `service.json`, or what it refers to is not there."""


@dataclass(frozen=True)
class Verdict:
    """How many objects were checked against a schema, and what is wrong, each with its place."""

    schema: str
    objects: int
    problems: Sequence[str]


def read_schemas(folder: Path) -> Mapping[str, Any]:
    """Return the schemas of a folder by file name.

    Raises:
        SchemasMissing: there is no `service.json`, or a file is no JSON.
    """
    try:
        found = {path.name: json.loads(path.read_bytes()) for path in sorted(folder.glob("*.json"))}
    except ValueError as error:
        raise SchemasMissing(f"a file in {folder} is no JSON: {error}") from error
    if "service.json" not in found:
        raise SchemasMissing(f"{folder} has no service.json; docs/directory.md says where it is from")
    return found


def validate(schemas: Mapping[str, Any], objects: Mapping[str, Sequence[Any]]) -> Sequence[Verdict]:
    """Hold objects against schemas, by the schema's name (`service`), formats such as uuid included.

    Raises:
        SchemasMissing: a schema refers to one that is not there.
    """
    verdicts = []
    for name, found in objects.items():
        if f"{name}.json" not in schemas:
            continue
        validator = _validator(schemas, f"{name}.json")
        try:
            problems = [
                f"{name}[{number}]{error.json_path[1:]}: {error.message}"
                for number, each in enumerate(found)
                for error in validator.iter_errors(each)
            ]
        except Unresolvable as error:
            raise SchemasMissing(f"{name}.json refers to a schema that is not there: {error}") from error
        verdicts.append(Verdict(name, len(found), problems))
    return verdicts


def _validator(schemas: Mapping[str, Any], name: str) -> Validator:
    """Return the validator of one schema. It fetches nothing: what it refers to is in the folder."""
    registry: Registry[Any] = Registry()
    for file, schema in schemas.items():
        resource = Resource.from_contents(schema, default_specification=DRAFT202012)
        registry = registry.with_resource(file, resource)
        if "$id" in schema:
            registry = registry.with_resource(schema["$id"], resource)
            registry = registry.with_resource(urljoin(schema["$id"], file), resource)
    return Draft202012Validator(schemas[name], registry=registry, format_checker=_FORMATS)
