"""What the pages of further questions post, and how answers are read from a form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import Depends, Request
from starlette.datastructures import UploadFile

from backoffice.client.schemas import FurtherKind
from backoffice.question.queries import NO, YES
from backoffice.question.questions import Question

Posted = Mapping[str, Sequence[str]]

LONGEST_FIELD = 10_000


async def posted_fields(request: Request) -> dict[str, list[str]]:
    """Return the fields of a form, as many times as each was sent. Names come from questions, not from us."""
    form = await request.form(max_fields=2000)
    found: dict[str, list[str]] = {}
    for name, value in form.multi_items():
        if isinstance(value, str):
            found.setdefault(name, []).append(value[:LONGEST_FIELD])
    return found


PostedFields = Annotated[dict[str, list[str]], Depends(posted_fields)]


async def posted_file(request: Request) -> bytes:
    """Return the file of a form, or nothing."""
    file = (await request.form()).get("file")
    return await file.read() if isinstance(file, UploadFile) else b""


PostedFile = Annotated[bytes, Depends(posted_file)]


def question_values(fields: Posted, before: Question | None) -> dict[str, object]:
    """Return a question as it was typed; code and kind of one that is there already stay."""
    texts: dict[str, dict[str, str]] = {}
    for name, values in fields.items():
        if name.startswith("t."):
            place, _, language = name[2:].rpartition(".")
            texts.setdefault(place, {})[language] = values[0]
    codes = [line.strip() for line in first(fields, "options").splitlines() if line.strip()]
    labels = {option.code: option.label for option in before.options} if before else {}
    return {
        "code": before.code if before else first(fields, "code").strip(),
        "kind": before.kind if before else first(fields, "kind"),
        **{name: texts.get(name, {}) for name in ("title", "label", "help", "why", "unit")},
        "options": [
            {"code": code, "label": texts.get(f"option.{code}", labels.get(code, {}))} for code in codes
        ],
        **{name: name in fields for name in ("required", "sensitive", "in_chat")},
        "minimum": first(fields, "minimum").strip() or None,
        "maximum": first(fields, "maximum").strip() or None,
        "retention_note": first(fields, "retention_note").strip(),
    }


def read_answers(fields: Posted, questions: list[Question]) -> dict[str, Any]:
    """Return the answers of a form, by code; what was left empty is not answered."""
    found: dict[str, Any] = {}
    for question in questions:
        values = [value.strip() for value in fields.get(f"a.{question.code}", ()) if value.strip()]
        if values:
            found[question.code] = _answer(question, values)
    return found


def first(fields: Posted, name: str) -> str:
    """Return the first value of a field, or the empty text."""
    return next(iter(fields.get(name, ())), "")


def _answer(question: Question, values: list[str]) -> Any:
    value = values[0]
    match question.kind:
        case FurtherKind.YES_NO:
            return {YES: True, NO: False}.get(value, value)
        case FurtherKind.NUMBER:
            is_number = value.removeprefix("-").isdecimal() and len(value) < 10
            return int(value) if is_number else value
        case FurtherKind.SEVERAL_OF:
            return list(dict.fromkeys(values))
        case FurtherKind.LONG_TEXT:
            return value.replace("\r\n", "\n")
        case _:
            return value
