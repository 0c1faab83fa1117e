"""Who holds the floor, tried with the real processes (issue: one voice at a time)."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.stack.people import StaffMember, WebCitizen, stays_silent
from tests.stack.processes import wait_for

pytestmark = pytest.mark.stack

SILENCE_SECONDS = 4.0


def in_the_queue(citizen: WebCitizen) -> str:
    """Ask for a person; return the conversation's id."""
    citizen.ask("I want to talk to someone")
    return str(citizen.session["conversation_id"])


def test_of_two_mediators_who_claim_at_once_one_wins_and_the_other_hears_who(
    citizen: WebCitizen, mediator: StaffMember, other_mediator: StaffMember
) -> None:
    conversation = in_the_queue(citizen)
    epoch = mediator.wait_for_mode(conversation, "waiting")["epoch"]
    with ThreadPoolExecutor(2) as both:
        answers = list(
            both.map(
                lambda staff: staff.post(f"/conversations/{conversation}/claim", {"epoch": epoch}),
                (mediator, other_mediator),
            )
        )
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    loser = next(answer for answer in answers if answer.status_code == 409)
    holder = mediator.conversation(conversation)["holder"]
    assert holder["name"] in loser.json()["detail"]


def test_messages_between_person_and_mediator_arrive_within_a_second_and_the_assistant_is_silent(
    citizen: WebCitizen, mediator: StaffMember
) -> None:
    conversation = in_the_queue(citizen)
    epoch = mediator.claim(conversation)["epoch"]
    start = time.monotonic()
    seq = citizen.send("My son is ill and I have no doctor")
    wait_for(
        "the mediator reads it",
        lambda: [
            m
            for m in mediator.get(f"/conversations/{conversation}/messages")["items"]
            if m["seq"] == seq and "my son" in m["text"].lower()
        ],
        seconds=5,
    )
    reply = mediator.post(
        f"/conversations/{conversation}/reply",
        {"epoch": epoch, "text": "I can help you with that.", "language": "en"},
    )
    assert reply.status_code in (200, 201), reply.text
    said = citizen.answer_to(seq, seconds=5)
    assert [(m["from"], m["text"]) for m in said] == [("mediator", "I can help you with that.")]
    assert time.monotonic() - start < 2.0


@pytest.mark.parametrize("text", ["/restart", "/start", "hello?", "/stop", " /ask_menu"])
def test_nothing_that_a_person_types_ends_a_takeover(
    citizen: WebCitizen, mediator: StaffMember, text: str
) -> None:
    conversation = in_the_queue(citizen)
    mediator.claim(conversation)
    seq = citizen.send(text)
    assert stays_silent(citizen, seq, seconds=SILENCE_SECONDS / 2) == []
    assert mediator.conversation(conversation)["mode"] == "mediator"


def test_the_assistant_is_silent_while_the_person_waits(citizen: WebCitizen, mediator: StaffMember) -> None:
    conversation = in_the_queue(citizen)
    seq = citizen.send("/restart")
    citizen.send("I am looking for a house in Crema")
    assert stays_silent(citizen, seq, seconds=SILENCE_SECONDS) == []
    assert mediator.conversation(conversation)["mode"] == "waiting"


def test_after_the_hand_back_the_assistant_answers_again(citizen: WebCitizen, mediator: StaffMember) -> None:
    conversation = in_the_queue(citizen)
    epoch = mediator.claim(conversation)["epoch"]
    released = mediator.post(
        f"/conversations/{conversation}/release",
        {"epoch": epoch, "summary": "Told where the family doctor is."},
    )
    assert released.status_code == 200, released.text
    wait_for("the closing line", lambda: citizen.messages()[-1]["from"] == "system")
    answer = citizen.ask("Where is your office?")
    assert {message["from"] for message in answer} == {"assistant"}


def test_a_stale_tab_cannot_write(citizen: WebCitizen, mediator: StaffMember) -> None:
    conversation = in_the_queue(citizen)
    epoch = mediator.claim(conversation)["epoch"]
    answer = mediator.post(
        f"/conversations/{conversation}/reply", {"epoch": epoch - 1, "text": "Old.", "language": "en"}
    )
    assert answer.status_code == 409
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "text",
    [
        "/delete_my_data",
        '  /inform{"people": 99}',
        "\u2003/restart",
        "\x1c/ask_human",
        "//ask_menu",
        "\u200b/stop",
    ],
)
def test_a_typed_command_is_only_text(citizen: WebCitizen, mediator: StaffMember, text: str) -> None:
    before = mediator.get("/conversations", mode="waiting")
    answer = citizen.ask(text)
    assert {message["from"] for message in answer} == {"assistant"}
    conversation = str(citizen.session["conversation_id"])
    assert conversation not in {item["id"] for item in before["items"]}
    assert citizen.messages()[0]["text"] == text
