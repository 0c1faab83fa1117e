"""Slots: their names, what a form remembers about itself, and slots -> the wire's types.

The one place that knows slot names. A form's slots have values only while that form is in
progress: pausing moves them into the slot `paused_forms`, finishing empties them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date
from typing import Any, Literal

from rasa_sdk.events import ActiveLoop, SlotSet

from actions.care_slots import (
    CARE_REQUEST_MORE_SLOTS,
    CARE_REQUEST_SLOTS,
    CARE_WORK_MORE_SLOTS,
    CARE_WORK_SLOTS,
)
from actions.turn import Event, Turn
from backoffice.client.schemas import (
    FurtherAnswers,
    HousingFiguresRequest,
    HousingIntake,
    HousingOfferIntake,
    UnlawfulWish,
)

HOUSING_FORM = "housing_form"
CARE_WORK_FORM = "care_work_form"
CARE_REQUEST_FORM = "care_request_form"
OFFER_FORM = "offer_form"
RENT_FORM = "rent_form"
PAY_FORM = "pay_form"
NOTICE_FORM = "notice_form"
CONFIRMED = "confirmed"

WISHES = "offer_wishes"
"""What an owner wished that the law forbids: `[{"ground": ..., "words": ...}]`; it outlives a pause."""

OFFER_BEGAN = "offer_began_at"
"""When the offer of a home was begun, as ISO 8601 has it: pictures sent since then show the home."""

PAY_BELOW = "pay_below"
"""What the desk reads of a pay below the minimum, if the person wants it to; it outlives the form."""

PAY = "pay"
"""The choice of the button that tells the desk."""

MORE = "more_answers"
"""Whether somebody answers more than they have to: `yes`, or `enough` once they have had enough."""

MORE_SLOTS = (
    "near",
    "step_free",
    "furnished",
    "working_since",
    "net_income_eur_month",
    "guarantor",
    "permit",
    "permit_expires_on",
    "present_home",
    "leaving_reason",
    "eviction_on",
)
"""What is asked then; all of it may be skipped."""

FURTHER = "further_answers"
"""The answers to questions that an administrator added: `{"set": <version>, "answers": {<code>: ...}}`."""

FORM_SLOTS: Mapping[str, tuple[str, ...]] = {
    HOUSING_FORM: (
        "municipalities",
        "people",
        "minors",
        "rooms",
        "budget_eur_month",
        "move_in_from",
        "employment",
        "housing_needs",
        "person_name",
        "person_phone",
        MORE,
        *MORE_SLOTS,
        CONFIRMED,
    ),
    CARE_WORK_FORM: (*CARE_WORK_SLOTS, MORE, *CARE_WORK_MORE_SLOTS, CONFIRMED),
    CARE_REQUEST_FORM: (*CARE_REQUEST_SLOTS, MORE, *CARE_REQUEST_MORE_SLOTS, CONFIRMED),
    OFFER_FORM: (
        "home_municipality",
        "rent_eur_month",
        "expenses_eur_month",
        "home_rooms",
        "max_people",
        "available_from",
        "furnishing",
        "contract_type",
        "home_note",
        "person_name",
        "person_phone",
        "contact_agreed",
        CONFIRMED,
    ),
    RENT_FORM: ("rent_eur_month", "expenses_eur_month", "deposit_eur", "agency", "agency_fee_eur"),
    PAY_FORM: (
        "work_done",
        "trained",
        "lives_in",
        "hours_week",
        "night_work",
        "years_with_family",
        "board",
        "paid_per",
        "paid_eur",
        "pay_month",
    ),
    NOTICE_FORM: ("ended_by", "hours_week", "years_with_family", "after_maternity"),
}
"""What each form asks, in order."""

FORM_INTENT: Mapping[str, str] = {
    HOUSING_FORM: "search_housing",
    CARE_WORK_FORM: "register_care_worker",
    CARE_REQUEST_FORM: "hire_care_worker",
    OFFER_FORM: "offer_housing",
    RENT_FORM: "count_rent",
    PAY_FORM: "count_pay",
    NOTICE_FORM: "count_notice",
}
"""The intent that begins each form, and that goes on with a paused one."""

MENU_FORMS = (HOUSING_FORM, CARE_WORK_FORM, CARE_REQUEST_FORM)
"""The forms that the menu offers; the others begin with what somebody writes, or with another answer."""

Origin = Literal["typed", "button"]
"""How the person gave an answer; staff read it in a hand-off's summary."""

PauseReason = Literal["stopped", "left", "sent"]
"""`sent`: it was sent, and its person may tell more later."""


