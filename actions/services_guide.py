"""An answer of the services guide, and the walk from there: by buttons, or in words that name one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from actions.guide_dates import Standing, day_said, work_out
from actions.guide_positions import ALL, OPTIONS, OTHERS, Awaited, Position, read_awaited, read_choice
from actions.guide_telling import Telling, first_case
from actions.menu import way_on_buttons
from actions.places import asks_where, take_town, tell_where
from actions.replies import ROME, Button, Replies
from actions.slots import slot_set
from actions.step import Step
from actions.turn import Event, Turn
from backoffice.client.errors import BackofficeClientError, NotFound
from backoffice.client.schemas import GuideAnswer, GuideAspect, GuideCase, GuidePart

_SHORTEST_WORDS = 3
"""Of an option's words so many letters at least are taken for it: "no" stands in too much."""


class HearGuide(Step):
    """What every action can do that may be given the answer to a question of the guide."""

    async def hear_guide(self, turn: Turn, replies: Replies) -> list[Event] | None:
        """Go on in the guide with a typed answer; None where none was awaited, or it is none."""
        awaited = read_awaited(turn.slots.get("awaiting"))
        if awaited is None or turn.is_button or turn.active_form or "awaiting" not in turn.set_before:
            return None
        try:
            answer = await self.backoffice.read_guide(awaited.position.topic, turn.language)
        except BackofficeClientError:
            return None  # what was typed is then answered as if nothing had been asked
        telling = await self.telling(answer, replies)
        case = _case(answer, awaited.position.case)
        part = _dated(case)
        if case is not None and part is not None and awaited.position.part:
            return self._hear_day(turn, telling, case, part, awaited)
        position = _position_meant(turn, answer, replies, awaited.position)
        return None if position is None else self.go(turn, telling, position)

    async def hear_guide_or_town(self, turn: Turn, replies: Replies) -> list[Event] | None:
        """Go on with a typed answer as `hear_guide`, or with the town whose places were asked for."""
        heard = await self.hear_guide(turn, replies)
        return heard if heard is not None else await take_town(self.backoffice, turn, replies)

    async def telling(self, answer: GuideAnswer, replies: Replies) -> Telling:
        """Return what tells an answer; the office's telephone is asked for where a text is stale."""
        stale = answer.is_stale or any(part.is_stale for case in answer.cases for part in case.parts)
        if not stale:
            return Telling(answer, replies)
        try:
            office = await self.backoffice.read_office(replies.language)
        except BackofficeClientError:
            return Telling(answer, replies)
        return Telling(answer, replies, office.phone)

    def go(self, turn: Turn, telling: Telling, position: Position) -> list[Event]:
        """Tell what stands at a position; one that is there no longer leads to the topic's question."""
        answer = telling.answer
        first, case = first_case(answer), _case(answer, position.case)
        if case is not None:
            return self._tell_case(turn, telling, case, position)
        if first is not None and position.case not in (OTHERS, OPTIONS):
            telling.ask_first(first)
            return _awaits(turn, Position(answer.topic))
        if position.case != OPTIONS or answer.ask is None:
            telling.short()
        if answer.ask is None:
            for only in answer.cases:
                telling.open(only)
            return _awaits(turn, Position(answer.topic, answer.cases[0].name) if answer.cases else None)
        telling.ask(leave_out=first if position.case == OTHERS else None)
        return _awaits(turn, Position(answer.topic, OPTIONS))

    def _tell_case(self, turn: Turn, telling: Telling, case: GuideCase, position: Position) -> list[Event]:
        part = next((part for part in case.parts if part.aspect == position.part), None)
        if position.part == ALL:
            telling.everything(case)
        elif part is None:
            telling.open(case)
        elif part.date is not None and not turn.active_form:
            ask = telling.replies.text(f"guide_steps.date.{part.date.name}.ask")
            write = telling.replies.text("guide_steps.date.write")
            telling.part(case, part, after=[f"{ask} {write}"])
            return _awaits(turn, Position(telling.topic, case.name, part.aspect))
        else:
            telling.part(case, part)
        return _awaits(turn, Position(telling.topic, case.name))

    def tell_day(self, turn: Turn, telling: Telling, case: GuideCase, part: GuidePart, day: date) -> None:
        """Tell by when to act, or that it is late, or that only a person can tell."""
        assert part.date is not None
        found = work_out(part.date, day, today=self.today())
        told = found.told(part.date, telling.replies)
        telling.say(case, [told], part, person_first=found.standing is Standing.OVER)

    def today(self) -> date:
        """Return the day in Italy."""
        return self.clock().astimezone(ROME).date()

    def _hear_day(
        self, turn: Turn, telling: Telling, case: GuideCase, part: GuidePart, awaited: Awaited
    ) -> list[Event] | None:
        day = day_said(turn, today=self.today())
        if day is not None:
            self.tell_day(turn, telling, case, part, day)
            return _awaits(turn, awaited.position)  # another day may follow: "and if it ends in May?"
        position = _position_meant(turn, telling.answer, telling.replies, awaited.position)
        if position is not None:
            return self.go(turn, telling, position)
        if turn.intent == "skip":
            telling.part(case, part)
            return _awaits(turn, Position(telling.topic, case.name))
        if awaited.again or turn.intent not in ("inform", "nlu_fallback", f"ask_{telling.topic}"):
            return None
        telling.say(case, [telling.replies.text("guide_steps.date.unreadable")], part, person_first=True)
        return [slot_set("awaiting", awaited.position.awaited(again=True))]


