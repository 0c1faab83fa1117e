"""The copied guide in words: what Telegram says of a topic or a case, and what its pages share with that."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date

from backoffice.client.schemas import GuideAnswer, GuideCase, GuideSource
from translations.catalog import text

ROME = ZoneInfo("Europe/Rome")


def day_in(language: str, moment: date | datetime) -> str:
    """Write a day as a language writes it; of a moment, the day that it is in Italy."""
    local = moment.astimezone(ROME) if isinstance(moment, datetime) else moment
    return format_date(local, format="long", locale=language)


def topic_name(topic: str, language: str) -> str:
    """Name a topic as the menu of the chat does."""
    return text(f"bot.button.intent_ask_{topic}", language)


def sources_line(sources: Sequence[GuideSource], answer: GuideAnswer, language: str) -> str:
    """Say what something stands on and when that was checked."""
    named = (source.written for source in sources)
    checked = day_in(language, answer.verified_on)
    return text("bot.guide_sources", language, sources="; ".join(named), checked=checked)


def topic_told(answer: GuideAnswer, language: str) -> str:
    """Tell the short answer of a topic, with the day of the copy, the next step and the sources."""
    parts = [*_cautions(answer, language, stale=answer.is_stale), answer.text]
    parts.append(text("bot.guide_next_step", language, step=answer.next_step))
    parts.append(sources_line(answer.sources, answer, language))
    if answer.ask:
        parts.append(answer.ask)
    return "\n\n".join(parts)


def case_told(answer: GuideAnswer, case: GuideCase, language: str) -> str:
    """Tell all that is known of a case, with the day of the copy and the sources."""
    parts = _cautions(answer, language, stale=any(part.is_stale for part in case.parts))
    if case.option:
        parts.append(case.option)
    for part in case.parts:
        parts.append(f"{text(f'guide_topics.aspect.{part.aspect}', language)}\n{part.text}")
    sources = list(dict.fromkeys(source for part in case.parts for source in part.sources))
    if sources:
        parts.append(sources_line(sources, answer, language))
    return "\n\n".join(parts)


def _cautions(answer: GuideAnswer, language: str, *, stale: bool) -> list[str]:
    said = []
    if answer.copied_at is not None:
        said.append(text("guide_copy.from_copy", language, day=day_in(language, answer.copied_at)))
    if answer.call_first:
        said.append(text("bot.guide_call_first", language))
    if stale:
        said.append(text("guide_steps.stale", language))
    return said
