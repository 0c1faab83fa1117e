"""The real client against the real application: every method, every error that it declares."""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy.orm import Session

from backoffice.client.client import BackofficeClient
from backoffice.client.errors import (
    BackofficeRefused,
    BackofficeUnavailable,
    Conflict,
    InvalidRequest,
    NotFound,
    TooManyMessages,
)
from backoffice.client.schemas import (
    AssistantStatus,
    AttachmentKind,
    CareSchedule,
    CareSkill,
    CareWorkIntake,
    CaseType,
    Channel,
    ConsentGiven,
    DeliveryClaim,
    DeliveryOutcome,
    DeliveryReport,
    HandoffRequest,
    HousingIntake,
    IncomingRequest,
    IntakeRequest,
    LanguageChange,
    MessageKind,
    Mode,
    ReceptionRequest,
    Reply,
    ReplyButton,
    SessionLookup,
    SessionRequest,
    TelegramSender,
    Turn,
    TurnAnswer,
    TurnClaim,
    TurnFailure,
    TurnFailureReason,
    WaitingReason,
)
from tests.backoffice.databases import SERVICE_TOKEN
from tests.backoffice.factories import create_conversation, create_front_door, incoming

NO_ONE = "00000000-0000-7000-8000-000000000000"
CONSENT = ConsentGiven(purpose="intake", text_version="1", text="Va bene?", language="it")
ASKED = HandoffRequest(reason=WaitingReason.ASKED)


@pytest.fixture(autouse=True)
def front_door(session: Session) -> None:
    create_front_door(session)
    session.commit()


@pytest.fixture
async def conversation_id(client: BackofficeClient) -> str:
    return (await client.open_session(SessionRequest(language="it"))).conversation_id


def written(conversation_id: str, text: str = "ciao", *, number: str = "1") -> IncomingRequest:
    return IncomingRequest(
        channel=Channel.WEB,
        external_id=f"session:{number}",
        conversation_id=conversation_id,
        kind=MessageKind.TEXT,
        text=text,
    )


def from_telegram(text: str = "ciao") -> IncomingRequest:
    return IncomingRequest(
        channel=Channel.TELEGRAM,
        external_id="bot:1",
        second_id="5:1:0",
        telegram=TelegramSender(chat_id=5, user_id=5, name="Oksana", language_hint="uk"),
        kind=MessageKind.TEXT,
        text=text,
    )


def answered(turn: Turn, *replies: Reply) -> TurnAnswer:
    return TurnAnswer(
        epoch=turn.epoch, lease_token=turn.lease_token, replies=list(replies), intent="greet", confidence=0.9
    )


async def claimed(client: BackofficeClient) -> Turn:
    turn = (await client.claim_turn(TurnClaim(worker="bot", wait_seconds=0))).turn
    assert turn is not None
    return turn


def housing(conversation_id: str, people: int = 4) -> IntakeRequest:
    return IntakeRequest(
        conversation_id=conversation_id,
        turn_id=NO_ONE,
        person_name="Oksana",
        person_phone="+393331234567",
        housing=HousingIntake(municipalities=["Crema"], budget_eur_month=600, people=people, rooms=2),
        consent=CONSENT,
    )


async def test_a_session_is_opened_and_found_by_its_token(client: BackofficeClient) -> None:
    created = await client.open_session(SessionRequest(language="it"))
    digest = hashlib.sha256(created.token.encode()).hexdigest()
    found = await client.find_session(SessionLookup(token_sha256=digest))
    assert (found.session, found.conversation_id) == (created.session, created.conversation_id)
    with pytest.raises(NotFound):
        await client.find_session(SessionLookup(token_sha256="0" * 64))


async def test_a_message_is_recorded_once(client: BackofficeClient, conversation_id: str) -> None:
    first = await client.record_message(written(conversation_id))
    again = await client.record_message(written(conversation_id))
    assert (first.seq, first.repeated, again.id, again.repeated) == (1, False, first.id, True)
    with pytest.raises(Conflict):
        await client.record_message(written(conversation_id, "altro"))
    with pytest.raises(NotFound):
        await client.record_message(written(NO_ONE, number="2"))
    with pytest.raises(InvalidRequest):
        await client.record_message(
            IncomingRequest(channel=Channel.WEB, external_id="x", kind=MessageKind.TEXT, text="x")
        )


