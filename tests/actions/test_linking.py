"""One person in two chats: what is offered, asked and answered."""

from __future__ import annotations

import pytest
from rasa_sdk import Tracker

from actions.conversation import AskBack, AskPurpose
from actions.linking import LinkAccount
from actions.menu import ShowMenu
from actions.step import Step
from backoffice.client.errors import BackofficeUnavailable, Conflict
from tests.actions.fakes import FakeBackoffice
from tests.actions.trackers import act, tracker


def pressed(choice: str, **about: object) -> Tracker:
    return tracker("link_account", "/link_account", entities=[("choice", choice)], **about)  # type: ignore[arg-type]  # passed through


def given(code: str, **about: object) -> Tracker:
    return tracker("link_account", "/link_account", entities=[("code", code)], **about)  # type: ignore[arg-type]  # passed through


def asked_for_a_code(intent: str, text: str) -> Tracker:
    earlier = [("link_account", {"awaiting": "link_code"})]
    return tracker(intent, text, slots={"awaiting": "link_code"}, earlier=earlier)


def test_the_menu_leads_to_the_three_ways() -> None:
    assert "/link_account" in act(ShowMenu, tracker("ask_menu")).payloads
    said = act(LinkAccount, tracker("link_account", "/link_account"))
    assert said.says("bot.link_choices")
    assert said.titles[:3] == ["Dammi un codice", "Ho un codice", "Sono un'altra persona"]


def test_a_code_is_given_in_two_halves_that_are_easy_to_copy() -> None:
    said = act(LinkAccount, pressed("give"))
    assert "AB2C-D3EF" in said.text


def test_attack_4_a_chat_that_was_silent_gives_no_code() -> None:
    backoffice = FakeBackoffice()
    backoffice.failure = Conflict(409, "Conflict", code="persons.error.chat_silent")
    assert act(LinkAccount, pressed("give"), backoffice).says("bot.status_locked")


def test_a_right_code_links_and_shows_the_way_to_the_requests() -> None:
    backoffice = FakeBackoffice()
    said = act(LinkAccount, given("AB2CD3EF"), backoffice)
    assert said.says("bot.link_done")
    assert "/ask_case_status" in said.payloads
    assert backoffice.typed_codes == ["AB2CD3EF"]


def test_a_link_that_was_opened_links_nothing_before_a_yes() -> None:
    backoffice = FakeBackoffice()
    opened = tracker("link_account", "/link_account", entities=[("code", "AB2CD3EF"), ("choice", "opened")])
    said = act(LinkAccount, opened, backoffice)
    assert said.says("web.link_question")
    assert '/link_account{"code": "AB2CD3EF"}' in said.payloads
    assert backoffice.typed_codes == []


def test_a_wrong_code_gets_one_answer_with_a_person_as_the_way_out() -> None:
    said = act(LinkAccount, given("22222ABC"))
    assert said.says("bot.link_refused")
    assert "/ask_human" in said.payloads


@pytest.mark.parametrize(("step", "intent"), [(AskBack, "nlu_fallback"), (AskPurpose, "inform")])
def test_whatever_is_typed_where_a_code_was_asked_for_is_tried(step: type[Step], intent: str) -> None:
    backoffice = FakeBackoffice()
    assert act(LinkAccount, pressed("have")).slots["awaiting"] == "link_code"
    said = act(step, asked_for_a_code(intent, "AB2C D3E"), backoffice)
    assert backoffice.typed_codes == ["AB2C D3E"]
    assert said.says("bot.link_refused")
    assert said.slots["awaiting"] is None


def test_without_the_question_a_text_is_no_code() -> None:
    backoffice = FakeBackoffice()
    act(AskBack, tracker("nlu_fallback", "AB2C D3E"), backoffice)
    assert backoffice.typed_codes == []


def test_another_person_begins_only_after_a_yes() -> None:
    backoffice = FakeBackoffice()
    said = act(LinkAccount, pressed("other"), backoffice)
    assert said.says("bot.link_other_question")
    assert backoffice.begun_anew == []
    said = act(LinkAccount, pressed("other_yes"), backoffice)
    assert said.says("bot.link_begun")
    assert len(backoffice.begun_anew) == 1


@pytest.mark.parametrize("choice", ["give", "other_yes"])
def test_without_the_backoffice_it_is_said_and_a_person_is_offered(choice: str) -> None:
    backoffice = FakeBackoffice()
    backoffice.failure = BackofficeUnavailable("down")
    said = act(LinkAccount, pressed(choice), backoffice)
    assert said.says("bot.link_unavailable")
    assert "/ask_human" in said.payloads
