"""The HTTP side of the action server: Rasa's webhook and the health answer.

Not rasa-sdk's own application: that one returns the whole tracker and logs it when an action fails
(reliability.md 1.2, row 11), allows every origin, and answers 449 where Rasa leaves the domain out.
"""

from __future__ import annotations

import hmac
import time
from http import HTTPStatus
from typing import Any

import structlog
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import Lifespan

from actions.client import Backoffice
from actions.metrics import ACTIONS, SECONDS
from actions.step import Step
from backoffice.client.metrics import Measured

_log = structlog.get_logger("actions")


def make_executor(steps: list[Step]) -> ActionExecutor:
    """Return an executor that knows these actions and no others."""
    executor = ActionExecutor()
    for step in steps:
        executor.register_action(step)
    return executor


def create_application(
    executor: ActionExecutor,
    backoffice: Backoffice,
    *,
    secret: str,
    metrics_token: str | None = None,
    lifespan: Lifespan[Starlette] | None = None,
) -> Starlette:
    """Build the application. Only who shows the secret may have an action run, for whatever conversation."""
    expected = f"Bearer {secret}".encode()

    async def health(_request: Request) -> JSONResponse:
        """Tell whether the actions can do their work: they need the backoffice."""
        if await backoffice.is_healthy():
            return JSONResponse({"status": "ok", "backoffice": "ok"})
        status = HTTPStatus.SERVICE_UNAVAILABLE
        return JSONResponse({"status": "down", "backoffice": "down"}, status_code=status)

    async def webhook(request: Request) -> JSONResponse:
        """Run the action that Rasa asks for."""
        if not hmac.compare_digest(request.headers.get("Authorization", "").encode(), expected):
            return JSONResponse({"error": "wrong secret"}, status_code=HTTPStatus.UNAUTHORIZED)
        try:
            call = await request.json()
        except (ValueError, RecursionError):
            call = None
        return await _run(executor, call)

    routes = [Route("/health", health), Route("/webhook", webhook, methods=["POST"])]
    measured = Middleware(Measured, token=metrics_token)
    return Starlette(routes=routes, lifespan=lifespan, middleware=[measured])


async def _run(executor: ActionExecutor, call: Any) -> JSONResponse:
    name = str(call.get("next_action") or "") if isinstance(call, dict) else ""
    if not name or "tracker" not in call:
        return JSONResponse({"error": "no action named"}, status_code=HTTPStatus.UNPROCESSABLE_ENTITY)
    started = time.perf_counter()
    try:
        # No action of ours reads the domain; without it Rasa sends a fifth of the bytes.
        result = await executor.run({"domain": {}, **call})
    except ActionExecutionRejection as rejection:
        ACTIONS.labels("rejected").inc()
        # 400 is how rasa-sdk tells Rasa that an action rejects; nothing else may answer it.
        body = {"error": "rejected", "action_name": rejection.action_name}
        return JSONResponse(body, status_code=HTTPStatus.BAD_REQUEST)
    except ActionNotFoundException:
        ACTIONS.labels("unknown").inc()
        _log.error("action.unknown", action=name)
        return JSONResponse({"error": "unknown action"}, status_code=HTTPStatus.NOT_FOUND)
    except Exception as error:
        ACTIONS.labels("failed").inc()
        # The error's message may hold a person's words: neither Rasa nor the log gets it.
        _log.error(
            "action.failed",
            action=name,
            sender=call.get("sender_id"),
            error=type(error).__name__,
            at=_where(error),
        )
        return JSONResponse({"error": "action failed"}, status_code=HTTPStatus.INTERNAL_SERVER_ERROR)
    elapsed = time.perf_counter() - started
    ACTIONS.labels("done").inc()
    SECONDS.labels(name).observe(elapsed)  # a name that the executor knows: no stranger's word
    elapsed_ms = round(elapsed * 1000, 1)
    _log.info("action.done", action=name, sender=call.get("sender_id"), ms=elapsed_ms)
    return JSONResponse(result.model_dump() if result else None)


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
