"""What we change in Rasa 3.6.21 at run time; each change with its reason and its measurement."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, Final

import rasa.core.actions.action as rasa_actions
import rasa.core.lock_store as rasa_locks
import rasa.utils.endpoints as rasa_endpoints
from jsonschema import Draft7Validator, ValidationError
from rasa.core.processor import MessageProcessor
from rasa.shared.core.events import Event

from nlu import failpoints
from nlu.failures import ActionServerFailed

ACTION_SECONDS: Final = 5.0
"""How long an action may take: the bot gives a turn up after 7 s (design.md, section 3)."""

LOCK_SECONDS: Final = 600
"""Must outlive any turn; Rasa's 60 s are less than its 300 s for an action (reliability.md 1.2, row 2)."""

LOCK_POLL_SECONDS: Final = 0.05


def apply() -> None:
    """Change Rasa, before an agent is made; a second call changes nothing more."""
    if getattr(Event.resolve_by_type, "is_ours", False):
        return
    _remember_event_classes()
    _compile_the_schema_of_answers_once()
    _bound_the_time_of_actions()
    _end_the_turn_with_a_failed_action()
    _keep_what_was_understood()
    _keep_which_form_is_open()
    # Rasa looks once a second whether a lock is free.
    rasa_locks.LockStore.issue_ticket.__defaults__ = (LOCK_SECONDS,)
    rasa_locks.LockStore.lock.__wrapped__.__defaults__ = (LOCK_SECONDS, LOCK_POLL_SECONDS)


def _remember_event_classes() -> None:
    """Rasa walks all subclasses of Event for every event that it reads: two thirds of a reload."""
    walk: Callable[..., Any] = Event.resolve_by_type
    remembered: Callable[..., Any] = cache(walk)

    def resolve_by_type(type_name: str, default: Any = None) -> type[Event] | None:
        found: type[Event] | None = remembered(type_name, default)
        return found

    resolve_by_type.is_ours = True  # type: ignore[attr-defined]
    Event.resolve_by_type = staticmethod(resolve_by_type)


def _compile_the_schema_of_answers_once() -> None:
    """Rasa checks the schema and builds a validator anew for every answer of an action: 3 ms a call."""
    validator = Draft7Validator(rasa_actions.RemoteAction.action_response_format_spec())

    def validate(self: Any, result: dict[str, Any]) -> bool:
        problem = next(validator.iter_errors(result), None)
        if problem is not None:
            # Not the problem's own text: it quotes the answer, which holds what people said.
            raise ValidationError("The answer of the action server has not the agreed form.")
        return True

    rasa_actions.RemoteAction._validate_action_result = validate


def _bound_the_time_of_actions() -> None:
    rasa_actions.DEFAULT_REQUEST_TIMEOUT = ACTION_SECONDS
    rasa_endpoints.DEFAULT_REQUEST_TIMEOUT = ACTION_SECONDS


def _end_the_turn_with_a_failed_action() -> None:
    """Rasa goes on when an action fails, and a rule's next step tells of what never happened (finding 4)."""
    call = rasa_actions.RemoteAction.run

    async def run(self: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            events = await call(self, *args, **kwargs)
        except rasa_actions.ActionExecutionRejection:
            raise  # a form that does not want this message: how Rasa's forms work
        except Exception:
            # Without the cause: its text holds the whole tracker (reliability.md 1.2, row 11).
            raise ActionServerFailed(self.name()) from None
        if self.name().startswith("action_submit_"):
            failpoints.reached("case-registered-turn-not-saved")
        return events

    rasa_actions.RemoteAction.run = run


def _keep_what_was_understood() -> None:
    """Put the intent on the message, so that our channel knows it even when an action failed afterwards."""
    parse = MessageProcessor.parse_message

    async def parse_message(self: Any, message: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        parsed: dict[str, Any] = await parse(self, message, *args, **kwargs)
        message.understood = parsed["intent"]
        return parsed

    MessageProcessor.parse_message = parse_message


def _keep_which_form_is_open() -> None:
    """Put the open form on the output channel: the backoffice counts forms that are left unfinished."""
    run = MessageProcessor._run_prediction_loop

    async def run_prediction_loop(self: Any, output_channel: Any, tracker: Any) -> None:
        await run(self, output_channel, tracker)
        output_channel.form = tracker.active_loop_name

    MessageProcessor._run_prediction_loop = run_prediction_loop
