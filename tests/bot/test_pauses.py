import random

from bot.pauses import Backoff, Gate, Pace
from tests.bot.fakes import FakeTime


def test_pauses_double_up_to_a_limit_and_begin_again() -> None:
    backoff = Backoff(first=1, limit=5, chance=random.Random(1))
    pauses = [backoff.next() for _ in range(5)]
    for pause, about in zip(pauses, [1, 2, 4, 5, 5], strict=True):
        assert 0.8 * about <= pause <= 1.2 * about
    backoff.reset()
    assert backoff.next() <= 1.2


async def test_a_shut_gate_holds_for_as_long_as_was_said() -> None:
    time = FakeTime()
    gate = Gate(clock=time, sleep=time.sleep)
    await gate.passed()
    gate.shut(17)
    gate.shut(3)
    await gate.passed()
    assert time.slept == [17]


async def test_a_pace_lets_so_many_through_a_second() -> None:
    time = FakeTime()
    pace = Pace(4, clock=time, sleep=time.sleep)
    for _ in range(9):
        await pace.passed()
    assert time.now - 1000 == 2.0
