"""After a session has written, what changed is found by its new words.

A model that can be found has `__found_by__`, the attributes whose change counts, and a method `found_by`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import event, inspect
from sqlalchemy.orm import Session

from backoffice.search.models import Indexed
from backoffice.search.service import add_words, replace_words

_CHANGED = "found_anew"


@dataclass(frozen=True)
class FoundBy:
    """What a row is found by. `is_all`: the subject has no other words, those of before are forgotten."""

    kind: Indexed
    subject_id: str
    texts: Sequence[str | None]
    is_all: bool


@event.listens_for(Session, "before_flush")
def _note_changes(session: Session, _context: Any, _instances: Any) -> None:
    changed = [row for row in session.new if hasattr(row, "__found_by__")]
    changed += [row for row in session.dirty if _has_new_words(row)]
    if changed:
        session.info.setdefault(_CHANGED, []).extend(changed)


@event.listens_for(Session, "after_flush")
def _index(session: Session, _context: Any) -> None:
    for row in session.info.pop(_CHANGED, ()):
        found: FoundBy | None = row.found_by()
        if found is None:
            continue
        keep = replace_words if found.is_all and row not in session.new else add_words
        keep(session, found.kind, found.subject_id, found.texts)


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop(_CHANGED, None)


def _has_new_words(row: Any) -> bool:
    names = getattr(type(row), "__found_by__", ())
    return any(name in inspect(row).committed_state for name in names)
