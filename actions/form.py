"""A form, one turn at a time: `validate_<form>` reads the answer and asks the next question.

Rasa runs this action whenever the form runs: when it begins, after each message, and after a rule
has answered an interruption. It returns no slot for a message that a rule shall answer: Rasa then
rejects the form for this turn and comes back to it afterwards (reliability.md 1.2, row 16: all
branching is here, none in rules by slots). It asks itself, so that a turn costs one call, not two.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

from actions.amounts import NumberQuestion, bare_number, lone_count
from actions.choices import ChoiceQuestion
from actions.client import Backoffice
from actions.draft import Draft, open_draft
from actions.further import FurtherSets
from actions.interruption import ALWAYS, ANSWERS, SURE, interrupts
from actions.menu import topic_button
from actions.needs import LEAVES_IF_SURE
from actions.questions import Hearing, Question, Reading
from actions.replies import ROME, Button, Replies, payload
from actions.slots import (
    CONFIRMED,
    FORM_INTENT,
    FORM_SLOTS,
    FURTHER,
    Origin,
    Progress,
    clear_form,
    heard_entities,
    keep_paused,
    read_paused,
    read_progress,
    running_form,
    slot_set,
)
from actions.step import Clock, Step
from actions.summary import line, summary
from actions.turn import Entity, Event, Turn

SILENT_AFTER = frozenset(
    {
        "action_goodbye",
        "action_submit_housing",
        "action_submit_care_work",
        "action_submit_care_request",
        "action_submit_offer",
        "action_tell_notice",
        "action_tell_pay",
        "action_tell_rent_figures",
    }
)
"""Actions after which the open question is not repeated: they have said how to go on."""

WORDS_OF_A_REMARK = 3

SKIPS = {"skip": "skip", "rather_not": "rather_not"}
"""The buttons whose words, typed, leave a question out."""


class FormStep(Step):
    """One form: its questions in order, and what is shown before sending."""

    form: ClassVar[str]
    questions: ClassVar[tuple[Question, ...]]

    def __init__(self, backoffice: Backoffice, clock: Clock) -> None:
        super().__init__(backoffice, clock)
        self._sets = FurtherSets(backoffice)

    def is_needed(self, question: Question, answers: Mapping[str, Any]) -> bool:
        """Tell whether a question makes sense after the other answers."""
        return True

    def consistent(self, answers: dict[str, Any]) -> dict[str, Any]:
        """Return the answers without one that a later answer has made impossible."""
        return answers

    async def act(self, turn: Turn, replies: Replies) -> list[Event]:
        """Take the message into the form, unless a rule is to answer it."""
        if self.form in turn.activated and not turn.done:
            return await self._begin(turn, replies)
        answers, progress = dict(self._answers(turn.slots)), read_progress(turn.slots, self.form)
        draft = await self._draft(answers, progress, turn.slots.get(FURTHER), replies)
        if turn.done:
            if not SILENT_AFTER & set(turn.done) and "awaiting" not in turn.set_now:
                self._ask(turn, draft, replies)
            return [slot_set("requested_slot", self._next_slot(draft))]
        readings = self._read(turn, draft, replies)
        asked = draft.question(turn.requested_slot)
        if not readings and _says_change(turn, replies):
            named = self._named(turn, draft, replies)
            is_answered = named is not None and not draft.is_open(named)
            if turn.requested_slot == CONFIRMED or (is_answered and not (asked and asked.free_text)):
                return self._correct(turn, draft, replies, named)
        if interrupts(
            turn,
            asked,
            own_intent=FORM_INTENT[self.form],
            asks=replies.is_question(turn.text),
            has_values=_has_values(turn, readings),
            is_offered=_is_offered(asked, readings),
            is_title=_is_title(turn, asked, replies),
        ):
            return []
        return self._answer(turn, draft, replies, readings)

    def has_answered(self, events: list[Event]) -> bool:
        """Without a slot Rasa gives the message to a rule, and a slot of ours would stop that."""
        return bool(events)

    # --- Beginning ------------------------------------------------------------------------------

    async def _begin(self, turn: Turn, replies: Replies) -> list[Event]:
        draft, events = await self._first_draft(turn, replies)
        resumed = bool(draft.answers)
        heard = tuple(Entity(name, value) for name, value in heard_entities(turn.slots))
        turn = replace(turn, entities=heard + turn.entities, requested_slot=None)
        replies.say(f"bot.{self.form}_resumed" if resumed else f"bot.{self.form}_start")
        draft = self._take(turn, draft, replies, self._read(turn, draft, replies))
        return [*events, slot_set("heard", None), *self._save(turn, draft, replies)]

    async def _first_draft(self, turn: Turn, replies: Replies) -> tuple[Draft, list[Event]]:
        """Return the form empty, or as it was paused; a form that was running is paused instead of it."""
        waiting = read_paused(turn.slots)
        running = running_form(turn.slots)
        events = clear_form(running) if running is not None and running != self.form else []
        paused = waiting.pop(self.form, None)
        events.append(keep_paused(waiting))
        wants_resumed = turn.value("choice") == "resume" or (
            paused is not None and paused.reason != "stopped"
        )
        if paused is None or not wants_resumed:
            return await self._draft({}, Progress(self.form), None, replies, begins=True), events
        progress = read_progress({"form_progress": dict(paused.progress)}, self.form)
        progress, answers = replace(progress, misses=0, missed=None), dict(paused.answers)
        kept = answers.pop(FURTHER, None)
        return await self._draft(answers, progress, kept, replies, begins=True), events

    async def _draft(
        self,
        answers: dict[str, Any],
        progress: Progress,
        kept: Any,
        replies: Replies,
        *,
        begins: bool = False,
    ) -> Draft:
        """Return the form with the questions that an administrator added.

        `kept` says which version this form asks; one that begins takes up the version of now. A form that
        began without any goes on without: nobody is asked more after the summary.
        """
        set_id = kept["set"] if isinstance(kept, dict) else None
        further = None
        if set_id is not None or begins:
            further = await self._sets.find(self.form, replies.language, set_id)
        return open_draft(self.questions, answers, progress, further, kept)

    # --- Answers --------------------------------------------------------------------------------

    def _answer(
        self, turn: Turn, draft: Draft, replies: Replies, readings: Mapping[str, Reading]
    ) -> list[Event]:
        if turn.intent == "correct":
            return self._correct(turn, draft, replies, draft.question(turn.value("field")))
        if turn.requested_slot == CONFIRMED and not readings:
            named = self._named(turn, draft, replies)
            if named is not None or turn.intent == "deny":
                return self._correct(turn, draft, replies, named)
        if not readings and (turn.intent == "skip" or replies.code_typed(turn.text, SKIPS)):
            return self._skip(turn, draft, replies)
        draft = self._take(turn, draft, replies, readings)
        if self._was_missed(turn, draft, readings):
            draft = self._miss(turn, draft, replies, readings)
        return self._save(turn, draft, replies)

    def _read(self, turn: Turn, draft: Draft, replies: Replies) -> dict[str, Reading]:
        """Return what the message answers, by question; a bare number answers only what was asked."""
        asked = draft.question(turn.requested_slot)
        if asked is not None and asked.stands_alone:
            alone = asked.read(self._hearing(turn, draft, replies, asked))
            if not alone.is_empty:
                return {asked.slot: alone}
        only_asked = bare_number(turn.text) is not None or (
            isinstance(asked, NumberQuestion) and lone_count(turn) is not None
        )
        readings = {}
        for question in draft.questions:
            if only_asked and question.slot != turn.requested_slot:
                continue
            reading = question.read(self._hearing(turn, draft, replies, question))
            if not reading.is_empty:
                readings[question.slot] = reading
        if len(readings) > 1:
            # "yes, but there are five of us" changes an answer; it does not send the form.
            readings.pop(CONFIRMED, None)
        return readings

    def _take(self, turn: Turn, draft: Draft, replies: Replies, readings: Mapping[str, Reading]) -> Draft:
        """Put the readings into the form and say what was understood beyond the question."""
        answers, progress = dict(draft.answers), draft.progress
        origin: Origin = "button" if turn.is_button else "typed"
        for slot, reading in readings.items():
            for remark in reading.remarks:
                replies.say_text(remark.text, buttons=remark.buttons)
            if reading.skipped:
                progress = progress.with_skip(slot)
            if reading.value is not None:
                answers[slot] = reading.value
                progress = progress.with_answer(slot, origin)
            progress = progress.with_choosing(slot, reading.choosing).with_unclear(slot, reading.unclear)
        self._acknowledge(turn, draft, replies, readings)
        asked_back = {s for s, r in readings.items() if r.value is None and any(m.buttons for m in r.remarks)}
        answers = self.consistent(answers)
        return replace(draft, answers=answers, progress=progress, asked_back=frozenset(asked_back))

    def _acknowledge(
        self, turn: Turn, before: Draft, replies: Replies, readings: Mapping[str, Reading]
    ) -> None:
        """Say what was understood beyond the question, and what replaced an earlier answer."""
        noted: list[str] = []
        changed: list[str] = []
        for question in before.questions:
            reading = readings.get(question.slot)
            known = before.answers.get(question.slot)
            if (
                reading is None
                or reading.value in (None, known)
                or reading.choosing
                or question.slot == CONFIRMED
                or question.is_silent
            ):
                continue
            if known is not None and not before.is_open(question):
                changed.append(line(question, reading.value, replies, before=known))
            elif question.slot != turn.requested_slot:
                noted.append(line(question, reading.value, replies))
        for key, lines in (("bot.noted", noted), ("bot.changed", changed)):
            if lines:
                replies.say_text("\n".join([replies.text(key), *lines]))

    def _skip(self, turn: Turn, draft: Draft, replies: Replies) -> list[Event]:
        asked = draft.question(turn.requested_slot)
        if asked is None or asked.slot == CONFIRMED:
            return self._save(turn, draft, replies)
        if asked.optional:
            draft = replace(draft, progress=draft.progress.with_skip(asked.slot))
            return self._save(turn, draft, replies)
        return self._save(turn, self._miss(turn, draft, replies, {}), replies)

    def _was_missed(self, turn: Turn, draft: Draft, readings: Mapping[str, Reading]) -> bool:
        asked = draft.question(turn.requested_slot)
        if asked is None or turn.intent == FORM_INTENT[self.form]:
            return False
        reading = readings.get(asked.slot)
        has_answer = reading is not None and (
            reading.value is not None or reading.skipped or reading.choosing
        )
        return draft.is_open(asked) and not has_answer and (reading is not None or not readings)

    def _miss(self, turn: Turn, draft: Draft, replies: Replies, readings: Mapping[str, Reading]) -> Draft:
        """Count the miss; say why the first time, and explain in other words the second."""
        slot = turn.requested_slot or ""
        progress = draft.progress.with_miss(slot)
        question = draft.question(slot)
        if question is not None and (progress.misses > 1 or turn.intent == "ask_menu"):
            replies.say_text(question.help(replies))
        elif not readings and turn.intent in LEAVES_IF_SURE:
            replies.say("bot.did_you_mean", buttons=[topic_button(replies, turn.intent)])
        elif not readings:
            replies.say("bot.answer_needed" if turn.intent == "skip" else "bot.answer_not_understood")
        return replace(draft, progress=progress)

    # --- Correcting -----------------------------------------------------------------------------

    def _named(self, turn: Turn, draft: Draft, replies: Replies) -> Question | None:
        """Return the question whose short name was typed: "change the rent"."""
        titles = {question.slot: f"field_{question.slot}" for question in draft.questions}
        named = draft.question(replies.code_typed(turn.text, titles))
        added = (question for question in draft.questions if question.is_named(turn.text, replies))
        return named or next(added, None)

    def _correct(self, turn: Turn, draft: Draft, replies: Replies, question: Question | None) -> list[Event]:
        if question is None or question.slot == CONFIRMED:
            fields = [q for q in draft.questions if q.slot != CONFIRMED and self._can_correct(q, draft)]
            choices = [Button(q.label(replies), payload("correct", field=q.slot)) for q in fields]
            ways_out = [
                replies.button("confirmed_send", payload("inform", field=CONFIRMED, choice="send")),
                replies.button("cancel", payload("stop")),
            ]
            replies.say("bot.which_to_correct", buttons=[*choices, *ways_out])
            return [draft.progress.event(), slot_set("requested_slot", CONFIRMED)]
        answers = {**draft.answers, question.slot: None}
        draft = replace(draft, answers=answers, progress=draft.progress.reopened(question.slot))
        return self._save(turn, draft, replies)

    def _can_correct(self, question: Question, draft: Draft) -> bool:
        is_known = draft.answers.get(question.slot) is not None
        return not question.is_silent and (is_known or self.is_needed(question, draft.answers))

    # --- Asking ---------------------------------------------------------------------------------

    def _save(self, turn: Turn, draft: Draft, replies: Replies) -> list[Event]:
        """Ask what is open and return the slots as they now are; nothing open ends the form."""
        self._ask(turn, draft, replies)
        answers = {name: draft.answers.get(name) for name in FORM_SLOTS[self.form]}
        return [
            *(slot_set(name, value) for name, value in answers.items()),
            *([slot_set(FURTHER, draft.further.kept(draft.answers))] if draft.further else []),
            draft.progress.event(),
            slot_set("requested_slot", self._next_slot(draft)),
        ]

    def _ask(self, turn: Turn, draft: Draft, replies: Replies) -> None:
        question = draft.question(self._next_slot(draft))
        if question is None or question.slot in draft.asked_back:
            return
        hearing = self._hearing(turn, draft, replies, question)
        if question.slot == CONFIRMED:
            asked = [q for q in draft.questions if q is not question and not q.is_silent]
            text = summary(asked, draft.answers, replies, who_sees=f"bot.{self.form}_who_sees")
            offered = question.offer(hearing)
            text = f"{text}\n\n{offered}" if offered else text
            replies.say_text(text, buttons=question.buttons(hearing))
            return
        buttons = question.buttons(hearing)
        if question.optional and draft.progress.choosing != question.slot:
            buttons.append(question.skip_button(replies))
        buttons += question.extra_buttons(hearing)
        if draft.progress.missed == question.slot and draft.progress.misses > 1:
            buttons.append(replies.button("human", payload("ask_human")))
        more = draft.progress.choosing == question.slot
        replies.say_text(question.ask_now(hearing, more=more), buttons=buttons)

    def _next_slot(self, draft: Draft) -> str | None:
        open_questions = (q for q in draft.questions if draft.is_open(q) and self.is_needed(q, draft.answers))
        return next((question.slot for question in open_questions), None)

    def _answers(self, slots: Mapping[str, Any]) -> Mapping[str, Any]:
        return {name: slots.get(name) for name in FORM_SLOTS[self.form]}

    def _hearing(self, turn: Turn, draft: Draft, replies: Replies, question: Question) -> Hearing:
        return Hearing(
            turn=turn,
            replies=replies,
            today=self.clock().astimezone(ROME).date(),
            asked=question.slot == turn.requested_slot,
            answers=draft.answers,
            choosing=draft.progress.choosing == question.slot,
            unclear=draft.progress.unclear.get(question.slot, ()),
        )


def _says_change(turn: Turn, replies: Replies) -> bool:
    """Tell whether something of the summary is to be changed, in the words of its button."""
    is_topic = turn.intent not in ANSWERS and turn.confidence >= SURE
    if turn.intent in ALWAYS or (is_topic and replies.is_question(turn.text)):
        return False
    return replies.code_typed(turn.text, {"correct": "correct"}) is not None


def _is_offered(asked: Question | None, readings: Mapping[str, Reading]) -> bool:
    """Tell whether the message says in words what one of the question's buttons says."""
    reading = readings.get(asked.slot) if asked is not None else None
    return reading is not None and (isinstance(asked, ChoiceQuestion) or reading.skipped)


def _is_title(turn: Turn, asked: Question | None, replies: Replies) -> bool:
    """Tell whether the message is the title of one of the question's buttons and nothing else."""
    return isinstance(asked, ChoiceQuestion) and any(
        replies.is_typed(turn.text, f"{asked.slot}_{code}") for code in asked.codes
    )


def _has_values(turn: Turn, readings: Mapping[str, Reading]) -> bool:
    """Tell whether the form can use something; a short remark ("in Milan") counts, a long one may be talk."""
    if any(reading.value is not None for reading in readings.values()):
        return True
    return bool(readings) and len(turn.text.split()) <= WORDS_OF_A_REMARK
