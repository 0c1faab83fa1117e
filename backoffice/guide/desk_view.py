"""What the pages of the guide show: topics with their counts, the sentences of one, one in every language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.orm import Session

from backoffice.client.schemas import GuideAspect
from backoffice.guide.errors import SentenceNotFound
from backoffice.guide.models import GuideTask, GuideTaskKind, SentenceRevision, SentenceState, StoredSentence
from backoffice.guide.permissions import may_except, may_review, may_translate
from backoffice.guide.queries import (
    LanguageCount,
    counts_by_topic,
    dates_of_topics,
    names_of,
    open_tasks,
    revisions_of,
    rows_of,
    sentences_in,
    topics_by_key,
)
from backoffice.guide.readability import HARD_BELOW, gulpease
from backoffice.guide.sentence_state import state_of
from backoffice.guide.service import brings_back, needs_exception
from backoffice.guide.topics import GuideEntry, TopicDates, read_guide
from backoffice.staff.models import Staff
from translations.languages import LANGUAGES, SOURCE

TRANSLATED = tuple(code for code in LANGUAGES if code != SOURCE)


@dataclass(frozen=True)
class TopicLine:
    """A topic in the list."""

    topic: str
    dates: TopicDates
    is_late: bool
    counts: Mapping[str, LanguageCount]

    @property
    def drafts(self) -> int:
        """How many translations no second reader has seen."""
        return sum(count.draft for count in self.counts.values())


@dataclass(frozen=True)
class Place:
    """Where a key stands in a topic. `kind`: answer, next_step, ask, option or an aspect."""

    kind: str
    key: str
    case: str | None = None


@dataclass(frozen=True)
class Said:
    """One sentence in one language, for the preview."""

    text: str
    state: SentenceState
    has_draft: bool


@dataclass(frozen=True)
class LanguageView:
    """One translation of a sentence, with what the reader of the page may do about it."""

    row: StoredSentence
    state: SentenceState
    may_write: bool
    may_review: bool
    needs_exception: bool
    may_except: bool
    is_draft_old: bool
    """The Italian changed after the working draft was written."""


@dataclass(frozen=True)
class RevisionView:
    """One line of the history; `can_undo` where going back to it would show something else."""

    revision: SentenceRevision
    can_undo: bool


@dataclass(frozen=True)
class SentenceView:
    """One key in every language."""

    key: str
    topics: Sequence[str]
    place: Place
    italian: StoredSentence
    readability: int
    translations: Sequence[LanguageView]
    history: Sequence[RevisionView]
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_hard(self) -> bool:
        """Whether the Italian is hard to read for many of its readers."""
        return self.readability < HARD_BELOW

    def translation(self, language: str) -> LanguageView | None:
        """Return the translation into a language, or none."""
        return next((each for each in self.translations if each.row.language == language), None)


def topic_lines(session: Session, *, today: date) -> list[TopicLine]:
    """Return every topic, those past their last day first, then by that day."""
    counts, dates = counts_by_topic(session), dates_of_topics(session)
    lines = [
        TopicLine(topic, dates[topic], today > dates[topic].valid_to, counts.get(topic, {}))
        for topic in read_guide().topics
    ]
    return sorted(lines, key=lambda line: (not line.is_late, line.dates.valid_to))


def totals(lines: Sequence[TopicLine]) -> dict[str, LanguageCount]:
    """Return the counts of every language over all topics."""
    found = {language: LanguageCount() for language in TRANSLATED}
    for line in lines:
        for language, count in line.counts.items():
            total = found[language]
            total.draft += count.draft
            total.reviewed += count.reviewed
            total.stale += count.stale
            total.worked_on += count.worked_on
    return found


def find_topic(topic: str) -> GuideEntry:
    """Return a topic of the guide.

    Raises:
        SentenceNotFound: there is none.
    """
    found = read_guide().topics.get(topic)
    if found is None:
        raise SentenceNotFound
    return found


def places_of(entry: GuideEntry) -> Iterator[Place]:
    """Give where each key of a topic stands, in the order in which a person meets them."""
    yield Place("answer", entry.answer)
    yield Place("next_step", entry.next_step)
    if entry.ask:
        yield Place("ask", entry.ask)
    for name, case in entry.cases.items():
        if case.option:
            yield Place("option", case.option, name)
        for part in case.parts:
            yield Place(GuideAspect(part.aspect).value, part.text, name)


def said_in(session: Session, entry: GuideEntry, language: str) -> dict[tuple[str, str], Said]:
    """Return the sentences of a topic in Italian and in a language, by key and language."""
    rows = sentences_in(session, entry.text_keys(), {SOURCE, language})
    italian = {key: row.source_hash for (key, spoken), row in rows.items() if spoken == SOURCE}
    return {
        place: Said(
            row.text,
            state_of(row.source_hash, italian.get(row.key, row.source_hash), is_reviewed=row.is_reviewed),
            row.draft is not None,
        )
        for place, row in rows.items()
    }


def see_sentence(session: Session, key: str, staff: Staff, *, language: str) -> SentenceView:
    """Return one key in every language, with the history of one of them.

    Raises:
        SentenceNotFound: the guide has no such key, or not in the database yet.
    """
    topics, rows = topics_by_key().get(key), rows_of(session, key)
    if not topics or SOURCE not in rows:
        raise SentenceNotFound
    italian, shown = rows[SOURCE], rows.get(language, rows[SOURCE])
    history = [RevisionView(each, brings_back(each, shown)) for each in revisions_of(session, shown.id)]
    people = [(row.written_by, row.reviewed_by, row.draft_by) for row in rows.values()]
    names = names_of(
        session, [*(each for row in people for each in row), *(each.revision.by for each in history)]
    )
    return SentenceView(
        key,
        topics,
        next(place for place in places_of(read_guide().topics[topics[0]]) if place.key == key),
        italian,
        gulpease(italian.text),
        [_translation(rows[code], italian, staff) for code in TRANSLATED if code in rows],
        history,
        names,
    )


def _translation(row: StoredSentence, italian: StoredSentence, staff: Staff) -> LanguageView:
    return LanguageView(
        row,
        state_of(row.source_hash, italian.source_hash, is_reviewed=row.is_reviewed),
        may_translate(staff, row.language),
        may_review(staff, row.language),
        needs_exception(row, staff),
        may_except(staff),
        row.draft is not None and row.draft_source_hash != italian.source_hash,
    )


@dataclass(frozen=True)
class Waiting:
    """Something that waits for somebody: a task, or a draft for its second reader."""

    key: str
    topic: str
    language: str
    task: GuideTask | None
    italian: str


def waiting_in(session: Session, languages: Sequence[str]) -> tuple[list[Waiting], list[Waiting]]:
    """Return what is to be translated into these languages, and the drafts that wait for a second reader."""
    topics = topics_by_key()
    tasks = [
        task
        for task in open_tasks(session, GuideTaskKind.TRANSLATE)
        if task.language in languages and task.subject in topics
    ]
    rows = sentences_in(session, topics, {*languages, SOURCE})

    def italian(key: str) -> str:
        found = rows.get((key, SOURCE))
        return found.text if found else ""

    to_translate = [
        Waiting(task.subject, topics[task.subject][0], task.language, task, italian(task.subject))
        for task in tasks
    ]
    to_review = [
        Waiting(key, topics[key][0], language, None, italian(key))
        for (key, language), row in sorted(rows.items())
        if row.draft is not None
    ]
    return to_translate, to_review
