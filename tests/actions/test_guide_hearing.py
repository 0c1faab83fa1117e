"""What somebody types in the middle of the guide: an option in their words, a day, nonsense."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from actions.conversation import AskBack, AskPurpose, HearAnswer
from actions.guide_dates import Standing, work_out
from actions.guide_positions import OPTIONS, Position, read_awaited, read_choice
from actions.replies import Replies
from actions.services_guide import AnswerGuide
from actions.step import Step
from backoffice.client.errors import BackofficeUnavailable
from backoffice.client.schemas import GuideDate
from backoffice.guide.topics import read_guide
from tests.actions.fakes import NOW
from tests.actions.guide_walk import GuideBackoffice
from tests.actions.trackers import Outcome, act, tracker
from translations import catalog
from translations.languages import LANGUAGES

TODAY = NOW.date()
EXPIRY = GuideDate(name="permit_expiry", due_days=-60, late_days=60)
RENEWED = GuideDate(name="permit_renewed", due_days=60, late_days=None)
ASKED_EU = Position("residence_permit").awaited()
ASKED_NEED = Position("residence_permit", OPTIONS).awaited()
ASKED_EXPIRY = Position("residence_permit", "renew", "deadline").awaited()


def typed(
    step: type[Step],
    intent: str,
    text: str,
    awaiting: str,
    *,
    language: str = "it",
    day: date | None = None,
    backoffice: GuideBackoffice | None = None,
    form: str | None = None,
) -> Outcome:
    at = tracker(
        intent,
        text,
        entities=[("date", day.isoformat())] if day else [],
        slots={"awaiting": awaiting},
        earlier=[("ask_residence_permit", {"awaiting": awaiting})],
        language=language,
        form=form,
    )
    return act(step, at, backoffice or GuideBackoffice())


# --- The rule ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "by"),
    [
        (date(2027, 5, 2), date(2027, 3, 3)),
        (date(2027, 2, 10), date(2026, 12, 12)),  # across the year
        (date(2028, 4, 29), date(2028, 2, 29)),  # onto a leap day
        (date(2028, 2, 29), date(2027, 12, 31)),
        (date(2027, 4, 29), date(2027, 2, 28)),
    ],
)
def test_the_last_day_is_counted_back_from_the_day_of_expiry(day: date, by: date) -> None:
    found = work_out(EXPIRY, day, today=date(2026, 11, 23))
    assert (found.by, found.standing) == (by, Standing.BY)


@pytest.mark.parametrize(
    ("days_to_expiry", "standing"),
    [(61, Standing.BY), (60, Standing.BY), (59, Standing.LATE), (0, Standing.LATE), (-60, Standing.LATE),
     (-61, Standing.OVER)],
)  # fmt: skip
def test_the_last_day_itself_is_in_time_and_the_day_after_is_not(
    days_to_expiry: int, standing: Standing
) -> None:
    assert work_out(EXPIRY, TODAY + timedelta(days=days_to_expiry), today=TODAY).standing is standing


@pytest.mark.parametrize(("days_since", "standing"), [(60, Standing.BY), (61, Standing.OVER)])
def test_where_nothing_is_known_of_being_late_only_a_person_can_tell(
    days_since: int, standing: Standing
) -> None:
    assert work_out(RENEWED, TODAY - timedelta(days=days_since), today=TODAY).standing is standing


def test_every_rule_of_the_guide_has_its_sentences_in_every_language() -> None:
    rules = [
        part.date
        for entry in read_guide().topics.values()
        for case in entry.cases.values()
        for part in case.parts
        if part.date
    ]
    assert len(rules) >= 2
    for rule in rules:
        told = ("ask", "by", "over", *(["late"] if rule.late_days is not None else []))
        keys = [f"guide_steps.date.{rule.name}.{name}" for name in told]
        assert all(key in catalog.catalogue(language).forms for key in keys for language in LANGUAGES)


# --- A day that is typed ---------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_day_is_asked_and_the_last_day_told_in_every_language(language: str) -> None:
    replies = Replies(language)
    at = tracker("ask_residence_permit", entities=[("choice", "renew.deadline")], language=language)
    asked = act(AnswerGuide, at, GuideBackoffice())
    assert replies.text("guide_steps.date.permit_expiry.ask") in asked.text
    assert asked.slots["awaiting"] == ASKED_EXPIRY
    said = typed(AskPurpose, "inform", "2/5/2027", ASKED_EXPIRY, language=language)
    assert replies.day(date(2027, 3, 3)) in said.text
    assert "Piuculture" in said.text
    assert "/ask_human" in said.payloads


@pytest.mark.parametrize(
    ("step", "intent"),
    [(AskPurpose, "inform"), (AskBack, "nlu_fallback"), (AnswerGuide, "ask_residence_permit"),
     (AnswerGuide, "ask_citizenship"), (HearAnswer, "affirm")],
)  # fmt: skip
def test_a_day_is_heard_whatever_the_message_was_understood_as(step: type[Step], intent: str) -> None:
    said = typed(step, intent, "tra 40 giorni", ASKED_EXPIRY, day=TODAY + timedelta(days=40))
    assert said.says("guide_steps.date.permit_expiry.late")
    assert "3 marzo 2027" in said.text  # 60 days after the 2nd of January


@pytest.mark.parametrize("text", ["15/10/2026", "15.10.2026", "scaduto il 15-10-2026"])
def test_a_permit_that_has_ended_can_still_be_renewed_for_60_days(text: str) -> None:
    said = typed(AskPurpose, "inform", text, ASKED_EXPIRY)
    assert said.says("guide_steps.date.permit_expiry.late")
    assert "14 dicembre 2026" in said.text


def test_later_than_that_a_person_is_offered_first() -> None:
    said = typed(AskPurpose, "inform", "1/2/2026", ASKED_EXPIRY)
    assert said.says("guide_steps.date.permit_expiry.over")
    assert said.payloads[0] == "/ask_human"


def test_another_day_may_follow() -> None:
    assert typed(AskPurpose, "inform", "1/2/2026", ASKED_EXPIRY).slots["awaiting"] == ASKED_EXPIRY


@pytest.mark.parametrize(
    "text", ["boh", "31/02/2027", "99/99/9999", "1/1/1890", "1/1/3000", "???", "00/00/0000"]
)
def test_nonsense_is_asked_again_once_with_a_person_first_and_then_left(text: str) -> None:
    again = typed(AskPurpose, "inform", text, ASKED_EXPIRY)
    assert again.says("guide_steps.date.unreadable")
    assert again.payloads[0] == "/ask_human"
    then = typed(AskPurpose, "inform", text, again.slots["awaiting"])
    assert then.says("bot.what_for")


def test_who_does_not_know_the_day_hears_the_rule_without_the_question() -> None:
    said = typed(HearAnswer, "skip", "non lo so", ASKED_EXPIRY)
    assert "60 giorni prima" in said.text
    assert not said.says("guide_steps.date.permit_expiry.ask")
    assert "/ask_human" in said.payloads


def test_the_declaration_after_a_renewal_is_due_60_days_later() -> None:
    asked = Position("residency_registration", "renewed", "deadline").awaited()
    said = typed(AskPurpose, "inform", "3/11/2026", asked)
    assert said.says("guide_steps.date.permit_renewed.by")
    assert "2 gennaio 2027" in said.text
    assert typed(AskPurpose, "inform", "3/8/2026", asked).says("guide_steps.date.permit_renewed.over")


def test_a_first_message_that_names_the_day_is_answered_with_the_last_day() -> None:
    at = tracker("ask_residence_permit", "my permit expires in 100 days", language="en",
                 entities=[("date", (TODAY + timedelta(days=100)).isoformat())])  # fmt: skip
    said = act(AnswerGuide, at, GuideBackoffice())
    assert "January 2, 2027" in said.text or "2 January 2027" in said.text


def test_now_is_no_day_on_which_a_permit_ends() -> None:
    at = tracker("ask_residence_permit", "permesso adesso", entities=[("date", TODAY.isoformat())])
    assert act(AnswerGuide, at, GuideBackoffice()).says("guide_steps.eu_first")


def test_inside_a_form_no_day_is_asked_since_the_forms_own_question_waits() -> None:
    at = tracker("ask_residence_permit", entities=[("choice", "renew.deadline")], form="housing_form",
                 asked="people")  # fmt: skip
    said = act(AnswerGuide, at, GuideBackoffice())
    assert "60 giorni prima" in said.text
    assert not said.says("guide_steps.date.permit_expiry.ask")
    assert "awaiting" not in said.slots


# --- An option that is typed -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "text", "told"),
    [
        ("en", "I am an EU citizen", "you do not need"),
        ("en", "i am an eu citizen!", "you do not need"),
        ("it", "sono cittadino UE", "non ti serve"),
        ("zh", "我是欧盟公民", "不需要"),
        ("uk", "маю громадянство ЄС", "не потрібна"),
    ],
)
def test_an_option_in_its_own_words_picks_it(language: str, text: str, told: str) -> None:
    assert told in typed(AskBack, "nlu_fallback", text, ASKED_EU, language=language).text


def test_not_a_citizen_of_the_eu_is_not_taken_for_one() -> None:
    said = typed(AskBack, "nlu_fallback", "Non sono cittadino UE", ASKED_EU)
    assert "Di che cosa hai bisogno?" in said.text


def test_yes_and_no_answer_the_first_question_and_no_other() -> None:
    assert "non ti serve" in typed(HearAnswer, "affirm", "sì", ASKED_EU).text
    assert "Di che cosa hai bisogno?" in typed(HearAnswer, "deny", "no", ASKED_EU).text
    assert typed(HearAnswer, "affirm", "sì", ASKED_NEED).says("bot.what_now")


@pytest.mark.parametrize(
    ("text", "told"), [("rinnovo", "Il permesso vecchio"), ("primo", "più di 90 giorni")]
)
def test_a_part_of_an_options_words_is_enough_where_no_other_has_it(text: str, told: str) -> None:
    assert told in typed(AskBack, "nlu_fallback", text, ASKED_NEED).text


@pytest.mark.parametrize(
    ("step", "intent"), [(AnswerGuide, "ask_residence_permit"), (AskBack, "nlu_fallback")]
)
def test_a_part_is_picked_by_its_name_after_its_case_was_told(step: type[Step], intent: str) -> None:
    told = act(
        AnswerGuide, tracker("ask_residence_permit", entities=[("choice", "renew")]), GuideBackoffice()
    )
    said = typed(step, intent, "e quanto costa?", told.slots["awaiting"])
    assert "70,46 euro" in said.text
    other = typed(AnswerGuide, "ask_citizenship", "quanto costa la cittadinanza?", told.slots["awaiting"])
    assert other.payloads[-3].startswith("/ask_citizenship")


def test_words_that_several_options_have_pick_none() -> None:
    assert typed(AskBack, "nlu_fallback", "permesso", ASKED_NEED).says("bot.still_not_understood")


def test_another_topic_is_answered_although_an_option_stands_in_it() -> None:
    said = typed(AnswerGuide, "ask_citizenship", "dopo il rinnovo posso avere la cittadinanza?", ASKED_NEED)
    assert said.payloads[-3].startswith("/ask_citizenship")


def test_what_was_asked_longer_ago_waits_no_more() -> None:
    at = tracker("nlu_fallback", "rinnovo", slots={"awaiting": ASKED_NEED},
                 earlier=[("ask_residence_permit", {"awaiting": ASKED_NEED}), ("greet", {})])  # fmt: skip
    assert act(AskBack, at, GuideBackoffice()).says("bot.still_not_understood")


def test_a_hint_of_danger_goes_before_the_guide() -> None:
    at = tracker("nlu_fallback", "rinnovo", slots={"awaiting": ASKED_NEED}, ranking=["report_emergency"],
                 earlier=[("ask_residence_permit", {"awaiting": ASKED_NEED})])  # fmt: skip
    assert act(AskBack, at, GuideBackoffice()).says("bot.not_understood_twice")


def test_without_the_backoffice_a_typed_answer_is_treated_as_any_other_message() -> None:
    backoffice = GuideBackoffice()
    backoffice.failure = BackofficeUnavailable("down")
    said = typed(AskPurpose, "inform", "1/3/2027", ASKED_EXPIRY, backoffice=backoffice)
    assert said.says("bot.what_for")


def test_a_place_is_read_back_from_its_button_and_from_the_slot() -> None:
    position = Position("residence_permit", "renew", "cost")
    assert read_choice("residence_permit", "renew.cost") == position
    awaited = read_awaited(position.awaited(again=True))
    assert awaited is not None
    assert (awaited.position, awaited.again) == (position, True)
    assert read_awaited("delete_my_data") is None
    assert read_awaited(None) is None
