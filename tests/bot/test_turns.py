import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from backoffice.client.errors import Conflict
from backoffice.client.schemas import TurnFailure, TurnFailureReason, TurnFailureRecorded
from bot.assistant import ActionServer, AssistantWatch
from bot.rasa_client import RasaClient
from bot.turns import ANSWER_BUDGET_SECONDS, TurnDispatcher
from tests.bot.conftest import Run
from tests.bot.fakes import FakeBackoffice, FakeRasa, FakeTime, turn

EMERGENCY = httpx.Response(503, json={"reason": "action_server_failed", "intent": "report_emergency"})


@pytest.fixture
def time() -> FakeTime:
    return FakeTime()


@pytest.fixture
async def watch(backoffice: FakeBackoffice, rasa: FakeRasa) -> AsyncIterator[AssistantWatch]:
    actions = ActionServer(
        "http://actions.test", transport=httpx.MockTransport(lambda _: httpx.Response(200))
    )
    client = RasaClient("http://rasa.test", "s", transport=rasa.transport)
    yield AssistantWatch(backoffice, client, actions)
    await actions.aclose()
    await client.aclose()


@pytest.fixture
async def dispatcher(
    backoffice: FakeBackoffice, rasa: FakeRasa, watch: AssistantWatch, time: FakeTime
) -> AsyncIterator[TurnDispatcher]:
    async with RasaClient("http://rasa.test", "secret", transport=rasa.transport) as client:
        yield TurnDispatcher(
            backoffice, client, watch, worker="w", clock=time, sleep=time.sleep, claim_wait_seconds=0.05
        )


async def test_a_turn_is_answered_under_its_lease_and_epoch(
    backoffice: FakeBackoffice, dispatcher: TurnDispatcher, run: Run
) -> None:
    backoffice.turns = [turn(text="ciao")]
    run(dispatcher.run())
    await backoffice.until(lambda: len(backoffice.answers) == 1)
    turn_id, answer = backoffice.answers[0]
    assert (turn_id, answer.epoch, answer.lease_token) == ("turn-1", 3, 7)
    assert (answer.replies[0].text, answer.intent, answer.confidence) == ("echo ciao", "greet", 0.9)


async def test_a_failure_is_tried_again_with_a_growing_attempt_so_that_rasa_looks_it_up(
    backoffice: FakeBackoffice, rasa: FakeRasa, dispatcher: TurnDispatcher, run: Run, time: FakeTime
) -> None:
    rasa.script = [httpx.ConnectError("refused"), httpx.ReadTimeout("slow")]
    backoffice.turns = [turn(attempt=2)]
    run(dispatcher.run())
    await backoffice.until(lambda: len(backoffice.answers) == 1)
    assert [asked["attempt"] for asked in rasa.asked] == [2, 3, 4]
    assert time.slept == [0.5, 0.5]
    assert backoffice.turn_failures == []


async def test_when_the_time_is_over_the_turn_is_given_up_within_seven_seconds(
    backoffice: FakeBackoffice, rasa: FakeRasa, dispatcher: TurnDispatcher, run: Run, time: FakeTime
) -> None:
    rasa.script = [httpx.ConnectError("refused") for _ in range(100)]
    backoffice.turns = [turn()]
    run(dispatcher.run())
    await backoffice.until(lambda: len(backoffice.turn_failures) == 1)
    turn_id, failure = backoffice.turn_failures[0]
    assert turn_id == "turn-1"
    assert (failure.reason, failure.give_up, failure.urgent) == (
        TurnFailureReason.RASA_UNREACHABLE,
        True,
        False,
    )
    assert failure.lease_token == 7
    assert ANSWER_BUDGET_SECONDS - 1 <= time.now - 1000 <= ANSWER_BUDGET_SECONDS
    assert backoffice.answers == []


