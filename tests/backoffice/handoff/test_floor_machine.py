"""A person, two mediators, a coordinator, a bot and Telegram act in every order that Hypothesis thinks of.

Each example is one transaction that is rolled back; each act is a savepoint of it, as a request would
be a transaction. What an actor knows (an epoch, a turn, a delivery) may be stale by the time it acts.

To add a deed: a method that acts through `self.act(...)` and names the errors that it may meet, and its
name in `DEEDS`. One rule for all, and dice of our own: Hypothesis leaves rules out by lot and prefers what
stands first, and then hardly any example has a turn in flight. The invariants are asked after every step.
"""

from __future__ import annotations

import itertools
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy.orm import Session

from backoffice.client.schemas import (
    AssistantStatus,
    Channel,
    Delivery,
    DeliveryClaim,
    DeliveryOutcome,
    DeliveryReport,
    HandoffRequest,
    IncomingRequest,
    Mode,
    Reply,
    Turn,
    TurnAnswer,
    TurnFailure,
    TurnFailureReason,
    WaitingReason,
)
from backoffice.conversation.assistant import return_to_assistant
from backoffice.conversation.errors import LeaseLost
from backoffice.conversation.incoming import record_message
from backoffice.conversation.models import ClosingReason, Conversation
from backoffice.conversation.outbox import claim_deliveries, report_delivery
from backoffice.conversation.turns import answer_turn, claim_turn, fail_turn
from backoffice.database import Database
from backoffice.handoff.errors import AlreadyClosed, ConversationTaken, FloorMoved
from backoffice.handoff.queue import request_handoff
from backoffice.handoff.service import (
    claim,
    close,
    expire_holders,
    keep_holding,
    make_staff_wait,
    release,
    take_over,
    transfer,
)
from backoffice.handoff.speaking import reply
from backoffice.staff.models import Staff
from backoffice.staff.roles import Role
from tests.backoffice.databases import FrozenClock
from tests.backoffice.factories import PLENTY, create_conversation, create_staff, incoming

Result = TypeVar("Result")
MEDIATORS = (0, 1)
COORDINATOR = 2
STEPS = 16
NOT_MINE = (AlreadyClosed, ConversationTaken, FloorMoved)
"""What a mediator meets whose view of the floor is stale."""

DEEDS = (
    *("person_writes", "person_comes_again", "person_is_put_into_the_queue"),
    *("bot_takes_a_turn", "bot_answers", "bot_answers_again", "bot_asks_for_a_person"),
    *("bot_fails", "bot_dies", "bot_finds_the_assistant_back"),
    *("mediator_looks", "mediator_replies", "mediator_shows_a_sign", "mediator_makes_wait"),
    *("mediator_claims", "mediator_hands_back", "mediator_hands_on"),
    *("mediator_closes", "coordinator_takes_over", "coordinator_lets_go"),
    *("time_passes", "sender_takes", "sender_sends"),
    *("person_writes", "bot_takes_a_turn", "bot_answers", "sender_takes", "sender_sends", "time_passes"),
    *("mediator_claims", "mediator_claims", "mediator_claims", "bot_takes_a_turn", "bot_answers"),
)
"""What anybody may do next; what stands twice is likelier."""


@dataclass
class House:
    """What all examples share: a database with staff in it, and a count."""

    database: Database
    staff: list[Staff]
    examples: int = 0
    steps: int = 0
    answers: Counter[tuple[str, bool]] = field(default_factory=Counter)
    """Answers of the bot by the mode that they met, and whether they were suppressed."""
    deeds: Counter[str] = field(default_factory=Counter)
    """What was done how often; `holders who went`: leases that ran out."""