async def test_a_full_budget_says_when_to_come_back(app: FastAPI, conversation_id: str) -> None:
    app.state.settings = app.state.settings.model_copy(update={"messages_per_minute": 1})
    client = BackofficeClient("http://backoffice", SERVICE_TOKEN, transport=httpx.ASGITransport(app))
    await client.record_message(written(conversation_id))
    with pytest.raises(TooManyMessages) as refused:
        await client.record_message(written(conversation_id, number="2"))
    assert refused.value.retry_after_seconds == 60
    await client.aclose()


async def test_a_turn_is_claimed_answered_and_read(client: BackofficeClient, conversation_id: str) -> None:
    await client.record_message(written(conversation_id, "  /ciao"))
    turn = await claimed(client)
    assert (turn.text, turn.attempt, turn.sender) == ("ciao", 1, f"{conversation_id}.1")
    button = ReplyButton(title="Menu", payload="/ask_menu", lasting=True)
    said = answered(turn, Reply(text="Buongiorno!", buttons=[button]))
    assert not (await client.answer_turn(turn.turn_id, said)).suppressed
    assert not (await client.answer_turn(turn.turn_id, said)).suppressed
    chat = await client.read_messages(conversation_id, after=1)
    assert [each.text for each in chat.messages] == ["Buongiorno!"]
    assert chat.messages[0].buttons[0].label == "Menu"
    assert (chat.last_seq, chat.received_up_to, chat.mode) == (2, 1, Mode.ASSISTANT)
    with pytest.raises(NotFound):
        await client.read_messages(NO_ONE)
    with pytest.raises(NotFound):
        await client.answer_turn(NO_ONE, said)
    with pytest.raises(Conflict):
        await client.answer_turn(turn.turn_id, said.model_copy(update={"lease_token": 99}))
    assert (await client.claim_turn(TurnClaim(worker="bot", wait_seconds=0))).turn is None


async def test_a_failed_turn_comes_back_when_the_assistant_does(
    client: BackofficeClient, conversation_id: str
) -> None:
    await client.record_message(written(conversation_id))
    turn = await claimed(client)
    failure = TurnFailure(lease_token=turn.lease_token, reason=TurnFailureReason.RASA_TIMEOUT, give_up=True)
    assert (await client.fail_turn(turn.turn_id, failure)).retry_at is None
    with pytest.raises(Conflict):
        await client.fail_turn(turn.turn_id, failure)
    with pytest.raises(NotFound):
        await client.fail_turn(NO_ONE, failure)
    assert (await client.read_conversation(conversation_id)).mode is Mode.WAITING
    assert (await client.report_assistant(AssistantStatus(available=True))).conversations == 1
    assert (await claimed(client)).attempt >= 2


async def test_a_delivery_is_claimed_and_reported(client: BackofficeClient) -> None:
    await client.record_message(from_telegram())
    turn = await claimed(client)
    await client.answer_turn(turn.turn_id, answered(turn, Reply(text="Buongiorno!")))
    asked = DeliveryClaim(channel=Channel.TELEGRAM, worker="bot", wait_seconds=0)
    [delivery] = (await client.claim_deliveries(asked)).deliveries
    assert (delivery.chat_id, delivery.text) == (5, "Buongiorno!")
    report = DeliveryReport(outcome=DeliveryOutcome.SENT, provider_id="77")
    await client.report_delivery(delivery.id, report)
    await client.report_delivery(delivery.id, report)
    with pytest.raises(NotFound):
        await client.report_delivery(NO_ONE, report)
    assert (await client.claim_deliveries(asked)).deliveries == []


async def test_events_tell_which_conversation_changed(client: BackofficeClient, conversation_id: str) -> None:
    before = (await client.read_events()).last_id
    await client.record_message(written(conversation_id))
    events = await client.read_events(after=before)
    assert [each.conversation_id for each in events.events] == [conversation_id]
    assert (await client.read_events(after=events.last_id)).events == []


