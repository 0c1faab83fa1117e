"""Takes citizens' messages to the assistant and brings its answers back.

One long poll asks the backoffice for the next turn; up to `at_once` turns are under way. The
backoffice hands out one turn of a conversation at a time, under a lease with a fencing token, so
that order and single authorship need nothing from this process.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress

import structlog

from backoffice.client import failpoints
from backoffice.client.client import BackofficeClient
from backoffice.client.errors import BackofficeRefused, BackofficeUnavailable
from backoffice.client.schemas import Turn, TurnAnswer, TurnClaim, TurnFailure, TurnFailureReason
from bot.assistant import AssistantWatch
from bot.metrics import TURN_SECONDS, TURNS, outcome_of
from bot.pauses import Backoff, Clock, Sleep
from bot.rasa_client import RasaAnswer, RasaError
from bot.rasa_pool import Assistant

log = structlog.get_logger(__name__)

AT_ONCE = 16
ANSWER_BUDGET_SECONDS = 7.0
"""From a turn's first try until the person is told: the promise is 10 s, the rest is the way there."""
KNOWN_DOWN_BUDGET_SECONDS = 2.0
"""The same while the assistant is known to be down: an outage shall not fill every place with waiting."""
RETRY_PAUSE_SECONDS = 0.5
LEASE_SECONDS = 30.0
EMERGENCY_INTENT = "report_emergency"
_SHUTDOWN_SECONDS = 1.0


class TurnDispatcher:
    """Claims turns and has each answered or given up in time.

    Args:
        watch: is told of turns given up, and says whether the assistant is known to be down.
        worker: names this process to the backoffice, `<name>#<start>`.
    """

    def __init__(
        self,
        client: BackofficeClient,
        rasa: Assistant,
        watch: AssistantWatch,
        *,
        worker: str,
        at_once: int = AT_ONCE,
        budget_seconds: float = ANSWER_BUDGET_SECONDS,
        claim_wait_seconds: float = 20.0,
        clock: Clock = time.monotonic,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._client = client
        self._rasa = rasa
        self._watch = watch
        self._claim = TurnClaim(worker=worker, wait_seconds=claim_wait_seconds)
        self._free = asyncio.Semaphore(at_once)
        self._budget = budget_seconds
        self._clock = clock
        self._sleep = sleep
        self._under_way: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Go on until cancelled; then let turns under way end for a second."""
        backoff = Backoff(limit=2.0)
        try:
            while True:
                await self._free.acquire()
                try:
                    turn = (await self._client.claim_turn(self._claim)).turn
                except BackofficeUnavailable:
                    self._free.release()
                    await self._sleep(backoff.next())
                    continue
                except BaseException:
                    self._free.release()
                    raise
                backoff.reset()
                if turn is None:
                    self._free.release()
                else:
                    self._start(turn)
        finally:
            await self._finish()

    def _start(self, turn: Turn) -> None:
        task = asyncio.create_task(self._take(turn), name=f"turn {turn.turn_id}")
        self._under_way.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        self._free.release()
        if not task.cancelled() and (error := task.exception()) is not None:
            # The lease runs out and the turn comes again: nothing is lost, but a person waits.
            log.error("turn.crashed", task=task.get_name(), exc_info=error)

    async def _finish(self) -> None:
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=_SHUTDOWN_SECONDS)
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    async def _take(self, turn: Turn) -> None:
        """Ask until there is an answer or the time is over."""
        started = self._clock()
        budget = KNOWN_DOWN_BUDGET_SECONDS if self._watch.is_down else self._budget
        attempt, urgent = turn.attempt, False
        while True:
            failpoints.reached("before-rasa")
            try:
                answer = await self._rasa.take_turn(
                    turn, attempt=attempt, timeout_seconds=max(1.0, budget - (self._clock() - started))
                )
            except RasaError as error:
                urgent = urgent or error.intent == EMERGENCY_INTENT
                if self._clock() - started + RETRY_PAUSE_SECONDS >= budget:
                    await self._give_up(turn, error.reason, urgent=urgent, started=started)
                    return
                attempt += 1
                await self._sleep(RETRY_PAUSE_SECONDS)
            else:
                failpoints.reached("answer-in-hand")
                await self._answer(turn, answer, started=started)
                return

    async def _answer(self, turn: Turn, answer: RasaAnswer, *, started: float) -> None:
        document = TurnAnswer(
            epoch=turn.epoch,
            lease_token=turn.lease_token,
            replies=answer.replies,
            intent=answer.intent,
            confidence=answer.confidence,
            form=answer.form,
        )
        backoff = Backoff()
        while True:
            try:
                answered = await self._client.answer_turn(turn.turn_id, document)
            except BackofficeUnavailable:
                if self._clock() - started >= LEASE_SECONDS:
                    log.warning("turn.answer_not_stored", turn=turn.turn_id)
                    return
                await self._sleep(backoff.next())
            except BackofficeRefused as refusal:
                # 409: the lease or the floor is another's now; the tracker keeps the answer.
                log.warning("turn.answer_refused", turn=turn.turn_id, status=refusal.status)
                return
            else:
                log.info("turn.answered", turn=turn.turn_id, suppressed=answered.suppressed)
                self._count(turn, outcome_of(answer.intent), started)
                return

    def _count(self, turn: Turn, outcome: str, started: float) -> None:
        TURNS.labels(turn.channel.value, turn.language, outcome).inc()
        TURN_SECONDS.observe(self._clock() - started)

    async def _give_up(self, turn: Turn, reason: TurnFailureReason, *, urgent: bool, started: float) -> None:
        log.warning("turn.given_up", turn=turn.turn_id, reason=reason.value, urgent=urgent)
        self._count(turn, "given_up", started)
        failure = TurnFailure(lease_token=turn.lease_token, reason=reason, give_up=True, urgent=urgent)
        try:
            await self._tell_failure(turn, failure, started=started)
        finally:
            # Not before it is stored: what is reported meanwhile reaches nobody who waits.
            self._watch.turn_given_up()

    async def _tell_failure(self, turn: Turn, failure: TurnFailure, *, started: float) -> None:
        backoff = Backoff()
        while self._clock() - started < LEASE_SECONDS:
            with suppress(BackofficeUnavailable):
                try:
                    await self._client.fail_turn(turn.turn_id, failure)
                except BackofficeRefused as refusal:
                    log.warning("turn.failure_refused", turn=turn.turn_id, status=refusal.status)
                return
            await self._sleep(backoff.next())
