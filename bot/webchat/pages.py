"""The chat page's files, its words, and the headers under which it runs."""

from __future__ import annotations

import hashlib
import html
import json
from pathlib import Path

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.webchat.problems import RequestRefused
from translations.catalog import area_texts, has, text
from translations.languages import LANGUAGES, SUPPORTED, direction

STATIC = Path(__file__).parent / "static"
_NOSCRIPT_MARK = "<!-- noscript -->"
_CONTENT_POLICY = (
    "default-src 'self'; img-src 'self' blob: data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors {ancestors}"
)
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_EMBEDDED = "/embed"
_WIDGET = "/widget.js"


class SecurityHeaders:
    """Puts the headers on every answer; only `/embed` may stand in another site's frame."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request (ASGI)."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = scope["path"]

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                _add_headers(MutableHeaders(scope=message), path)
            await send(message)

        await self._app(scope, receive, send_with_headers)


def _add_headers(headers: MutableHeaders, path: str) -> None:
    for name, value in _HEADERS.items():
        headers.setdefault(name, value)
    embedded = path == _EMBEDDED
    headers.setdefault(
        "Content-Security-Policy", _CONTENT_POLICY.format(ancestors="*" if embedded else "'none'")
    )
    if not embedded:
        headers.setdefault("X-Frame-Options", "DENY")
    headers.setdefault("Cross-Origin-Resource-Policy", "cross-origin" if path == _WIDGET else "same-origin")
    if path.startswith("/chat/"):
        headers.setdefault("Cache-Control", "no-store")


def page_routes(static: Path = STATIC) -> list[Route | Mount]:
    """Return the routes of everything that needs no session."""

    async def page(_request: Request) -> Response:
        # Read at each request: it is small, and the system keeps it in memory.
        return HTMLResponse(_with_noscript((static / "index.html").read_text("utf-8")), headers=_REVALIDATE)

    async def widget(_request: Request) -> Response:
        return FileResponse(static / "widget.js", media_type="text/javascript", headers=_REVALIDATE)

    return [
        Route("/", page),
        Route(_EMBEDDED, page),
        Route(_WIDGET, widget),
        Route("/texts/{language}.json", texts),
        Mount("/static", _Static(directory=static)),
    ]


_REVALIDATE = {"Cache-Control": "no-cache"}


class _Static(StaticFiles):
    """Files with an ETag, asked for again each time: a page must not run with scripts of two versions."""

    def file_response(self, *args: object, **kwargs: object) -> Response:
        response = super().file_response(*args, **kwargs)  # type: ignore[arg-type]  # passed through as they came
        response.headers["Cache-Control"] = "no-cache"
        return response


async def texts(request: Request) -> Response:
    """Answer the page's words in one language, with the languages that there are to choose from.

    Raises:
        RequestRefused: 404, a language that the page does not speak.
    """
    language = request.path_params["language"]
    if language not in SUPPORTED and language != "it":
        raise RequestRefused(404, "This language is not here.")
    body = json.dumps(_words(language), ensure_ascii=False).encode()
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "public, max-age=300"}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)


def _words(language: str) -> dict[str, object]:
    return {
        "language": language,
        "direction": direction(language),
        "texts": area_texts("web", language),
        "languages": [
            {"code": code, "name": LANGUAGES[code].own_name, "direction": direction(code)}
            for code in SUPPORTED
        ],
    }


def _with_noscript(page: str) -> str:
    """Put the sentence for browsers without JavaScript into the page, in every language."""
    if not has("web.noscript"):
        return page
    lines = (
        f'<p lang="{code}" dir="{direction(code)}">{html.escape(text("web.noscript", code))}</p>'
        for code in SUPPORTED
    )
    return page.replace(_NOSCRIPT_MARK, "".join(lines))
