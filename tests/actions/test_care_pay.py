"""Am I paid right? The form step by step, and the answer as each language writes it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from actions.care_pay import WORK_DONE, PayForm, TellPay
from actions.reception import RegisterNeed
from actions.slots import PAY_FORM
from actions.sums import written_sum
from backoffice.care_figures.answers import care_pay as reckon
from backoffice.client.errors import BackofficeUnavailable
from backoffice.client.schemas import (
    CarePay,
    CarePayRequest,
    CareStep,
    DomesticTask,
    NightKind,
    PayPeriod,
    PayVerdict,
)
from tests.actions.fakes import FakeBackoffice, care_pay
from tests.actions.trackers import Outcome, act, tracker
from translations.catalog import has, text
from translations.languages import SUPPORTED

NBSP = "\N{NO-BREAK SPACE}"
ANSWERS: dict[str, Any] = {
    "work_done": "care_dependent",
    "trained": "no",
    "lives_in": "yes",
    "hours_week": 54,
    "night_work": "none",
    "years_with_family": 3,
    "board": "all",
    "paid_per": "month",
    "paid_eur": "1000",
    "pay_month": "2026-11-01",
}


def answer(asked: str, typed: str = "", *, known: dict[str, Any] | None = None, **message: Any) -> Outcome:
    progress = {"form": PAY_FORM, **message.pop("progress", {})}
    slots = {**(known or {}), "form_progress": progress}
    return act(PayForm, tracker(text=typed, slots=slots, form=PAY_FORM, asked=asked, **message))


def before(slot: str) -> dict[str, Any]:
    names = list(ANSWERS)
    return {name: ANSWERS[name] for name in names[: names.index(slot)]}


def told(backoffice: FakeBackoffice | None = None, *, language: str = "it", **changes: Any) -> Outcome:
    slots = {**ANSWERS, **changes, "form_progress": {"form": PAY_FORM}}
    at = tracker("deny", "no", slots=slots, language=language)
    return act(TellPay, at, backoffice or FakeBackoffice())


def test_it_begins_with_what_somebody_does_and_says_that_the_family_does_not_see_it() -> None:
    began = act(PayForm, tracker("count_pay", begins=PAY_FORM))
    assert began.says("bot.pay_form_start")
    assert "la famiglia non le vede" in began.text
    assert began.slots["requested_slot"] == "work_done"
    assert len(began.titles) == len(WORK_DONE)


@pytest.mark.parametrize(
    ("asked", "choice", "then"),
    [
        ("work_done", "care_dependent", "trained"),
        ("work_done", "babysitting", "lives_in"),
        ("trained", "no", "lives_in"),
        ("lives_in", "yes", "hours_week"),
        ("hours_week", "30", "night_work"),
        ("night_work", "presence", "years_with_family"),
        ("years_with_family", "2", "board"),
        ("board", "meals", "paid_per"),
        ("paid_per", "hour", "paid_eur"),
        ("pay_month", "2026-10-01", None),
    ],
)
def test_each_button_leads_to_the_next_question(asked: str, choice: str, then: str | None) -> None:
    said = answer(asked, known=before(asked), entities=[("field", asked), ("choice", choice)])
    assert said.slots["requested_slot"] == then


@pytest.mark.parametrize(
    ("language", "asked", "typed", "value"),
    [
        ("it", "work_done", "persona non autonoma", "care_dependent"),
        ("uk", "work_done", "діти", "babysitting"),
        ("es", "night_work", "solo presencia", "presence"),
        ("ar", "work_done", "تنظيف فقط", "cleaning"),
        ("bn", "board", "শুধু খাবার", "meals"),
        ("pa", "paid_per", "ਮਹੀਨੇ ਦੀ", "month"),
        ("ur", "night_work", "صرف موجودگی", "presence"),
        ("zh", "paid_per", "按小时", "hour"),
        ("ro", "work_done", "numai companie", "company"),
        ("sq", "board", "vetëm ushqim", "meals"),
        ("fr", "pay_month", "octobre 2026", "2026-10-01"),
        ("it", "pay_month", "3/2026", "2026-03-01"),
        ("ar", "hours_week", "٤٠", 40),
        ("bn", "paid_eur", "৯০০", "900"),
        ("en", "paid_eur", "about 1,193.84 euros", "1193.84"),
        ("it", "paid_eur", "1.050", "1050"),
    ],
)
def test_what_is_typed_in_own_words_is_heard(language: str, asked: str, typed: str, value: Any) -> None:
    said = answer(asked, typed, known=before(asked), language=language)
    assert said.slots[asked] == value


@pytest.mark.parametrize(
    ("language", "typed", "intent", "value"),
    [
        ("it", "Persona non autonoma", "ask_human", "care_dependent"),
        ("ro", "persoană autonomă", "ask_human", "care_self_sufficient"),
        ("ur", "خود مختار شخص", "report_emergency", "care_self_sufficient"),
        ("bn", "নিজে পারেন", "change_language", "care_self_sufficient"),
    ],
)
def test_the_title_of_a_button_asks_for_nobody_and_is_no_danger(
    language: str, typed: str, intent: str, value: str
) -> None:
    said = answer("work_done", typed, intent=intent, confidence=0.96, language=language)
    assert said.slots["work_done"] == value


@pytest.mark.parametrize("typed", ["voglio parlare con una persona", "aiuto, la persona autonoma mi picchia"])
def test_a_cry_for_help_leaves_the_form_although_it_names_an_answer(typed: str) -> None:
    intent = "report_emergency" if "aiuto" in typed else "ask_human"
    assert answer("work_done", typed, intent=intent, confidence=0.5).events == []


@pytest.mark.parametrize(
    ("asked", "typed", "key"),
    [
        ("hours_week", "0", "bot.hours_week_too_low"),
        ("hours_week", "200", "bot.hours_week_too_high"),
        ("years_with_family", "90", "bot.years_with_family_too_high"),
        ("paid_eur", "7", "bot.paid_eur_out"),
        ("pay_month", "1/1999", "bot.pay_month_far"),
        ("work_done", "boh mah", "bot.answer_not_understood"),
        ("paid_eur", "tra 900 e 1000", "bot.answer_not_understood"),
    ],
)
def test_what_cannot_be_is_asked_again(asked: str, typed: str, key: str) -> None:
    said = answer(asked, typed, known=before(asked))
    assert said.says(key)
    assert said.slots["requested_slot"] == asked


def test_whoever_does_not_say_the_pay_is_not_asked_for_the_sum() -> None:
    said = answer("paid_per", intent="skip", known=before("paid_per"))
    assert said.slots["requested_slot"] == "pay_month"


def test_who_does_not_know_of_a_certificate_has_none() -> None:
    said = answer("trained", intent="skip", known=before("trained"))
    assert (said.slots["trained"], said.slots["requested_slot"]) == ("no", "lives_in")


def test_a_changed_period_asks_for_the_sum_again() -> None:
    known = {**ANSWERS, "pay_month": None}
    said = answer("pay_month", known=known, entities=[("field", "paid_per"), ("choice", "hour")])
    assert said.slots["paid_per"] == "hour"
    assert (said.slots["paid_eur"], said.slots["requested_slot"]) == (None, "paid_eur")


def test_another_question_in_the_middle_is_left_to_its_rule() -> None:
    assert answer("hours_week", intent="ask_tax_code", known=before("hours_week")).events == []


def test_the_answers_become_terms_of_work_of_the_month() -> None:
    backoffice = FakeBackoffice()
    told(backoffice)
    [asked] = backoffice.pays
    assert (asked.on, asked.tasks) == (date(2026, 11, 1), [DomesticTask.CARE_DEPENDENT])
    assert (asked.live_in, asked.hours_week, asked.nights) == (True, 54, NightKind.NONE)
    assert (asked.dependent, asked.trained, asked.years_with_employer) == (True, False, Decimal(3))
    assert (asked.lunch, asked.lodging) == (True, True)
    assert (asked.paid_eur, asked.paid_per) == (Decimal(1000), PayPeriod.MONTH)


def test_what_was_skipped_is_not_made_up() -> None:
    backoffice = FakeBackoffice()
    said = told(
        backoffice,
        work_done="other_work",
        trained=None,
        paid_per=None,
        paid_eur=None,
        pay_month=None,
        board="none",
    )
    [asked] = backoffice.pays
    assert (asked.on, asked.tasks, asked.dependent, asked.trained) == (date(2026, 11, 23), [], None, None)
    assert (asked.paid_eur, asked.paid_per, asked.lunch, asked.lodging) == (None, None, False, False)
    assert not said.says("bot.pay_below_month")


def test_less_than_the_minimum_is_said_with_how_much_and_what_can_be_done() -> None:
    said = told()
    for part in (
        "novembre 2026",
        "Livello CS",
        f"1.193,84{NBSP}€ al mese",
        f"Ti pagano 1.000{NBSP}€",
        f"Mancano 193,84{NBSP}€",
        f"la tua parte, tolta dalla paga: 0,31{NBSP}€",
        f"290,16{NBSP}€",
        "• blogsicilia.it: 12 febbraio 2026",
        "• ratioquotidiano.it: febbraio 2026",
        "• domuscura.it: senza data",
        "I tuoi diritti valgono anche senza contratto",
        "non un consiglio",
    ):
        assert part in said.text
    assert "TFR, quando il lavoro finisce: chiedi allo sportello" in said.text
    assert '/report_work_problem{"choice": "pay"}' in said.payloads
    assert said.slots["paid_eur"] is None


def test_the_desk_reads_the_figures_only_of_who_wants_it_to() -> None:
    backoffice = FakeBackoffice()
    kept = {"pay_below": told(backoffice, language="bn").slots["pay_below"]}
    assert backoffice.receptions == []
    entities = [("choice", "pay")]
    known = {"registered_needs": {"report_work_problem": "2026-0009"}, **kept}
    act(RegisterNeed, tracker("report_work_problem", entities=entities, slots=known), backoffice)
    [sent] = backoffice.receptions
    for part in (f"riceve 1.000{NBSP}€ (Al mese)", f"minimo 1.193,84{NBSP}€", "Livello CS", "novembre 2026"):
        assert part in (sent.note or "")


def test_a_minimum_is_told_with_the_parts_that_it_was_made_of() -> None:
    backoffice = FakeBackoffice()
    steps = [
        ("table_minimum", "1193.84"),
        ("seniority", "47.75"),
        ("minimum", "1241.59"),
        ("thirteenth", "1000"),
    ]
    told_steps = [CareStep(code=code, amount=Decimal(amount)) for code, amount in steps]
    backoffice.pay = care_pay(minimum_eur=Decimal("1241.59"), steps=told_steps)
    said = told(backoffice).text
    assert f"• Nella tabella: 1.193,84{NBSP}€\n• Scatti di anzianità: 47,75{NBSP}€" in said
    backoffice.pay = care_pay(steps=told_steps[:1])
    assert "Nella tabella" not in told(backoffice).text


def test_enough_is_said_without_sending_anywhere() -> None:
    backoffice = FakeBackoffice()
    backoffice.pay = care_pay(verdict=PayVerdict.ENOUGH, short_eur=None)
    said = told(backoffice)
    assert "non è meno del minimo" in said.text
    assert not any("report_work_problem" in payload for payload in said.payloads)
    assert said.slots["pay_below"] is None


def test_what_no_source_gives_is_for_the_desk_with_its_telephone() -> None:
    backoffice = FakeBackoffice()
    backoffice.office = backoffice.office.model_copy(update={"phone": "0373 000000"})
    backoffice.pay = care_pay(
        level=None,
        minimum_eur=None,
        minimum_per=None,
        verdict=PayVerdict.UNKNOWN,
        short_eur=None,
        thirteenth_eur=None,
        contribution_eur_hour=None,
        table_from=None,
    )
    said = told(backoffice)
    for key in ("bot.pay_level_unknown", "bot.pay_minimum_unknown", "bot.pay_not_known"):
        assert said.says(key)
    assert "Tredicesima a dicembre: chiedi allo sportello" in said.text
    assert "0373 000000" in said.text


def test_a_minimum_of_which_a_part_is_unknown_says_that_the_true_one_is_higher() -> None:
    backoffice = FakeBackoffice()
    backoffice.pay = care_pay(minimum_is_least=True, hours_over=6, board_eur_day=Decimal("6.52"))
    said = told(backoffice)
    assert "il minimo vero è più alto" in said.text
    assert "il contratto ne permette 54" in said.text
    assert f"6,52{NBSP}€" in said.text


@pytest.mark.parametrize("language", SUPPORTED)
def test_every_language_writes_sums_months_and_days_as_it_does(language: str) -> None:
    said = told(language=language)
    written = {
        "en": "1,193.84", "zh": "1,193.84", "pa": "1,193.84", "ur": "1,193.84", "bn": "1,193.84",
        "ar": "1,193.84",
        "fr": "1\N{NARROW NO-BREAK SPACE}193,84", "uk": f"1{NBSP}193,84", "sq": f"1{NBSP}193,84",
    }  # fmt: skip
    assert f"{written.get(language, '1.193,84')}{NBSP}€" in said.text
    days = {"it": "12 febbraio 2026", "ar": "12 فبراير 2026", "zh": "2026年2月12日", "uk": "12 лютого 2026"}
    assert days.get(language, "2026") in said.text
    assert ".." not in said.text
    assert "{" not in said.text
    assert text("bot.pay_what_to_do", language) in said.text
    assert not set("٠١٢٣٤٥٦٧٨٩০১২৩৪৫৬৭৮৯੦੧੨੩੪੫੬੭੮੯۰۱۲۳۴۵۶۷۸۹") & set(said.text)


@pytest.mark.parametrize(
    ("changes", "parts"),
    [
        ({}, ["Livello CS", "1.241,59", "Scatti di anzianità: 47,75", "Mancano 241,59"]),
        ({"trained": "yes"}, ["Livello DS", "il minimo vero è più alto"]),
        ({"work_done": "cook"}, ["Livello C:", "non è nelle nostre fonti", "non so se basta"]),
        ({"pay_month": "2027-01-01"}, ["gennaio 2027", "nelle nostre fonti", "INPS: chiedi allo sportello"]),
        ({"paid_per": None, "paid_eur": None}, ["1.241,59", "Oltre alla paga:"]),
    ],
)  # fmt: skip
def test_the_figures_of_the_tables_are_told_as_they_stand(changes: dict[str, Any], parts: list[str]) -> None:
    class Reckoning(FakeBackoffice):
        async def work_out_care_pay(self, request: CarePayRequest) -> CarePay:
            return reckon(request)

    said = told(Reckoning(), **changes).text
    assert all(part in said for part in parts), said


def test_every_level_has_its_reason() -> None:
    assert all(has(f"bot.pay_level_{level}") for level in ("A", "AS", "B", "BS", "C", "CS", "D", "DS"))
    assert set(WORK_DONE) - {"other_work"} <= {task.value for task in DomesticTask}


def test_a_pay_that_cannot_be_worked_out_now_can_be_tried_again() -> None:
    backoffice = FakeBackoffice()
    backoffice.failure = BackofficeUnavailable("down")
    said = told(backoffice)
    assert said.says("bot.rent_unavailable")
    assert "/count_pay" in said.payloads


@pytest.mark.parametrize(
    ("typed", "sum"),
    [
        ("7,45", "7.45"), ("7.5 €", "7.50"), ("1.193,84", "1193.84"), ("1 193,84", "1193.84"),
        ("1'200", "1200"), ("٧٫٥", "7.50"), ("8,9,1", None), ("12345678", None), ("", None), ("7 o 8", None),
    ],
)  # fmt: skip
def test_a_sum_is_read_as_people_write_it(typed: str, sum: str | None) -> None:
    assert written_sum(typed) == (Decimal(sum) if sum else None)
