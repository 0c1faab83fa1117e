"""The services guide: a topic and a language -> a short answer, the next step, and what it stands on.

The facts (sources, dates) are in `guide.yml`, the words in the catalogue area `guide`. A topic
bears the name of its intent without `ask_` (contract, intents.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from backoffice.client.schemas import GuideAnswer, GuideSource
from backoffice.errors import NotFound
from backoffice.italy import day_in_italy
from translations.catalog import catalogue, text
from translations.languages import LANGUAGES, SOURCE

GUIDE_FILE = Path(__file__).with_name("guide.yml")


class GuideEntry(BaseModel):
    """One topic: the keys of its texts and of its sources. `valid_to` is the last day it may be trusted."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    answer: str
    next_step: str
    sources: tuple[str, ...] = Field(min_length=1)
    verified_on: date
    valid_to: date

    @model_validator(mode="after")
    def _dates_in_order(self) -> Self:
        if self.valid_to < self.verified_on:
            raise ValueError(f"{self.answer}: valid_to lies before verified_on")
        return self


class Guide(BaseModel):
    """All topics, and the pages that they stand on by the key that the topics use."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sources: Mapping[str, GuideSource]
    topics: Mapping[str, GuideEntry]

    @model_validator(mode="after")
    def _sources_exist(self) -> Self:
        named = {source for entry in self.topics.values() for source in entry.sources}
        if unknown := named - self.sources.keys():
            raise ValueError(f"sources that are not listed: {sorted(unknown)}")
        return self


@cache
def read_guide() -> Guide:
    """Return the guide's facts, read and checked once per process.

    Raises:
        pydantic.ValidationError: the file lacks something, or names a source that it does not list.
    """
    return Guide.model_validate(yaml.safe_load(GUIDE_FILE.read_text(encoding="utf-8")))


def answer_topic(topic: str, *, language: str, now: datetime) -> GuideAnswer:
    """Answer a topic in a language; Italian where the language is unknown or lacks one of the texts.

    `now` is aware; what counts for `valid_to` is the day in Italy.

    Raises:
        NotFound: the guide has no such topic.
    """
    entry = read_guide().topics.get(topic)
    if entry is None:
        raise NotFound
    spoken = _spoken_language(language, entry.answer, entry.next_step)
    return GuideAnswer(
        topic=topic,
        language=spoken,
        text=text(entry.answer, spoken),
        next_step=text(entry.next_step, spoken),
        sources=[read_guide().sources[source] for source in entry.sources],
        verified_on=entry.verified_on,
        call_first=day_in_italy(now) > entry.valid_to,
    )


def _spoken_language(asked: str, *keys: str) -> str:
    """Return the language in which all the texts exist, so that no answer is in two languages."""
    if asked not in LANGUAGES:
        return SOURCE
    lacking = [key for key in keys if key not in catalogue(asked).forms]
    for key in lacking:
        text(key, asked)  # so that the catalogue counts and logs what is missing
    return SOURCE if lacking else asked
