from __future__ import annotations

import unicodedata
from datetime import date

import pytest

from actions.case_status import TellCaseStatus
from actions.needs import APPOINTMENT_TOPICS, NEEDS
from actions.office import TellOffice
from actions.reception import DeleteMyData, RegisterNeed
from actions.replies import Replies, _folded
from actions.services_guide import AnswerGuide
from actions.step import Step
from backoffice.appointment.chat import TOPICS
from backoffice.case.needs import Need
from backoffice.client.errors import BackofficeUnavailable, NotFound
from backoffice.client.schemas import (
    AppointmentSaid,
    AppointmentSentence,
    CaseType,
    OfficeContact,
    OwnCase,
    Phase,
    ReplyButton,
)
from tests.actions.fakes import NOW, FakeBackoffice, guide_answer
from tests.actions.trackers import act, tracker


def test_the_guide_tells_the_next_step_and_the_dated_source() -> None:
    said = act(AnswerGuide, tracker("ask_tax_code", "codice fiscale?"))
    assert "Notizie su tax_code." in said.text
    assert "Vai allo sportello." in said.text
    assert "Agenzia delle Entrate (2025)" in said.text
    assert "23 novembre 2026" in said.text
    assert said.payloads == ['/ask_tax_code{"choice": "where"}', "/ask_human", "/ask_menu"]


def test_an_answer_past_its_date_says_call_first() -> None:
    backoffice = FakeBackoffice()
    backoffice.guide = guide_answer(call_first=True)
    assert act(AnswerGuide, tracker("ask_tax_code", "cf?"), backoffice).says("bot.guide_call_first")


def test_a_topic_that_the_guide_lacks_leads_to_a_person() -> None:
    backoffice = FakeBackoffice()
    backoffice.failure = NotFound(404, "Not found")
    said = act(AnswerGuide, tracker("ask_tax_code", "cf?"), backoffice)
    assert said.says("bot.guide_unknown")
    assert "/ask_human" in said.payloads


@pytest.mark.parametrize(
    ("step", "intent", "key"),
    [
        (AnswerGuide, "ask_asylum", "bot.guide_unavailable"),
        (TellOffice, "ask_office", "bot.office_unavailable"),
        (TellCaseStatus, "ask_case_status", "bot.status_unavailable"),
        (RegisterNeed, "book_appointment", "bot.need_not_registered"),
    ],
)
def test_without_the_backoffice_the_person_is_told_and_can_go_on(
    step: type[Step], intent: str, key: str
) -> None:
    backoffice = FakeBackoffice()
    backoffice.failure = BackofficeUnavailable("down")
    said = act(step, tracker(intent, "..."), backoffice)
    assert said.says(key)
    assert "Riprova" in said.titles
    assert "/ask_human" in said.payloads


def test_the_office_tells_what_is_known_and_what_is_not() -> None:
    backoffice = FakeBackoffice()
    said = act(TellOffice, tracker("ask_office", "dove siete?"), backoffice)
    assert "via Goldaniga, Crema" in said.text
    assert said.says("bot.office_ask_rest")
    backoffice.office = OfficeContact(
        name="Sportello",
        address="via X",
        phone="0373 1",
        hours="lunedì 9-12",
        source=None,
        verified_on=date(2026, 11, 1),
    )
    said = act(TellOffice, tracker("ask_office", "dove siete?"), backoffice)
    assert "0373 1" in said.text
    assert "lunedì 9-12" in said.text
    assert not said.says("bot.office_ask_rest")


def test_the_status_names_number_subject_and_phase() -> None:
    backoffice = FakeBackoffice()
    backoffice.cases = [
        OwnCase(
            number="A-1", type=CaseType.HOUSING, phase=Phase.DELIVERY, opened_at=NOW, assignee_name="Anna"
        )
    ]
    said = act(TellCaseStatus, tracker("ask_case_status", "la mia richiesta?"), backoffice)
    assert "Hai 1 richiesta:" in said.text
    assert all(part in said.text for part in ("A-1", "ricerca di una casa", "ci stiamo lavorando", "Anna"))


def test_of_a_private_case_the_number_alone_is_told() -> None:
    backoffice = FakeBackoffice()
    backoffice.cases = [OwnCase.private("A-1")]
    said = act(TellCaseStatus, tracker("ask_case_status", "la mia richiesta?"), backoffice)
    assert said.text.endswith("Numero A-1. Di questa richiesta ti parla solo una persona dello sportello.")
    assert "/ask_human" in said.payloads


def test_who_has_no_request_is_shown_the_menu() -> None:
    said = act(TellCaseStatus, tracker("ask_case_status", "la mia richiesta?"))
    assert said.says("bot.status_none")
    assert "/search_housing" in said.payloads


def test_every_subject_and_phase_can_be_told() -> None:
    for kind in CaseType:
        for phase in Phase:
            backoffice = FakeBackoffice()
            own = OwnCase(number="A-1", type=kind, phase=phase, opened_at=NOW, assignee_name=None)
            backoffice.cases = [own]
            assert "A-1" in act(TellCaseStatus, tracker("ask_case_status", "?"), backoffice).text


