import httpx
import pytest

from backoffice.client.schemas import TurnFailureReason
from bot.rasa_client import RasaClient, RasaError, RasaTimeout, RasaUnreachable, TurnFailed
from tests.bot.fakes import FakeRasa, turn


async def test_a_turn_carries_the_secret_and_exactly_what_the_channel_knows() -> None:
    rasa = FakeRasa()
    async with RasaClient("http://rasa.test", "secret", transport=rasa.transport) as client:
        answer = await client.take_turn(turn(language="uk", text="привіт"), attempt=2, timeout_seconds=1)
    assert rasa.authorizations == ["Bearer secret"]
    assert rasa.asked == [
        {
            "sender": "conversation-1.1",
            "turn_id": "turn-1",
            "epoch": 3,
            "language": "uk",
            "attempt": 2,
            "memory_key": "bWVtb3J5",
            "text": "привіт",
        }
    ]
    assert (answer.replies[0].text, answer.intent) == ("echo привіт", "greet")


async def test_a_button_goes_as_a_payload_and_a_long_text_is_cut() -> None:
    rasa = FakeRasa()
    async with RasaClient("http://rasa.test", "secret", transport=rasa.transport) as client:
        await client.take_turn(turn(payload="/ask_menu"), attempt=1, timeout_seconds=1)
        await client.take_turn(turn(text="x" * 4096), attempt=1, timeout_seconds=1)
    assert rasa.asked[0]["payload"] == "/ask_menu"
    assert "text" not in rasa.asked[0]
    assert len(rasa.asked[1]["text"]) == 1000


@pytest.mark.parametrize(
    ("answer", "error", "reason", "intent"),
    [
        (httpx.ConnectError("refused"), RasaUnreachable, TurnFailureReason.RASA_UNREACHABLE, None),
        (httpx.ReadError("reset"), RasaUnreachable, TurnFailureReason.RASA_UNREACHABLE, None),
        (httpx.Response(404), RasaUnreachable, TurnFailureReason.RASA_UNREACHABLE, None),
        (httpx.ReadTimeout("slow"), RasaTimeout, TurnFailureReason.RASA_TIMEOUT, None),
        (
            httpx.Response(503, json={"reason": "action_server_failed", "intent": "report_emergency"}),
            TurnFailed,
            TurnFailureReason.ACTION_SERVER_FAILED,
            "report_emergency",
        ),
        (
            httpx.Response(500, json={"reason": "rasa_failed"}),
            TurnFailed,
            TurnFailureReason.RASA_FAILED,
            None,
        ),
        (httpx.Response(500, text="<html>"), TurnFailed, TurnFailureReason.RASA_FAILED, None),
        (httpx.Response(500, json=["no"]), TurnFailed, TurnFailureReason.RASA_FAILED, None),
        (httpx.Response(401), TurnFailed, TurnFailureReason.RASA_FAILED, None),
        (httpx.Response(200, json={"replies": "?"}), TurnFailed, TurnFailureReason.RASA_FAILED, None),
        (httpx.Response(200, text="[]"), TurnFailed, TurnFailureReason.RASA_FAILED, None),
    ],
)
async def test_each_way_to_fail_has_its_name(
    answer: httpx.Response | Exception,
    error: type[RasaError],
    reason: TurnFailureReason,
    intent: str | None,
) -> None:
    rasa = FakeRasa()
    rasa.script = [answer]
    async with RasaClient("http://rasa.test", "secret", transport=rasa.transport) as client:
        with pytest.raises(error) as failed:
            await client.take_turn(turn(), attempt=1, timeout_seconds=1)
    assert (failed.value.reason, failed.value.intent) == (reason, intent)


async def test_rasa_lives_when_it_and_our_channel_answer() -> None:
    rasa = FakeRasa()
    async with RasaClient("http://rasa.test", "secret", transport=rasa.transport) as client:
        assert await client.is_alive()
        rasa.alive = False
        assert not await client.is_alive()
