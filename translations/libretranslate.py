"""A LibreTranslate server instead of packages on this machine."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import httpx

from translations.engine import EngineUnreachable, Translated, translate_with
from translations.glossary import Glossary

_CODES = {"zh": "zh-Hans"}
"""Codes that newer servers spell otherwise; the plain one is tried where they refuse it."""


class LibreTranslateEngine:
    """Translates over HTTP; the texts leave this machine, so the server should be the service's own.

    `timeout` is in seconds and holds for one request. `transport` is for tests.
    """

    def __init__(
        self,
        url: str,
        *,
        api_key: str | None = None,
        timeout: float = 10.0,
        glossary: Glossary | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._url = url.rstrip("/")
        self._api_key = api_key
        self._glossary = glossary
        self._client = httpx.Client(timeout=timeout, transport=transport)
        self._targets: dict[str, list[str]] | None = None

    def translate(self, text: str, source: str, target: str, *, names: Sequence[str] = ()) -> Translated:
        """Return the translation (`translations.engine.Engine`).

        Raises:
            EngineUnreachable: the server does not answer, or refuses, or answers something else.
            TextTooLong: the text is longer than a message may be.
        """
        return translate_with(
            lambda: [partial(self._request, source=source, target=target)],
            text,
            source,
            target,
            engine="libretranslate",
            version=lambda: httpx.URL(self._url).host,
            names=names,
            glossary=self._glossary,
        )

    def can_translate(self, source: str, target: str) -> bool:
        """Tell whether the server says that it knows the pair; not when it does not answer."""
        if source == target:
            return True
        try:
            targets = self._known_targets()
        except EngineUnreachable:
            return False
        codes = {target, _CODES.get(target, target)}
        return any(codes & set(targets.get(code, ())) for code in {source, _CODES.get(source, source)})

    def _request(self, text: str, *, source: str, target: str) -> str:
        body = {"q": text, "source": source, "target": target, "format": "text"}
        if self._api_key:
            body["api_key"] = self._api_key
        answer = self._answer("POST", "/translate", json=body)
        translated = answer.get("translatedText") if isinstance(answer, dict) else None
        if not isinstance(translated, str):
            raise EngineUnreachable(f"{self._url} answers, but not as a LibreTranslate server does.")
        return translated

    def _known_targets(self) -> dict[str, list[str]]:
        if self._targets is None:
            answer = self._answer("GET", "/languages")
            self._targets = {
                str(one["code"]): [str(code) for code in one.get("targets", ())]
                for one in (answer if isinstance(answer, list) else ())
                if isinstance(one, dict) and "code" in one
            }
        return self._targets

    def _answer(self, method: str, path: str, **request: Any) -> Any:
        try:
            response = self._client.request(method, f"{self._url}{path}", **request)
            response.raise_for_status()
            return response.json()
        except httpx.HTTPStatusError as error:
            raise EngineUnreachable(
                f"The translation server {self._url} refuses (HTTP {error.response.status_code})."
                " Check its address, its API key and whether it has these languages."
            ) from None
        except (httpx.HTTPError, httpx.InvalidURL, ValueError):
            raise EngineUnreachable(
                f"The translation server {self._url} does not answer. Check that it runs and can be reached."
            ) from None
