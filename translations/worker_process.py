"""The process behind `translations.worker`: reads texts from a line, translates, answers.

Its first message is the setup. It ends when the line ends, so it never outlives its server.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from translations.engine import Engine, EngineFailed, NotTranslated, Translated
from translations.wire import read_question, write_answer
from translations.worker import ArgosSetup, LibreTranslateSetup, NoSetup, Setup

_log = logging.getLogger(__name__)

_NICE = 5
"""Models may wait a little; pages and messages may not."""


def main() -> None:
    """Answer until the other side is gone."""
    os.nice(_NICE)
    line = Connection(int(sys.argv[1]))
    try:
        engine = read_setup(json.loads(line.recv_bytes())).engine()
        while True:
            line.send_bytes(write_answer(_answer(engine, read_question(line.recv_bytes()))))
    except (EOFError, BrokenPipeError, ConnectionResetError, KeyboardInterrupt):
        return


def read_setup(fields: dict[str, Any]) -> Setup:
    """Read the setup that the server sent."""
    kind = fields.pop("kind")
    if kind == "ArgosSetup":
        folders = {name: Path(fields[name]) for name in ("packages_dir", "data_dir")}
        return ArgosSetup(**{**fields, **folders})
    return LibreTranslateSetup(**fields) if kind == "LibreTranslateSetup" else NoSetup()


def _answer(engine: Engine, question: dict[str, Any]) -> Translated | NotTranslated:
    try:
        return engine.translate(**question)
    except NotTranslated as error:
        return error
    except Exception as error:  # the caller has the original; the process goes on
        _log.error("translation failed: %s", type(error).__name__)  # its message may hold the text
        return EngineFailed(f"The translation engine failed ({type(error).__name__}).")


if __name__ == "__main__":
    main()
