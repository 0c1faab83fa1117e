"""A case of the guide -> the points of a list: a line each, with a mark by which a tick finds it again.

The mark is made of the Italian line. So a tick stays when the conversation changes its language, and goes
when the Italian says something else.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from backoffice.client.schemas import GuideAnswer, GuideAspect, GuideCase, GuidePart
from backoffice.errors import NotFound
from backoffice.guide.answers import answer_topic
from backoffice.guide.queries import dates_of_topics
from backoffice.guide.stored import StoredWords
from backoffice.guide.topics import TopicDates
from backoffice.guide.words import GuideWords
from translations.languages import SOURCE

LISTED = (GuideAspect.BRING, GuideAspect.STEPS)
"""What a list is made of, in this order."""

_NUMBER = re.compile(r"^\s*(?:[•–-]\s*|\d+[.)．、]\s*)")
_MARK_LENGTH = 10


@dataclass(frozen=True)
class Point:
    """One thing to bring or to do."""

    aspect: GuideAspect
    words: str
    mark: str


@dataclass(frozen=True)
class ListedCase:
    """A case in one language with its points. `version` is the mark of all of them."""

    answer: GuideAnswer
    case: GuideCase
    points: tuple[Point, ...]

    @property
    def version(self) -> str:
        """The mark of what the list says."""
        return _mark("\n".join(point.mark for point in self.points))


@dataclass(frozen=True)
class KeptGuide:
    """The guide's sentences, and the dates that stand above those of its file."""

    words: GuideWords
    dates: Mapping[str, TopicDates] | None = None

    def answer(self, topic: str, language: str, now: datetime) -> GuideAnswer:
        """Answer a topic.

        Raises:
            NotFound: the guide has no such topic.
        """
        return answer_topic(topic, words=self.words, language=language, now=now, dates=self.dates)


def kept_guide(session: Session) -> KeptGuide:
    """Return the guide as staff keep it, which the assistant tells too."""
    return KeptGuide(StoredWords(session), dates_of_topics(session))


def listed_case(
    topic: str, case: str, *, guide: KeptGuide, language: str, now: datetime
) -> ListedCase | None:
    """Return a case with its points; None where the guide has it no longer or nothing of it is listed."""
    try:
        told = guide.answer(topic, language, now)
        italian = guide.answer(topic, SOURCE, now)
    except NotFound:
        return None
    own, source = _case(told, case), _case(italian, case)
    if own is None or source is None:
        return None
    points = tuple(_points(own, source))
    return ListedCase(told, own, points) if points else None


def _case(answer: GuideAnswer, name: str) -> GuideCase | None:
    return next((case for case in answer.cases if case.name == name), None)


def _points(own: GuideCase, source: GuideCase) -> Iterator[Point]:
    for aspect in LISTED:
        for part, italian in zip(own.parts, source.parts, strict=True):
            if part.aspect is aspect:
                lines, originals = _lines(part), _lines(italian)
                # A translation that is cut otherwise is known by its own lines.
                marked = originals if len(originals) == len(lines) else lines
                for line, original in zip(lines, marked, strict=True):
                    yield Point(aspect, line, _mark(original))


def _lines(part: GuidePart) -> list[str]:
    bare = (_NUMBER.sub("", line).strip() for line in part.text.splitlines())
    return [line for line in bare if line]


def _mark(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()[:_MARK_LENGTH]
