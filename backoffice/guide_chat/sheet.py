"""The sheet of a saved list, in the person's language and in Italian: points with ticks, then all else.

No name and no number of anybody: the paper may be lost, and the link to it may be passed on.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from backoffice.case_card.content import Card, CardLine, CardSide
from backoffice.case_card.sheet import without_isolates
from backoffice.checklist.models import Checklist
from backoffice.client.schemas import GuidePart
from backoffice.guide_chat.points import LISTED, KeptGuide, ListedCase, listed_case
from backoffice.guide_chat.telling import foot_of, long_day, title_of
from backoffice.italy import day_in_italy
from translations.catalog import text
from translations.languages import SOURCE, supported_or_source

_DONE, _OPEN = "[x]", "[  ]"
"""Letters that every font of the sheet has."""


def make_sheet(
    checklist: Checklist, *, guide: KeptGuide, language: str, phone: str | None, now: datetime
) -> Card | None:
    """Return the sheet of a list; None where the guide has its case no longer. `phone`: the office's."""
    topic, case = str(checklist.content.get("topic", "")), str(checklist.content.get("case", ""))
    ticked = frozenset(checklist.content.get("ticked", []))
    languages = dict.fromkeys((supported_or_source(language), SOURCE))
    listed = [listed_case(topic, case, guide=guide, language=each, now=now) for each in languages]
    sides = [_side(each, ticked, phone, now) for each in listed if each is not None]
    if len(sides) != len(languages):
        return None
    return Card(number=sides[0].title, name="", sides=tuple(sides), link=None)


def _side(listed: ListedCase, ticked: frozenset[str], phone: str | None, now: datetime) -> CardSide:
    answer, language = listed.answer, listed.answer.language
    title = text("guide_steps.list.title", language, topic=title_of(answer, listed.case.option, language))
    hint = text("guide_steps.card.hint", language, day=long_day(day_in_italy(now), language))
    return CardSide(
        language=language,
        title=without_isolates(title),
        lines=tuple(_lines(listed, ticked, phone)),
        plan_title="",
        plan=(),
        hints=(without_isolates(hint),),
        scan="",
    )


def _lines(listed: ListedCase, ticked: frozenset[str], phone: str | None) -> Iterator[CardLine]:
    """Give what to bring and to do first, then the other parts, each with its sources."""
    answer, language = listed.answer, listed.answer.language
    parts = sorted(listed.case.parts, key=lambda part: part.aspect not in LISTED)
    for part in parts:
        words = "\n".join([*_words(listed, part, ticked), *foot_of(answer, [part], language, phone)])
        label = text(f"guide_topics.aspect.{part.aspect}", language)
        yield CardLine(label, without_isolates(words))


def _words(listed: ListedCase, part: GuidePart, ticked: frozenset[str]) -> list[str]:
    if part.aspect not in LISTED:
        return [part.text]
    return [
        f"{_DONE if point.mark in ticked else _OPEN} {point.words}"
        for point in listed.points
        if point.aspect is part.aspect
    ]
