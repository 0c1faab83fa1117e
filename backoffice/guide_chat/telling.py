"""What is said of saved lists in the chat, and the buttons onward."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from babel.dates import format_date
from sqlalchemy.orm import Session

from backoffice.checklist.models import Checklist
from backoffice.checklist.service import LINK_LASTS
from backoffice.client.schemas import CHOICE_PAYLOAD, Author, GuideAnswer, GuidePart, ReplyButton
from backoffice.conversation.messages import Draft, write
from backoffice.conversation.models import Conversation
from backoffice.guide_chat.points import LISTED, ListedCase, Point
from backoffice.italy import day_in_italy
from backoffice.office.service import find_office
from translations.catalog import has, text

OPEN, DONE = "☐", "☑"

_LONGEST_TITLE = 24
"""Letters that fit on a button of a small telephone."""


@dataclass(frozen=True)
class Teller:
    """Speaks in one conversation at one moment."""

    session: Session
    conversation: Conversation
    now: datetime

    @property
    def language(self) -> str:
        """The conversation's language."""
        return self.conversation.language

    def show(
        self, checklist: Checklist, listed: ListedCase, *, is_new: bool = False, changed: bool = False
    ) -> None:
        """Show a list with its ticks; a button for each point."""
        ticked = set(checklist.content.get("ticked", []))
        blocks = [self._say("list.title", topic=title_of(listed.answer, listed.case.option, self.language))]
        if is_new:
            blocks.append(self._say("list.saved", button=self._say("button.my_checklist")))
        if changed:
            blocks.append(self._say("list.changed"))
        blocks += self._points(listed, ticked)
        is_done = all(point.mark in ticked for point in listed.points)
        blocks.append(self._say("list.done" if is_done else "list.hint"))
        parts = [part for part in listed.case.parts if part.aspect in LISTED]
        phone = phone_of(self.session, self.conversation)
        saved = self._say("list.made", day=self._day(checklist.created_at))
        blocks.append("\n".join([*foot_of(listed.answer, parts, self.language, phone), saved]))
        points = [
            self._choice(_title(number, point, ticked), "tick", checklist.id, point.mark)
            for number, point in enumerate(listed.points, start=1)
        ]
        self._write("\n\n".join(blocks), [*points, *self._onward(checklist)])

    def choose(self, kept: Sequence[Checklist]) -> None:
        """Ask which list to show."""
        self._write(self._say("list.which"), [*self._named(kept, "open"), *self._ways_on()])

    def full(self, kept: Sequence[Checklist], most: int) -> None:
        """Say that there is no room for another list."""
        buttons = [*self._named(kept, "open"), *self._ways_on()]
        self._write(self._say("list.full", count=str(most)), buttons)

    def none(self) -> None:
        """Say that there is no list, and how one comes to be."""
        self._write(self._say("list.none", button=self._say("button.save")), self._services())

    def gone(self) -> None:
        """Say that a list is there no longer."""
        self._write(self._say("list.gone"), self._services())

    def dropped(self) -> None:
        """Say that a list was deleted."""
        self._write(self._say("list.dropped"), self._services())

    def give_sheet(self, checklist: Checklist, link: str) -> None:
        """Give the address of a list's sheet."""
        until = self._day(self.now + LINK_LASTS)
        back = self._choice(self._say("button.my_checklist"), "open", checklist.id)
        self._write(self._say("list.card", link=link, day=until), [back, *self._ways_on()])

    def _points(self, listed: ListedCase, ticked: set[str]) -> Iterator[str]:
        numbered = list(enumerate(listed.points, start=1))
        for aspect in LISTED:
            lines = [
                f"{DONE if point.mark in ticked else OPEN} {number}. {point.words}"
                for number, point in numbered
                if point.aspect is aspect
            ]
            if lines:
                yield "\n".join([text(f"guide_topics.aspect.{aspect}", self.language), *lines])

    def _onward(self, checklist: Checklist) -> list[ReplyButton]:
        card, drop = (
            self._choice(self._say(f"button.{what}"), what, checklist.id) for what in ("card", "drop")
        )
        topic, case = checklist.content.get("topic"), checklist.content.get("case")
        back = ReplyButton(
            title=_cut(text(f"bot.button.intent_ask_{topic}", self.language)),
            payload=f'/ask_{topic}{{"choice": "{case}"}}',
            lasting=True,
        )
        return [card, back, drop, *self._ways_on()]

    def _named(self, kept: Sequence[Checklist], what: str) -> list[ReplyButton]:
        return [self._choice(_cut(self._name(each)), what, each.id) for each in kept]

    def _name(self, checklist: Checklist) -> str:
        """Name a list by its case, which tells lists of one topic apart."""
        topic, case = checklist.content.get("topic"), checklist.content.get("case")
        option = f"guide_topics.{topic}.{case}.option"
        return text(option if has(option) else f"bot.button.intent_ask_{topic}", self.language)

    def _services(self) -> list[ReplyButton]:
        services = ReplyButton(
            title=text("bot.button.services", self.language),
            payload='/ask_menu{"choice": "services"}',
            lasting=True,
        )
        return [services, *self._ways_on()]

    def _ways_on(self) -> list[ReplyButton]:
        ways = (("bot.button.intent_ask_human", "/ask_human"), ("bot.button.menu", "/ask_menu"))
        return [
            ReplyButton(title=text(key, self.language), payload=payload, lasting=True)
            for key, payload in ways
        ]

    def _choice(self, title: str, *parts: str) -> ReplyButton:
        payload = ":".join((f"{CHOICE_PAYLOAD}checklist", *parts))
        return ReplyButton(title=title, payload=payload, lasting=True)

    def _say(self, key: str, **values: str) -> str:
        return text(f"guide_steps.{key}", self.language, **values)

    def _day(self, moment: datetime) -> str:
        return long_day(day_in_italy(moment), self.language)

    def _write(self, words: str, buttons: Sequence[ReplyButton]) -> None:
        draft = Draft(Author.SYSTEM, words, buttons=buttons)
        write(self.session, self.conversation, draft, now=self.now)