async def test_who_was_given_up_is_reported_also_when_a_good_probe_came_while_that_was_being_stored(
    backoffice: FakeBackoffice,
    rasa: FakeRasa,
    dispatcher: TurnDispatcher,
    watch: AssistantWatch,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store = backoffice.fail_turn

    async def slowly(turn_id: str, failure: TurnFailure) -> TurnFailureRecorded:
        await watch.probe()  # tells that the assistant is there: nobody waits for it yet
        return await store(turn_id, failure)

    monkeypatch.setattr(backoffice, "fail_turn", slowly)
    rasa.script = [httpx.ReadTimeout("slow") for _ in range(100)]
    backoffice.turns = [turn()]
    run(dispatcher.run())
    await backoffice.until(lambda: len(backoffice.turn_failures) == 1)
    told = len(backoffice.statuses)
    await watch.probe()
    assert len(backoffice.statuses) == told + 1


async def test_an_emergency_among_the_failures_makes_the_waiting_urgent(
    backoffice: FakeBackoffice, rasa: FakeRasa, dispatcher: TurnDispatcher, run: Run
) -> None:
    rasa.script = [EMERGENCY] + [httpx.ConnectError("refused") for _ in range(100)]
    backoffice.turns = [turn()]
    run(dispatcher.run())
    await backoffice.until(lambda: len(backoffice.turn_failures) == 1)
    assert backoffice.turn_failures[0][1].urgent


async def test_while_the_assistant_is_known_to_be_down_a_person_is_told_sooner(
    backoffice: FakeBackoffice,
    rasa: FakeRasa,
    dispatcher: TurnDispatcher,
    watch: AssistantWatch,
    run: Run,
    time: FakeTime,
) -> None:
    rasa.alive = False
    await watch.probe()
    await watch.probe()
    assert watch.is_down
    backoffice.turns = [turn()]
    run(dispatcher.run())
    await backoffice.until(lambda: len(backoffice.turn_failures) == 1)
    assert time.now - 1000 <= 2.0


async def test_an_answer_that_the_backoffice_did_not_hear_is_told_again(
    backoffice: FakeBackoffice, rasa: FakeRasa, dispatcher: TurnDispatcher, run: Run
) -> None:
    backoffice.fail("answer_turn", times=3)
    backoffice.turns = [turn()]
    run(dispatcher.run())
    await backoffice.until(lambda: len(backoffice.answers) == 1)
    assert len(rasa.asked) == 1


async def test_a_lost_lease_ends_the_turn_here(
    backoffice: FakeBackoffice, dispatcher: TurnDispatcher, run: Run
) -> None:
    backoffice.refusals["answer_turn"] = Conflict(409, "Conflict")
    backoffice.turns = [turn(1)]
    run(dispatcher.run())
    await backoffice.until(lambda: backoffice.calls["answer_turn"] == 1)
    del backoffice.refusals["answer_turn"]
    backoffice.turns = [turn(2)]
    await backoffice.changed()
    await backoffice.until(lambda: len(backoffice.answers) == 1)
    assert backoffice.answers[0][0] == "turn-2"
    assert backoffice.calls["answer_turn"] == 2


async def test_a_failure_that_the_backoffice_did_not_hear_is_told_again(
    backoffice: FakeBackoffice, rasa: FakeRasa, dispatcher: TurnDispatcher, run: Run
) -> None:
    rasa.script = [httpx.ConnectError("refused") for _ in range(100)]
    backoffice.fail("fail_turn", times=2)
    backoffice.turns = [turn()]
    run(dispatcher.run())
    await backoffice.until(lambda: len(backoffice.turn_failures) == 1)
    assert backoffice.calls["fail_turn"] == 3


async def test_sixteen_turns_are_under_way_at_once_and_no_more(
    backoffice: FakeBackoffice, rasa: FakeRasa, dispatcher: TurnDispatcher, run: Run
) -> None:
    rasa.gate = asyncio.Event()
    backoffice.turns = [turn(number) for number in range(20)]
    run(dispatcher.run())
    await backoffice.until(lambda: len(backoffice.turns) == 4)
    await rasa.bell.until(lambda: rasa.at_work == 16)
    assert len(backoffice.turns) == 4
    rasa.gate.set()
    await backoffice.until(lambda: len(backoffice.answers) == 20)
    assert rasa.most_at_work == 16


async def test_an_outage_of_the_backoffice_is_waited_out(
    backoffice: FakeBackoffice, dispatcher: TurnDispatcher, run: Run
) -> None:
    backoffice.fail("claim_turn", times=3)
    backoffice.turns = [turn()]
    run(dispatcher.run())
    await backoffice.until(lambda: len(backoffice.answers) == 1)


async def test_told_to_stop_it_lets_a_turn_under_way_end(
    backoffice: FakeBackoffice, rasa: FakeRasa, dispatcher: TurnDispatcher
) -> None:
    rasa.gate = asyncio.Event()
    backoffice.turns = [turn()]
    running = asyncio.create_task(dispatcher.run())
    await rasa.bell.until(lambda: rasa.at_work == 1)
    running.cancel()
    await asyncio.sleep(0)
    rasa.gate.set()
    await asyncio.wait({running}, timeout=2)
    assert [turn_id for turn_id, _ in backoffice.answers] == ["turn-1"]
