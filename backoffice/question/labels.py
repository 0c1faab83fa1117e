"""Versions of further questions as the pages show them: gaps by text, differences, and who changed what."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.audit.models import AuditEntry
from backoffice.question.changes import Change
from backoffice.question.questions import Fault
from backoffice.staff.models import Staff
from translations.catalog import text


@dataclass(frozen=True)
class Act:
    """Something that was done to a version."""

    sentence: str
    who: str
    at: datetime


def fault_lines(faults: Iterable[Fault], kind: str, ui: str) -> list[str]:
    """Return gaps, or hints, as sentences: one for each text, with all the languages that it lacks in."""
    grouped: dict[tuple[str, str, str], list[str]] = {}
    for fault in faults:
        grouped.setdefault((fault.code, fault.what, fault.field), []).append(fault.language)
    lines = []
    for (code, what, field), languages in grouped.items():
        values = {"code": code}
        if field:
            names = [text(f"backoffice.language.{each}", ui) for each in languages]
            values |= {"field": field_name(field, ui), "languages": ", ".join(names)}
        lines.append(text(f"backoffice.question.{kind}.{what}", ui, **values))
    return lines


def change_lines(changes: Iterable[Change], ui: str) -> list[str]:
    """Return differences as sentences."""
    return [
        text(
            f"backoffice.question.change.{change.what}",
            ui,
            code=change.code,
            fields=", ".join(text(f"backoffice.question.aspect.{each}", ui) for each in change.aspects),
        )
        for change in changes
    ]


def field_name(field: str, ui: str) -> str:
    """Name a text of a question: "Domanda", "Risposta low"."""
    kind, _, code = field.partition(".")
    return text(f"backoffice.question.field.{kind}", ui, code=code)


def acts_of(session: Session, set_id: str, ui: str) -> list[Act]:
    """Return who changed what in a version, newest first."""
    entries = select(AuditEntry.action, AuditEntry.at, Staff.name).join(Staff, Staff.id == AuditEntry.actor)
    statement = entries.where(AuditEntry.subject_kind == "question_set", AuditEntry.subject_id == set_id)
    found = []
    for action, at, who in session.execute(statement.order_by(AuditEntry.id.desc()).limit(200)):
        kind, _, code = action.removeprefix("questions.").partition(":")
        found.append(Act(text(f"backoffice.question.act.{kind}", ui, code=code), who, at))
    return found
