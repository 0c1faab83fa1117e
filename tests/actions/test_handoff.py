from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from actions.handoff import RequestHuman, RequestUrgentHandoff
from backoffice.client.errors import BackofficeUnavailable
from backoffice.client.schemas import HandoffState, ReplyButton, SystemAnswer, WaitingReason
from tests.actions.fakes import FakeBackoffice
from tests.actions.trackers import act, tracker

IN_A_FORM: dict[str, Any] = {
    "municipalities": ["Crema"],
    "people": 4,
    "form_progress": {"form": "housing_form", "origins": {"people": "button", "municipalities": "typed"}},
}


def test_asking_for_a_person_tells_the_place_and_ends_the_form_with_its_answers_kept() -> None:
    backoffice = FakeBackoffice()
    said = act(
        RequestHuman,
        tracker("ask_human", "persona", slots=IN_A_FORM, form="housing_form", asked="minors"),
        backoffice,
    )
    assert "2" in said.text
    assert said.says("bot.handoff_desk_open")
    assert said.ends_form
    assert said.slots["paused_forms"]["housing_form"]["answers"] == {"municipalities": ["Crema"], "people": 4}
    assert said.slots["paused_forms"]["housing_form"]["reason"] == "left"


def test_staff_read_the_facts_with_their_origin_in_italian() -> None:
    backoffice = FakeBackoffice()
    at = tracker("ask_human", "людина", slots=IN_A_FORM, form="housing_form", asked="minors", language="uk")
    act(RequestHuman, at, backoffice)
    request = backoffice.handoffs[0]
    assert request.reason is WaitingReason.ASKED
    assert request.topic == "search_housing"
    assert "Persone: 4 (scelto con un pulsante)" in request.summary
    assert "Comuni: Crema (scritto dalla persona)" in request.summary


def test_what_a_person_said_yes_to_is_told_as_confirmed() -> None:
    backoffice = FakeBackoffice()
    given = {**IN_A_FORM, "form_progress": {**IN_A_FORM["form_progress"], "submission": "turn-1"}}
    act(RequestHuman, tracker("ask_human", "persona", slots=given, form="housing_form"), backoffice)
    assert "Persone: 4 (confermato dalla persona)" in backoffice.handoffs[0].summary


def test_the_last_topic_is_told_to_staff_where_no_form_runs() -> None:
    backoffice = FakeBackoffice()
    earlier: list[tuple[str, dict[str, Any]]] = [("ask_health_care", {}), ("thank", {})]
    act(RequestHuman, tracker("ask_human", "persona", earlier=earlier), backoffice)
    assert backoffice.handoffs[0].summary == ["Ultimo argomento: Medico e salute"]


def test_a_closed_desk_is_told_with_its_next_opening() -> None:
    backoffice = FakeBackoffice()
    backoffice.handoff = HandoffState(
        position=1, desk_open=False, opens_at=datetime(2026, 11, 24, 8, tzinfo=UTC)
    )
    said = act(RequestHuman, tracker("ask_human", "persona"), backoffice)
    assert "martedì 24 novembre 2026, 09:00" in said.text


def test_the_same_turn_asks_once() -> None:
    backoffice = FakeBackoffice()
    for _ in range(2):
        act(RequestHuman, tracker("ask_human", "persona"), backoffice)
    assert len(backoffice.handoffs) == 1
    assert set(backoffice.keys) == {"turn-1:action_request_human"}


def test_a_person_who_cannot_be_reached_is_said_so_and_the_form_goes_on() -> None:
    backoffice = FakeBackoffice()
    backoffice.failure = BackofficeUnavailable("down")
    said = act(
        RequestHuman, tracker("ask_human", "persona", slots=IN_A_FORM, form="housing_form"), backoffice
    )
    assert said.says("bot.handoff_unavailable")
    assert "112" in said.text
    assert said.events == []


def test_an_emergency_is_urgent_and_leaves_the_form() -> None:
    backoffice = FakeBackoffice()
    at = tracker("report_emergency", "aiuto", slots=IN_A_FORM, form="housing_form", asked="minors")
    said = act(RequestUrgentHandoff, at, backoffice)
    assert backoffice.handoffs[0].urgent
    assert backoffice.handoffs[0].reason is WaitingReason.EMERGENCY
    assert said.says("bot.emergency_handoff")
    assert said.ends_form


def test_an_emergency_out_of_hours_says_so_honestly() -> None:
    backoffice = FakeBackoffice()
    backoffice.handoff = HandoffState(position=1, desk_open=False, opens_at=None)
    assert act(RequestUrgentHandoff, tracker("report_emergency", "aiuto"), backoffice).says(
        "bot.emergency_desk_closed_unknown"
    )


def test_an_emergency_without_a_backoffice_does_not_fail() -> None:
    backoffice = FakeBackoffice()
    backoffice.failure = BackofficeUnavailable("down")
    said = act(
        RequestUrgentHandoff,
        tracker("report_emergency", "aiuto", slots=IN_A_FORM, form="housing_form"),
        backoffice,
    )
    assert said.says("bot.emergency_unavailable")
    assert said.ends_form


def test_the_buttons_of_who_waits_are_those_that_the_backoffice_offers() -> None:
    backoffice = FakeBackoffice()
    offered = ReplyButton(title="Preferisco una donna", payload=SystemAnswer.WISH_WOMAN.payload)
    backoffice.handoff = HandoffState(position=1, desk_open=True, opens_at=None, offers=[offered])
    for step, intent in ((RequestHuman, "ask_human"), (RequestUrgentHandoff, "report_emergency")):
        said = act(step, tracker(intent, "aiuto"), backoffice)
        assert said.payloads == ["system:wish_woman"]
