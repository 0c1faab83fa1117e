from __future__ import annotations

import json
import socket
from collections.abc import Callable

import httpx
import pytest

from translations.engine import EngineUnreachable
from translations.guards import Flag
from translations.libretranslate import LibreTranslateEngine

LANGUAGES = [{"code": "it", "targets": ["en", "uk"]}, {"code": "uk", "targets": ["it"]}]


def engine_that(
    answer: Callable[[dict[str, str]], str | httpx.Response], *, requests: list[dict[str, str]] | None = None
) -> LibreTranslateEngine:
    def handle(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/languages":
            return httpx.Response(200, json=LANGUAGES)
        body = json.loads(request.content)
        if requests is not None:
            requests.append(body)
        answered = answer(body)
        if isinstance(answered, httpx.Response):
            return answered
        return httpx.Response(200, json={"translatedText": answered})

    return LibreTranslateEngine(
        "http://translate.example/", api_key="a key", transport=httpx.MockTransport(handle)
    )


def test_a_server_translates_what_is_between_protected_spans() -> None:
    requests: list[dict[str, str]] = []
    engine = engine_that(lambda body: "Приходьте о ⟦0⟧.", requests=requests)

    translated = engine.translate("Venga alle 10:30.", "it", "uk")

    assert translated.text == "Приходьте о 10:30."
    assert (translated.engine, translated.version, translated.usable) == (
        "libretranslate",
        "translate.example",
        True,
    )
    assert requests == [
        {"q": "Venga alle ⟦0⟧.", "source": "it", "target": "uk", "format": "text", "api_key": "a key"}
    ]


def test_a_server_that_mangles_placeholders_gets_the_words_between() -> None:
    engine = engine_that(lambda body: "приходьте" if "⟦" not in body["q"] else "⟦T0⟧")

    translated = engine.translate("Venga alle 10:30.", "it", "uk")

    assert translated.in_parts
    assert translated.text == "приходьте 10:30."


def test_the_guards_look_at_a_server_s_answers_too() -> None:
    engine = engine_that(lambda body: body["q"])

    assert Flag.SAME_AS_INPUT in engine.translate("Buongiorno a tutti.", "it", "fr").flags


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (httpx.Response(403, json={"error": "Invalid API key"}), r"refuses \(HTTP 403\)"),
        (httpx.Response(200, text="<html>"), "does not answer"),
        (httpx.Response(200, json={"other": 1}), "not as a LibreTranslate server"),
        (httpx.Response(200, json=["list"]), "not as a LibreTranslate server"),
    ],
)
def test_a_server_that_refuses_is_one_clear_error(answer: httpx.Response, reason: str) -> None:
    with pytest.raises(EngineUnreachable, match=reason) as caught:
        engine_that(lambda body: answer).translate("Un segreto.", "it", "uk")

    assert "segreto" not in caught.value.message


def test_a_server_that_is_not_there_is_one_clear_error() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        engine = LibreTranslateEngine(f"http://127.0.0.1:{unused.getsockname()[1]}", timeout=5)

        with pytest.raises(EngineUnreachable, match="Check that it runs"):
            engine.translate("Ciao", "it", "uk")
        assert not engine.can_translate("it", "uk")


def test_a_server_is_asked_which_pairs_it_knows() -> None:
    engine = engine_that(lambda body: "")

    assert engine.can_translate("it", "uk")
    assert not engine.can_translate("uk", "ar")
    assert engine.can_translate("xx", "xx")


def test_a_text_without_words_asks_nobody() -> None:
    requests: list[dict[str, str]] = []

    assert engine_that(lambda body: "no", requests=requests).translate("112 😀", "it", "uk").text == "112 😀"
    assert requests == []
