"""`GET /guide`: the services guide of the last copy, as pages that need neither a conversation nor a script.

They answer while the backoffice is away, and say of which day the copy is. Nothing that somebody
reads here is recorded.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from backoffice.client.guide_copy import GuideCopies, as_copied
from bot.guide_wording import day_in, sources_line, topic_name
from bot.language import begin_language
from translations.catalog import text
from translations.languages import LANGUAGES, SUPPORTED, direction

PATH = "/guide"

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True, undefined=StrictUndefined
)


def guide_routes(copies: GuideCopies, *, now: Callable[[], datetime]) -> list[Route]:
    """Return the routes of the list of topics and of one topic. `now` gives aware times."""
    pages = _GuidePages(copies, now)
    return [Route(PATH, pages.index), Route(PATH + "/{topic}", pages.topic)]


class _GuidePages:
    def __init__(self, copies: GuideCopies, now: Callable[[], datetime]) -> None:
        self._copies = copies
        self._now = now

    async def index(self, request: Request) -> Response:
        """Answer the list of topics."""
        language = _language(request)
        copy = self._copies.read(language)
        if copy is None:
            return self._said(request, language, "guide_copy.none", status=503)
        return _page("guide_index.html", request, language, copy=copy)

    async def topic(self, request: Request) -> Response:
        """Answer one topic with all its cases."""
        language = _language(request)
        copy = self._copies.read(language)
        if copy is None:
            return self._said(request, language, "guide_copy.none", status=503)
        wanted = request.path_params["topic"]
        found = next((answer for answer in copy.topics if answer.topic == wanted), None)
        if found is None:
            return self._said(request, language, "guide_copy.unknown_topic", status=404)
        answer = as_copied(found, copy, now=self._now())
        return _page("guide_topic.html", request, language, copy=copy, answer=answer)

    def _said(self, request: Request, language: str, key: str, *, status: int) -> Response:
        return _page("guide_said.html", request, language, status=status, sentence=text(key, language))


def _language(request: Request) -> str:
    """Return the language that the address names, else the browser's, else Italian."""
    asked = request.query_params.get("language")
    if asked in SUPPORTED:
        return str(asked)
    accepted = request.headers.get("accept-language", "").split(",")
    hints = (hint.partition(";")[0].strip() for hint in accepted[:20])
    return next((hint[:2] for hint in hints if hint[:2] in SUPPORTED), begin_language(hint=None, text=None))


def _page(template: str, request: Request, language: str, *, status: int = 200, **values: Any) -> Response:
    def say(key: str, **named: str) -> str:
        return text(key, language, **named)

    body = _TEMPLATES.get_template(template).render(
        say=say,
        day=partial(day_in, language),
        topic_name=lambda topic: topic_name(topic, language),
        sources_line=lambda sources, answer: sources_line(sources, answer, language),
        language=language,
        direction=direction(language),
        languages=[LANGUAGES[code] for code in SUPPORTED],
        path=request.url.path,
        **values,
    )
    return HTMLResponse(body, status_code=status, headers={"Cache-Control": "no-cache"})
