"""Rasa's own channel of ours (`nlu/channel.py`), as the bot sees it.

RasaError
├── RasaUnreachable   refused, reset, or something that is not our channel answered
├── RasaTimeout       no answer in time; the turn may have been made
└── TurnFailed        the channel says that the turn failed, and why
"""

from __future__ import annotations

from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import httpx
from pydantic import BaseModel, ValidationError

from backoffice.client.schemas import Reply, Turn, TurnFailureReason

TEXT_LIMIT = 1000
"""Characters that the assistant reads of one message. The transcript keeps all; a text of 20,000
takes Rasa 11.7 s on the loop that everybody shares (reliability.md, finding 7)."""

CONNECT_SECONDS = 1.0
"""A machine that is gone refuses nothing: it must not use up the time that another one needs."""


class RasaError(Exception):
    """A turn brought no answer. `reason` is what the backoffice is told, `intent` what was understood."""

    reason = TurnFailureReason.RASA_FAILED
    intent: str | None = None


class RasaUnreachable(RasaError):
    """Nothing that speaks our channel answers at Rasa's address."""

    reason = TurnFailureReason.RASA_UNREACHABLE


class RasaTimeout(RasaError):
    """No answer within the time given."""

    reason = TurnFailureReason.RASA_TIMEOUT


class TurnFailed(RasaError):
    """The channel answered that this turn failed; nothing of it is in the tracker."""

    def __init__(self, reason: TurnFailureReason, intent: str | None = None) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.intent = intent


class RasaAnswer(BaseModel):
    """What the assistant says to a turn, how it understood it, and the form that is open now."""

    turn_id: str
    replies: list[Reply]
    intent: str | None = None
    confidence: float | None = None
    form: str | None = None


@dataclass(frozen=True)
class _Failure:
    reason: str | None
    intent: str | None


class RasaClient:
    """Takes turns to Rasa.

    Args:
        base_url: Rasa's address.
        secret: what the channel demands, in hexadecimal.
        transport: another transport, for tests.
    """

    def __init__(
        self, base_url: str, secret: str, *, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._http = httpx.AsyncClient(
            base_url=base_url,
            headers={"Authorization": f"Bearer {secret}"},
            transport=transport,
            trust_env=False,
        )

    async def take_turn(self, turn: Turn, *, attempt: int, timeout_seconds: float) -> RasaAnswer:
        """Have one turn answered; from attempt 2 on the channel looks the turn up before it makes it.

        Raises:
            RasaError: no answer, see its subclasses.
        """
        try:
            response = await self._http.post(
                "/webhooks/sportello/turns",
                json=_body(turn, attempt),
                timeout=httpx.Timeout(timeout_seconds, connect=min(CONNECT_SECONDS, timeout_seconds)),
            )
        except httpx.TimeoutException as error:
            unreachable = isinstance(error, (httpx.ConnectTimeout, httpx.PoolTimeout))
            raise (RasaUnreachable if unreachable else RasaTimeout)() from error
        except httpx.HTTPError as error:
            raise RasaUnreachable from error
        return _read(response)

    async def is_alive(self, *, timeout_seconds: float = 2.0) -> bool:
        """Tell whether Rasa is there with a model and our channel."""
        try:
            root = await self._http.get("/", timeout=timeout_seconds)
            channel = await self._http.get("/webhooks/sportello/", timeout=timeout_seconds)
        except httpx.HTTPError:
            return False
        return root.is_success and channel.is_success

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()


def _body(turn: Turn, attempt: int) -> dict[str, Any]:
    body: dict[str, Any] = {
        "sender": turn.sender,
        "turn_id": turn.turn_id,
        "epoch": turn.epoch,
        "language": turn.language,
        "attempt": attempt,
        "memory_key": turn.memory_key,
    }
    if turn.payload is not None:
        body["payload"] = turn.payload
    else:
        body["text"] = (turn.text or "")[:TEXT_LIMIT]
    return body


def _read(response: httpx.Response) -> RasaAnswer:
    if response.status_code == httpx.codes.OK:
        try:
            return RasaAnswer.model_validate_json(response.content)
        except ValidationError:
            # The error quotes the assistant's words: it must not travel on to a log.
            raise TurnFailed(TurnFailureReason.RASA_FAILED) from None
    if response.status_code in {httpx.codes.BAD_GATEWAY, httpx.codes.NOT_FOUND}:
        raise RasaUnreachable
    failure = _failure(response)
    reason = (
        TurnFailureReason.ACTION_SERVER_FAILED
        if failure.reason == TurnFailureReason.ACTION_SERVER_FAILED
        else TurnFailureReason.RASA_FAILED
    )
    raise TurnFailed(reason, failure.intent)


def _failure(response: httpx.Response) -> _Failure:
    try:
        body = response.json()
    except ValueError:
        body = {}
    if not isinstance(body, dict):
        body = {}
    reason, intent = body.get("reason"), body.get("intent")
    return _Failure(
        reason if isinstance(reason, str) else None,
        intent if isinstance(intent, str) else None,
    )
