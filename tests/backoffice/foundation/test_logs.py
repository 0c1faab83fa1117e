from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from backoffice.logs import configure_logs


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()


def test_an_event_is_one_json_line_with_ids(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("backoffice", "INFO")
    structlog.get_logger("test").info("turn_claimed", turn="t1")
    line = json.loads(capsys.readouterr().out)
    assert (line["process"], line["event"], line["turn"], line["level"]) == (
        "backoffice",
        "turn_claimed",
        "t1",
        "info",
    )
    assert "timestamp" in line


def test_an_exception_is_told_without_its_words(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("backoffice", "INFO")
    try:
        raise ValueError("words of a person")
    except ValueError:
        logging.getLogger("library").exception("Exception in ASGI application")
    printed = capsys.readouterr().out
    line = json.loads(printed)
    assert (line["exception"], line["event"]) == ("ValueError", "exception_in_application")
    assert line["at"][-1].startswith("foundation/test_logs.py:")
    assert "words of a person" not in printed
