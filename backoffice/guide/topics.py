"""The guide's facts as `guide.yml` holds them: topics, their cases, what is known of each, the sources.

The words are in the catalogue areas `guide` (the short answers) and `guide_topics` (the cases), under
the keys that the file names. A topic bears the name of its intent without `ask_` (contract, intents.md).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from backoffice.client.schemas import GuideAspect, GuideSource

GUIDE_FILE = Path(__file__).with_name("guide.yml")


class _Facts(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PartEntry(_Facts):
    """One thing that is known of a case: the key of its text and of its sources.

    Only what says "speak with a person" may stand on no source.
    """

    aspect: GuideAspect
    text: str
    sources: tuple[str, ...]

    @model_validator(mode="after")
    def _facts_have_sources(self) -> Self:
        if not self.sources and self.aspect is not GuideAspect.PERSON:
            raise ValueError(f"{self.text}: a fact without a source")
        return self


class CaseEntry(_Facts):
    """What applies to some of those who ask: the key of the answer that picks it, and what they hear.

    `option` is none where the topic has one case only and asks nothing.
    """

    option: str | None = None
    parts: tuple[PartEntry, ...] = Field(min_length=1)


class GuideEntry(_Facts):
    """One topic: the keys of its texts and of its sources. `valid_to` is the last day it may be trusted."""

    answer: str
    next_step: str
    sources: tuple[str, ...] = Field(min_length=1)
    verified_on: date
    valid_to: date
    ask: str | None = None
    cases: Mapping[str, CaseEntry] = Field(min_length=1)

    @model_validator(mode="after")
    def _dates_in_order(self) -> Self:
        if self.valid_to < self.verified_on:
            raise ValueError(f"{self.answer}: valid_to lies before verified_on")
        return self

    @model_validator(mode="after")
    def _a_question_has_answers(self) -> Self:
        asks = self.ask is not None
        if asks != (len(self.cases) > 1) or any(
            (case.option is None) == asks for case in self.cases.values()
        ):
            raise ValueError(f"{self.answer}: a question with an answer for each case, or one case alone")
        return self

    def text_keys(self) -> Iterator[str]:
        """Give the key of each text of the topic, once, in the order in which a person meets them."""
        yield from dict.fromkeys(self._all_keys())

    def _all_keys(self) -> Iterator[str]:
        yield self.answer
        yield self.next_step
        if self.ask:
            yield self.ask
        for case in self.cases.values():
            if case.option:
                yield case.option
            yield from (part.text for part in case.parts)


class Guide(_Facts):
    """All topics, and the pages that they stand on by the key that the topics use."""

    sources: Mapping[str, GuideSource]
    topics: Mapping[str, GuideEntry]

    @model_validator(mode="after")
    def _sources_exist(self) -> Self:
        named = {source for entry in self.topics.values() for source in _sources_of(entry)}
        if unknown := named - self.sources.keys():
            raise ValueError(f"sources that are not listed: {sorted(unknown)}")
        return self


def _sources_of(entry: GuideEntry) -> Iterator[str]:
    yield from entry.sources
    for case in entry.cases.values():
        for part in case.parts:
            yield from part.sources


@cache
def read_guide() -> Guide:
    """Return the guide's facts, read and checked once per process.

    Raises:
        pydantic.ValidationError: the file lacks something, or names a source that it does not list.
    """
    return Guide.model_validate(yaml.safe_load(GUIDE_FILE.read_text(encoding="utf-8")))
