"""The HTTP side of the action server: Rasa's webhook and the health answer.

Not rasa-sdk's own application: that one returns the whole tracker and logs it when an action fails
(reliability.md 1.2, row 11), allows every origin, and answers 449 where Rasa leaves the domain out.
"""

from __future__ import annotations

import time
from http import HTTPStatus
from typing import Any

import structlog
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException
from sanic import Sanic
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse, json

from actions.client import Backoffice
from actions.step import Step

_log = structlog.get_logger("actions")

LARGEST_BODY_BYTES = 8_000_000
"""A tracker of a long conversation; more than that is no tracker of ours."""


def make_executor(steps: list[Step]) -> ActionExecutor:
    """Return an executor that knows these actions and no others."""
    executor = ActionExecutor()
    for step in steps:
        executor.register_action(step)
    return executor


def create_application(executor: ActionExecutor, backoffice: Backoffice, *, name: str = "actions") -> Sanic:
    """Build the application. `name` must be unique in a process: Sanic keeps a register of names."""
    app = Sanic(name, configure_logging=False)
    app.config.REQUEST_MAX_SIZE = LARGEST_BODY_BYTES
    app.config.GRACEFUL_SHUTDOWN_TIMEOUT = 1.0
    app.config.MOTD = False

    @app.get("/health")
    async def health(_request: Request) -> HTTPResponse:
        """Tell whether the actions can do their work: they need the backoffice."""
        if await backoffice.is_healthy():
            return json({"status": "ok", "backoffice": "ok"})
        return json({"status": "down", "backoffice": "down"}, status=HTTPStatus.SERVICE_UNAVAILABLE)

    @app.post("/webhook")
    async def webhook(request: Request) -> HTTPResponse:
        """Run the action that Rasa asks for."""
        return await _run(executor, request.json)

    @app.exception(Exception)
    async def failure(_request: Request, exception: Exception) -> HTTPResponse:
        """Answer an error with its kind alone: its message may hold a person's words."""
        status = exception.status_code if isinstance(exception, SanicException) else 500
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            _log.error("request.failed", error=type(exception).__name__)
        return json({"error": type(exception).__name__}, status=status)

    return app


async def _run(executor: ActionExecutor, call: dict[str, Any] | None) -> HTTPResponse:
    name = str((call or {}).get("next_action") or "")
    if not call or not name:
        return json({"error": "no action named"}, status=HTTPStatus.BAD_REQUEST)
    started = time.perf_counter()
    try:
        # No action of ours reads the domain; without it Rasa sends a fifth of the bytes.
        result = await executor.run({"domain": {}, **call})
    except ActionExecutionRejection as rejection:
        return json(
            {"error": "rejected", "action_name": rejection.action_name}, status=HTTPStatus.BAD_REQUEST
        )
    except ActionNotFoundException:
        _log.error("action.unknown", action=name)
        return json({"error": "unknown action", "action_name": name}, status=HTTPStatus.NOT_FOUND)
    except Exception as error:
        _log.error(
            "action.failed",
            action=name,
            sender=call.get("sender_id"),
            error=type(error).__name__,
            at=_where(error),
        )
        return json({"error": "action failed", "action_name": name}, status=HTTPStatus.INTERNAL_SERVER_ERROR)
    elapsed_ms = round((time.perf_counter() - started) * 1000, 1)
    _log.info("action.done", action=name, sender=call.get("sender_id"), ms=elapsed_ms)
    return json(result.model_dump() if result else None)


def _where(error: BaseException) -> str:
    """Return the innermost line of our own code, which is all that a log may say of an error."""
    place = "?"
    traceback = error.__traceback__
    while traceback is not None:
        frame = traceback.tb_frame
        if "/actions/" in frame.f_code.co_filename:
            place = f"{frame.f_globals.get('__name__')}:{traceback.tb_lineno}"
        traceback = traceback.tb_next
    return place
