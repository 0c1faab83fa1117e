"""Our way into Rasa: a turn goes in with its id, its whole answer comes out, and a failed turn is a 5xx.

Rasa's own REST channel answers 200 to a turn that crashed, knows no turn id and asks for no secret
(reliability.md, findings 1, 3 and 6).
"""

from __future__ import annotations

import hmac
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from time import monotonic
from typing import Any, Final

from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from nlu.failures import TurnFailed
from nlu.hand_back import carry_over
from nlu.memory import opened_with
from nlu.turn_request import Turn, WrongBody, is_memory_key, read_turn

_NAME: Final = "sportello"
_log = logging.getLogger(__name__)

Handler = Callable[..., Awaitable[HTTPResponse]]


@dataclass(frozen=True)
class Answer:
    """What a turn came to: the replies in order, the intent that was understood, the form that is open."""

    turn_id: str
    replies: list[dict[str, Any]]
    intent: str | None
    confidence: float | None
    form: str | None

    def as_json(self) -> dict[str, Any]:
        """Return the body of the answer."""
        return {
            "turn_id": self.turn_id,
            "replies": self.replies,
            "intent": self.intent,
            "confidence": self.confidence,
            "form": self.form,
        }


class Replies(CollectingOutputChannel):
    """Collects what is said, whole: Rasa's own collector cuts a text at its empty lines.

    `form`: the one that is open when the turn is over (`patches`).
    """

    form: str | None = None

    @classmethod
    def name(cls) -> str:
        """Return the channel's name, as responses may ask for it."""
        return _NAME

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keep one message."""
        self.messages.append(reply_of(message))


class SportelloInput(InputChannel):
    """`POST turns`, `GET turns/<sender>/<turn id>` and a health answer, under /webhooks/sportello."""

    def __init__(self, secret: str) -> None:
        self._secret = secret

    @classmethod
    def name(cls) -> str:
        """Return the part of the path that is ours."""
        return _NAME

    @classmethod
    def from_credentials(cls, credentials: Mapping[str, Any] | None) -> SportelloInput:
        """Return the channel; its secret is derived from the service token, not a credential."""
        from nlu.settings import read_settings

        return cls(read_settings().channel_secret)

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Return the routes."""
        routes = Blueprint(f"{_NAME}_turns", __name__)

        @routes.route("/", methods=["GET"])
        async def health(request: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @routes.route("/turns", methods=["POST"])
        @self._demands_secret
        async def take_turn(request: Request) -> HTTPResponse:
            return await _take_turn(request.app.ctx.agent, on_new_message, request.body)

        @routes.route("/turns/<sender:str>/<turn_id:str>", methods=["GET"])
        @self._demands_secret
        async def show_turn(request: Request, sender: str, turn_id: str) -> HTTPResponse:
            memory_key = request.headers.get("x-memory-key", "")
            return await _show_turn(request.app.ctx.agent, sender, turn_id, memory_key)

        return routes

    def _demands_secret(self, handler: Handler) -> Handler:
        @wraps(handler)
        async def guarded(request: Request, *args: Any, **kwargs: Any) -> HTTPResponse:
            shown = request.headers.get("authorization", "").encode()
            if not hmac.compare_digest(shown, f"Bearer {self._secret}".encode()):
                return response.json({"reason": "wrong_secret"}, status=401)
            return await handler(request, *args, **kwargs)

        return guarded


async def _take_turn(
    agent: Agent, on_new_message: Callable[[UserMessage], Awaitable[Any]], body: bytes
) -> HTTPResponse:
    started = monotonic()
    try:
        turn = read_turn(body)
    except WrongBody as problem:
        return response.json({"reason": "wrong_body", "detail": str(problem)}, status=422)
    message = UserMessage(
        turn.for_rasa,
        Replies(),
        turn.sender,
        input_channel=_NAME,
        message_id=turn.turn_id,
        metadata=turn.metadata,
    )
    try:
        with opened_with(turn.memory_key):
            answer = await _answer(agent, on_new_message, turn, message)
    except TurnFailed as failure:
        return _failed(turn, failure.status, failure.reason, message)
    except Exception as error:
        _log.error("turn broke", extra={"turn": turn.turn_id, "kind": type(error).__name__}, exc_info=True)
        return _failed(turn, TurnFailed.status, TurnFailed.reason, message)
    _log.info(
        "turn answered",
        extra={"turn": turn.turn_id, "intent": answer.intent, "ms": round((monotonic() - started) * 1000)},
    )
    return response.json(answer.as_json())


async def _answer(
    agent: Agent, on_new_message: Callable[[UserMessage], Awaitable[Any]], turn: Turn, message: UserMessage
) -> Answer:
    if turn.is_retry:
        made = await find_answer(agent, turn.sender, turn.turn_id)
        if made is not None:
            return made
    await carry_over(agent, turn.sender)
    await on_new_message(message)
    intent, said = _understood(message), message.output_channel
    return Answer(turn.turn_id, said.messages, intent.get("name"), intent.get("confidence"), said.form)


async def find_answer(agent: Agent, sender: str, turn_id: str) -> Answer | None:
    """Return the answer of a turn from the tracker, or None when it never came to an end.

    Rasa stores a turn in one commit: where its message is, its whole answer is. Under the lock, so that a
    turn that is still running is waited for.

    Raises:
        TrackerStoreFailed: the tracker can't be read.
    """
    async with agent.lock_store.lock(sender):
        tracker = await agent.tracker_store.retrieve_full_tracker(sender)
    return None if tracker is None else _answer_in(tracker, turn_id)


def reply_of(message: Mapping[str, Any]) -> dict[str, Any]:
    """Return one of Rasa's bot messages in the form that the bot knows."""
    buttons = [
        {
            "title": button["title"],
            "payload": button["payload"],
            "lasting": bool(button.get("lasting", False)),
        }
        for button in message.get("buttons") or ()
    ]
    reply = {"text": message.get("text") or "", "buttons": buttons}
    return {**reply, "custom": message["custom"]} if message.get("custom") else reply


def _answer_in(tracker: DialogueStateTracker, turn_id: str) -> Answer | None:
    events = list(tracker.events)
    places = [place for place, event in enumerate(events) if _is_turn(event, turn_id)]
    if not places:
        return None
    said = events[places[-1]]
    replies: list[dict[str, Any]] = []
    for event in events[places[-1] + 1 :]:
        if isinstance(event, UserUttered):
            break
        if isinstance(event, BotUttered):
            replies.append(reply_of(event.message()))
    form = tracker.active_loop_name  # nothing came after a turn whose answer is still looked for
    return Answer(turn_id, replies, said.intent.get("name"), said.intent.get("confidence"), form)


def _is_turn(event: Any, turn_id: str) -> bool:
    return isinstance(event, UserUttered) and (event.metadata or {}).get("turn_id") == turn_id


async def _show_turn(agent: Agent, sender: str, turn_id: str, memory_key: str) -> HTTPResponse:
    if not is_memory_key(memory_key):
        return response.json({"reason": "memory_key_missing"}, status=422)
    try:
        with opened_with(memory_key):
            answer = await find_answer(agent, sender, turn_id)
    except TurnFailed as failure:
        return response.json({"reason": failure.reason}, status=failure.status)
    if answer is None:
        return response.json({"reason": "no_such_turn"}, status=404)
    return response.json(answer.as_json())


def _failed(turn: Turn, status: int, reason: str, message: UserMessage) -> HTTPResponse:
    intent = _understood(message).get("name")
    _log.warning("turn failed", extra={"turn": turn.turn_id, "reason": reason, "intent": intent})
    return response.json({"turn_id": turn.turn_id, "reason": reason, "intent": intent}, status=status)


def _understood(message: UserMessage) -> Mapping[str, Any]:
    """Return the intent that `patches` put on the message; empty where the turn failed before."""
    return getattr(message, "understood", None) or {}