@dataclass(frozen=True)
class Progress:
    """What a form remembers between turns besides the answers (slot `form_progress`).

    `misses` counts the answers in a row that did not fit the question `missed`. `choosing` is a
    question that takes several choices and whose person has not said "done". `submission` is the
    turn of a submission whose outcome is unknown: the next try repeats it under the same key.
    `unclear` are the answers that may have been meant, by question.
    """

    form: str
    skipped: tuple[str, ...] = ()
    origins: Mapping[str, Origin] = field(default_factory=dict)
    missed: str | None = None
    misses: int = 0
    choosing: str | None = None
    submission: str | None = None
    unclear: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def with_answer(self, slot: str, origin: Origin) -> Progress:
        """Note that a question was answered."""
        skipped = tuple(name for name in self.skipped if name != slot)
        # A confirmation changes no answer: a submission whose outcome is unknown stays the same one.
        submission = self.submission if slot == CONFIRMED else None
        missed, misses = (None, 0) if self.missed == slot else (self.missed, self.misses)
        origins = {**self.origins, slot: origin}
        return replace(
            self, skipped=skipped, origins=origins, submission=submission, missed=missed, misses=misses
        )

    def with_skip(self, slot: str) -> Progress:
        """Note that the person does not want to answer, or does not know."""
        left = self.with_choosing(slot, False)
        return replace(left, skipped=(*self.skipped, slot), submission=None)

    def with_choosing(self, slot: str, is_choosing: bool) -> Progress:
        """Note whether the person is still adding choices to a question."""
        other = None if self.choosing == slot else self.choosing
        return replace(self, choosing=slot if is_choosing else other)

    def with_unclear(self, slot: str, meant: tuple[str, ...]) -> Progress:
        """Note which answers may have been meant; none when it is clear now."""
        others = {name: codes for name, codes in self.unclear.items() if name != slot}
        return replace(self, unclear={**others, slot: meant} if meant else others)

    def reopened(self, slot: str) -> Progress:
        """Note that a question is to be asked again."""
        return replace(self, skipped=tuple(s for s in self.skipped if s != slot), submission=None)

    def with_miss(self, slot: str) -> Progress:
        """Count one more answer that did not fit."""
        return replace(self, missed=slot, misses=self.misses + 1 if self.missed == slot else 1)

    def event(self) -> Event:
        """Return the event that keeps it."""
        return slot_set("form_progress", asdict(self))


def read_progress(slots: Mapping[str, Any], form: str) -> Progress:
    """Return what the form remembers, or an empty progress when another form or none was running."""
    kept = slots.get("form_progress")
    if not isinstance(kept, dict) or kept.get("form") != form:
        return Progress(form)
    known = {name: kept[name] for name in (f.name for f in fields(Progress)) if name in kept}
    unclear = {slot: tuple(meant) for slot, meant in (known.get("unclear") or {}).items()}
    return Progress(**{**known, "skipped": tuple(known.get("skipped", ())), "unclear": unclear})


@dataclass(frozen=True)
class PausedForm:
    """A form that was left before its end, with its answers (slot `paused_forms`, by form)."""

    form: str
    reason: PauseReason
    answers: Mapping[str, Any]
    progress: Mapping[str, Any]


def read_paused(slots: Mapping[str, Any]) -> dict[str, PausedForm]:
    """Return the forms that wait to be taken up again, by name, the one that was left last at the end.

    A form that was cut off, because a mediator took the conversation over, waits as well.
    """
    kept = slots.get("paused_forms")
    entries = (
        [entry for entry in kept.values() if entry.get("form") in FORM_SLOTS]
        if isinstance(kept, dict)
        else []
    )
    paused = {e["form"]: PausedForm(e["form"], e["reason"], e["answers"], e["progress"]) for e in entries}
    cut_off = running_form(slots)
    if cut_off is not None:
        paused.pop(cut_off, None)
        paused[cut_off] = snapshot(slots, cut_off, "left")
    return paused


def waiting_forms(slots: Mapping[str, Any]) -> list[str]:
    """Return the forms that were left before they were sent, the one that was left last at the end."""
    return [form for form, entry in read_paused(slots).items() if entry.reason != "sent"]


def running_form(slots: Mapping[str, Any]) -> str | None:
    """Return the form whose answers stand in the slots."""
    progress = slots.get("form_progress")
    form = progress.get("form") if isinstance(progress, dict) else None
    return form if form in FORM_SLOTS else None


def keep_paused(paused: Mapping[str, PausedForm]) -> Event:
    """Return the event that keeps the forms that wait."""
    return slot_set("paused_forms", {form: asdict(entry) for form, entry in paused.items()} or None)


