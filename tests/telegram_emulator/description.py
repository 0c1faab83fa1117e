"""The published description of the Bot API, as far as we use it: parameters and shapes."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).parent / "bot_api.json"


@cache
def description() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(_FILE.read_text())
    return document


def parameters_of(method: str) -> dict[str, Any]:
    fields: dict[str, Any] = description()["methods"][method]["fields"]
    return fields


def required_of(method: str) -> set[str]:
    return {name for name, field in parameters_of(method).items() if field.get("required")}


def misfits(type_name: str, value: Any, *, path: str = "") -> list[str]:
    """Say where a value differs from the published type; an empty list means that it fits."""
    path = path or type_name
    type_name = _ALIASES.get(type_name, type_name)
    if type_name.startswith("Array of "):
        if not isinstance(value, list):
            return [f"{path}: not a list"]
        inner = type_name.removeprefix("Array of ")
        return [fault for i, one in enumerate(value) for fault in misfits(inner, one, path=f"{path}[{i}]")]
    if type_name in _SIMPLE:
        right = isinstance(value, _SIMPLE[type_name]) and (type_name == "Boolean" or value is not True)
        return [] if right else [f"{path}: {type(value).__name__} is not {type_name}"]
    return _misfits_of_object(type_name, value, path)


_ALIASES = {"MaybeInaccessibleMessage": "Message"}

_SIMPLE: dict[str, type | tuple[type, ...]] = {
    "Integer": int,
    "Float": (int, float),
    "String": str,
    "Boolean": bool,
}


def _misfits_of_object(type_name: str, value: Any, path: str) -> list[str]:
    if type_name == "ChatMember":
        type_name = {"member": "ChatMemberMember", "left": "ChatMemberLeft", "kicked": "ChatMemberBanned"}[
            value["status"]
        ]
    fields = description()["types"].get(type_name)
    if fields is None:
        return [f"{path}: {type_name} is not in the description"]
    if not isinstance(value, dict):
        return [f"{path}: not an object"]
    faults = [
        f"{path}.{name}: missing" for name in fields if fields[name].get("required") and name not in value
    ]
    for name, inner in value.items():
        if name not in fields:
            faults.append(f"{path}.{name}: unknown to {type_name}")
            continue
        tries = [misfits(kind, inner, path=f"{path}.{name}") for kind in fields[name]["types"]]
        faults += sorted(tries, key=lambda found: len(found))[0]
    return faults
