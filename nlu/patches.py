"""What we change in Rasa 3.6.21 at run time; each change with its reason and its measurement."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from types import SimpleNamespace
from typing import Any, Final

import rasa.core.actions.action as rasa_actions
import rasa.core.actions.forms as rasa_forms
import rasa.core.lock_store as rasa_locks
import rasa.core.policies.rule_policy as rasa_rules
import rasa.core.processor as rasa_processor
import rasa.utils.endpoints as rasa_endpoints
from jsonschema import Draft7Validator, ValidationError
from rasa.core.processor import MessageProcessor
from rasa.shared.core.events import Event
from rasa.shared.utils.schemas.events import EVENT_SCHEMA

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
    _hold_answers_against_the_schema_of_their_kind()
    _copy_nothing_for_a_log_that_is_not_kept()
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


def _hold_answers_against_the_schema_of_their_kind() -> None:
    """Rasa builds a validator anew for every answer of an action, and tries all 23 kinds of event."""
    kinds = {kind["properties"]["event"]["const"]: Draft7Validator(kind) for kind in EVENT_SCHEMA["oneOf"]}
    any_kind = Draft7Validator({name: part for name, part in EVENT_SCHEMA.items() if name != "oneOf"})
    whole = rasa_actions.RemoteAction.action_response_format_spec()
    outside = Draft7Validator(whole | {"properties": whole["properties"] | {"events": {"type": "array"}}})

    def is_event(event: Any) -> bool:
        return any_kind.is_valid(event) and event["event"] in kinds and kinds[event["event"]].is_valid(event)

    def validate(self: Any, result: dict[str, Any]) -> bool:
        if not outside.is_valid(result) or not all(map(is_event, result.get("events", ()))):
            # Not the problem's own text: it quotes the answer, which holds what people said.
            raise ValidationError("The answer of the action server has not the agreed form.")
        return True

    rasa_actions.RemoteAction._validate_action_result = validate


def _copy_nothing_for_a_log_that_is_not_kept() -> None:
    """Rasa copies events and states deeply, several times a turn, for debug lines that we never write.

    In these modules a deep copy is made for such lines alone; the filter of `nlu.logs` lets none through.
    """
    for module in (rasa_processor, rasa_forms, rasa_rules):
        module.copy = SimpleNamespace(deepcopy=lambda value: value)


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
