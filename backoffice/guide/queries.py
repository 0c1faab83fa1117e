"""Statements about the guide's sentences, their history, checks and tasks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.guide.models import (
    GuideTask,
    GuideTaskKind,
    SentenceRevision,
    SentenceState,
    StoredSentence,
    TopicVerification,
)
from backoffice.guide.sentence_state import state_of
from backoffice.guide.topics import TopicDates, read_guide
from backoffice.staff.models import Staff
from translations.languages import SOURCE


def rows_of(session: Session, key: str, *, lock: bool = False) -> dict[str, StoredSentence]:
    """Return the rows of a key by language, locked until the end of the transaction where asked."""
    statement = select(StoredSentence).where(StoredSentence.key == key).order_by(StoredSentence.language)
    found = session.scalars(statement.with_for_update() if lock else statement)
    return {row.language: row for row in found}


def sentences_in(
    session: Session, keys: Iterable[str], languages: Iterable[str]
) -> dict[tuple[str, str], StoredSentence]:
    """Return the rows of some keys and languages, by key and language, with one statement."""
    statement = select(StoredSentence).where(
        StoredSentence.key.in_(list(keys)), StoredSentence.language.in_(list(languages))
    )
    return {(row.key, row.language): row for row in session.scalars(statement)}


def revisions_of(session: Session, sentence_id: str) -> Sequence[SentenceRevision]:
    """Return the history of a sentence, the newest first."""
    return session.scalars(
        select(SentenceRevision)
        .where(SentenceRevision.sentence_id == sentence_id)
        .order_by(SentenceRevision.version.desc())
    ).all()


def open_tasks(session: Session, kind: GuideTaskKind, *subjects: str) -> Sequence[GuideTask]:
    """Return what is to do, of some subjects or of all, the oldest first."""
    statement = select(GuideTask).where(GuideTask.kind == kind, GuideTask.closed_at.is_(None))
    if subjects:
        statement = statement.where(GuideTask.subject.in_(subjects))
    return session.scalars(statement.order_by(GuideTask.opened_at, GuideTask.subject, GuideTask.id)).all()


def dates_of_topics(session: Session) -> dict[str, TopicDates]:
    """Return the dates of every topic: of the newest check here, or of `guide.yml` if that is newer."""
    dates = {
        name: TopicDates(entry.verified_on, entry.valid_to) for name, entry in read_guide().topics.items()
    }
    checks = select(TopicVerification).order_by(TopicVerification.verified_on, TopicVerification.id)
    for check in session.scalars(checks):
        known = dates.get(check.topic)
        if known is not None and check.verified_on >= known.verified_on:
            dates[check.topic] = TopicDates(check.verified_on, check.valid_to, check.by)
    return dates


def verifications_of(session: Session, topic: str) -> Sequence[TopicVerification]:
    """Return the checks of a topic, the newest first."""
    return session.scalars(
        select(TopicVerification)
        .where(TopicVerification.topic == topic)
        .order_by(TopicVerification.verified_on.desc(), TopicVerification.id.desc())
    ).all()


@dataclass
class LanguageCount:
    """How many sentences of a topic are in which state in one language."""

    draft: int = 0
    reviewed: int = 0
    stale: int = 0
    worked_on: int = 0
    """With a working draft, whatever their state."""


def counts_by_topic(session: Session) -> dict[str, dict[str, LanguageCount]]:
    """Return the counts of every topic by language, from one statement."""
    columns = select(
        StoredSentence.key,
        StoredSentence.language,
        StoredSentence.source_hash,
        StoredSentence.is_reviewed,
        StoredSentence.draft_at,
    )
    rows = session.execute(columns).all()
    italian = {key: source_hash for key, language, source_hash, _, _ in rows if language == SOURCE}
    topics = topics_by_key()
    found: dict[str, dict[str, LanguageCount]] = defaultdict(lambda: defaultdict(LanguageCount))
    for key, language, source_hash, is_reviewed, draft_at in rows:
        if language == SOURCE or key not in italian:
            continue
        state = state_of(source_hash, italian[key], is_reviewed=is_reviewed)
        for topic in topics.get(key, ()):
            _count(found[topic][language], state, is_worked_on=draft_at is not None)
    return found


def _count(count: LanguageCount, state: SentenceState, *, is_worked_on: bool) -> None:
    setattr(count, state.value, getattr(count, state.value) + 1)
    count.worked_on += is_worked_on


@cache
def topics_by_key() -> Mapping[str, Sequence[str]]:
    """Return the topics that use each key, worked out once per process; most keys have one."""
    found: dict[str, list[str]] = defaultdict(list)
    for topic, entry in read_guide().topics.items():
        for key in entry.text_keys():
            found[key].append(topic)
    return {key: tuple(topics) for key, topics in found.items()}


def names_of(session: Session, staff_ids: Iterable[str | None]) -> dict[str, str]:
    """Return the names of members of staff."""
    wanted = {each for each in staff_ids if each}
    rows = session.execute(select(Staff.id, Staff.name).where(Staff.id.in_(wanted))) if wanted else ()
    return {staff_id: name for staff_id, name in rows}  # noqa: C416  # a row is no pair to mypy