async def test_the_language_is_the_persons_choice(client: BackofficeClient, conversation_id: str) -> None:
    assert (await client.set_language(conversation_id, LanguageChange(language="it"))).language == "it"
    assert (await client.read_conversation(conversation_id)).channel is Channel.WEB
    for call in (
        client.set_language(NO_ONE, LanguageChange(language="it")),
        client.read_conversation(NO_ONE),
    ):
        with pytest.raises(NotFound):
            await call


async def test_a_person_is_asked_for_once(client: BackofficeClient, conversation_id: str) -> None:
    first = await client.request_handoff(conversation_id, ASKED, idempotency_key="turn:ask")
    again = await client.request_handoff(conversation_id, ASKED, idempotency_key="turn:ask")
    assert first == again
    assert (first.position, first.desk_open, first.already_waiting) == (1, True, False)
    with pytest.raises(Conflict):
        await client.request_handoff(
            conversation_id, ASKED.model_copy(update={"urgent": True}), idempotency_key="turn:ask"
        )
    with pytest.raises(NotFound):
        await client.request_handoff(NO_ONE, ASKED, idempotency_key="turn:other")


async def test_a_form_becomes_one_case_that_its_person_can_ask_for(
    client: BackofficeClient, conversation_id: str
) -> None:
    first = await client.submit_intake(housing(conversation_id), idempotency_key="turn:submit")
    again = await client.submit_intake(housing(conversation_id), idempotency_key="turn:submit")
    assert (first.type, again) == (CaseType.HOUSING, first)
    own = await client.read_own_cases(conversation_id)
    assert [each.number for each in own.cases] == [first.number]
    with pytest.raises(Conflict):
        await client.submit_intake(housing(conversation_id, people=5), idempotency_key="turn:submit")
    with pytest.raises(NotFound):
        await client.submit_intake(housing(NO_ONE), idempotency_key="turn:other")
    with pytest.raises(NotFound):
        await client.read_own_cases(NO_ONE)


async def test_a_care_worker_is_registered(client: BackofficeClient, conversation_id: str) -> None:
    form = CareWorkIntake(
        municipalities=["Crema"],
        years_experience=5,
        skills=[CareSkill.DEMENTIA],
        schedules=[CareSchedule.LIVE_IN],
        permit_allows_work="yes",
    )
    request = IntakeRequest(
        conversation_id=conversation_id, turn_id=NO_ONE, person_name="A", care_work=form, consent=CONSENT
    )
    assert (await client.submit_intake(request, idempotency_key="t:c")).type is CaseType.CARE_WORK


async def test_a_need_without_a_form_becomes_a_case(client: BackofficeClient, conversation_id: str) -> None:
    request = ReceptionRequest(conversation_id=conversation_id, need="appointment", note="domani")
    first = await client.submit_reception(request, idempotency_key="turn:reception")
    again = await client.submit_reception(request, idempotency_key="turn:reception")
    assert (first.type, again) == (CaseType.RECEPTION, first)
    with pytest.raises(Conflict):
        await client.submit_reception(
            request.model_copy(update={"note": "oggi"}), idempotency_key="turn:reception"
        )
    with pytest.raises(NotFound):
        await client.submit_reception(
            request.model_copy(update={"conversation_id": NO_ONE}), idempotency_key="turn:other"
        )


async def test_the_guide_answers(client: BackofficeClient) -> None:
    answer = await client.read_guide("tax_code", "it")
    assert answer.topic == "tax_code"
    with pytest.raises(NotFound):
        await client.read_guide("no_such_topic", "it")


async def test_a_missing_office_is_not_found(client: BackofficeClient) -> None:
    with pytest.raises(NotFound):
        await client.read_office("it")


async def test_a_file_is_stored_and_read(client: BackofficeClient, conversation_id: str) -> None:
    stored = await client.store_attachment(
        b"%PDF-1.7",
        kind=AttachmentKind.DOCUMENT,
        media_type="application/pdf",
        idempotency_key="k",
        conversation_id=conversation_id,
    )
    content = await client.read_attachment(stored.id, conversation_id=conversation_id)
    assert content == (b"%PDF-1.7", "application/pdf")


async def test_health_is_told(client: BackofficeClient) -> None:
    assert await client.is_healthy()


# --- What goes wrong on the way ------------------------------------------------------------------


