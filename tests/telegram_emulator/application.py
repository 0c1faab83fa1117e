"""The Bot API over HTTP: `/bot<token>/<method>` and `/file/bot<token>/<path>`."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Message, Receive, Scope, Send

from tests.telegram_emulator.description import parameters_of, required_of
from tests.telegram_emulator.methods import METHODS, ApiError
from tests.telegram_emulator.world import Fault, Json, World

_LONGEST_HANG_SECONDS = 60.0


class ConnectionDropped(Exception):
    """Tells the server to close the connection without an answer."""


def create_application(world: World) -> Starlette:
    """Build the server of one emulated Telegram."""

    async def call(request: Request) -> Response:
        if world.is_out:
            return Response("<html>502 Bad Gateway</html>", status_code=502, media_type="text/html")
        if request.path_params["token"] != world.token:
            return _refusal(ApiError(401, "Unauthorized"))
        method = request.path_params["method"]
        parameters = await _read_parameters(request)
        fault = world.take_fault(method, parameters)
        if fault is not None and not fault.after_accepting:
            world.record(method, parameters, fault.status, accepted=False)
            return _fail(fault)
        try:
            _check(method, parameters)
            result = await METHODS[method](world, parameters)
        except ApiError as error:
            world.record(method, parameters, error.status, accepted=False)
            return _refusal(error)
        world.record(method, parameters, 200, accepted=True, withheld=fault is not None)
        if fault is not None:
            await _silence(fault, request)
        return JSONResponse({"ok": True, "result": result})

    async def download(request: Request) -> Response:
        if world.is_out:
            return Response(status_code=502)
        fault = world.take_fault("download", {})
        if fault is not None:
            return Response(status_code=fault.status)
        for stored in world.files.values():
            if stored.path == request.path_params["path"]:
                return Response(stored.content, media_type="application/octet-stream")
        return _refusal(ApiError(404, "Not Found"))

    return Starlette(
        routes=[
            Route("/bot{token}/{method}", call, methods=["GET", "POST"]),
            Route("/file/bot{token}/{path:path}", download),
        ]
    )


async def _silence(fault: Fault, request: Request) -> None:
    if fault.after_accepting == "drop":
        raise ConnectionDropped
    for _ in range(int(_LONGEST_HANG_SECONDS * 20)):
        if await request.is_disconnected():
            break
        await asyncio.sleep(0.05)
    raise ConnectionDropped


async def _read_parameters(request: Request) -> Json:
    parameters: Json = dict(request.query_params)
    if request.headers.get("content-type", "").startswith("application/json"):
        parameters |= await request.json()
    elif request.method == "POST":
        parameters |= {
            name: value if isinstance(value, str) else f"file of {value.size} bytes"
            for name, value in (await request.form()).items()
        }
    return parameters


def _check(method: str, parameters: Json) -> None:
    """Refuse what the published description does not know; Telegram itself is more lenient."""
    if method not in METHODS:
        raise ApiError(404, "Not Found")
    known = parameters_of(method)
    for name in required_of(method) - set(parameters):
        raise ApiError(400, f"Bad Request: parameter {name} is required")
    for name, value in parameters.items():
        if name not in known:
            raise ApiError(400, f"Bad Request: parameter {name} does not exist")
        parameters[name] = _typed(name, value, known[name]["types"])


def _typed(name: str, value: Any, types: list[str]) -> Any:
    if not isinstance(value, str) or "String" in types:
        return int(value) if "Integer" in types and str(value).lstrip("-").isdigit() else value
    try:
        return json.loads(value)
    except ValueError:
        raise ApiError(400, f"Bad Request: can't parse {name}") from None


def _fail(fault: Fault) -> Response:
    if fault.status == 502:
        return Response("<html>502 Bad Gateway</html>", status_code=502, media_type="text/html")
    return _refusal(ApiError(fault.status, fault.description, fault.retry_after))


def _refusal(error: ApiError) -> Response:
    document: Json = {"ok": False, "error_code": error.status, "description": error.description}
    if error.retry_after is not None:
        document["parameters"] = {"retry_after": error.retry_after}
    return JSONResponse(document, status_code=error.status)


class DropConnections:
    """Turns `ConnectionDropped` into a connection that ends in the middle of an answer."""

    def __init__(self, app: Starlette) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def noted(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, noted)
        except (ConnectionDropped, ClientDisconnect):
            if not started:
                await send(
                    {
                        "type": "http.response.start",
                        "status": 200,
                        "headers": [(b"content-length", b"1000"), (b"content-type", b"application/json")],
                    }
                )
                await send({"type": "http.response.body", "body": b'{"ok":', "more_body": False})
