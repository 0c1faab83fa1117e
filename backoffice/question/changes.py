"""What differs between two versions, for whoever publishes one; and the texts as a table for translators."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from backoffice.question.errors import BadTextsFile
from backoffice.question.questions import Option, Question
from translations.languages import SUPPORTED

LARGEST_FILE = 512 * 1024
"""Bytes of a table of texts: thirty questions with all their options, twice."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""Beginnings that a spreadsheet takes for a formula (attack 46)."""


@dataclass(frozen=True)
class Change:
    """One difference: `added`, `retired`, `order`, or `changed` in some `aspects`."""

    what: str
    code: str = ""
    aspects: tuple[str, ...] = ()


def changes_between(before: list[Question], after: list[Question]) -> list[Change]:
    """Return what a version changes, in the order of the newer one."""
    old, new = {q.code: q for q in before}, {q.code: q for q in after}
    found = [Change("added", code) for code in new if code not in old]
    found += [Change("retired", code) for code in old if code not in new]
    for code, question in new.items():
        aspects = tuple(_aspects(old[code], question)) if code in old else ()
        if aspects:
            found.append(Change("changed", code, aspects))
    if [code for code in old if code in new] != [code for code in new if code in old]:
        found.append(Change("order"))
    return found


def texts_as_csv(questions: list[Question]) -> str:
    """Return every text as a line, with a column for each language."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["code", "field", *SUPPORTED])
    for question in questions:
        for field, texts in question.texts.items():
            writer.writerow([question.code, field, *(_safe(texts.get(each, "")) for each in SUPPORTED)])
    return "\ufeff" + out.getvalue()


def with_texts(questions: list[Question], table: bytes) -> list[Question]:
    """Return the questions with the texts of a table; lines and languages that it leaves out stay.

    Raises:
        BadTextsFile: it is no such table, too large, or names a question or text that there is not.
    """
    rows = _rows(table)
    known = {question.code: question for question in questions}
    for row in rows:
        code, field = row.get("code") or "", row.get("field") or ""
        question = known.get(code)
        if question is None or field not in question.texts:
            raise BadTextsFile
        given = {each: _unsafe(row[each]) for each in SUPPORTED if row.get(each)}
        known[code] = _with_text(question, field, given)
    return list(known.values())


def _rows(table: bytes) -> list[dict[str, str]]:
    if len(table) > LARGEST_FILE:
        raise BadTextsFile
    try:
        reader = csv.DictReader(io.StringIO(table.decode("utf-8-sig"), newline=""), strict=True)
        rows = list(reader)
    except (UnicodeDecodeError, csv.Error) as wrong:
        raise BadTextsFile from wrong
    names = set(reader.fieldnames or ())
    if not {"code", "field"} <= names or not names & set(SUPPORTED) or any(None in row for row in rows):
        raise BadTextsFile
    return rows


def _with_text(question: Question, field: str, given: dict[str, str]) -> Question:
    values = question.model_dump()
    kind, _, option = field.partition(".")
    if kind == "option":
        values["options"] = [
            _labelled(each, given) if each.code == option else each for each in question.options
        ]
    else:
        values[field] = {**values[field], **given}
    try:
        return Question.model_validate(values)
    except ValueError as wrong:
        raise BadTextsFile from wrong


def _labelled(option: Option, given: dict[str, str]) -> dict[str, object]:
    return {"code": option.code, "label": {**option.label, **given}}


def _aspects(old: Question, new: Question) -> Iterator[str]:
    if _words(old) != _words(new):
        yield "texts"
    if [option.code for option in old.options] != [option.code for option in new.options]:
        yield "options"
    if (old.minimum, old.maximum) != (new.minimum, new.maximum):
        yield "bounds"
    for name in ("required", "sensitive", "in_chat", "retention_note"):
        if getattr(old, name) != getattr(new, name):
            yield name


def _words(question: Question) -> dict[str, dict[str, str]]:
    return {field: {k: t for k, t in texts.items() if t} for field, texts in question.texts.items()}


def _safe(text: str) -> str:
    return f"'{text}" if text.lstrip("'").startswith(_FORMULA) else text


def _unsafe(text: str) -> str:
    is_marked = text.startswith("'") and text.lstrip("'").startswith(_FORMULA)
    return text[1:] if is_marked else text
