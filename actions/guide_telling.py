"""What is said of a topic of the guide, in small steps: texts with their sources, and the buttons onward."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from actions.guide_positions import ALL, OPTIONS, OTHERS, Position
from actions.menu import topic_button, way_on_buttons
from actions.places import where_button
from actions.replies import ROME, Button, Replies
from backoffice.client.schemas import GuideAnswer, GuideAspect, GuideCase, GuidePart, GuideSource

OPENING = (GuideAspect.WHO, GuideAspect.BRING)
"""What a case begins with; all else waits for its button."""

LISTED = (GuideAspect.BRING, GuideAspect.STEPS)
"""What a checklist is made of."""

SAVE = "choice:checklist:save"
"""What the backoffice does when "Save as a checklist" is pressed (`backoffice.checklist`)."""


def first_case(answer: GuideAnswer) -> GuideCase | None:
    """Return the case that is asked about before anything else."""
    return next((case for case in answer.cases if case.asked_first), None)


def opening_parts(case: GuideCase) -> list[GuidePart]:
    """Return what is told of a case at once: who and what to bring, else its first part; and who helps."""
    opening = [part for part in case.parts if part.aspect in OPENING]
    others = [part for part in case.parts if part.aspect not in (*OPENING, GuideAspect.PERSON)]
    persons = [part for part in case.parts if part.aspect is GuideAspect.PERSON]
    return [*(opening or others[:1]), *persons]


@dataclass(frozen=True)
class Telling:
    """A topic's answer that is told through these replies. `phone`: the office's, where it is known."""

    answer: GuideAnswer
    replies: Replies
    phone: str | None = None

    @property
    def topic(self) -> str:
        """The topic."""
        return self.answer.topic

    def short(self) -> None:
        """Tell the short answer, the next step and where it is from."""
        step = self.replies.text("bot.guide_next_step", step=self.answer.next_step)
        foot = self._foot(self.answer.sources, is_stale=self.answer.is_stale)
        self.replies.say_text(
            "\n\n".join([self.answer.text, step, *foot]),
            buttons=[where_button(self.replies, self.topic), *way_on_buttons(self.replies)],
        )

    def ask_first(self, case: GuideCase) -> None:
        """Ask whether the case applies that is asked first."""
        yes = Button(case.option or "", Position(self.topic, case.name).payload, lasting=True)
        no = self._button("not_eu", Position(self.topic, OTHERS))
        self.replies.say("guide_steps.eu_first", buttons=[yes, no, *way_on_buttons(self.replies)])

    def ask(self, *, leave_out: GuideCase | None = None) -> None:
        """Put the topic's question, an answer to a button."""
        options = [
            Button(case.option or "", Position(self.topic, case.name).payload, lasting=True)
            for case in self.answer.cases
            if case is not leave_out
        ]
        self.replies.say_text(self.answer.ask or "", buttons=[*options, *way_on_buttons(self.replies)])

    def open(self, case: GuideCase) -> None:
        """Tell what a case begins with."""
        told = opening_parts(case)
        self._say([case.option] if case.option else [], told, self._onward(case, told))

    def part(self, case: GuideCase, part: GuidePart, *, after: Sequence[str] = ()) -> None:
        """Tell one part; `after`: sentences that belong to it."""
        self._say([], [part], self._onward(case, [part]), after=after)

    def everything(self, case: GuideCase) -> None:
        """Tell all parts of a case."""
        self._say([case.option] if case.option else [], case.parts, self._onward(case, case.parts))

    def say(
        self,
        case: GuideCase,
        sentences: Sequence[str],
        part: GuidePart,
        *,
        person_first: bool = False,
    ) -> None:
        """Say sentences that stand on a part's sources."""
        buttons = self._onward(case, [part], person_first=person_first)
        foot = self._foot(part.sources, is_stale=False)
        self.replies.say_text("\n\n".join([*sentences, *foot]), buttons=buttons)

    def _say(
        self,
        title: Iterable[str],
        parts: Sequence[GuidePart],
        buttons: list[Button],
        *,
        after: Sequence[str] = (),
    ) -> None:
        blocks = [
            part.text if part.aspect is GuideAspect.PERSON else f"{self._name(part)}\n{part.text}"
            for part in parts
        ]
        sources = {source.title: source for part in parts for source in part.sources}
        foot = self._foot(list(sources.values()), is_stale=any(part.is_stale for part in parts))
        self.replies.say_text("\n\n".join([*title, *blocks, *foot, *after]), buttons=buttons)

    def _onward(
        self, case: GuideCase, told: Sequence[GuidePart], *, person_first: bool = False
    ) -> list[Button]:
        """Return the ways on from a case: its other parts, another case, a checklist, a person, the menu."""
        opening = opening_parts(case)
        left = [part for part in case.parts if part not in told and part not in opening]
        buttons = [
            Button(self._name(part), Position(self.topic, case.name, part.aspect).payload, lasting=True)
            for part in left
        ]
        if len(left) > 1 or (left and list(told) != opening):
            buttons.append(self._button("all", Position(self.topic, case.name, ALL)))
        if any(part.aspect in LISTED for part in case.parts):
            save = self.replies.text("guide_steps.button.save")
            buttons.append(Button(save, f"{SAVE}:{self.topic}:{case.name}", lasting=True))
        if not any(part.aspect is GuideAspect.WHERE for part in left):
            buttons.append(where_button(self.replies, self.topic))
        if len(self.answer.cases) > 1:
            buttons.append(self._button("other_case", Position(self.topic, OPTIONS)))
        person, menu = topic_button(self.replies, "ask_human"), way_on_buttons(self.replies)[-1]
        if person_first or any(part.aspect is GuideAspect.PERSON for part in told):
            return [person, *buttons, menu]
        return [*buttons, person, menu]

    def _foot(self, sources: Sequence[GuideSource], *, is_stale: bool) -> list[str]:
        """Return what stands below a fact: the notes on its age and its translation, its sources, its day."""
        replies, lines = self.replies, self._copied()
        if is_stale and self.phone:
            lines.append(replies.text("guide_steps.stale_phone", phone=self.phone))
        elif is_stale:
            lines.append(replies.text("guide_steps.stale"))
        if self.answer.call_first:
            lines.append(replies.text("bot.guide_call_first"))
        checked = replies.day(self.answer.verified_on)
        if sources:
            named = "; ".join(source.written for source in sources)
            lines.append(replies.text("bot.guide_sources", sources=named, checked=checked))
        else:
            lines.append(replies.text("bot.guide_checked", checked=checked))
        return lines

    def _copied(self) -> list[str]:
        """Say of which day the copy is that answers while the backoffice is away."""
        if self.answer.copied_at is None:
            return []
        day = self.replies.day(self.answer.copied_at.astimezone(ROME).date())
        return [self.replies.text("guide_copy.from_copy", day=day)]

    def _name(self, part: GuidePart) -> str:
        return self.replies.text(f"guide_topics.aspect.{part.aspect}")

    def _button(self, key: str, position: Position) -> Button:
        return Button(self.replies.text(f"guide_steps.button.{key}"), position.payload, lasting=True)