def phone_of(session: Session, conversation: Conversation) -> str | None:
    """Return the telephone of the office that runs the chat, where it is known."""
    office = find_office(session, conversation.organisation_id)
    return office.phone if office is not None else None


def title_of(answer: GuideAnswer, option: str | None, language: str) -> str:
    """Name what a list is for: the topic and, where it has several, the case."""
    topic = text(f"bot.button.intent_ask_{answer.topic}", language)
    return f"{topic} – {option}" if option else topic


def foot_of(answer: GuideAnswer, parts: Sequence[GuidePart], language: str, phone: str | None) -> list[str]:
    """Return what stands below facts: the notes on their age and translation, their sources, their day."""
    lines = []
    if any(part.is_stale for part in parts) and phone:
        lines.append(text("guide_steps.stale_phone", language, phone=phone))
    elif any(part.is_stale for part in parts):
        lines.append(text("guide_steps.stale", language))
    if answer.call_first:
        lines.append(text("bot.guide_call_first", language))
    titles = {source.title: source.written for part in parts for source in part.sources}
    checked = long_day(answer.verified_on, language)
    if titles:
        sources = "; ".join(titles.values())
        lines.append(text("bot.guide_sources", language, sources=sources, checked=checked))
    else:
        lines.append(text("bot.guide_checked", language, checked=checked))
    return lines


def long_day(day: date, language: str) -> str:
    """Write a day in the words of a language: "3 marzo 2027"."""
    return format_date(day, "long", locale=language)


def _title(number: int, point: Point, ticked: set[str]) -> str:
    return _cut(f"{DONE if point.mark in ticked else OPEN} {number}. {point.words}")


def _cut(title: str) -> str:
    return title if len(title) <= _LONGEST_TITLE else f"{title[: _LONGEST_TITLE - 1].rstrip()}…"
