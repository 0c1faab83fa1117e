from __future__ import annotations

from collections import Counter

import httpx
import pytest

from bot.rasa_client import RasaClient, RasaTimeout, RasaUnreachable, TurnFailed
from bot.rasa_pool import RasaPool, rendezvous
from tests.bot.fakes import FakeRasa, turn

ADDRESSES = ["http://rasa-1:5005", "http://rasa-2:5005", "http://rasa-3:5005"]
CONVERSATIONS = [f"conversation-{number}" for number in range(600)]


@pytest.fixture
def rasas() -> dict[str, FakeRasa]:
    return {address: FakeRasa() for address in ADDRESSES}


@pytest.fixture
def pool(rasas: dict[str, FakeRasa]) -> RasaPool:
    return RasaPool(
        [(name, RasaClient(name, "secret", transport=rasa.transport)) for name, rasa in rasas.items()]
    )


def heaviest(conversation_id: str) -> str:
    return rendezvous(conversation_id, ADDRESSES)[0]


def test_every_bot_gives_a_conversation_to_the_same_process_whatever_the_order_of_its_list() -> None:
    for conversation in CONVERSATIONS:
        assert rendezvous(conversation, ADDRESSES) == rendezvous(conversation, ADDRESSES[::-1])


def test_the_hash_is_what_it_was_when_bots_of_another_version_run_beside() -> None:
    assert rendezvous("conversation-1", ADDRESSES) == [ADDRESSES[1], ADDRESSES[0], ADDRESSES[2]]


def test_conversations_are_spread_and_only_those_of_a_missing_process_move() -> None:
    before = {conversation: heaviest(conversation) for conversation in CONVERSATIONS}
    assert all(150 < count < 250 for count in Counter(before.values()).values())
    moved = Counter[str]()
    for conversation, home in before.items():
        now = rendezvous(conversation, ADDRESSES[1:])[0]
        if home == ADDRESSES[0]:
            moved[now] += 1
        else:
            assert now == home
    assert all(count > 60 for count in moved.values())
    assert len(moved) == 2


async def test_a_conversation_stays_with_its_process(rasas: dict[str, FakeRasa], pool: RasaPool) -> None:
    async with pool:
        for number in range(3):
            await pool.take_turn(turn(number, conversation_id="conversation-1"), attempt=1, timeout_seconds=5)
    assert [len(rasas[address].asked) for address in ADDRESSES].count(0) == 2
    assert len(rasas[heaviest("conversation-1")].asked) == 3


async def test_where_a_process_is_down_the_next_one_looks_the_turn_up_and_answers(
    rasas: dict[str, FakeRasa], pool: RasaPool
) -> None:
    first, second, third = rendezvous("conversation-1", ADDRESSES)
    rasas[first].alive = False
    async with pool:
        answer = await pool.take_turn(turn(), attempt=1, timeout_seconds=5)
        assert answer.replies[0].text == "echo ciao"
        assert [body["attempt"] for body in rasas[second].asked] == [2]
        assert pool.order("conversation-1") == [second, third, first]  # known to be down: asked last
        assert rasas[third].asked == []


async def test_a_process_that_is_back_gets_its_conversations_again(
    rasas: dict[str, FakeRasa], pool: RasaPool
) -> None:
    first = heaviest("conversation-1")
    rasas[first].alive = False
    async with pool:
        await pool.take_turn(turn(), attempt=1, timeout_seconds=5)
        rasas[first].alive = True
        assert await pool.is_alive()
        await pool.take_turn(turn(2, conversation_id="conversation-1"), attempt=1, timeout_seconds=5)
    assert [body["turn_id"] for body in rasas[first].asked] == ["turn-2"]


async def test_one_failed_probe_moves_nobody_and_two_do(rasas: dict[str, FakeRasa], pool: RasaPool) -> None:
    first = heaviest("conversation-1")
    rasas[first].alive = False
    async with pool:
        assert await pool.is_alive()
        assert pool.order("conversation-1")[0] == first
        assert await pool.is_alive()
        assert pool.order("conversation-1")[-1] == first


@pytest.mark.parametrize(
    ("answer", "error"),
    [(httpx.ReadTimeout("slow"), RasaTimeout), (httpx.Response(500, json={}), TurnFailed)],
)
async def test_a_process_that_was_reached_is_not_passed_over(
    rasas: dict[str, FakeRasa], pool: RasaPool, answer: httpx.Response | Exception, error: type[Exception]
) -> None:
    first, *others = rendezvous("conversation-1", ADDRESSES)
    rasas[first].script = [answer]
    async with pool:
        with pytest.raises(error):
            await pool.take_turn(turn(), attempt=1, timeout_seconds=5)
        assert [rasas[other].asked for other in others] == [[], []]
        assert pool.order("conversation-1")[0] == first


async def test_with_all_down_the_turn_has_no_answer_and_all_are_asked_each_time(
    rasas: dict[str, FakeRasa], pool: RasaPool
) -> None:
    for rasa in rasas.values():
        rasa.alive = False
    async with pool:
        assert not await pool.is_alive()
        with pytest.raises(RasaUnreachable):
            await pool.take_turn(turn(), attempt=1, timeout_seconds=5)
        rasas[ADDRESSES[2]].alive = True
        answer = await pool.take_turn(turn(), attempt=2, timeout_seconds=5)
    assert answer.intent == "greet"
