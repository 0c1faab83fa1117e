from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta

import httpx
import pytest
import sqlalchemy
from fastapi import FastAPI
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.client.schemas import (
    Author,
    Channel,
    DeliveryClaim,
    DeliveryOutcome,
    DeliveryReport,
    ReplyButton,
)
from backoffice.client.schemas import Delivery as DeliveryOut
from backoffice.conversation.errors import ConversationNotFound
from backoffice.conversation.messages import Draft, write
from backoffice.conversation.models import Conversation, Delivery, DeliveryState
from backoffice.conversation.outbox import (
    LEASE,
    MOST_UNCONFIRMED,
    claim_deliveries,
    has_delivery,
    report_delivery,
)
from backoffice.conversation.uptime import TIME_TO_REPORT, Uptime
from backoffice.database import Database
from backoffice.person.models import ChannelAddress, Person
from tests.backoffice.databases import POSTGRES, SERVICE_TOKEN, FrozenClock
from tests.backoffice.factories import NOW, create_conversation, create_staff

SENT = DeliveryReport(outcome=DeliveryOutcome.SENT, provider_id="1")
LATER = NOW + LEASE + timedelta(seconds=1)


def claim(
    session: Session, *, worker: str = "bot", limit: int = 20, now: datetime = NOW
) -> list[DeliveryOut]:
    asked = DeliveryClaim(channel=Channel.TELEGRAM, worker=worker, limit=limit, wait_seconds=0)
    session.flush()
    taken = claim_deliveries(session, asked, now=now)
    session.flush()
    return taken


def chat(session: Session, *texts: str, author: Author = Author.ASSISTANT) -> Conversation:
    conversation = create_conversation(session, channel=Channel.TELEGRAM)
    write(session, conversation, *(Draft(author, each) for each in texts), now=NOW)
    return conversation


def state(session: Session, delivery_id: str) -> Delivery:
    session.flush()
    return session.get_one(Delivery, delivery_id, populate_existing=True)


def test_of_a_conversation_only_the_lowest_unsent_message_is_handed_out(session: Session) -> None:
    chat(session, "uno", "due", "tre")
    order = []
    for _ in range(3):
        [out] = claim(session)
        assert claim(session) == []
        order.append(out.text)
        report_delivery(session, out.id, SENT, now=NOW)
    assert order == ["uno", "due", "tre"]
    assert claim(session) == []


def test_conversations_do_not_wait_for_each_other(session: Session) -> None:
    chat(session, "a")
    chat(session, "b")
    assert {each.text for each in claim(session)} == {"a", "b"}


def test_a_person_of_ours_goes_before_the_assistant(session: Session) -> None:
    chat(session, "assistente")
    mediator = create_staff(session)
    conversation = create_conversation(session, channel=Channel.TELEGRAM)
    write(session, conversation, Draft(Author.MEDIATOR, "Amina", staff_id=mediator.id), now=NOW)
    assert [each.text for each in claim(session, limit=1)] == ["Amina"]


def test_a_delivery_carries_buttons_direction_and_chat(session: Session) -> None:
    conversation = create_conversation(session, channel=Channel.TELEGRAM, language="ar")
    button = ReplyButton(title="نعم", payload="/affirm")
    write(session, conversation, Draft(Author.ASSISTANT, "مرحبا", buttons=[button]), now=NOW)
    [out] = claim(session)
    assert (out.direction, out.chat_id, out.buttons[0].label) == ("rtl", conversation.chat_id, "نعم")
    assert out.buttons[0].token not in {"", "/affirm"}


def test_what_nobody_reports_becomes_uncertain_and_is_sent_once_more(session: Session) -> None:
    chat(session, "uno")
    [first] = claim(session)
    asked = DeliveryClaim(channel=Channel.TELEGRAM, worker="bot", wait_seconds=0)
    assert not has_delivery(session, asked, now=NOW)
    assert has_delivery(session, asked, now=LATER)
    [second] = claim(session, now=LATER)
    assert (second.id, second.attempt) == (first.id, 2)
    assert claim(session, now=LATER) == []
    report_delivery(session, second.id, SENT, now=LATER)
    assert claim(session, now=LATER + LEASE * 2) == []
    assert state(session, first.id).unconfirmed == 1


def test_a_report_that_comes_after_the_lease_still_counts(session: Session) -> None:
    chat(session, "uno")
    [out] = claim(session)
    report_delivery(session, out.id, SENT, now=LATER)
    assert claim(session, now=LATER) == []


def test_what_is_never_reported_ends_and_lets_the_next_one_pass(session: Session) -> None:
    chat(session, "uno", "due")
    now = NOW
    for _ in range(MOST_UNCONFIRMED):
        [out] = claim(session, now=now)
        assert out.text == "uno"
        now += LEASE
    assert [each.text for each in claim(session, now=now)] == ["due"]
    assert state(session, out.id).state is DeliveryState.DEAD


def test_a_sender_that_was_started_anew_sends_again_at_once(session: Session) -> None:
    chat(session, "uno")
    [first] = claim(session, worker="bot#1")
    assert claim(session, worker="bot#1") == []
    assert [each.id for each in claim(session, worker="bot#2")] == [first.id]


def test_of_two_senders_none_takes_what_the_other_could_not_report_until_it_had_time_to(
    session: Session,
) -> None:
    chat(session, "uno")
    [first] = claim(session, worker="bot-1#1")
    other = DeliveryClaim(channel=Channel.TELEGRAM, worker="bot-2#1", wait_seconds=0)
    assert not has_delivery(session, other, now=LATER, from_others=False)
    assert claim_deliveries(session, other, now=LATER, from_others=False) == []
    assert has_delivery(session, other, now=LATER)
    assert [each.id for each in claim_deliveries(session, other, now=LATER)] == [first.id]