def snapshot(slots: Mapping[str, Any], form: str, reason: PauseReason) -> PausedForm:
    """Return the form as it can be taken up later."""
    answers = {name: slots.get(name) for name in FORM_SLOTS[form] if name != CONFIRMED}
    kept = {name: value for name, value in answers.items() if value is not None}
    if slots.get(FURTHER) is not None and kept:
        kept[FURTHER] = slots[FURTHER]
    return PausedForm(form, reason, kept, asdict(read_progress(slots, form)))


def leave_form(turn: Turn, reason: PauseReason) -> list[Event]:
    """Return the events that end the running form and keep its answers for later."""
    form = turn.active_form
    if form is None or form not in FORM_SLOTS:
        return []
    paused = read_paused(turn.slots)
    left = snapshot(turn.slots, form, reason)
    paused.pop(form, None)
    if left.answers:
        paused[form] = left
    return [keep_paused(paused), *clear_form(form), ActiveLoop(None), slot_set("requested_slot", None)]


def clear_form(form: str) -> list[Event]:
    """Return the events that empty a form's slots."""
    return [slot_set(name, None) for name in (*FORM_SLOTS[form], FURTHER, "form_progress")]


def slot_set(name: str, value: object) -> Event:
    """Return the event that sets a slot; tuples become lists, as they are after a way through JSON."""
    event: Event = SlotSet(name, list(value) if isinstance(value, tuple) else value)
    return event


def housing_intake(slots: Mapping[str, Any]) -> HousingIntake:
    """Return what a household that looks for a home was asked.

    Raises:
        pydantic.ValidationError: the form is not finished.
    """
    return HousingIntake(
        municipalities=slots.get("municipalities") or [],
        budget_eur_month=slots["budget_eur_month"],
        people=slots["people"],
        minors=0 if slots["people"] == 1 else slots.get("minors"),
        rooms=slots.get("rooms"),
        move_in_from=_date(slots.get("move_in_from")),
        employment=slots.get("employment"),
        needs=slots.get("housing_needs"),
        near=slots.get("near") or [],
        step_free=slots.get("step_free"),
        furnished=slots.get("furnished"),
        working_since=_date(slots.get("working_since")),
        net_income_eur_month=slots.get("net_income_eur_month"),
        guarantor=slots.get("guarantor"),
        permit=slots.get("permit"),
        permit_expires_on=_date(slots.get("permit_expires_on")),
        present_home=slots.get("present_home"),
        leaving_reason=slots.get("leaving_reason"),
        eviction_on=_date(slots.get("eviction_on")),
    )


def housing_offer_intake(slots: Mapping[str, Any]) -> HousingOfferIntake:
    """Return what an owner who offers a home was asked.

    Raises:
        pydantic.ValidationError: the form is not finished.
    """
    contract = slots.get("contract_type")
    return HousingOfferIntake(
        municipality=slots["home_municipality"],
        rent_eur_month=slots["rent_eur_month"],
        expenses_eur_month=slots.get("expenses_eur_month"),
        rooms=slots["home_rooms"],
        max_people=slots.get("max_people"),
        available_from=_date(slots.get("available_from")),
        furnishing=slots.get("furnishing"),
        contract_types=[contract] if contract else [],
        note=slots.get("home_note"),
        contact_agreed=slots.get("contact_agreed") == "yes",
    )


def unlawful_wishes(slots: Mapping[str, Any]) -> list[UnlawfulWish]:
    """Return what an owner wished that the law forbids."""
    return [UnlawfulWish.model_validate(wish) for wish in slots.get(WISHES) or ()]


def rent_figures_request(slots: Mapping[str, Any]) -> HousingFiguresRequest:
    """Return the figures of a contract that somebody wants to understand."""
    return HousingFiguresRequest(
        rent_eur_month=slots["rent_eur_month"],
        expenses_eur_month=slots.get("expenses_eur_month") or 0,
        deposit_eur=slots.get("deposit_eur"),
        agency_fee_eur=slots.get("agency_fee_eur") if slots.get("agency") == "yes" else None,
    )


def further_answers(slots: Mapping[str, Any]) -> FurtherAnswers | None:
    """Return what was answered beyond the form, or None where nothing was."""
    kept = slots.get(FURTHER)
    if not isinstance(kept, dict) or not kept.get("answers"):
        return None
    return FurtherAnswers(set_id=kept["set"], answers=kept["answers"])


def heard_entities(slots: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """Return the values that the person gave before it was clear what for, as (entity, value)."""
    for entry in slots.get("heard") or ():
        yield str(entry["entity"]), str(entry["value"])


def _date(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None