@pytest.mark.parametrize("intent", [intent for intent in NEEDS if intent != "delete_my_data"])
def test_a_need_is_registered_in_the_persons_words_and_its_number_told(intent: str) -> None:
    backoffice = FakeBackoffice()
    said = act(RegisterNeed, tracker(intent, "domani mattina"), backoffice)
    assert "2026-0001" in said.text
    request = backoffice.receptions[0]
    assert request.need == NEEDS[intent]
    assert request.note is not None
    assert request.note.endswith("domani mattina")
    assert backoffice.keys == ["turn-1:action_register_need"]


@pytest.mark.parametrize("intent", ["book_appointment", "cancel_appointment"])
def test_where_a_desk_takes_bookings_the_backoffice_s_buttons_are_shown_instead(intent: str) -> None:
    backoffice = FakeBackoffice()
    button = ReplyButton(title="Documenti", payload="choice:appointment:topic:documents", lasting=True)
    backoffice.appointment_said = AppointmentSaid(
        said=[AppointmentSentence(text="Di che cosa vuoi parlare?", buttons=[button])]
    )
    said = act(RegisterNeed, tracker(intent, "domani mattina"), backoffice)
    assert said.text == "Di che cosa vuoi parlare?"
    assert said.payloads == [button.payload]
    assert backoffice.receptions == []
    assert [asked.changes for asked in backoffice.appointments] == [intent == "cancel_appointment"]


@pytest.mark.parametrize(
    ("before", "topic"), [("ask_residence_permit", "documents"), ("ask_benefits", None), ("greet", None)]
)
def test_what_was_asked_before_an_appointment_is_its_topic(before: str, topic: str | None) -> None:
    backoffice = FakeBackoffice()
    act(
        RegisterNeed,
        tracker("book_appointment", "vorrei un appuntamento", earlier=[(before, {})]),
        backoffice,
    )
    assert [asked.topic for asked in backoffice.appointments] == [topic]


def test_every_need_is_a_code_of_the_backoffice() -> None:
    assert set(NEEDS.values()) <= {need.value for need in Need}
    assert set(APPOINTMENT_TOPICS.values()) <= {need.value for need in TOPICS}


def test_the_same_turn_twice_registers_one_need() -> None:
    backoffice = FakeBackoffice()
    for _ in range(2):
        act(RegisterNeed, tracker("book_appointment", "domani"), backoffice)
    assert len(backoffice.receptions) == 1


def test_a_need_that_is_registered_already_is_told_with_its_number() -> None:
    backoffice = FakeBackoffice()
    slots = {"registered_needs": {"book_appointment": "A-1"}}
    said = act(RegisterNeed, tracker("book_appointment", "domani", slots=slots), backoffice)
    assert "A-1" in said.text
    assert backoffice.receptions == []
    again = tracker("book_appointment", entities=[("choice", "new")], slots=slots)
    act(RegisterNeed, again, backoffice)
    assert len(backoffice.receptions) == 1


def test_a_need_that_is_only_guessed_is_asked_back_and_keeps_its_words() -> None:
    backoffice = FakeBackoffice()
    likely = ["cancel_appointment", "inform", "ask_citizenship", "ask_office"]
    guessed = tracker("cancel_appointment", "can I change my name?", confidence=0.5, ranking=likely)
    asked_back = act(RegisterNeed, guessed, backoffice)
    assert asked_back.says("bot.did_you_mean")
    assert asked_back.payloads == ["/cancel_appointment", "/ask_citizenship", "/nlu_fallback"]
    assert backoffice.receptions == []
    before: list[tuple[str, dict[str, object]]] = [("cancel_appointment", {})]
    pressed = tracker("cancel_appointment", earlier=before, said_earlier="can I change my name?")
    act(RegisterNeed, pressed, backoffice)
    assert str(backoffice.receptions[0].note).endswith("can I change my name?")


def test_deleting_that_cannot_be_registered_can_be_tried_again() -> None:
    backoffice = FakeBackoffice()
    backoffice.failure = BackofficeUnavailable("down")
    said = act(DeleteMyData, tracker("delete_my_data", entities=[("choice", "yes")]), backoffice)
    assert said.says("bot.need_not_registered")
    assert '/delete_my_data{"choice": "yes"}' in said.payloads


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("হ্যাঁ!", "হ্যাঁ"),
        ("ভালো, কাজ।", "ভালো কাজ"),
        ("ਹਾਂ ਜੀ।", "ਹਾਂ ਜੀ"),
        ("Sì, PERÒ", "si pero"),
        ("شُكْرًا، نعم", "شكرا نعم"),
        ("好的，谢谢！", "好 的 谢 谢"),
    ],
)
def test_typed_words_are_compared_without_case_accents_and_marks_but_with_their_vowels(
    text: str, expected: str
) -> None:
    assert _folded(text) == unicodedata.normalize("NFKD", expected)


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("it", "mi chiamo Fatou Diop, grazie", "Fatou Diop"),
        ("zh", "我叫王小明", "王小明"),
        ("zh", "我的名字是李娜 谢谢", "李娜"),
        ("ur", "میرا نام احمد رضا ہے", "احمد رضا"),
        ("bn", "আমার নাম রহিম উদ্দিন", "রহিম উদ্দিন"),
    ],
)
def test_a_name_is_taken_out_of_its_sentence(language: str, text: str, expected: str) -> None:
    replies = Replies(language)
    opened = replies.without_opening(text, "name_opening")
    assert replies.without_closing(opened, "name_closing") == expected
