"""Tasks that open and close by themselves: stale translations, topics past their last good day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from backoffice.database import new_id
from backoffice.guide.models import GuideTask, GuideTaskKind, StoredSentence
from backoffice.guide.queries import dates_of_topics, open_tasks
from backoffice.idempotency.service import insert_unless_there
from backoffice.italy import day_in_italy
from translations.languages import SOURCE


def settle_translations(
    session: Session, rows: Mapping[str, StoredSentence], *, by: str | None, now: datetime
) -> None:
    """Have exactly one open task for each stale translation of a key, and none for the others.

    `rows` are all of the key, by language, locked.
    """
    italian = rows.get(SOURCE)
    if italian is None:
        return
    waiting = {task.language: task for task in open_tasks(session, GuideTaskKind.TRANSLATE, italian.key)}
    for language, row in rows.items():
        is_stale = row.source_hash != italian.source_hash
        if is_stale and language not in waiting:
            _open(session, GuideTaskKind.TRANSLATE, italian.key, language, now=now)
        elif not is_stale and language in waiting:
            _close(waiting[language], by=by, now=now)
    session.flush()


def open_verifications(session: Session, *, now: datetime) -> int:
    """Open a task for each topic past its last good day that has none; return how many. `now` is aware."""
    late = topics_to_verify(session, now=now)
    for topic in late:
        _open(session, GuideTaskKind.VERIFY, topic, SOURCE, now=now)
    return len(late)


def topics_to_verify(session: Session, *, now: datetime) -> list[str]:
    """Return the topics past their last good day, in Italy, for which no task is open."""
    waiting = {task.subject for task in open_tasks(session, GuideTaskKind.VERIFY)}
    today = day_in_italy(now)
    return [
        topic
        for topic, dates in dates_of_topics(session).items()
        if today > dates.valid_to and topic not in waiting
    ]


def close_verification(session: Session, topic: str, *, by: str, now: datetime) -> None:
    """Close the task of a topic that somebody has just verified, if there is one."""
    for task in open_tasks(session, GuideTaskKind.VERIFY, topic):
        _close(task, by=by, now=now)
    session.flush()


def _open(session: Session, kind: GuideTaskKind, subject: str, language: str, *, now: datetime) -> None:
    values = {"id": new_id(), "kind": kind, "subject": subject, "language": language, "opened_at": now}
    session.execute(insert_unless_there(session, GuideTask).values(values))


def _close(task: GuideTask, *, by: str | None, now: datetime) -> None:
    task.closed_at, task.closed_by = now, by