class Wire(httpx.AsyncBaseTransport):
    """Fails as often as told, then goes through; or always answers the same."""

    def __init__(self, *outcomes: httpx.Response | Exception) -> None:
        self.outcomes = list(outcomes)
        self.calls = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.calls += 1
        outcome = self.outcomes.pop(0) if len(self.outcomes) > 1 else self.outcomes[0]
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


@pytest.fixture
async def clients() -> AsyncIterator[list[BackofficeClient]]:
    made: list[BackofficeClient] = []
    yield made
    for each in made:
        await each.aclose()


def on(clients: list[BackofficeClient], wire: Wire) -> BackofficeClient:
    made = BackofficeClient("http://backoffice", "t", transport=wire)
    clients.append(made)
    return made


@pytest.mark.parametrize(
    "outcome",
    [
        httpx.ConnectError("refused"),
        httpx.ReadTimeout("slow"),
        httpx.RemoteProtocolError("cut"),
        httpx.Response(500),
        httpx.Response(502),
        httpx.Response(503),
        httpx.Response(504),
        httpx.Response(200, text="<html>"),
        httpx.Response(200, json={"unexpected": True}),
    ],
)
async def test_no_usable_answer_means_that_nothing_is_known(
    clients: list[BackofficeClient], outcome: httpx.Response | Exception
) -> None:
    with pytest.raises(BackofficeUnavailable):
        await on(clients, Wire(outcome)).read_conversation("c")
    assert not await on(clients, Wire(httpx.ConnectError("refused"))).is_healthy()


@pytest.mark.parametrize(
    ("status", "error"), [(401, BackofficeRefused), (403, BackofficeRefused), (400, InvalidRequest)]
)
async def test_a_no_carries_the_problem(
    clients: list[BackofficeClient], status: int, error: type[BackofficeRefused]
) -> None:
    problem = httpx.Response(status, json={"title": "No", "detail": "because"})
    with pytest.raises(error, match="because") as refused:
        await on(clients, Wire(problem)).read_conversation("c")
    assert (refused.value.status, refused.value.title) == (status, "No")


async def test_what_may_happen_twice_is_tried_twice(clients: list[BackofficeClient]) -> None:
    wire = Wire(httpx.ConnectError("refused"), httpx.Response(200, json={"events": [], "last_id": 3}))
    assert (await on(clients, wire).read_events()).last_id == 3
    assert wire.calls == 2


@pytest.mark.parametrize(
    ("method", "argument"),
    [
        ("claim_turn", TurnClaim(worker="w")),
        ("claim_deliveries", DeliveryClaim(channel=Channel.TELEGRAM, worker="w")),
        ("open_session", SessionRequest()),
    ],
)
async def test_what_takes_is_tried_once(clients: list[BackofficeClient], method: str, argument: Any) -> None:
    wire = Wire(httpx.ReadTimeout("slow"))
    with pytest.raises(BackofficeUnavailable):
        await getattr(on(clients, wire), method)(argument)
    assert wire.calls == 1


async def test_a_message_sent_twice_by_a_broken_wire_is_one_message(app: FastAPI, session: Session) -> None:
    conversation = create_conversation(session)
    session.commit()

    class AnswerLost(httpx.ASGITransport):
        lost = False

        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            response = await super().handle_async_request(request)
            if not self.lost:
                self.lost = True
                raise httpx.ReadError("cut")
            return response

    client = BackofficeClient("http://backoffice", SERVICE_TOKEN, transport=AnswerLost(app))
    accepted = await client.record_message(incoming(conversation))
    assert (accepted.seq, accepted.repeated) == (1, True)
    await client.aclose()


def test_every_call_of_the_service_api_has_its_method(app: FastAPI) -> None:
    calls = {
        (verb.upper(), path)
        for path, operations in app.openapi()["paths"].items()
        if path.startswith(("/api/v1/service", "/api/v1/guide"))
        for verb in operations
    }
    methods = [
        name
        for name, _method in inspect.getmembers(BackofficeClient, inspect.iscoroutinefunction)
        if not name.startswith("_") and name not in {"aclose", "is_healthy"}
    ]
    assert len(methods) == len(calls), (sorted(methods), sorted(calls))
