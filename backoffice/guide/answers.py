"""The services guide: a topic and a language -> a short answer, its cases, and what each stands on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from backoffice.client.schemas import GuideAnswer, GuideCase, GuideCopy, GuidePart, GuideSource
from backoffice.errors import NotFound
from backoffice.guide.topics import CaseEntry, GuideEntry, PartEntry, read_guide
from backoffice.guide.words import GuideSentence, GuideWords
from backoffice.italy import day_in_italy
from translations.languages import LANGUAGES, SOURCE


def answer_topic(topic: str, *, words: GuideWords, language: str, now: datetime) -> GuideAnswer:
    """Answer a topic in a language; Italian where the language is unknown or lacks one of the texts.

    `now` is aware; what counts for `valid_to` is the day in Italy.

    Raises:
        NotFound: the guide has no such topic.
    """
    entry = read_guide().topics.get(topic)
    if entry is None:
        raise NotFound
    return _Told(topic, entry, *_spoken(entry, words, language)).answer(now=now)


def copy_guide(*, words: GuideWords, language: str, now: datetime) -> GuideCopy:
    """Return the whole guide in a language, for who must answer while we are away. `now` is aware."""
    answers = [answer_topic(topic, words=words, language=language, now=now) for topic in read_guide().topics]
    return GuideCopy(language=language if language in LANGUAGES else SOURCE, made_at=now, topics=answers)


@dataclass(frozen=True)
class _Told:
    """A topic in one language: no answer is ever in two."""

    topic: str
    entry: GuideEntry
    language: str
    sentences: dict[str, GuideSentence]

    def answer(self, *, now: datetime) -> GuideAnswer:
        entry = self.entry
        return GuideAnswer(
            topic=self.topic,
            language=self.language,
            text=self.sentences[entry.answer].text,
            next_step=self.sentences[entry.next_step].text,
            ask=self.sentences[entry.ask].text if entry.ask else None,
            cases=[self._case(name, case) for name, case in entry.cases.items()],
            sources=_sources(entry.sources),
            verified_on=entry.verified_on,
            valid_to=entry.valid_to,
            call_first=day_in_italy(now) > entry.valid_to,
            is_stale=any(self.sentences[key].is_stale for key in (entry.answer, entry.next_step)),
        )

    def _case(self, name: str, case: CaseEntry) -> GuideCase:
        return GuideCase(
            name=name,
            option=self.sentences[case.option].text if case.option else None,
            parts=[self._part(part) for part in case.parts],
        )

    def _part(self, part: PartEntry) -> GuidePart:
        said = self.sentences[part.text]
        return GuidePart(
            aspect=part.aspect, text=said.text, sources=_sources(part.sources), is_stale=said.is_stale
        )


def _spoken(entry: GuideEntry, words: GuideWords, asked: str) -> tuple[str, dict[str, GuideSentence]]:
    """Return the language in which all the texts exist, and the texts."""
    if asked in LANGUAGES:
        found = {key: words.sentence(key, asked) for key in entry.text_keys()}
        there = {key: said for key, said in found.items() if said is not None}
        if len(there) == len(found):
            return asked, there
    italian = {key: words.sentence(key, SOURCE) for key in entry.text_keys()}
    return SOURCE, {key: said for key, said in italian.items() if said is not None}


def _sources(keys: Sequence[str]) -> list[GuideSource]:
    return [read_guide().sources[key] for key in keys]