def test_a_sender_gets_its_own_again_however_short_we_have_been_back(session: Session) -> None:
    chat(session, "uno")
    [first] = claim(session, worker="bot-1#1")
    for worker in ("bot-1#1", "bot-1#2"):
        asked = DeliveryClaim(channel=Channel.TELEGRAM, worker=worker, wait_seconds=0)
        assert [each.id for each in claim_deliveries(session, asked, now=LATER, from_others=False)] == [
            first.id
        ]


def test_telegrams_wish_to_wait_is_obeyed_to_the_second(session: Session) -> None:
    chat(session, "uno", "due")
    [out] = claim(session)
    wait = DeliveryReport(outcome=DeliveryOutcome.RETRY, retry_after_seconds=17)
    report_delivery(session, out.id, wait, now=NOW)
    assert claim(session, now=NOW + timedelta(seconds=16)) == []
    assert [each.text for each in claim(session, now=NOW + timedelta(seconds=17))] == ["uno"]


def test_without_a_wish_the_pauses_grow_and_end(session: Session) -> None:
    chat(session, "uno")
    now, pauses = NOW, []
    while True:
        taken = claim(session, now=now)
        if not taken:
            break
        report_delivery(session, taken[0].id, DeliveryReport(outcome=DeliveryOutcome.RETRY), now=now)
        row = state(session, taken[0].id)
        pauses.append((row.next_at - now).total_seconds())
        now = max(row.next_at, now)
    assert pauses[:7] == [1, 2, 4, 8, 16, 32, 60]
    assert row.state is DeliveryState.DEAD


def test_who_blocked_us_is_marked_unreachable_and_the_delivery_ends(session: Session) -> None:
    conversation = chat(session, "uno")
    person = Person(organisation_id=conversation.organisation_id, created_at=NOW)
    session.add(person)
    session.flush()
    address = ChannelAddress(person_id=person.id, channel=Channel.TELEGRAM, address=str(conversation.chat_id))
    session.add(address)
    [out] = claim(session)
    report_delivery(session, out.id, DeliveryReport(outcome=DeliveryOutcome.UNREACHABLE), now=NOW)
    session.flush()
    assert session.scalar(select(ChannelAddress.unreachable_at)) == NOW
    assert state(session, out.id).state is DeliveryState.DEAD


def test_what_cannot_be_sent_does_not_block_what_comes_after(session: Session) -> None:
    chat(session, "uno", "due")
    [out] = claim(session)
    report_delivery(session, out.id, DeliveryReport(outcome=DeliveryOutcome.FAILED, error="400"), now=NOW)
    assert [each.text for each in claim(session)] == ["due"]


def test_a_report_after_the_end_changes_nothing(session: Session) -> None:
    chat(session, "uno")
    [out] = claim(session)
    report_delivery(session, out.id, SENT, now=NOW)
    report_delivery(session, out.id, DeliveryReport(outcome=DeliveryOutcome.FAILED), now=NOW)
    assert state(session, out.id).state is DeliveryState.SENT


def test_an_unknown_delivery_is_not_found(session: Session) -> None:
    with pytest.raises(ConversationNotFound):
        report_delivery(session, "no such", SENT, now=NOW)


async def test_over_http_another_sender_has_to_wait_until_the_holder_had_time_to_report(
    app: FastAPI, http: httpx.AsyncClient, session: Session, clock: FrozenClock
) -> None:
    clock.moment = NOW
    chat(session, "uno")
    session.commit()

    async def claimed_by(worker: str) -> list[str]:
        body = {"channel": "telegram", "worker": worker, "wait_seconds": 0}
        headers = {"Authorization": f"Bearer {SERVICE_TOKEN}"}
        answer = await http.post("/api/v1/service/deliveries/claim", json=body, headers=headers)
        assert answer.status_code == 200, answer.text
        return [each["text"] for each in answer.json()["deliveries"]]

    assert await claimed_by("bot-1#1") == ["uno"]
    clock.moment = LATER
    app.state.uptime = Uptime()  # as when this process has just been started anew
    assert await claimed_by("bot-2#1") == []
    clock.moment = LATER + TIME_TO_REPORT
    assert await claimed_by("bot-2#1") == ["uno"]


@pytest.mark.parametrize("backend", [POSTGRES], indirect=True)
def test_two_who_find_the_same_abandoned_delivery_do_not_both_get_it(
    database: Database, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat(session, "uno")
    claim(session, worker="bot-0#1")
    session.commit()
    ask = {
        name: DeliveryClaim(channel=Channel.TELEGRAM, worker=name, wait_seconds=0) for name in ("a#1", "b#1")
    }
    found = threading.Barrier(2)

    def update(table: type[Delivery]) -> sqlalchemy.Update:
        with suppress(threading.BrokenBarrierError):
            found.wait(timeout=10)  # both have found it, none has taken it yet
        return sqlalchemy.update(table)

    def take(name: str) -> int:
        with database.transaction() as own:
            return len(claim_deliveries(own, ask[name], now=LATER))

    monkeypatch.setattr("backoffice.conversation.outbox.update", update)
    with ThreadPoolExecutor(2) as at_once:
        got = list(at_once.map(take, ask))
    assert sorted(got) == [0, 1]