class Floor(RuleBasedStateMachine):
    """One conversation on Telegram."""

    house: House

    def __init__(self) -> None:
        super().__init__()
        house = self.house
        house.examples += 1
        self.clock = FrozenClock()
        self.session: Session = house.database.writing()
        self.conversation = create_conversation(self.session, channel=Channel.TELEGRAM, now=self.clock())
        self.id = self.conversation.id
        self.texts = itertools.count(1)
        self._is_fresh = True
        self.boot = 1
        self.accepted: list[IncomingRequest] = []
        self.views = dict.fromkeys((*MEDIATORS, COORDINATOR), self.conversation.epoch)
        self.turns: list[Turn] = []
        self.answered: list[tuple[Turn, TurnAnswer, bool]] = []
        self.sending: list[Delivery] = []
        self.arrived: list[int] = []
        self.in_doubt: set[int] = set()
        self.epochs = [self.conversation.epoch]

    def teardown(self) -> None:
        self.session.rollback()
        self.session.close()

    # --- how an actor acts ---

    def act(self, what: Callable[[], Result], *refusals: type[Exception]) -> Result | None:
        """Act as a request does: all or nothing. None where it was refused, as it may be."""
        self.house.steps += 1
        self._is_fresh = False
        step = self.session.begin_nested()
        try:
            done = what()
            self.session.flush()
        except refusals:
            step.rollback()
            self.session.expire_all()
            return None
        step.commit()
        return done

    def one_of(self, choice: Sequence[Result]) -> Result:
        return self.dice.choice(choice)

    def floor(self) -> Conversation:
        if not self._is_fresh:
            self.session.refresh(self.conversation)
            self._is_fresh = True
        return self.conversation

    @initialize()
    def a_turn_is_in_flight(self) -> None:
        self.person_writes()
        self.bot_takes_a_turn()

    @rule(seed=st.integers(0, 2**64 - 1))
    def anybody_acts(self, seed: int) -> None:
        self.dice = random.Random(f"{seed} {len(self.epochs)}")  # a step's own: 0 is drawn very often
        deed = self.dice.choice(DEEDS)
        note(deed)
        self.house.deeds[deed] += 1
        getattr(self, deed)()

    # --- the person ---

    def person_writes(self) -> None:
        request = incoming(self.floor(), f"text {next(self.texts)}")
        stored = self.act(lambda: record_message(self.session, request, allowance=PLENTY, now=self.clock()))
        assert stored is not None
        assert not stored.repeated
        self.accepted.append(request)

    def person_comes_again(self) -> None:
        """Telegram brings an update a second time."""
        request = self.one_of(self.accepted)
        again = self.act(lambda: record_message(self.session, request, allowance=PLENTY, now=self.clock()))
        assert again is not None
        assert again.repeated

    def person_is_put_into_the_queue(self) -> None:
        request = HandoffRequest(reason=WaitingReason.ASKED, urgent=self.one_of((True, False)))
        self.act(lambda: request_handoff(self.session, self.id, request, turn_id=None, now=self.clock()))

    # --- the bot ---

    @property
    def worker(self) -> str:
        return f"bot#{self.boot}"

    def bot_takes_a_turn(self) -> None:
        before = self.floor()
        allowed = before.mode is Mode.ASSISTANT, before.waiting_turn_id
        turn = self.act(lambda: claim_turn(self.session, self.worker, now=self.clock()))
        if turn is not None:
            assert allowed[0] or allowed[1] == turn.turn_id
            self.turns.append(turn)

    def bot_asks_for_a_person(self) -> None:
        if not self.turns:
            self.bot_takes_a_turn()
            return
        turn = self.one_of(self.turns)
        request = HandoffRequest(reason=WaitingReason.ASKED)
        self.act(
            lambda: request_handoff(self.session, self.id, request, turn_id=turn.turn_id, now=self.clock())
        )

    def bot_answers(self) -> None:
        if not self.turns:
            self.bot_takes_a_turn()
            return
        turn = self.one_of(self.turns)
        self.turns.remove(turn)
        texts = self.one_of((0, 1, 2))
        answer = TurnAnswer(
            epoch=turn.epoch,
            lease_token=turn.lease_token,
            replies=[Reply(text=f"answer {next(self.texts)}") for _ in range(texts)],
        )
        mode, last = self.floor().mode, self.conversation.last_seq
        done = self.act(lambda: answer_turn(self.session, turn.turn_id, answer, now=self.clock()), LeaseLost)
        if done is None:
            assert self.floor().last_seq == last
            return
        self.house.answers[mode.value, done.suppressed] += 1
        assert done.suppressed or mode is not Mode.MEDIATOR, "the bot has spoken over a mediator"
        self.answered.append((turn, answer, done.suppressed))

    def bot_answers_again(self) -> None:
        if not self.answered:
            return
        turn, answer, suppressed = self.one_of(self.answered)
        last = self.floor().last_seq
        again = self.act(lambda: answer_turn(self.session, turn.turn_id, answer, now=self.clock()))
        assert again is not None
        assert again.suppressed is suppressed
        assert self.floor().last_seq == last

    def bot_fails(self) -> None:
        if not self.turns:
            self.bot_takes_a_turn()
            return
        turn = self.one_of(self.turns)
        self.turns.remove(turn)
        failure = TurnFailure(
            lease_token=turn.lease_token,
            reason=TurnFailureReason.RASA_FAILED,
            give_up=self.one_of((True, False)),
        )
        self.act(lambda: fail_turn(self.session, turn.turn_id, failure, now=self.clock()), LeaseLost)

    def bot_dies(self) -> None:
        """A zombie may still answer the turns in hand; what was being sent is in doubt."""
        self.boot += 1
        self.in_doubt |= {delivery.seq for delivery in self.sending}
        self.sending.clear()

    def bot_finds_the_assistant_back(self) -> None:
        status = AssistantStatus(available=True)
        self.act(lambda: return_to_assistant(self.session, status, now=self.clock()))

    # --- two mediators ---

    def mediator_looks(self) -> None:
        self.see(self.one_of(MEDIATORS))

    def mediator_claims(self) -> None:
        who = self.one_of(MEDIATORS)
        if self.one_of((True, False)):
            self.see(who)
        mode, epoch = self.floor().mode, self.floor().epoch
        taken = self._as(who, claim)
        is_free = mode in (Mode.ASSISTANT, Mode.WAITING)
        assert (taken is not None) == (is_free and self.views[who] == epoch)
        if taken is not None:
            self.see(who)

    def mediator_replies(self) -> None:
        who = self.one_of(MEDIATORS)
        holds = self._holds(who)
        words = f"reply {next(self.texts)}"
        assert (self._as(who, reply, text=words) is not None) is holds

    def mediator_shows_a_sign(self) -> None:
        who = self.one_of(MEDIATORS)
        holds = self._holds(who)
        assert (self._as(who, keep_holding) is not None) is holds

    def mediator_hands_back(self) -> None:
        who = self.one_of(MEDIATORS)
        holds = self._holds(who)
        summary = self.one_of(("", "note"))
        assert (self._as(who, release, summary=summary) is not None) is holds
        if holds:
            assert self.floor().mode is Mode.ASSISTANT

    def mediator_hands_on(self) -> None:
        who = self.one_of(MEDIATORS)
        colleague = self.house.staff[1 - who]
        if self._as(who, transfer, to=colleague.id) is not None:
            assert self.floor().holder_id == colleague.id
            if self.one_of((True, False)):
                self.see(1 - who)

    def mediator_closes(self) -> None:
        who = self.one_of(MEDIATORS)
        holds = self._holds(who)
        assert (self._as(who, close, reason=ClosingReason.ANSWERED) is not None) is holds
        assert not holds or self.floor().mode is Mode.CLOSED

    def coordinator_takes_over(self) -> None:
        """A third person, who has just looked, takes it from whoever holds it."""
        self.see(COORDINATOR)
        held = (
            self.floor().mode is Mode.MEDIATOR and self.floor().holder_id != self.house.staff[COORDINATOR].id
        )
        assert (self._as(COORDINATOR, take_over, reason="nobody answers") is not None) is held
        assert not held or self.floor().holder_id == self.house.staff[COORDINATOR].id
        self.see(COORDINATOR)

    def coordinator_lets_go(self) -> None:
        holds = self._holds(COORDINATOR)
        assert (self._as(COORDINATOR, release, summary="") is not None) is holds

    def mediator_makes_wait(self) -> None:
        who = self.one_of(MEDIATORS)
        self._as(who, make_staff_wait)

    def see(self, who: int) -> None:
        self.views[who] = self.floor().epoch

    def _as(self, who: int, verb: Callable[..., Result], **how: Any) -> Result | None:
        """Do something as a mediator who knows the floor as they saw it last."""
        staff, epoch = self.house.staff[who], self.views[who]
        return self.act(
            lambda: verb(self.session, self.id, staff=staff, epoch=epoch, now=self.clock(), **how), *NOT_MINE
        )

    def _holds(self, who: int) -> bool:
        floor = self.floor()
        return floor.holder_id == self.house.staff[who].id and floor.epoch == self.views[who]

    # --- time ---

    def time_passes(self) -> None:
        seconds = self.one_of((1, 20, 31, 76, 301))
        self.clock.advance(seconds=seconds)
        floor = self.floor()
        gone = floor.holder_until is not None and floor.holder_until < self.clock()
        assert self.act(lambda: expire_holders(self.session, now=self.clock())) == int(gone)
        self.house.deeds["holders who went"] += gone
        assert not gone or self.floor().mode is Mode.WAITING

    # --- Telegram ---

    def sender_takes(self) -> None:
        asked = DeliveryClaim(channel=Channel.TELEGRAM, worker=self.worker, limit=5, wait_seconds=0)
        taken = self.act(lambda: claim_deliveries(self.session, asked, now=self.clock()))
        lowest = self._rows(
            "SELECT min(seq) AS seq FROM delivery WHERE conversation_id = :id"
            " AND state IN ('pending', 'sending', 'uncertain')"
        )
        assert [delivery.seq for delivery in taken or []] in ([], [lowest[0].seq])
        for delivery in taken or []:
            if any(delivery.id == other.id for other in self.sending):
                self.in_doubt.add(delivery.seq)  # slower than its lease
            else:
                self.sending.append(delivery)

    def sender_sends(self) -> None:
        if not self.sending:
            self.sender_takes()
            return
        delivery = self.sending.pop()
        outcome = self.one_of(("sent", "sent", "too many", "silence", "no report"))
        arrives = outcome == "sent" or (outcome != "too many" and self.one_of((True, False)))
        if arrives:
            self.arrived.append(delivery.seq)
        if outcome in ("silence", "no report"):
            self.in_doubt.add(delivery.seq)
        if outcome == "no report":
            return
        report = {
            "sent": DeliveryReport(outcome=DeliveryOutcome.SENT, provider_id="1"),
            "too many": DeliveryReport(outcome=DeliveryOutcome.RETRY, retry_after_seconds=17),
            "silence": DeliveryReport(outcome=DeliveryOutcome.RETRY),
        }[outcome]
        self.act(lambda: report_delivery(self.session, delivery.id, report, now=self.clock()))

    # --- what always holds ---

    def _rows(self, statement: str) -> list[Any]:
        # Past the ORM, since this is asked thousands of times; the id is ours.
        return list(self.session.connection().exec_driver_sql(statement.replace(":id", f"'{self.id}'")))

    @invariant()
    def one_holder_exactly_while_a_mediator_has_the_floor(self) -> None:
        floor = self.floor()
        assert (floor.mode is Mode.MEDIATOR) == (floor.holder_id is not None)
        open_ones = self._rows(
            "SELECT staff_id, epoch FROM assignment WHERE conversation_id = :id AND ended_at IS NULL"
        )
        expected = [(floor.holder_id, floor.epoch)] if floor.mode is Mode.MEDIATOR else []
        assert [tuple(row) for row in open_ones] == expected

    @invariant()
    def epochs_rise_by_one_and_each_is_written_down(self) -> None:
        epoch = self.floor().epoch
        assert epoch >= self.epochs[-1]
        self.epochs.append(epoch)
        written = self._rows("SELECT epoch FROM floor_change WHERE conversation_id = :id ORDER BY epoch")
        assert [row.epoch for row in written] == list(range(2, epoch + 1))

    @invariant()
    def messages_are_numbered_without_gap_and_each_is_stored_once(self) -> None:
        rows = self._rows(
            "SELECT m.seq, m.author, m.audience, m.suppressed, d.seq AS delivery"
            " FROM message m LEFT JOIN delivery d ON d.message_id = m.id"
            " WHERE m.conversation_id = :id ORDER BY m.seq"
        )
        assert [row.seq for row in rows] == list(range(1, self.floor().last_seq + 1))
        assert sum(row.author == "citizen" for row in rows) == len(self.accepted)
        for row in rows:
            to_person = row.author != "citizen" and row.audience == "everybody"
            assert (row.delivery is not None) == to_person
            assert not (row.suppressed and to_person)

    @invariant()
    def no_turn_is_open_while_a_mediator_has_the_floor(self) -> None:
        rows = self._rows("SELECT id, state FROM inbox_entry WHERE conversation_id = :id")
        assert len(rows) == len(self.accepted)
        floor = self.floor()
        open_ones = {row.id for row in rows if row.state == "pending"}
        if floor.mode is Mode.MEDIATOR:
            assert not [row for row in rows if row.state in ("pending", "deferred")]
        elif floor.mode is Mode.WAITING:
            assert open_ones <= {floor.waiting_turn_id}
        else:
            assert not [row for row in rows if row.state == "deferred"]

    @invariant()
    def telegram_gets_everything_in_order_and_twice_only_when_in_doubt(self) -> None:
        assert self.arrived == sorted(self.arrived)
        twice = {seq for seq in self.arrived if self.arrived.count(seq) > 1}
        assert twice <= self.in_doubt
        sent = self._rows("SELECT seq FROM delivery WHERE conversation_id = :id AND state = 'sent'")
        assert {row.seq for row in sent} <= set(self.arrived)


@pytest.fixture
def house(database: Database) -> Iterator[House]:
    with database.transaction() as session:
        staff = [create_staff(session, name=name) for name in ("Amina Rossi", "Olena Bondar")]
        staff.append(create_staff(session, name="Carla Neri", roles=frozenset({Role.COORDINATOR})))
    with closing(database):
        yield House(database, staff)


@pytest.mark.timeout(1800)
def test_every_interleaving_keeps_every_promise(
    house: House, backend: str, capsys: pytest.CaptureFixture[str]
) -> None:
    examples = 1000 if backend == "sqlite" else 100
    run_state_machine_as_test(
        type("FloorOfTheHouse", (Floor,), {"house": house}),
        settings=settings(
            max_examples=examples,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
    with capsys.disabled():
        sys.stdout.write(f"\n{backend}: {house.examples} interleavings, {house.steps} acts\n")
    assert house.examples >= examples
    # Worth something only while the interesting thing happens: a turn in flight meets a takeover.
    assert house.answers["mediator", True] > examples / 20
    assert house.answers["assistant", False] > examples / 20
    assert house.deeds["holders who went"] > examples / 50
    assert min(house.deeds["mediator_closes"], house.deeds["coordinator_takes_over"]) > examples / 5