class AnswerGuide(HearGuide):
    """Tells what the guide knows of a topic, and of a case in it, step by step."""

    action_name = "action_answer_guide"

    async def act(self, turn: Turn, replies: Replies) -> list[Event]:
        """Answer the topic of the intent where button or words lead, or tell where it is dealt with."""
        topic = turn.intent.removeprefix("ask_")
        if asks_where(turn):
            return await tell_where(self.backoffice, turn, replies, topic)
        heard = await self.hear_guide(turn, replies)
        if heard is not None:
            return heard
        position = read_choice(topic, turn.value("choice"))
        try:
            answer = await self.backoffice.read_guide(topic, turn.language)
        except NotFound:
            replies.say("bot.guide_unknown", buttons=way_on_buttons(replies))
            return []
        except BackofficeClientError:
            again = Button(replies.text("bot.button.retry"), position.payload, lasting=True)
            replies.say("bot.guide_unavailable", buttons=[again, *way_on_buttons(replies)])
            return []
        telling = await self.telling(answer, replies)
        return self._begin(turn, telling, position)

    def _begin(self, turn: Turn, telling: Telling, position: Position) -> list[Event]:
        if turn.is_button:
            return self.go(turn, telling, position)
        said = telling.replies.code_worded(turn.text, _options(telling.answer, telling.replies))
        if said is not None:
            return self.go(turn, telling, Position(telling.topic, said))
        ending, day = _ending(telling.answer), day_said(turn, today=self.today())
        if ending is not None and day is not None and day != self.today():  # "now" says when to help
            case, part = ending
            self.tell_day(turn, telling, case, part, day)
            return _awaits(turn, Position(telling.topic, case.name))
        return self.go(turn, telling, position)


def _case(answer: GuideAnswer, name: str) -> GuideCase | None:
    return next((case for case in answer.cases if case.name == name), None)


def _dated(case: GuideCase | None) -> GuidePart | None:
    return next((part for part in case.parts if part.date), None) if case else None


def _ending(answer: GuideAnswer) -> tuple[GuideCase, GuidePart] | None:
    """Return the case that counts back from a day: "my permit expires in 40 days"."""
    found = ((case, part) for case in answer.cases for part in case.parts)
    return next(((c, part) for c, part in found if part.date and part.date.due_days < 0), None)


def _options(answer: GuideAnswer, replies: Replies) -> dict[str, str]:
    """Return the words of each option by the position that it leads to."""
    options = {case.name: case.option for case in answer.cases if case.option}
    if first_case(answer) is not None:
        options[OTHERS] = replies.text("guide_steps.button.not_eu")
    return options


def _position_meant(turn: Turn, answer: GuideAnswer, replies: Replies, asked: Position) -> Position | None:
    """Return the position that a typed answer means: an option, or a part of the case that was told last."""
    option = _option_meant(turn, answer, replies, asked)
    case = _case(answer, asked.case)
    if option is not None or case is None or _opens_another_topic(turn, answer):
        return option
    names = {
        part.aspect.value: replies.text(f"guide_topics.aspect.{part.aspect}")
        for part in case.parts
        if part.aspect is not GuideAspect.PERSON
    }
    part = replies.code_worded(turn.text, names)
    return Position(answer.topic, case.name, part) if part else None


def _opens_another_topic(turn: Turn, answer: GuideAnswer) -> bool:
    return turn.intent.startswith("ask_") and turn.intent != f"ask_{answer.topic}"


def _option_meant(turn: Turn, answer: GuideAnswer, replies: Replies, asked: Position) -> Position | None:
    """Return the position that the typed answer to a question means.

    Yes and no count where one case is asked about. Otherwise an option's words, or a part of them that no
    other option has. Where the message opens another topic, it has to be an option and nothing else.
    """
    first, options = first_case(answer), _options(answer, replies)
    meant = {"affirm": first.name, "deny": OTHERS}.get(turn.intent) if first else None
    if meant and asked == Position(answer.topic):
        return Position(answer.topic, meant)
    named = replies.code_worded(turn.text, options)
    part = _named_in_part(turn.text, options, replies)
    if _opens_another_topic(turn, answer):
        named, part = (named if named == part else None), None
    found = named or part
    return Position(answer.topic, found) if found else None


def _named_in_part(typed: str, options: Mapping[str, str], replies: Replies) -> str | None:
    """Return the only option in whose words the typed ones stand."""
    if len(typed.strip()) < _SHORTEST_WORDS and typed.isascii():
        return None  # two Chinese characters are a word
    found = [code for code, words in options.items() if replies.code_worded(words, {"typed": typed})]
    return found[0] if len(found) == 1 else None


def _awaits(turn: Turn, position: Position | None) -> list[Event]:
    """Return the event that keeps what is asked; inside a form the form's own question is what waits."""
    if turn.active_form:
        return []
    return [slot_set("awaiting", position.awaited() if position else None)]
