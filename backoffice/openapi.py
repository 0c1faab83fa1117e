"""What `/openapi.json` says of errors: problem documents, as they are answered (RFC 9457), for every call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI

_VERBS = ("get", "post", "put", "patch", "delete")
_PROBLEM = {
    "title": "Problem",
    "description": "What went wrong (RFC 9457). `code` is for programs, `errors` names fields.",
    "type": "object",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "errors": {"type": "array", "items": {"type": "object"}},
    },
}
_ANSWER = {
    "description": "Refused, or not possible now; see `detail`.",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}


def describe_errors(app: FastAPI) -> None:
    """Let the document of an application name its errors as they really are."""
    made: Callable[[], dict[str, Any]] = app.openapi

    def described() -> dict[str, Any]:
        document = made()
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        if "Problem" not in schemas:
            schemas["Problem"] = _PROBLEM
            for verbs in document["paths"].values():
                for verb in _VERBS:
                    if verb in verbs:
                        _name_errors(verbs[verb]["responses"])
            for unused in ("HTTPValidationError", "ValidationError"):
                schemas.pop(unused, None)
        return document

    app.openapi = described  # type: ignore[method-assign]  # FastAPI's own way to extend the document


def _name_errors(responses: dict[str, Any]) -> None:
    responses.pop("422", None)
    responses["4XX"] = responses["5XX"] = _ANSWER
