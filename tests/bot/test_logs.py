import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from bot.logs import configure_logging


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()


def test_a_line_is_json_and_an_error_shows_where_but_not_what_a_person_wrote(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure_logging("INFO")
    try:
        raise ValueError("mi chiamo Olena, 333 1234567")
    except ValueError:
        structlog.get_logger("test").exception("update.stumbled", update=7)
        logging.getLogger("library").exception("it broke")
    lines = capsys.readouterr().out.splitlines()
    ours, theirs = map(json.loads, lines)
    assert (ours["event"], ours["update"], ours["error"]) == ("update.stumbled", 7, "ValueError")
    assert any("test_logs.py" in frame for frame in ours["frames"])
    assert theirs["error"] == "ValueError"
    assert "Olena" not in "".join(lines)


def test_libraries_that_quote_addresses_and_answers_are_silent(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("INFO")
    logging.getLogger("httpx").info("POST https://api.telegram.org/bot42:secret/getUpdates")
    logging.getLogger("telegram.Bot").error("Can not load invalid JSON data: 'parole'")
    assert capsys.readouterr().out == ""
